"""One layer of the architecture's JSON as a module of ``torch.nn``."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import nn

from latentwalk_torch.batch_norm import BatchNorm1d, BatchNorm2d
from latentwalk_torch.errors import printable
from latentwalk_torch.fields import LARGEST, Fields, wrong

LONGEST_WINDOW = 1024
"""The largest kernel, stride and padding, as ``latentwalk`` has it."""


def build(layer: object, name: str) -> nn.Module:
    """The module that a layer describes, on the device that is set as default.

    Args:
        layer: the JSON: a class of ``torch.nn`` as ``type``, keywords of its constructor beside it.
        name: ``decoder.3``, for sentences.
    """
    fields = Fields(layer, f"layer {name}")
    kind = fields.text("type")
    fields.what = f"layer {name} ({printable(kind)})"
    builder = _BUILDERS.get(kind)
    if builder is None:
        raise wrong(f"layer {name} is of the unknown type {printable(kind)}")
    module = builder(fields)
    fields.finish()
    return module


def output_shape(module: nn.Module, shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The shape that a module on the ``meta`` device makes of one sample's shape, or a sentence why it cannot."""
    what = f"layer {name} ({type(module).__name__})"
    if isinstance(module, _OF_FEATURES) and len(shape) != 1:
        raise wrong(f"{what} takes features, but is given {as_text(shape)}")
    if isinstance(module, _OF_IMAGES) and len(shape) != 3:
        raise wrong(f"{what} takes channels × height × width, but is given {as_text(shape)}")
    try:
        result = tuple(module(torch.empty(2, *shape, device="meta")).shape[1:])
    except (RuntimeError, ValueError, OverflowError):
        raise wrong(f"{what} cannot take {as_text(shape)}") from None
    if min(result) < 1 or math.prod(result) > LARGEST:
        raise wrong(f"{what} makes {as_text(result)} of {as_text(shape)}, which is no possible shape")
    return result


def as_text(shape: tuple[int, ...]) -> str:
    """``8×14×14``."""
    return "×".join(map(str, shape))


def _linear(fields: Fields) -> nn.Module:
    inputs, outputs = fields.whole("in_features", least=1), fields.whole("out_features", least=1)
    return nn.Linear(inputs, outputs, bias=fields.boolean("bias", True))


def _window(fields: Fields, key: str, default: object = None, *, least: int = 1) -> tuple[int, int]:
    extent = fields.extent(key) if default is None else fields.extent(key, default)
    if not all(least <= side <= LONGEST_WINDOW for side in extent):
        raise wrong(f"{key} of {fields.what} must be {least} to {LONGEST_WINDOW}, but is {as_text(extent)}")
    return extent


def _channels(fields: Fields) -> tuple[int, int]:
    fields.expect("groups", 1)
    fields.expect("dilation", 1, [1, 1])
    fields.expect("padding_mode", "zeros")
    return fields.whole("in_channels", least=1), fields.whole("out_channels", least=1)


def _convolution(fields: Fields) -> nn.Module:
    inputs, outputs = _channels(fields)
    return nn.Conv2d(
        inputs,
        outputs,
        _window(fields, "kernel_size"),
        stride=_window(fields, "stride", 1),
        padding=_window(fields, "padding", 0, least=0),
        bias=fields.boolean("bias", True),
    )


def _transposed_convolution(fields: Fields) -> nn.Module:
    inputs, outputs = _channels(fields)
    stride = _window(fields, "stride", 1)
    extra = _window(fields, "output_padding", 0, least=0)
    if any(more >= step for more, step in zip(extra, stride, strict=True)):
        raise wrong(f"{fields.what} needs an output padding below its stride")
    return nn.ConvTranspose2d(
        inputs,
        outputs,
        _window(fields, "kernel_size"),
        stride=stride,
        padding=_window(fields, "padding", 0, least=0),
        output_padding=extra,
        bias=fields.boolean("bias", True),
    )


