"""The gradient of a batch that processes share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from conftest import architecture, pixels, together

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.data import Images
from latentwalk_torch.model import VAE
from latentwalk_torch.process_group import Processes, processes
from latentwalk_torch.random_numbers import Purpose, normal
from latentwalk_torch.settings import Settings
from latentwalk_torch.step import NotFiniteError, Stepper

# Sizes of batches: even, uneven, and with an image for one of two processes only.
_BATCHES = (16, 7, 1)


def _network(kind: str) -> dict[str, Any]:
    """``plain``, ``normalized``, or ``learned``: with a Gaussian likelihood whose variance is learned."""
    value = architecture(normalized=kind == "normalized")
    return value | ({"likelihood": "gaussian", "variance": "learned"} if kind == "learned" else {})


def _stepper(group: Processes, kind: str, **settings: Any) -> Stepper:
    model = VAE(Architecture.read(_network(kind)))
    model.initialize(5)
    return Stepper(model, Settings(1, **settings), group)


def _batch(count: int) -> tuple[Images, numpy.ndarray, numpy.ndarray]:
    noise = normal(0, Purpose.POSTERIOR_NOISE, numpy.array([0]), 2 * count).reshape(count, 2)
    return Images("spots", pixels()[:, None]), numpy.arange(count) * 2, noise


def _results(group: Processes, kind: str) -> dict[str, torch.Tensor]:
    """Gradients, terms and running statistics of each batch; two steps of training; an evaluation of the average."""
    results = {}
    for count in _BATCHES:
        stepper = _stepper(group, kind, free_bits=0.02)
        sums, flags = stepper.gradient(*_batch(count), beta=0.5, flag=3 if group.is_first else 4)
        results[f"{count} sums"] = torch.tensor(
            [*sums.divergences, sums.reconstruction, sums.objective], dtype=torch.float64
        )
        results[f"{count} flags"] = torch.tensor(flags)
        for name, parameter in stepper.model.named_parameters():
            results[f"{count} gradient of {name}"] = parameter.grad.clone()
        for name, statistic in stepper.model.named_buffers():
            results[f"{count} {name}"] = statistic.clone()
    stepper = _stepper(group, kind, optimizer="adamw", weight_decay=0.1, gradient_clip=1.0, average=0.9)
    for count in (16, 7):
        stepper.gradient(*_batch(count), beta=1.0)
        stepper.update(0.01)
    evaluation = stepper.evaluate(Images("spots", pixels(33)[:, None]), seed=1)
    results["evaluation"] = torch.tensor([evaluation.reconstruction, *evaluation.divergences], dtype=torch.float64)
    return results | {f"average of {name}": tensor for name, tensor in stepper.tensors.items()}


def _write_results(path: Path, kind: str) -> None:
    with processes("cpu") as group:
        torch.save(_results(group, kind), path / f"{group.rank}.pt")


@pytest.mark.parametrize("kind", ["plain", "normalized", "learned"])
def test_two_processes_do_what_one_does_on_the_same_batch(tmp_path: Path, kind: str) -> None:
    assert together(2, _write_results, tmp_path, kind) == [0, 0]
    alone = _results(Processes(0, 1, torch.device("cpu")), kind)
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1))
    for name, expected in alone.items():
        if name.endswith("flags"):
            assert (expected, first[name], second[name]) == (3, 7, 7)
            continue
        torch.testing.assert_close(
            first[name], expected, rtol=2e-5, atol=2e-6, msg=lambda text, name=name: f"{name}: {text}"
        )
        assert torch.equal(first[name], second[name]) or "gradient" not in name, name


@pytest.mark.parametrize(
    ("kind", "name", "place"), [("plain", "decoder.0.weight", (3, 1)), ("learned", "likelihood.log_variance", (0,))]
)
def test_the_gradient_is_that_of_the_mean_objective(kind: str, name: str, place: tuple[int, ...]) -> None:
    stepper = _stepper(Processes(0, 1, torch.device("cpu")), kind)
    images, indices, noise = _batch(6)
    sums, _ = stepper.gradient(images, indices, noise, beta=2.0)
    weight = stepper.model.get_parameter(name)
    slope = weight.grad[place].item()
    values = []
    for change in (-1e-2, 1e-2):
        with torch.no_grad():
            weight[place] += change
        values.append(stepper.gradient(images, indices, noise, beta=2.0)[0].means.objective)
        with torch.no_grad():
            weight[place] -= change
    assert (values[1] - values[0]) / 2e-2 == pytest.approx(slope, rel=1e-2)
    means = sums.means
    assert means.objective == pytest.approx(means.reconstruction + 2 * means.kl)


def test_a_latent_within_its_free_nats_is_not_pushed_down() -> None:
    stepper = _stepper(Processes(0, 1, torch.device("cpu")), "plain", free_bits=1e6)
    stepper.gradient(*_batch(6), beta=1.0)
    free = stepper.model.encoder[4].weight.grad.clone()
    stepper.gradient(*_batch(6), beta=0.0)
    assert torch.equal(free, stepper.model.encoder[4].weight.grad)


def test_reconstruction_is_the_log_probability_of_torch_distributions() -> None:
    images = torch.rand(4, 1, 8, 8)
    latents = torch.randn(4, 2)
    for likelihood, variance in (("bernoulli", None), ("gaussian", 1), ("gaussian", 0.3), ("gaussian", "learned")):
        members = {} if variance is None else {"variance": variance}
        model = VAE(Architecture.read(architecture() | {"likelihood": likelihood} | members))
        deviation = math.sqrt(0.1 if variance == "learned" else variance or 1)
        decoded = model.decoder(latents)
        expected = (
            torch.nn.functional.binary_cross_entropy(decoded, images, reduction="none")
            if likelihood == "bernoulli"
            else -torch.distributions.Normal(decoded, deviation).log_prob(images)
        )
        torch.testing.assert_close(model.reconstruction(latents, images), expected.sum(dim=(1, 2, 3)))


def test_batch_normalization_is_that_of_pytorch() -> None:
    model = VAE(Architecture.read(architecture(normalized=True)))
    images = torch.rand(5, 4, 6, 6)
    ours, theirs = model.encoder[1], torch.nn.BatchNorm2d(4)
    torch.testing.assert_close(ours(images), theirs(images))
    torch.testing.assert_close(ours.running_var, theirs.running_var)
    torch.testing.assert_close(ours.running_mean, theirs.running_mean)


def test_a_loss_that_is_not_finite_is_named_and_leaves_the_weights() -> None:
    stepper = _stepper(Processes(0, 1, torch.device("cpu")), "plain")
    with torch.no_grad():
        stepper.model.encoder[4].bias[0] = float("nan")
    with pytest.raises(NotFiniteError, match="the KL term"):
        stepper.gradient(*_batch(6), beta=1.0)
