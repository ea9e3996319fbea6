"""One step on a batch that the processes share: its objective, its gradient, and what that does to the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.parallel import DistributedDataParallel

from latentwalk_torch.data import Images
from latentwalk_torch.lattice_encoder import LatticeEncoder
from latentwalk_torch.model import VAE
from latentwalk_torch.process_group import Processes
from latentwalk_torch.random_numbers import Purpose, normal
from latentwalk_torch.settings import Settings

_EVALUATION_BATCH = 500
_MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True)
class Sums:
    """Terms of −ELBO summed over images, in nats.

    Attributes:
        images: how many.
        reconstruction: Σ −log p(x|z).
        divergences: Σ KL of each latent.
        objective: Σ of what is minimized: with β, its warm-up and free bits.
    """

    images: int
    reconstruction: float
    divergences: tuple[float, ...]
    objective: float

    @staticmethod
    def none(latents: int) -> Sums:
        """Of no images."""
        return Sums(0, 0.0, (0.0,) * latents, 0.0)

    def __add__(self, other: Sums) -> Sums:
        divergences = tuple(a + b for a, b in zip(self.divergences, other.divergences, strict=True))
        return Sums(
            self.images + other.images,
            self.reconstruction + other.reconstruction,
            divergences,
            self.objective + other.objective,
        )

    @property
    def means(self) -> Means:
        """The same an image."""
        count = max(1, self.images)
        return Means(self.reconstruction / count, sum(self.divergences) / count, self.objective / count)

    def json(self) -> dict[str, object]:
        """For the state of a run; every bit is kept."""
        return {
            "images": self.images,
            "reconstruction": self.reconstruction,
            "divergences": list(self.divergences),
            "objective": self.objective,
        }


@dataclass(frozen=True)
class Means:
    """Terms of −ELBO an image, in nats."""

    reconstruction: float
    kl: float
    objective: float

    @property
    def negative_elbo(self) -> float:
        """Reconstruction + KL."""
        return self.reconstruction + self.kl


class NotFiniteError(Exception):
    """A term of the loss, or its gradient, is infinite or no number: which, as text.

    Raised in all processes, before the weights are touched.
    """


class Stepper:
    """A model that is being trained, its optimizer, and the average of its weights.

    ``updates`` counts the optimizer's steps. The batch is cut over the processes, and gradients are those of its mean
    objective: the same, up to rounding, whatever the number of processes, also where a batch does not divide evenly.
    """

    def __init__(self, model: VAE, settings: Settings, processes: Processes) -> None:
        self.model = model.to(processes.device)
        self.average = {name: tensor.clone() for name, tensor in model.tensors().items()} if settings.average else None
        self.optimizer = _optimizer(self.model, settings)
        self.updates = 0
        self._settings = settings
        self._processes = processes
        self._lattice_encoder = LatticeEncoder.of(model.architecture)
        self._shared = self._share()

    def _share(self) -> nn.Module:
        """The model as the processes train it together: those of its parameters that are learned now."""
        if self._processes.count == 1:
            return self.model
        device = self._processes.device
        return DistributedDataParallel(self.model, device_ids=[device] if device.type == "cuda" else None)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """What is validated and saved as the model: the average where there is one, else the weights."""
        return self.model.tensors() if self.average is None else self.average

    def gradient(
        self, images: Images, indices: numpy.ndarray, noise: numpy.ndarray, beta: float, flag: int = 0
    ) -> tuple[Sums, int]:
        """Leaves the gradient of the batch's mean objective in the parameters.

        Args:
            images: the data set.
            indices: the global batch, the same in every process.
            noise: standard normal, ``[indices, latent]``.
            beta: the weight of the KL term (Higgins et al. 2017).
            flag: 0, or something that this process has to tell the others.

        Returns:
            The terms of the global batch, and the sum of the flags.

        Raises:
            NotFiniteError: in every process.
        """
        share = self._processes.share(len(indices))
        part = slice(share.start, share.stop)
        device = self._processes.device
        self.model.train()
        reconstruction, divergence = self._shared(
            images.batch(indices[part]).to(device), torch.from_numpy(noise[part]).to(device)
        )
        totals = self._processes.sums(
            reconstruction.detach().double().sum().item(), *divergence.detach().double().sum(dim=0).tolist(), flag
        )
        count = len(indices)
        divergences = tuple(totals[1:-1])
        for name, term in (("the KL term", sum(divergences)), ("the reconstruction term", totals[0])):
            if not math.isfinite(term):
                raise NotFiniteError(name)
        free = self._settings.free_bits
        objective = totals[0] + beta * sum(max(free * count, total) for total in divergences)
        # A latent below its free nats has no gradient (Kingma et al. 2016); what the mean over the batch decides.
        weights = divergence.new_tensor([beta if total >= free * count else 0.0 for total in divergences])
        # The processes' gradients are averaged, not summed, hence their number.
        loss = (reconstruction.sum() + (divergence.sum(dim=0) * weights).sum()) * (self._processes.count / count)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        return Sums(count, totals[0], divergences, objective), int(totals[-1])

    def update(self, learning_rate: float) -> None:
        """Clips the gradient, moves the weights, and averages them.

        Raises:
            NotFiniteError: in every process.
        """
        clip = self._settings.gradient_clip
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), math.inf if clip is None else clip)
        if not math.isfinite(norm.item()):
            raise NotFiniteError("the gradient")
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.step()
        self.updates += 1
        if self.average is not None and self._settings.average:
            # Early in a run the average forgets faster, so that it isn't made of the first random weights.
            decay = min(self._settings.average, (1 + self.updates) / (10 + self.updates))
            for name, tensor in self.model.tensors().items():
                self.average[name].lerp_(tensor, 1 - decay)

    def freeze_encoder(self) -> None:
        """No longer learns the encoder: it has no gradient from here on, and :meth:`derive_encoder` changes it."""
        parameters = list(self.model.encoder.parameters())
        if not any(parameter.requires_grad for parameter in parameters):
            return
        for parameter in parameters:
            parameter.requires_grad_(False)
            parameter.grad = None
        # What processes exchange is settled when they begin to share a model.
        self._shared = self._share()

    @torch.no_grad()
    def derive_encoder(self, beta: float = 1) -> None:
        """Computes the encoder from the decoder as it is now, in the first process; all get the same bits.

        Args:
            beta: the weight of the KL term.

        Raises:
            NotFiniteError: in every process, before the weights are touched.
        """
        encoder = self._lattice_encoder
        assert encoder is not None, "settings that derive an encoder were checked with it"
        own = {name: tensor for name, tensor in self.model.tensors().items() if name.startswith("encoder.")}
        derived = (
            encoder.tensors(self.model, beta)
            if self._processes.is_first
            else {name: torch.empty_like(tensor) for name, tensor in own.items()}
        )
        self._processes.copy_from_first(derived[name] for name in own)
        if not all(tensor.isfinite().all() for tensor in derived.values()):
            raise NotFiniteError("the encoder that is computed from the decoder")
        for name, tensor in own.items():
            tensor.copy_(derived[name])

    def memory(self) -> dict[str, Tensor]:
        """What the optimizer and the average remember, by the names that ``last.safetensors`` has for them."""
        tensors = {}
        for name, parameter in self.model.named_parameters():
            moments = self.optimizer.state.get(parameter, {})
            for kind in _MOMENTS:
                tensors[f"optimizer.{kind}.{name}"] = moments.get(kind, torch.zeros_like(parameter))
        for name, tensor in (self.average or {}).items():
            tensors[f"average.{name}"] = tensor
        return tensors

    @torch.no_grad()
    def restore(self, tensors: dict[str, Tensor], updates: int) -> None:
        """Goes on from the weights and the memory of a step that was taken elsewhere; all of them must be there."""
        self.model.load(tensors)
        self.updates = updates
        for name, parameter in self.model.named_parameters():
            moments = {kind: tensors[f"optimizer.{kind}.{name}"].to(parameter.device) for kind in _MOMENTS}
            self.optimizer.state[parameter] = {"step": torch.tensor(float(updates)), **moments}
        for name, tensor in (self.average or {}).items():
            tensor.copy_(tensors[f"average.{name}"])

    @torch.no_grad()
    def evaluate(self, images: Images, seed: int, purpose: Purpose = Purpose.VALIDATION, samples: int = 1) -> Sums:
        """Terms of −ELBO over all images, by the weights that are saved; each image has its own stream of noise."""
        self.model.eval()
        latents = self.model.architecture.latent
        device = self._processes.device
        share = self._processes.share(len(images))
        totals = [0.0] * (1 + latents)
        for start in range(share.start, share.stop, _EVALUATION_BATCH):
            indices = range(start, min(start + _EVALUATION_BATCH, share.stop))
            batch = images.batch(indices).to(device)
            noise = normal(seed, purpose, numpy.arange(indices.start, indices.stop), samples * latents)
            for sample in torch.split(torch.from_numpy(noise).to(device), latents, dim=1):
                reconstruction, divergence = functional_call(self.model, self.tensors, (batch, sample))
                terms = [reconstruction.double().sum().item(), *divergence.double().sum(dim=0).tolist()]
                totals = [total + term / samples for total, term in zip(totals, terms, strict=True)]
        reconstruction_sum, *divergences = self._processes.sums(*totals)
        return Sums(len(images), reconstruction_sum, tuple(divergences), reconstruction_sum + sum(divergences))


def _optimizer(model: VAE, settings: Settings) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015), or AdamW (Loshchilov & Hutter 2019).

    AdamW decays the weights of linear and convolutional layers, and neither biases nor the scales of a normalization.
    """
    if settings.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    matrices = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in model.parameters() if parameter.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=settings.learning_rate)