def _pooling(fields: Fields) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    fields.expect("ceil_mode", False)
    kernel = _window(fields, "kernel_size")
    # PyTorch's default is None: windows beside each other.
    beside = fields.take("stride", None) is None
    stride = kernel if beside else _window(fields, "stride")
    padding = _window(fields, "padding", 0, least=0)
    if any(2 * edge > side for edge, side in zip(padding, kernel, strict=True)):
        raise wrong(f"{fields.what} needs a padding of at most half its kernel")
    return kernel, stride, padding


def _max_pooling(fields: Fields) -> nn.Module:
    fields.expect("dilation", 1, [1, 1])
    fields.expect("return_indices", False)
    return nn.MaxPool2d(*_pooling(fields))


def _average_pooling(fields: Fields) -> nn.Module:
    fields.expect("count_include_pad", True)
    fields.expect("divisor_override", None)
    return nn.AvgPool2d(*_pooling(fields))


def _upsampling(fields: Fields) -> nn.Module:
    for key, only in (("size", None), ("mode", "nearest"), ("align_corners", None), ("recompute_scale_factor", None)):
        fields.expect(key, only)
    height, width = _window(fields, "scale_factor")
    return nn.Upsample(scale_factor=(float(height), float(width)), mode="nearest")


def _batch_normalization(kind: Callable[..., nn.Module]) -> Callable[[Fields], nn.Module]:
    def build(fields: Fields) -> nn.Module:
        fields.expect("affine", True)
        fields.expect("track_running_stats", True)
        epsilon = fields.number("eps", 1e-5)
        if epsilon <= 0:
            raise wrong(f"{fields.what} needs an epsilon above 0")
        return kind(fields.whole("num_features", least=1), eps=epsilon, momentum=fields.number("momentum", 0.1))

    return build


def _flatten(fields: Fields) -> nn.Module:
    fields.expect("start_dim", 1)
    fields.expect("end_dim", -1)
    return nn.Flatten()


def _unflatten(fields: Fields) -> nn.Module:
    fields.take("dim")
    fields.expect("dim", 1)
    return nn.Unflatten(1, fields.shape("unflattened_size"))


def _rectifier(kind: Callable[[], nn.Module]) -> Callable[[Fields], nn.Module]:
    def build(fields: Fields) -> nn.Module:
        fields.boolean("inplace", False)
        return kind()

    return build


def _leaky_rectifier(fields: Fields) -> nn.Module:
    fields.boolean("inplace", False)
    return nn.LeakyReLU(fields.number("negative_slope", 0.01))


def _softmax(fields: Fields) -> nn.Module:
    fields.expect("dim", 1, -1)
    return nn.Softmax(dim=1)


def _softplus(fields: Fields) -> nn.Module:
    fields.expect("beta", 1)
    fields.expect("threshold", 20)
    return nn.Softplus()


_OF_FEATURES = (nn.Linear, nn.Softmax, BatchNorm1d, nn.Unflatten)
_OF_IMAGES = (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d, nn.AvgPool2d, nn.Upsample, BatchNorm2d)

_BUILDERS: dict[str, Callable[[Fields], nn.Module]] = {
    "Linear": _linear,
    "Conv2d": _convolution,
    "ConvTranspose2d": _transposed_convolution,
    "MaxPool2d": _max_pooling,
    "AvgPool2d": _average_pooling,
    "Upsample": _upsampling,
    "BatchNorm1d": _batch_normalization(BatchNorm1d),
    "BatchNorm2d": _batch_normalization(BatchNorm2d),
    "ReLU": _rectifier(nn.ReLU),
    "SiLU": _rectifier(nn.SiLU),
    "LeakyReLU": _leaky_rectifier,
    "Tanh": lambda fields: nn.Tanh(),
    "Sigmoid": lambda fields: nn.Sigmoid(),
    "Softplus": _softplus,
    "Softmax": _softmax,
    "Flatten": _flatten,
    "Unflatten": _unflatten,
}
