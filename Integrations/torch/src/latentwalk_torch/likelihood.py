"""What the pixels are given a latent point: how the decoder's outputs are turned into a probability."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

FIRST_LOG_VARIANCE = -2.302585
"""Where a learned log σ² begins: σ² = 0.1 is about what the pixels of an image vary by."""


class Bernoulli(nn.Module):
    """Each pixel is a Bernoulli mean; outputs are logits, ``[batch, channels, height, width]``."""

    def negative_log_probability(self, outputs: Tensor, images: Tensor) -> Tensor:
        """−log p(x|z), ``[batch]``."""
        pixels: Tensor = functional.binary_cross_entropy_with_logits(outputs, images, reduction="none")
        return pixels.flatten(1).sum(dim=1)

    def precision(self) -> Tensor:
        """What the outputs are multiplied with in x · output, the part of log p(x|z) that depends on both."""
        return torch.ones(())

    def information(self, outputs: Tensor) -> Tensor:
        """A pixel's Fisher information about its output, in the outputs' shape: p (1 − p)."""
        mean = outputs.sigmoid()
        return mean * (1 - mean)


class Gaussian(nn.Module):
    """Each pixel is normal around the output, with one variance for all pixels, fixed or learned.

    A learned one settles at the mean squared error (the σ-VAE of Rybkin, Daniilidis & Levine 2021).
    """

    log_variance: Tensor

    def __init__(self, variance: float | None) -> None:
        """Of a variance; None: learned, and then its logarithm is the tensor ``log_variance`` of the format."""
        super().__init__()
        if variance is None:
            self.log_variance = nn.Parameter(torch.tensor([FIRST_LOG_VARIANCE]))
        else:
            self.register_buffer("log_variance", torch.tensor([math.log(variance)]), persistent=False)

    def negative_log_probability(self, outputs: Tensor, images: Tensor) -> Tensor:
        """−log p(x|z), ``[batch]``."""
        squares = (outputs - images).square().flatten(1)
        constant = squares.shape[1] * (self.log_variance + math.log(2 * math.pi))
        return (squares.sum(dim=1) * self.precision() + constant) / 2

    def precision(self) -> Tensor:
        """What the outputs are multiplied with in x · output/σ², the part of log p(x|z) that depends on both."""
        return torch.exp(-self.log_variance)

    def information(self, outputs: Tensor) -> Tensor:
        """A pixel's Fisher information about its output, in the outputs' shape: 1/σ²."""
        return self.precision().expand_as(outputs)
