"""The variational autoencoder as a module, and the terms of its evidence lower bound."""

from __future__ import annotations

import numpy
import torch
from torch import Tensor, nn

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.likelihood import FIRST_LOG_VARIANCE, Bernoulli, Gaussian
from latentwalk_torch.random_numbers import Purpose, uniform

PASSED_OVER = ".num_batches_tracked"
"""A counter of PyTorch's batch normalization that is no part of the format."""

_LOG_VARIANCE = "likelihood.log_variance"


class VAE(nn.Module):
    """Encoder and decoder; forward gives the terms of −ELBO in nats (Kingma & Welling 2014)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.encoder, self.decoder = architecture.networks()
        is_bernoulli = architecture.likelihood == "bernoulli"
        self.likelihood = Bernoulli() if is_bernoulli else Gaussian(architecture.variance)

    def forward(self, images: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruction ``[batch]`` and the KL of each latent ``[batch, latent]``.

        Args:
            images: ``[batch, channels, height, width]`` in 0…1.
            noise: standard normal, ``[batch, latent]``: ε in z = μ + σ ε.
        """
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        latents = mean + torch.exp(log_variance / 2) * noise
        divergence = (mean.square() + log_variance.exp() - log_variance - 1) / 2
        return self.reconstruction(latents, images), divergence

    def reconstruction(self, latents: Tensor, images: Tensor) -> Tensor:
        """−log p(x|z), ``[batch]``."""
        return self.likelihood.negative_log_probability(self.outputs(latents), images)

    def outputs(self, latents: Tensor) -> Tensor:
        """What the likelihood is computed from, in the images' shape: logits of a Bernoulli one, else means.

        The logarithms of the last sigmoid's values would lose their digits.
        """
        outputs: Tensor = (self.decoder[:-1] if isinstance(self.likelihood, Bernoulli) else self.decoder)(latents)
        return outputs

    def tensors(self) -> dict[str, Tensor]:
        """The tensors of the format, by name, in the order of the layers; they share the module's memory."""
        return {name: tensor for name, tensor in self.state_dict().items() if not name.endswith(PASSED_OVER)}

    @torch.no_grad()
    def initialize(self, seed: int) -> None:
        """Draws new weights as ``latentwalk train`` does from the same seed.

        Weights and biases are uniform in ±1/√fan-in (He et al. 2015 with a = √5); batch normalization is the identity,
        a learned variance of the pixels 0.1.
        """
        tensors = self.tensors()
        for position, (name, tensor) in enumerate(tensors.items()):
            if name == _LOG_VARIANCE:
                tensor.fill_(FIRST_LOG_VARIANCE)
                continue
            weight = tensors[name.rpartition(".")[0] + ".weight"]
            if weight.dim() < 2:
                tensor.fill_(1 if name.endswith(("weight", "var")) else 0)
                continue
            # PyTorch takes the second axis as the fan of transposed convolutions too.
            bound = numpy.float32(1) / numpy.sqrt(numpy.float32(weight[0].numel()))
            values = (2 * uniform(seed, Purpose.INITIALIZATION, position, tensor.numel()) - 1) * bound
            tensor.copy_(torch.from_numpy(values).view_as(tensor))

    @torch.no_grad()
    def load(self, tensors: dict[str, Tensor]) -> None:
        """Takes the values of the tensors, which must be exactly the module's."""
        for name, tensor in self.tensors().items():
            tensor.copy_(tensors[name])
