"""Makes operations-shapes.json: normalizations, index maps, concatenations, tables and padded convolutions.

Run with PyTorch installed: python make_operations_shapes.py
"""
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional

from make_operations import case, cases, compact, graph

torch.manual_seed(3)

# MARK: Normalizations

for shape in ((6, 5, 7), (8, 4, 4), (6, 8, 3), (6, 1, 1), (12,), (6, 7), (4, 3, 2, 2)):
    for groups in (1, 2):
        case(f"GroupNorm of {groups} groups of {shape}", nn.GroupNorm(groups, shape[0]), shape)
case("GroupNorm, every channel, eps 0.1", nn.GroupNorm(6, 6, eps=0.1), (6, 3, 5), batch=1)
case("GroupNorm without weights", nn.GroupNorm(3, 6, affine=False), (6, 3, 5), batch=3)
case("GroupNorm of one channel", nn.GroupNorm(1, 1), (1, 5, 8))
case("GroupNorm of 40 channels", nn.GroupNorm(8, 40), (40, 3, 3), batch=1)
for shift in (1000,):
    scale = dict(scale=1.0, shift=shift)
    case(f"GroupNorm about {shift}", nn.GroupNorm(2, 6), (6, 3, 8), trains=False, **scale)
    case(f"GroupNorm of a vector about {shift}", nn.GroupNorm(2, 6), (6,), trains=False, **scale)
    case(f"LayerNorm about {shift}", nn.LayerNorm(43), (2, 43), trains=False, **scale)
    case(f"InstanceNorm2d about {shift}", nn.InstanceNorm2d(3), (3, 8, 5), trains=False, **scale)
for name, activation in (("SiLU", nn.SiLU()), ("ReLU", nn.ReLU()), ("GELU", nn.GELU())):
    graph(f"GroupNorm, then {name}", [(6, 5, 4)], [(nn.GroupNorm(3, 6), [0]), (activation, [1])], kinks=name == "ReLU")
graph("A residual block", [(4, 5, 6)],
      [(nn.GroupNorm(2, 4), [0]), (nn.SiLU(), [1]), (nn.Conv2d(4, 4, 3, padding=1), [2]), (nn.GroupNorm(2, 4), [3]),
       (nn.SiLU(), [4]), (nn.Conv2d(4, 4, 3, padding=1), [5]), (torch.cat, [0, 6], dict(dim=1))])
for shape, last in (((7,), 7), ((4, 5), 5), ((4, 5), (4, 5)), ((3, 4, 5), 5), ((3, 4, 5), (4, 5)), ((3, 4, 5), (3, 4, 5)),
                    ((2, 3, 4, 3), (4, 3)), ((2, 3, 4, 3), (3, 4, 3)), ((2, 67), 67)):
    case(f"LayerNorm of {last} of {shape}", nn.LayerNorm(last), shape)
    case(f"RMSNorm of {last} of {shape}", nn.RMSNorm(last, eps=1e-3), shape)
case("LayerNorm without bias", nn.LayerNorm(5, bias=False), (4, 5), batch=1)
case("LayerNorm without weights", nn.LayerNorm(5, elementwise_affine=False), (4, 5))
case("RMSNorm without weights and eps", nn.RMSNorm(5, elementwise_affine=False), (4, 5))
case("InstanceNorm2d", nn.InstanceNorm2d(5), (5, 3, 4))
case("InstanceNorm2d with weights", nn.InstanceNorm2d(5, affine=True, eps=1e-2), (5, 4, 4), batch=1)
case("InstanceNorm2d of one channel", nn.InstanceNorm2d(1, affine=True), (1, 4, 4))
case("InstanceNorm2d with statistics", nn.InstanceNorm2d(5, track_running_stats=True), (5, 3, 4))
case("InstanceNorm2d with statistics and weights", nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (3, 3, 4))

# MARK: Index maps

SHAPES = ((7,), (4, 5), (3, 4, 5), (2, 3, 2, 3))
for shape in SHAPES:
    for dim in (*range(1, len(shape) + 1), -1):
        case(f"narrow along {dim} of {shape}", torch.narrow, shape, dim=dim, start=1, length=shape[dim - (dim > 0)] - 1)
        case(f"slice along {dim} of {shape}", torch.slice_copy, shape, dim=dim, start=0, end=None, step=2)
        case(f"flip along {dim} of {shape}", torch.flip, shape, dims=[dim])
    case(f"tile of {shape}", torch.tile, shape, dims=[2] * len(shape))
    case(f"constant padding of {shape}", functional.pad, shape, pad=[1, 2] * len(shape), value=0.5)
case("narrow from the end", torch.narrow, (3, 4, 5), dim=2, start=-3, length=2, batch=1)
case("slice to before the end", torch.slice_copy, (3, 4, 5), dim=3, start=1, end=-1, step=1)
case("slice from before the end", torch.slice_copy, (9,), dim=1, start=-5, end=9223372036854775807, step=3)
case("index_select", "index_select", (5, 3, 4), dim=1, index=[4, 0, 0, 2],
     call=lambda x: torch.index_select(x, 1, torch.tensor([4, 0, 0, 2])))
