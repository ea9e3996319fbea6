"""An encoder that is computed from the decoder: the posterior on a lattice of latent points, as a network.

For a Bernoulli or Gaussian likelihood log p(x|z) is an inner product of the image with what the decoder makes of z,
plus a number that does not depend on the image. So the posterior's weights at K points are the softmax of a linear
layer, and its mean is a weighted sum of the points: the generative topographic map's inference (Bishop, Svensén &
Williams 1998), here under any decoder. Two linear layers of rank r in place of the one keep it small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.errors import Exit, LatentwalkError
from latentwalk_torch.model import VAE
from latentwalk_torch.settings import Settings

RADIUS = 3.3
"""How far from the origin a lattice reaches: the disc has all but 0.4 % of the prior."""

_FIRST_LOG_VARIANCE = -2.0
_LAYERS = (nn.Flatten, nn.Linear, nn.Linear, nn.Softmax, nn.Linear)
# By which the decoder's derivatives are taken: a tenth of a narrow posterior.
_DIFFERENCE = 5e-3
# Points that are decoded together, so that the memory for it stays small.
_GROUP = 128
_LEAST_BETA = 0.01
# The share of the largest eigenvalue below which another is rounding.
_ROUNDING = 1e-13


def lattice(count: int, latents: int) -> Tensor:
    """Points where a standard normal prior has its mass, ``[count, latents]``, in the order of ``latentwalk``.

    Along a segment for one latent; for two the hexagonal lattice of a disc, the nearest to the origin first, those
    equally near row by row.
    """
    if latents == 1:
        return torch.tensor([[RADIUS * ((2 * index + 1) / count - 1)] for index in range(count)])
    # Each point has √3/2 · spacing² of the disc for itself.
    spacing = RADIUS * math.sqrt(2 * math.pi / (math.sqrt(3) * count))
    reach = int(RADIUS / spacing * 1.2) + 2
    around = range(-reach, reach + 1)
    places = sorted(((2 * column + row % 2) ** 2 + 3 * row**2, row, column) for row in around for column in around)[
        :count
    ]
    return torch.tensor(
        [[(column + row % 2 / 2) * spacing, row * spacing * math.sqrt(3) / 2] for _, row, column in places]
    )


def check_encoder(settings: Settings, architecture: Architecture) -> None:
    """Refuses to compute an encoder that is none of these."""
    if settings.derive_encoder is not None and LatticeEncoder.of(architecture) is None:
        raise LatentwalkError(
            "--derive-encoder needs an encoder of the layers Flatten, Linear, Linear, Softmax, Linear and 1 or 2"
            " latents, as the recipe default has it",
            Exit.USAGE,
        )


@dataclass(frozen=True)
class LatticeEncoder:
    """The layers ``Flatten``, ``Linear(pixels → rank)``, ``Linear(rank → K)``, ``Softmax``, ``Linear(K → 2·latents)``.

    Attributes:
        latents: 1 or 2.
        rank: of the two linear layers that stand for one.
        points: K.
    """

    latents: int
    rank: int
    points: int

    @staticmethod
    def of(architecture: Architecture) -> LatticeEncoder | None:
        """That of an architecture, or None where its encoder is none."""
        with torch.device("meta"):
            layers = list(architecture.networks()[0])
        linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
        if tuple(map(type, layers)) != _LAYERS or any(layer.bias is None for layer in linear):
            return None
        rank, points = linear[0].out_features, linear[1].out_features
        if architecture.latent > 2 or rank > points:
            return None
        return LatticeEncoder(architecture.latent, rank, points)

    def first_tensors(self) -> dict[str, Tensor]:
        """What the last layer begins with: the points as means, and posteriors as wide as e⁻¹."""
        points = lattice(self.points, self.latents)
        return _last_layer(points, torch.full_like(points, _FIRST_LOG_VARIANCE))

    @torch.no_grad()
    def tensors(self, model: VAE, beta: float = 1) -> dict[str, Tensor]:
        """The encoder's tensors for a model's decoder and likelihood; the decoder is left in evaluation mode.

        Args:
            model: whose encoder does not matter.
            beta: the weight of the KL term. The posterior is that of p(x|z)^(1/β) p(z), which is what an encoder learns
                under it; less than a hundredth counts as that.
        """
        model.eval()
        beta = max(beta, _LEAST_BETA)
        device = next(model.encoder.parameters()).device
        points = lattice(self.points, self.latents).to(device)
        surveys = [_survey(model, part, beta) for part in torch.split(points, _GROUP)]
        outputs, biases, log_variances = (torch.cat(parts) for parts in zip(*surveys, strict=True))
        # What all points share weighs nothing in a softmax.
        templates = (outputs - outputs.mean(dim=0)) * model.likelihood.precision().to(device) / beta
        directions = _principal_directions(templates, self.rank)
        tensors = {
            "encoder.1.weight": directions,
            "encoder.1.bias": directions.new_zeros(self.rank),
            "encoder.2.weight": templates @ directions.T,
            "encoder.2.bias": biases - biases.mean(),
            **_last_layer(points, log_variances),
        }
        return {name: tensor.float().contiguous() for name, tensor in tensors.items()}


def _survey(model: VAE, points: Tensor, beta: float) -> tuple[Tensor, Tensor, Tensor]:
    """What the decoder makes of points ``[count, latents]``, in double precision.

    Returns:
        Its outputs ``[count, pixels]``; (log p(x|z))/β + log p(z) but for x · output and a number that all points share
        ``[count]``; log σ² of the best Gaussian with independent latents, −log (1 + Fisher information/β)
        ``[count, latents]``.
    """
    outputs = model.outputs(points).double()
    weights = model.likelihood.information(outputs)
    informations = []
    for step in _DIFFERENCE * torch.eye(points.shape[1], device=points.device):
        slopes = (model.outputs(points + step).double() - outputs) / _DIFFERENCE
        informations.append((slopes.square() * weights).flatten(1).sum(dim=1))
    # Of an image of zeros the term that does not depend on the image is left.
    rest = model.likelihood.negative_log_probability(outputs, torch.zeros_like(outputs))
    biases = -rest / beta - points.double().square().sum(dim=1) / 2
    return outputs.flatten(1), biases, -torch.stack(informations, dim=1).div(beta).log1p()


def _last_layer(points: Tensor, log_variances: Tensor) -> dict[str, Tensor]:
    """From the weights of the points to means and log-variances, both ``[points, latents]``."""
    weight = torch.cat([points, log_variances], dim=1).T.contiguous()
    return {"encoder.4.weight": weight, "encoder.4.bias": weight.new_zeros(len(weight))}


def _principal_directions(rows: Tensor, rank: int) -> Tensor:
    """The directions in which rows ``[count, length]``, their mean taken off, vary most: ``[rank, length]``.

    They are orthonormal; there are rows of zeros where the data have fewer directions.
    """
    count, length = rows.shape
    if not rows.isfinite().all():
        # For these there is no decomposition; who takes the encoder finds them.
        return rows.new_full((rank, length), math.nan)
    # The smaller of the two matrices of inner products has the same eigenvalues, other than 0, as the larger.
    values, vectors = torch.linalg.eigh(rows.T @ rows if length <= count else rows @ rows.T)
    kept = values > max(0.0, _ROUNDING * values[-1].item())
    vectors = vectors[:, kept][:, -rank:].flip(1)
    if length > count:
        vectors = rows.T @ vectors / values[kept][-rank:].flip(0).sqrt()
    directions = rows.new_zeros(rank, length)
    directions[: vectors.shape[1]] = vectors.T
    return directions
