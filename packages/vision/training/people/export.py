"""From a checkpoint to `people.onnx`: batch normalisation folded, peaks and boxes found inside the graph, fp16 weights.

    python -m people.export --run RUN --out people.onnx

Input `picture` uint8 [1, 320, 480, 3] (R G B, letterboxed top left, padding 114). Outputs, strongest first:
`dets` float32 [1, n, 5] = x1 y1 x2 y2 score in network pixels, `labels` int64 [1, n] (all 0: person) and `feet`
float32 [1, n, 2]. A duplicate has score 0.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .network import INPUT_HEIGHT, INPUT_WIDTH, STRIDE, PersonNet, boxes_and_feet

PEOPLE_MAX = 250
DUPLICATE_IOU = 0.72
"""Two boxes that overlap more are one person …"""
DUPLICATE_HEADS = 0.2
"""… where also their heads are nearer than this share of the box's width."""


def fold(net: nn.Module) -> nn.Module:
    """Every convolution with its normalisation, as one convolution."""
    for child in net.children():
        fold(child)
    if (
        isinstance(net, nn.Sequential)
        and len(net) >= 2
        and isinstance(net[0], nn.Conv2d)
        and isinstance(net[1], nn.BatchNorm2d)
    ):
        net[0] = fuse_conv_bn_eval(net[0].eval(), net[1].eval())
        net[1] = nn.Identity()
    return net


class Shipped(nn.Module):
    """The network with its first and last steps."""

    def __init__(self, net: PersonNet):
        super().__init__()
        self.net = net

    def forward(self, picture: torch.Tensor):
        x = (picture.permute(0, 3, 1, 2).float() - 127.5) / 127.5
        raw = self.net(x)
        heat = raw[:, :1].sigmoid()
        peak = F.max_pool2d(heat, 3, 1, 1)
        heat = torch.where(heat >= peak, heat, torch.zeros_like(heat))
        scores, at = heat.reshape(-1).topk(PEOPLE_MAX)
        rows = raw[0].reshape(raw.shape[1], -1).t()[at]
        across = raw.shape[3]
        y = torch.div(at, across, rounding_mode="floor")
        x_ = at - y * across
        boxes, feet = boxes_and_feet(rows, x_, y)
        heads = torch.stack((x_, y), 1).float() * STRIDE
        scores = scores * ~self._again(boxes, heads)[:, 0]
        dets = torch.cat((boxes, scores[:, None]), 1)[None]
        return dets, torch.zeros_like(at)[None], feet[None]

    @staticmethod
    def _again(boxes: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        """True where a stronger one has nearly the same box and head: [n, 1] of boxes sorted by score.

        Coordinate by coordinate as [n, n]: the runtime is fifty times slower at [n, n, 2], a quarter of the whole graph.
        """
        left, top, right, bottom = boxes.unbind(1)

        def of_both(best, a: torch.Tensor) -> torch.Tensor:
            return best(a[:, None], a[None, :])

        across = of_both(torch.minimum, right) - of_both(torch.maximum, left)
        down = of_both(torch.minimum, bottom) - of_both(torch.maximum, top)
        shared = across.clamp(min=0) * down.clamp(min=0)
        area = (right - left) * (bottom - top)
        same = shared > DUPLICATE_IOU * (area[:, None] + area[None, :] - shared)
        x, y = heads.unbind(1)
        apart = torch.maximum((x[:, None] - x[None, :]).abs(), (y[:, None] - y[None, :]).abs())
        near = apart < DUPLICATE_HEADS * of_both(torch.maximum, right - left)
        n = boxes.shape[0]
        stronger = torch.ones(n, n).tril(-1) > 0
        # As a product: the runtime's reductions take ten times as long.
        return (same & near & stronger).float() @ torch.ones(n, 1) > 0


def halve(model: onnx.ModelProto) -> None:
    """Keeps the convolutions' weights as float16 with a cast, which the runtime folds when it loads the file."""
    graph = model.graph
    used = {node.input[1] for node in graph.node if node.op_type == "Conv"}
    casts = []
    for tensor in list(graph.initializer):
        if tensor.name not in used:
            continue
        values = numpy_helper.to_array(tensor).astype(np.float16)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values, tensor.name + "_half"))
        casts.append(
            helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def load(run: Path) -> tuple[PersonNet, dict]:
    """The averaged weights of a checkpoint."""
    saved = torch.load(run / "last.pt" if run.is_dir() else run, weights_only=True)
    net = PersonNet()
    net.load_state_dict(saved["ema"])
    return net.eval(), saved


def export(net: PersonNet, path: Path, notes: dict[str, str]) -> None:
    shipped = Shipped(fold(net)).eval()
    picture = torch.zeros(1, INPUT_HEIGHT, INPUT_WIDTH, 3, dtype=torch.uint8)
    torch.onnx.export(
        shipped,
        (picture,),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["picture"],
        output_names=["dets", "labels", "feet"],
        do_constant_folding=True,
    )
    model = onnx.load(str(path))
    halve(model)
    for key, value in notes.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    model.producer_name, model.doc_string = (
        "hitonami",
        "Persons, their whole boxes and foot points. Apache-2.0.",
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    net, saved = load(args.run)
    export(net, args.out, {"hitonami.steps": str(saved["step"])})
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB, step {saved['step']}")


if __name__ == "__main__":
    main()
