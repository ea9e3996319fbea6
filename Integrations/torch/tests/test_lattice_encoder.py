"""The encoder that is computed from the decoder."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from conftest import ROOT, lattice_architecture, pixels, together

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.data import Images
from latentwalk_torch.errors import Exit, LatentwalkError
from latentwalk_torch.lattice_encoder import RADIUS, LatticeEncoder, check_encoder, lattice
from latentwalk_torch.model import VAE
from latentwalk_torch.process_group import Processes, processes
from latentwalk_torch.settings import Settings
from latentwalk_torch.step import NotFiniteError, Stepper
from latentwalk_torch.trainer import Measurement, Position, Trainer

FIXTURE = ROOT / "Tests" / "InferenceTests" / "Fixtures" / "lattice-encoder.json"
LIKELIHOODS: list[dict[str, Any]] = [
    {"likelihood": "bernoulli"},
    {"likelihood": "gaussian", "variance": 0.5},
    {"likelihood": "gaussian", "variance": "learned"},
]


def _model(value: dict[str, Any], seed: int = 5) -> VAE:
    """A model with a decoder that makes more of its latents than a new one does."""
    model = VAE(Architecture.read(value))
    model.initialize(seed)
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.mul_(3)
    return model


def _derived(model: VAE) -> dict[str, torch.Tensor]:
    encoder = LatticeEncoder.of(model.architecture)
    assert encoder is not None
    return encoder.tensors(model)


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_its_posteriors_are_those_found_in_double_precision(likelihood: str) -> None:
    case = json.loads(FIXTURE.read_text())[likelihood]
    value = lattice_architecture(points=37, rank=12, shape=(1, 3, 4))
    value["decoder"][0]["out_features"] = value["decoder"][2]["in_features"] = 10
    if likelihood == "gaussian":
        value |= {"likelihood": "gaussian", "variance": 0.5, "decoder": value["decoder"][:-1]}
    model = VAE(Architecture.read(value))
    given = {name: torch.tensor(one["values"]).view(one["shape"]) for name, one in case["tensors"].items()}
    model.load(model.tensors() | given)
    tensors = _derived(model)
    model.load(model.tensors() | tensors)
    points, log_variances = tensors["encoder.4.weight"].chunk(2)
    torch.testing.assert_close(points.T, torch.tensor(case["points"]).view(37, 2))
    # The decoder's derivatives are differences; the file's are exact.
    expected = torch.tensor(case["log_variances"]).view(37, 2)
    torch.testing.assert_close(log_variances.T, expected, rtol=0, atol=5e-3)
    means = model.encoder(torch.tensor(case["images"]).view(-1, 1, 3, 4))[:, :2]
    torch.testing.assert_close(means, torch.tensor(case["means"]).view(-1, 2), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("likelihood", LIKELIHOODS, ids=["bernoulli", "gaussian", "learned"])
@pytest.mark.parametrize(("latents", "points", "rank"), [(2, 40, 12), (2, 9, 9), (1, 30, 20), (2, 600, 12)])
def test_at_full_rank_its_means_are_those_of_the_posterior_on_the_lattice(
    likelihood: dict[str, Any], latents: int, points: int, rank: int
) -> None:
    value = lattice_architecture(points=points, rank=rank, shape=(1, 3, 4), latents=latents) | likelihood
    model = _model(value)
    model.load(model.tensors() | _derived(model))
    places = lattice(points, latents)
    images = torch.rand(6, 1, 3, 4, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        joint = torch.stack([-model.reconstruction(places, image.expand(points, -1, -1, -1)) for image in images])
        weights = (joint - places.square().sum(dim=1) / 2).softmax(dim=1)
        means = model.encoder(images)[:, :latents]
    assert means.std(dim=0).min() > 1e-2
    torch.testing.assert_close(means, weights @ places, rtol=1e-4, atol=1e-4)


def test_under_beta_it_is_the_posterior_of_pixels_whose_variance_is_as_many_times_as_large() -> None:
    architecture = lattice_architecture() | {"likelihood": "gaussian"}
    architecture["decoder"] = [layer for layer in architecture["decoder"] if layer["type"] != "Sigmoid"]
    narrow, wide = (_model(architecture | {"variance": variance}) for variance in (1.0, 4.0))
    wide.load(narrow.tensors())
    encoder = LatticeEncoder.of(narrow.architecture)
    assert encoder is not None
    for name, tensor in encoder.tensors(narrow, beta=4).items():
        torch.testing.assert_close(tensor, encoder.tensors(wide)[name], msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("points", [40, 9], ids=["more points than pixels", "fewer"])
def test_a_lower_rank_keeps_the_directions_in_which_the_templates_vary_most(points: int) -> None:
    full, low = (
        _derived(_model(lattice_architecture(points=points, rank=rank, shape=(1, 3, 4))))
        for rank in (min(points, 12), 3)
    )
    templates = full["encoder.2.weight"] @ full["encoder.1.weight"]
    sizes = torch.linalg.svdvals(templates)
    left = templates - low["encoder.2.weight"] @ low["encoder.1.weight"]
    assert left.norm().item() == pytest.approx(sizes[3:].norm().item(), rel=1e-3)
    assert sizes[3:].norm() > 0.01 * sizes.norm()


def test_the_points_lie_evenly_within_their_circle_the_nearest_first() -> None:
    points = lattice(3943, 2).double()
    distances = points.norm(dim=1)
    assert points[0].tolist() == [0, 0]
    assert (distances.diff() > -1e-5).all()
    spacing = RADIUS * math.sqrt(2 * math.pi / (math.sqrt(3) * 3943))
    nearest = torch.cdist(points[:500], points).topk(7, largest=False).values
    torch.testing.assert_close(nearest[:, 1:], torch.full((500, 6), spacing, dtype=torch.float64), rtol=1e-4, atol=0)
    assert distances.max().item() == pytest.approx(RADIUS, abs=spacing)
    assert lattice(3, 1).flatten().tolist() == pytest.approx([-2.2, 0, 2.2])
    # Of those equally near the lower row goes first, in a row the one further left.
    assert lattice(4, 2)[1:].sign().tolist() == [[-1, -1], [1, -1], [-1, 0]]


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({}, lattice_architecture(latents=3)),
        ({}, lattice_architecture(points=8, rank=9)),
        ({"1": {"bias": False}}, lattice_architecture()),
        ({"3": {"type": "Sigmoid", "dim": None}}, lattice_architecture()),
    ],
    ids=["three latents", "rank above points", "no bias", "no softmax"],
)
def test_other_encoders_cannot_be_computed(changes: dict[str, Any], value: dict[str, Any]) -> None:
    for index, change in changes.items():
        layer = value["encoder"][int(index)] | change
        value["encoder"][int(index)] = {key: member for key, member in layer.items() if member is not None}
    read = Architecture.read(value)
    check_encoder(Settings(2), read)
    with pytest.raises(LatentwalkError, match="--derive-encoder needs an encoder of the layers Flatten,") as caught:
        check_encoder(Settings(2, derive_encoder=1), read)
    assert caught.value.exit == Exit.USAGE


def _spots() -> Images:
    return Images("spots", pixels()[:, None])


def _stepper(group: Processes, **likelihood: Any) -> Stepper:
    model = VAE(Architecture.read(lattice_architecture() | likelihood))
    model.initialize(5)
    return Stepper(model, Settings(3, derive_encoder=1, optimizer="adamw", weight_decay=0.1, gradient_clip=1.0), group)


class _Silence:
    """A recorder that keeps nothing."""

    def measured(self, measurement: Measurement) -> None: ...

    def finished_epoch(self, report: Measurement, position: Position, *, is_best: bool) -> None: ...

    def stepped(self, position: Position) -> None: ...

    def wants_to_stop(self) -> bool:
        return False

    def finish(self, position: Position, *, is_through: bool) -> None: ...


def test_after_its_epochs_it_follows_the_decoder_within_an_epoch_and_is_not_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stepper = _stepper(Processes(0, 1, torch.device("cpu")))
    steps, memories = [], []
    derive = stepper.derive_encoder

    def derived(beta: float) -> None:
        derive(beta)
        steps.append(stepper.updates)
        memories.append({name: tensor.clone() for name, tensor in stepper.memory().items()})

    monkeypatch.setattr(stepper, "derive_encoder", derived)
    # Fifty steps an epoch: too few for four times.
    settings = Settings(3, batch_size=1, derive_encoder=1, validation=10)
    trainer = Trainer(stepper, settings, _spots(), Processes(0, 1, torch.device("cpu")))
    assert trainer.run(_Silence())
    assert steps == [50, 50 + 32, 100, 100 + 32, 150]
    for name, tensor in memories[0].items():
        assert torch.equal(tensor, memories[-1][name]) == ("encoder" in name), name
    expected = _derived(stepper.model)
    assert all(torch.equal(stepper.tensors[name], tensor) for name, tensor in expected.items())


def _train(group: Processes, likelihood: dict[str, Any]) -> dict[str, torch.Tensor]:
    """What a run of three epochs comes to in this process."""
    stepper = _stepper(group, **likelihood)
    settings = Settings(3, batch_size=17, learning_rate=0.01, derive_encoder=1, validation=10)
    trainer = Trainer(stepper, settings, _spots(), group)
    assert trainer.run(_Silence())
    assert trainer.position.best is not None
    best = torch.tensor(trainer.position.best[1])
    return {name: tensor.clone() for name, tensor in stepper.model.tensors().items()} | {"best": best}


def _write(path: Path, likelihood: dict[str, Any]) -> None:
    with processes("cpu") as group:
        torch.save(_train(group, likelihood), path / f"{group.rank}.pt")


@pytest.mark.parametrize("likelihood", [LIKELIHOODS[0], LIKELIHOODS[2]], ids=["bernoulli", "learned"])
def test_two_processes_have_the_same_encoder_to_the_bit(tmp_path: Path, likelihood: dict[str, Any]) -> None:
    assert together(2, _write, tmp_path, likelihood) == [0, 0]
    alone = _train(Processes(0, 1, torch.device("cpu")), likelihood)
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1))
    for name, expected in alone.items():
        assert torch.equal(first[name], second[name]), name
        if name.startswith("decoder") or name in ("best", "likelihood.log_variance"):
            torch.testing.assert_close(
                first[name], expected, rtol=1e-3, atol=1e-4, msg=lambda text, name=name: f"{name}: {text}"
            )


def test_an_encoder_that_is_not_finite_is_named_and_leaves_the_weights() -> None:
    stepper = _stepper(Processes(0, 1, torch.device("cpu")))
    before = stepper.model.tensors()["encoder.1.weight"].clone()
    with torch.no_grad():
        stepper.model.decoder[0].weight[0, 0] = numpy.inf
    with pytest.raises(NotFiniteError, match="the encoder that is computed from the decoder"):
        stepper.derive_encoder()
    assert torch.equal(before, stepper.model.tensors()["encoder.1.weight"])