case("index_select of a vector", "index_select", (5,), dim=-1, index=[3, 3, 1],
     call=lambda x: torch.index_select(x, -1, torch.tensor([3, 3, 1])))
case("flip along both sides", torch.flip, (3, 4, 5), dims=[2, -1], batch=1)
case("permute to channels last", torch.permute, (3, 4, 5), dims=[0, 2, 3, 1])
case("permute from channels last", torch.permute, (4, 5, 3), dims=[0, 3, 1, 2])
case("permute from the end", torch.permute, (3, 4, 5), dims=[0, -1, 1, -2])
case("permute of tokens", torch.permute, (4, 5), dims=[0, 2, 1], batch=1)
case("permute of heads", torch.permute, (2, 3, 2, 3), dims=[0, 3, 1, 4, 2])
case("transpose of tokens", torch.transpose, (4, 5), dim0=1, dim1=2)
case("transpose of an image", torch.transpose, (3, 4, 5), dim0=1, dim1=-1)
case("transpose of an image's sides", torch.transpose, (3, 4, 5), dim0=-2, dim1=-1)
case("tile of the last axis", torch.tile, (3, 4, 5), dims=[2])
case("tile with the batch", torch.tile, (3, 4), dims=[1, 1, 3])
for mode in ("reflect", "replicate", "circular"):
    case(f"{mode} padding", functional.pad, (3, 4, 5), pad=[2, 1, 3, 0], mode=mode)
    case(f"{mode} padding of one side", functional.pad, (2, 5), pad=[2, 3], mode=mode, batch=1)
case("constant padding of the width", functional.pad, (3, 4, 5), pad=[1, 0])
case("constant padding of many channels", functional.pad, (9, 4, 3), pad=[1, 1, 1, 1], value=-1, batch=1)
case("a crop", functional.pad, (3, 6, 5), pad=[-1, -2, -2, 0])
case("a crop and padding", functional.pad, (3, 6, 5), pad=[-1, 2, 1, -2, 0, 1], value=2)
for factor in (2, 3):
    square = factor * factor
    case(f"PixelShuffle by {factor}", nn.PixelShuffle(factor), (2 * square, 3, 4))
    case(f"PixelUnshuffle by {factor}", nn.PixelUnshuffle(factor), (2, 3 * factor, 2 * factor))
case("PixelShuffle to one channel", nn.PixelShuffle(2), (4, 3, 5), batch=1)
case("ChannelShuffle", nn.ChannelShuffle(2), (6, 3, 4))
case("ChannelShuffle of three", nn.ChannelShuffle(3), (6, 2, 1), batch=1)
case("expand of an image", "expand", (3, 1, 1), size=[3, 4, 5], call=lambda x: x.expand(-1, 3, 4, 5))
case("expand of tokens", "expand", (1, 5), size=[4, -1], call=lambda x: x.expand(-1, 4, -1))
case("squeeze", torch.squeeze, (3, 1, 5), dim=2)
case("squeeze of a longer axis", torch.squeeze, (3, 1, 5), dim=-1)
case("squeeze of an image's sides", torch.squeeze, (7, 1, 1), dim=[2, 3], call=lambda x: x.squeeze((2, 3)))
for dim in (1, 2, -1, -2):
    case(f"unsqueeze at {dim}", torch.unsqueeze, (4, 5), dim=dim)
case("unsqueeze of an image", torch.unsqueeze, (3, 4, 5), dim=1, batch=1)
case("unsqueeze of a vector", torch.unsqueeze, (7,), dim=2)

# MARK: Several values

for shape in SHAPES:
    for dim in (*range(1, len(shape) + 1), -1):
        place = dim - (dim > 0)
        other = [e + 2 if i == place % len(shape) else e for i, e in enumerate(shape)]
        case(f"cat of {shape} and {other} along {dim}", torch.cat, shape, other, dim=dim)
        case(f"stack of {shape} along {dim}", torch.stack, shape, shape, dim=dim)
case("cat of three images", torch.cat, (9, 4, 5), (3, 4, 5), (8, 4, 5), dim=1, batch=1)
case("stack of three vectors", torch.stack, (5,), (5,), (5,), dim=1, batch=3)
graph("cat of a value with itself", [(3, 4, 5)], [(torch.cat, [0, 0], dict(dim=1)), (nn.Conv2d(6, 2, 3), [1])])
graph("A skip connection", [(3, 8, 6)],
      [(nn.Conv2d(3, 5, 3, padding=1), [0]), (nn.MaxPool2d(2), [1]), (nn.Conv2d(5, 4, 3, padding=1), [2]),
       (nn.Upsample(scale_factor=2), [3]), (torch.cat, [4, 1], dict(dim=1)), (nn.Conv2d(9, 2, 3, padding=1), [5])],
      kinks=True)
graph("cat of a flattened image and a vector", [(3, 2, 4), (5,)],
      [(nn.Flatten(), [0]), (torch.cat, [2, 1], dict(dim=1)), (nn.Linear(29, 3), [3])])

