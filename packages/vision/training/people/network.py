"""The network: a small residual encoder, a top-down neck, and one head at stride 4.

Every person is found at the centre of the head, which stays visible in a crowd, and from there the whole body's box
(also what is hidden) and the point on the floor between the feet are regressed. Source of the idea: Zhou et al.,
"Objects as Points" (2019).
"""

import math

import torch
from torch import nn

STRIDE = 4
"""Network pixels a cell of the head."""

INPUT_WIDTH, INPUT_HEIGHT = 480, 320

OUTPUTS = 7
"""heat, log distances to the left, top, right and bottom side, foot u, foot v."""

TYPICAL_PX = (16.0, 8.0, 16.0, 80.0)
"""Distances from head centre to the sides of the box that an untrained head predicts, network pixels."""

HEAT_PRIOR = 0.01


def conv(
    inside: int, outside: int, kernel: int = 3, stride: int = 1, act: bool = True
) -> nn.Sequential:
    """Convolution, batch normalisation and ReLU: folded into one node at export."""
    layers: list[nn.Module] = [
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outside, momentum=0.03),
    ]
    if act:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class Block(nn.Module):
    """Two 3×3 convolutions over half of the channels, with a way around them."""

    def __init__(self, channels: int, inner: int):
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, inner, 1), conv(inner, inner, 3), conv(inner, channels, 3, act=False)
        )
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(x + self.body(x))


class Refine(nn.Module):
    """One more 3×3 convolution with a way around it: where maps are large, cheaper than a `Block` and sees more."""

    def __init__(self, channels: int):
        super().__init__()
        self.body = conv(channels, channels, 3, act=False)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(x + self.body(x))


def boxes_and_feet(
    raw: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Raw rows [n, 7] of the cells x, y (whole numbers [n]) → boxes x1 y1 x2 y2 [n, 4] and feet [n, 2], network pixels."""
    u, v = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
    reach = raw[:, 1:5].clamp(-4.0, 4.0).exp() * raw.new_tensor(TYPICAL_PX)
    boxes = torch.stack((u - reach[:, 0], v - reach[:, 1], u + reach[:, 2], v + reach[:, 3]), 1)
    # The foot point in units of the box, so that a person of any size asks the same of the network.
    size = (boxes[:, 2:] - boxes[:, :2]).detach()
    feet = torch.stack((u, v), 1) + raw[:, 5:7] * size
    return boxes, feet


class PersonNet(nn.Module):
    """RGB float [n, 3, h, w] on the scale −1 to 1 → raw outputs [n, 7, h/4, w/4]; h and w are multiples of 32."""

    def __init__(
        self, c=(16, 24, 48, 96, 160), blocks=(1, 2, 2), neck=(64, 40, 20), head: int = 24
    ):
        super().__init__()
        self.stem = nn.Sequential(conv(3, c[0], 3, 2), conv(c[0], c[1], 3, 2))

        def stage(inside, outside, n, *more):
            down = conv(inside, outside, 3, 2)
            return nn.Sequential(down, *[Block(outside, outside // 2) for _ in range(n)], *more)

        self.s4 = Refine(c[1])
        self.s8 = stage(c[1], c[2], blocks[0], Refine(c[2]))
        self.s16 = stage(c[2], c[3], blocks[1])
        self.s32 = stage(c[3], c[4], blocks[2])
        self.top = conv(c[4], neck[0], 1)
        self.lateral16 = conv(c[3], neck[0], 1, act=False)
        self.merge16 = conv(neck[0], neck[0], 3)
        self.down8 = conv(neck[0], neck[1], 1, act=False)
        self.lateral8 = conv(c[2], neck[1], 1, act=False)
        self.merge8 = conv(neck[1], neck[1], 3)
        self.down4 = conv(neck[1], neck[2], 1, act=False)
        self.lateral4 = conv(c[1], neck[2], 1, act=False)
        self.merge4 = conv(neck[2], head, 3)
        self.refine4 = Refine(head)
        self.out = nn.Conv2d(head, OUTPUTS, 1)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self._initialise()

    def forward(self, x):
        x4 = self.s4(self.stem(x))
        x8 = self.s8(x4)
        x16 = self.s16(x8)
        x = self.top(self.s32(x16))
        x = self.merge16(torch.relu(self.up(x) + self.lateral16(x16)))
        x = self.merge8(torch.relu(self.up(self.down8(x)) + self.lateral8(x8)))
        x = self.merge4(torch.relu(self.up(self.down4(x)) + self.lateral4(x4)))
        return self.out(self.refine4(x))

    def _initialise(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            if isinstance(m, Block):
                nn.init.zeros_(m.body[2][1].weight)
            if isinstance(m, Refine):
                nn.init.zeros_(m.body[1].weight)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        with torch.no_grad():
            self.out.bias[0] = math.log(HEAT_PRIOR / (1 - HEAT_PRIOR))
            self.out.bias[6] = 0.85
