"""What latentwalk itself makes of our files: it is the program that LATENTWALK_PROGRAM names, or the one built here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import torch
from conftest import ROOT, SAMPLE
from safetensors.torch import load_file, safe_open

from latentwalk_torch import cli, data
from latentwalk_torch.architecture import Architecture
from latentwalk_torch.model import VAE
from latentwalk_torch.process_group import Processes
from latentwalk_torch.random_numbers import Purpose
from latentwalk_torch.settings import Settings
from latentwalk_torch.step import Stepper

SHIPPED = ROOT / "Models" / "mnist-2d.safetensors"


def _ask(program: Path, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True, timeout=120).stdout


def _architecture(path: Path) -> dict[str, object]:
    with safe_open(path, framework="pt") as file:
        return json.loads(file.metadata()["latentwalk"])


def test_the_shipped_model_has_the_elbo_that_the_program_measures(program: Path) -> None:
    arguments = ["--data", str(SAMPLE), "--split", "train", "--limit", "200", "--samples", "2", "--json"]
    theirs = json.loads(_ask(program, "evaluate", str(SHIPPED), *arguments))
    model = VAE(Architecture.read(_architecture(SHIPPED)))
    model.load(load_file(SHIPPED))
    stepper = Stepper(model, Settings(1), Processes(0, 1, torch.device("cpu")))
    ours = stepper.evaluate(data.load(str(SAMPLE), limit=200), 0, Purpose.EVALUATION, samples=2).means
    # The noise is the same, number for number.
    assert ours.negative_elbo == pytest.approx(theirs["negative_elbo"], abs=1e-3)
    assert ours.kl == pytest.approx(theirs["kl"], abs=1e-4)


def _recipe(program: Path, path: Path, *options: str) -> Path:
    """The file of the program's own recipe, with a lattice of fewer points, which is computed sooner."""
    recipe = json.loads(_ask(program, "train", "--recipe", "default", "--print-recipe", *options))
    *_, narrow, _, last = recipe["architecture"]["encoder"]
    narrow["out_features"] = last["in_features"] = 331
    path.write_text(json.dumps(recipe))
    return path


def _negative_elbo(program: Path, folder: Path) -> float:
    arguments = ["--data", str(SAMPLE), "--split", "train", "--limit", "200", "--samples", "1", "--json"]
    return float(json.loads(_ask(program, "evaluate", str(folder / "model.safetensors"), *arguments))["negative_elbo"])


_SMALL = ["--data", str(SAMPLE), "--batch-size", "64", "--limit", "300", "--validation", "50", "--seed", "3"]
_LEARNED = ["--likelihood", "gaussian:learned"]


@pytest.mark.parametrize(
    ("network", "settings"),
    [([], []), (_LEARNED, []), (_LEARNED, ["--derive-encoder", "0", "--average", "0.9", "--optimizer", "adamw"])],
    ids=["bernoulli", "learned variance", "encoder learned to the end"],
)
def test_a_run_from_the_same_seed_is_the_programs_own(
    program: Path, tmp_path: Path, network: list[str], settings: list[str]
) -> None:
    recipe = _recipe(program, tmp_path / "default.json", *network)
    common = [*_SMALL, *settings, "--epochs", "2", "--recipe", str(recipe), "--quiet"]
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    _ask(program, "train", *common, "--out", str(theirs))
    assert cli.main([*common, "--out", str(ours)]) == 0
    # Ten steps of Adam: the weights differ by what rounding makes of them.
    assert _negative_elbo(program, ours) == pytest.approx(_negative_elbo(program, theirs), rel=1e-3)
    expected, found = load_file(theirs / "last.safetensors"), load_file(ours / "last.safetensors")
    assert {name: tensor.shape for name, tensor in found.items()} == {
        name: tensor.shape for name, tensor in expected.items()
    }
    for name, tensor in expected.items():
        if name.endswith("log_variance"):
            torch.testing.assert_close(found[name], tensor, rtol=1e-3, atol=1e-6)
    if not settings:
        points = (file["encoder.4.weight"][:2] for file in (found, expected))
        torch.testing.assert_close(*points, rtol=0, atol=1e-6)


def test_each_goes_on_with_a_run_of_the_other(program: Path, tmp_path: Path) -> None:
    recipe = _recipe(program, tmp_path / "default.json", *_LEARNED)
    common = [*_SMALL, "--recipe", str(recipe), "--schedule", "constant", "--quiet"]
    whole, theirs, ours = (tmp_path / name for name in ("whole", "theirs", "ours"))
    _ask(program, "train", *common, "--epochs", "2", "--out", str(whole))
    _ask(program, "train", *common, "--epochs", "1", "--out", str(theirs))
    config = json.loads((theirs / "config.json").read_text())
    config["settings"]["epochs"] = 2
    (theirs / "config.json").write_text(json.dumps(config))
    assert cli.main(["--resume", str(theirs), "--quiet"]) == 0
    assert cli.main([*common, "--epochs", "1", "--out", str(ours)]) == 0
    _ask(program, "train", "--resume", str(ours), "--epochs", "2", "--quiet")
    expected = load_file(whole / "last.safetensors")
    for folder in (theirs, ours):
        assert _negative_elbo(program, folder) == pytest.approx(_negative_elbo(program, whole), rel=1e-3)
        found = load_file(folder / "last.safetensors")
        for name in ("likelihood.log_variance", "optimizer.exp_avg.likelihood.log_variance"):
            torch.testing.assert_close(found[name], expected[name], rtol=1e-3, atol=1e-6)


def test_the_program_opens_what_a_run_writes(program: Path, tmp_path: Path, images: Path) -> None:
    from test_run import _begin

    folder = tmp_path / "run"
    assert cli.main(_begin(folder, images, epochs=1, average=0.9)) == 0
    assert "8×8" in _ask(program, "inspect", str(folder / "model.safetensors"))
