"""Trains the network on the CPU, one process and one thread a core, gradients averaged.

    python -m people.train --source 'DIR*' 4 --source 'DRAWN*' 1 --steps 6000 --seed 3 --out RUN

One thread a process: two threads in one wait for each other in every layer as soon as anything else runs on the
machine. A run that was stopped goes on from RUN/last.pt; --steps may then be another number, which shortens or
prolongs the schedule.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.utils.data import DataLoader

from .feed import Feed, Source
from .loss import loss
from .network import PersonNet

RATE, RATE_LAST, DECAY = 2e-3, 3e-5, 0.03
WARM_UP_STEPS = 150
EMA = 0.9985
CLIP = 10.0
SAVE_EVERY = 100
LOG_EVERY = 20


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine."""
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    done = min(1.0, step / max(steps, 1))
    return warm * (RATE_LAST + (RATE - RATE_LAST) * 0.5 * (1 + math.cos(math.pi * done)))


def groups(net: torch.nn.Module) -> list[dict]:
    """No weight decay on biases and normalisation."""
    flat = [p for p in net.parameters() if p.ndim < 2]
    return [
        {"params": [p for p in net.parameters() if p.ndim >= 2], "weight_decay": DECAY},
        {"params": flat, "weight_decay": 0.0},
    ]


def average_gradients(net: torch.nn.Module, ranks: int) -> None:
    if ranks == 1:
        return
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in grads])
    dist.all_reduce(flat)
    flat /= ranks
    at = 0
    for g in grads:
        g.copy_(flat[at : at + g.numel()].view_as(g))
        at += g.numel()


@torch.no_grad()
def follow(ema: dict[str, torch.Tensor], net: torch.nn.Module, step: int) -> None:
    keep = min(EMA, (1 + step) / (20 + step))
    for key, value in net.state_dict().items():
        if value.dtype.is_floating_point:
            ema[key].lerp_(value.contiguous(), 1 - keep)
        else:
            ema[key].copy_(value)


def work(rank: int, args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    if args.ranks > 1:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        os.environ.setdefault("MASTER_PORT", str(args.port))
        dist.init_process_group("gloo", rank=rank, world_size=args.ranks)
    torch.manual_seed(args.seed)
    net = PersonNet().to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(groups(net), lr=RATE, betas=(0.9, 0.99))
    ema = {key: value.clone().contiguous() for key, value in net.state_dict().items()}
    step, seconds = 0, 0.0
    last = args.out / "last.pt"
    if last.exists():
        saved = torch.load(last, weights_only=True)
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        ema, step, seconds = saved["ema"], saved["step"], saved["seconds"]
    if args.freeze_norm:
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eval()
    sources = [Source(glob, float(weight)) for glob, weight in args.source]
    feed = iter(
        DataLoader(
            Feed(sources, args.seed, rank, step), batch_size=None, num_workers=1, prefetch_factor=3
        )
    )
    began, sums, log = time.monotonic(), {}, None
    if rank == 0:
        log = (args.out / "log.jsonl").open("a")

    def save() -> None:
        state = {
            "net": net.state_dict(),
            "ema": ema,
            "optimiser": optimiser.state_dict(),
            "step": step,
            "seconds": seconds + time.monotonic() - began,
        }
        torch.save(state, last.with_suffix(".tmp"))
        last.with_suffix(".tmp").replace(last)

    parent = os.getppid()
    # Whoever ends the first process ends the run: nobody is left behind.
    while step < args.steps and os.getppid() == parent:
        images, *wanted = next(feed)
        lr = rate(step, args.steps)
        for group in optimiser.param_groups:
            group["lr"] = lr
        raw = net(
            images.float().sub_(127.5).div_(127.5).contiguous(memory_format=torch.channels_last)
        )
        total, parts = loss(raw, *wanted)
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        average_gradients(net, args.ranks)
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimiser.step()
        step += 1
        if rank != 0:
            continue
        follow(ema, net, step)
        for key, value in parts.items():
            sums[key] = sums.get(key, 0.0) + value / LOG_EVERY
        if step % LOG_EVERY == 0:
            line = {
                "step": step,
                "s": round(seconds + time.monotonic() - began),
                "lr": round(lr, 6),
                **{k: round(v, 4) for k, v in sums.items()},
            }
            log.write(json.dumps(line) + "\n")
            log.flush()
            sums = {}
        if step % SAVE_EVERY == 0:
            save()
    if rank == 0:
        save()
    if os.getppid() != parent:
        return
    if args.ranks > 1:
        dist.barrier()
        dist.destroy_process_group()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source", nargs=2, action="append", metavar=("GLOB", "WEIGHT"), required=True
    )
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument(
        "--freeze-norm",
        action="store_true",
        help="keep the statistics of the normalisation: for the last part, faster and as in use",
    )
    parser.add_argument("--port", type=int, default=29517)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.ranks == 1:
        work(0, args)
    else:
        mp.spawn(work, args=(args,), nprocs=args.ranks)


if __name__ == "__main__":
    main()