# MARK: Tables and constants


def whole(operation):
    """Reads its input as indices, which have no derivative; at least 0, as ours take a smaller one for 0."""
    return lambda x: operation(x.detach().long().clamp(0, 4)).to(torch.float64) + 0 * x.sum()


class Table(nn.Embedding):
    """An embedding of float indices, out of which it clamps."""

    def forward(self, x):
        return super().forward(x.detach().long().clamp(0, self.num_embeddings - 1)) + 0 * x.sum()


Table.__name__ = "Embedding"
for shape in ((1,), (4,), (2, 3)):
    case(f"Embedding of {shape}", Table(5, 3), shape, scale=2.1, shift=2.1, batch=3)
    case(f"one_hot of {shape}", "one_hot", shape, num_classes=5, scale=2.1, shift=2.1,
         call=whole(lambda x: functional.one_hot(x, 5)))
case("Embedding of whole numbers", Table(5, 3), (6,), whole=True, scale=2.1, shift=2.1, batch=3, trains=False)
case("Embedding with padding", Table(5, 3, padding_idx=2), (6,), scale=2.1, shift=2.1, kinks=True)
graph("A label, embedded", [(4,), (1,)],
      [(Table(5, 3), [1]), (nn.Flatten(), [2]), (torch.cat, [0, 3], dict(dim=1)), (nn.Linear(7, 6), [4])],
      scale=2.1, shift=2.1)
graph("A label, one of five", [(4,), (1,)],
      [("one_hot", [1], dict(num_classes=5), whole(lambda x: functional.one_hot(x, 5))), (nn.Flatten(), [2]),
       (torch.cat, [0, 3], dict(dim=1)), (nn.Linear(9, 6), [4])], scale=2.1, shift=2.1)


class Value(nn.Module):
    """A constant, by what the tests take from a module: its name, keywords and tensors."""

    def __init__(self, shape):
        super().__init__()
        self.shape = list(shape)
        self.register_buffer("value", torch.randn(*shape))

    def forward(self, batch=None):
        return self.value.unsqueeze(0).expand(Value.batch, *self.shape)


Value.__name__ = "constant"
Value.batch = 2
graph("A constant beside a vector", [(4,)], [(Value((3,)), []), (torch.cat, [0, 1], dict(dim=1)), (nn.Linear(7, 2), [2])])
graph("A constant beside an image", [(2, 4, 5)],
      [(Value((3, 4, 5)), []), (torch.cat, [0, 1], dict(dim=1)), (nn.Conv2d(5, 2, 3), [2])])
graph("A constant through a convolution", [(2, 4, 5)],
      [(Value((3, 4, 5)), []), (nn.Conv2d(3, 2, 1), [1]), (torch.cat, [0, 2], dict(dim=1))])
graph("A constant of tokens", [(2, 3)], [(Value((2, 3)), []), (torch.cat, [1, 0], dict(dim=2))])

# MARK: Padded convolutions

for mode in ("zeros", "reflect", "replicate", "circular"):
    case(f"Conv2d, {mode}", nn.Conv2d(3, 4, 3, padding=1, padding_mode=mode), (3, 5, 6))
    case(f"Conv2d, {mode}, strided", nn.Conv2d(2, 3, (3, 5), 2, (1, 2), padding_mode=mode), (2, 5, 6), batch=1)
    case(f"Conv2d, {mode}, same, even", nn.Conv2d(3, 4, (2, 4), padding="same", padding_mode=mode), (3, 5, 6))
    case(f"Conv2d, {mode}, many channels", nn.Conv2d(9, 8, 3, padding=1, padding_mode=mode), (9, 4, 5), batch=1)
case("Conv2d, same", nn.Conv2d(3, 4, (3, 5), padding="same"), (3, 5, 6))
case("Conv2d, same, dilated", nn.Conv2d(3, 4, 3, padding="same", dilation=2), (3, 5, 6))
case("Conv2d, same, even, dilated, two groups", nn.Conv2d(4, 4, 2, padding="same", dilation=3, groups=2), (4, 5, 6))
case("Conv2d, valid", nn.Conv2d(3, 4, 3, padding="valid"), (3, 5, 6))
graph("Conv2d, reflect, after Upsample, before ReLU", [(9, 4, 3)],
      [(nn.Upsample(scale_factor=2), [0]), (nn.Conv2d(9, 9, 3, padding=1, padding_mode="reflect"), [1]), (nn.ReLU(), [2])],
      kinks=True, batch=1)
graph("Conv2d, same, after Upsample", [(9, 4, 3)],
      [(nn.Upsample(scale_factor=2), [0]), (nn.Conv2d(9, 9, 3, padding="same"), [1])], batch=1)

if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("operations-shapes.json")
    target.write_text("[\n" + ",\n".join(json.dumps(compact(c), ensure_ascii=False) for c in cases) + "\n]\n")
    print(len(cases), "cases,", target.stat().st_size // 1024, "KB")
