"""Batch normalization by the statistics of the global batch, whatever the number of processes that share it.

``torch.nn.SyncBatchNorm`` does the same on GPUs only; this also runs on processors, and on a share without images.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from latentwalk_torch.process_group import sum_with_gradient

_STATISTICS = "the format's layers keep running statistics"


class BatchNorm1d(nn.BatchNorm1d):
    """Of features ``[batch, features]``."""

    def forward(self, images: Tensor) -> Tensor:
        """The same shape, normalized."""
        return _normalize(self, images)


class BatchNorm2d(nn.BatchNorm2d):
    """Of images ``[batch, channels, height, width]``."""

    def forward(self, images: Tensor) -> Tensor:
        """The same shape, normalized."""
        return _normalize(self, images)


def _normalize(layer: nn.BatchNorm1d | nn.BatchNorm2d, images: Tensor) -> Tensor:
    """γ (x − m) / √(v + ε) + β (Ioffe & Szegedy 2015), with the running m and v unless the layer is trained."""
    shape = (1, -1) + (1,) * (images.dim() - 2)
    mean, variance = _statistics(layer, images, shape) if layer.training else (layer.running_mean, layer.running_var)
    assert mean is not None, _STATISTICS
    assert variance is not None, _STATISTICS
    scale = layer.weight * torch.rsqrt(variance + layer.eps)
    return (images - mean.view(shape)) * scale.view(shape) + layer.bias.view(shape)


def _statistics(
    layer: nn.BatchNorm1d | nn.BatchNorm2d, images: Tensor, shape: tuple[int, ...]
) -> tuple[Tensor, Tensor]:
    """The channels' mean and biased variance over the global batch; the running ones take a step to them."""
    axes = [axis for axis in range(images.dim()) if axis != 1]
    count = sum_with_gradient(images.new_tensor([images.numel() / images.shape[1]]))
    mean = sum_with_gradient(images.sum(axes)) / count
    variance = sum_with_gradient((images - mean.view(shape)).square().sum(axes)) / count
    with torch.no_grad():
        # PyTorch keeps the unbiased variance.
        unbiased = variance * count / (count - 1).clamp(min=1)
        for running, now in ((layer.running_mean, mean), (layer.running_var, unbiased)):
            assert running is not None, _STATISTICS
            assert layer.momentum is not None, _STATISTICS
            running.lerp_(now, layer.momentum)
    return mean, variance
