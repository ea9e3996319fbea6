"""The architecture of a model, as a checkpoint's metadata and a recipe's file carry it: JSON, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from latentwalk_torch.errors import printable
from latentwalk_torch.fields import Fields, wrong
from latentwalk_torch.layers import as_text, build, output_shape

VERSION = 1
LIKELIHOODS = ("bernoulli", "gaussian")
MOST_LAYERS = 1000
MOST_LATENTS = 1024
# Variances are numbers of single precision.
_SMALLEST, _LARGEST = torch.finfo(torch.float32).tiny, torch.finfo(torch.float32).max


@dataclass(frozen=True)
class Architecture:
    """The two networks of a variational autoencoder, whose ends fit each other.

    Attributes:
        json: what it was read from, and what a checkpoint gets.
        input: channels, height, width.
        latent: the number of latents, d.
        likelihood: what the pixels are given a latent point: ``bernoulli`` or ``gaussian``.
        variance: a Gaussian likelihood's; None: learned.
    """

    json: dict[str, Any]
    input: tuple[int, ...]
    latent: int
    likelihood: str
    variance: float | None

    @staticmethod
    def read(json: object) -> Architecture:
        """Checks an architecture without taking memory for its weights; a wrong one gets one sentence."""
        fields = Fields(json, "the architecture")
        # First, since a later version may have other keys.
        version = fields.whole("version")
        if version != VERSION:
            raise wrong(f"the architecture has version {version}, and this package knows version {VERSION}")
        image = fields.shape("input")
        if len(image) != 3:
            raise wrong(f"the input must be channels × height × width, but is {as_text(image)}")
        latent = fields.whole("latent", least=1, most=MOST_LATENTS)
        likelihood = fields.choice("likelihood", LIKELIHOODS)
        variance = _variance(fields) if likelihood == "gaussian" else None
        ends = {"encoder": (image, (2 * latent,)), "decoder": ((latent,), image)}
        for part, (begin, end) in ends.items():
            last = _check(fields.take(part), part, begin, end)
            if part == "decoder" and likelihood == "bernoulli" and not isinstance(last, nn.Sigmoid):
                raise wrong("a decoder with a Bernoulli likelihood must end in a Sigmoid")
        fields.finish()
        return Architecture(dict(fields.members), image, latent, likelihood, variance)

    def networks(self) -> tuple[nn.Sequential, nn.Sequential]:
        """The encoder and the decoder, with PyTorch's own random weights."""
        return _sequential(self.json["encoder"], "encoder"), _sequential(self.json["decoder"], "decoder")


def _variance(fields: Fields) -> float | None:
    """A Gaussian likelihood's variance, None where it is learned."""
    value = fields.take("variance", 1)
    if value == "learned":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not _SMALLEST <= value <= _LARGEST:
        raise wrong(f'variance of {fields.what} must be a number above 0, or "learned", but is {printable(value)}')
    return float(value)


def _sequential(layers: list[object], part: str) -> nn.Sequential:
    return nn.Sequential(*(build(layer, f"{part}.{index}") for index, layer in enumerate(layers)))


def _check(layers: object, part: str, begin: tuple[int, ...], end: tuple[int, ...]) -> nn.Module | None:
    """Refuses layers that do not lead from one shape to the other; gives the last of them."""
    if not isinstance(layers, list):
        raise wrong(f"{part} of the architecture must be a list of layers")
    if len(layers) > MOST_LAYERS:
        raise wrong(f"the {part} has {len(layers)} layers, more than {MOST_LAYERS}")
    module = None
    shape = begin
    with torch.device("meta"):
        for index, layer in enumerate(layers):
            module = build(layer, f"{part}.{index}")
            shape = output_shape(module, shape, f"{part}.{index}")
    if shape != end:
        raise wrong(f"the {part} ends in {as_text(shape)}, but should end in {as_text(end)}")
    return module
