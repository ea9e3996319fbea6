"""What latentwalk itself makes of our files: it is the program that LATENTWALK_PROGRAM names, or the one built here."""

from __future__ import annotations

import json
import os
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


@pytest.fixture(scope="module")
def program() -> Path:
    """The program; tests that ask it are skipped where it is not built."""
    path = Path(os.environ.get("LATENTWALK_PROGRAM") or ROOT / ".build" / "release" / "latentwalk")
    if not path.exists():
        pytest.skip("latentwalk is not built: make build, or name it in LATENTWALK_PROGRAM")
    return path


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


def test_a_run_from_the_same_seed_is_the_programs_own(program: Path, tmp_path: Path) -> None:
    settings = ["--epochs", "2", "--batch-size", "64", "--limit", "300", "--validation", "50", "--seed", "3"]
    common = ["--data", str(SAMPLE), *settings]
    _ask(program, "train", *common, "--recipe", "default", "--out", str(tmp_path / "theirs"), "--quiet")
    recipe = tmp_path / "default.json"
    value = {
        "version": 1,
        "name": "default",
        "settings": {"epochs": 32, "learning-rate": 2e-3, "schedule": "one-cycle"},
    }
    recipe.write_text(json.dumps(value | {"architecture": _architecture(SHIPPED)}))
    ours = [*common, "--recipe", str(recipe), "--out", str(tmp_path / "ours"), "--quiet"]
    assert cli.main(ours) == 0
    evaluations = [
        json.loads(
            _ask(
                program,
                "evaluate",
                str(tmp_path / run / "model.safetensors"),
                "--data",
                str(SAMPLE),
                "--split",
                "train",
                "--limit",
                "200",
                "--samples",
                "1",
                "--json",
            )
        )
        for run in ("theirs", "ours")
    ]
    # Ten steps of Adam: the weights differ by what rounding makes of them.
    assert evaluations[1]["negative_elbo"] == pytest.approx(evaluations[0]["negative_elbo"], rel=1e-3)


def test_the_program_opens_what_a_run_writes(program: Path, tmp_path: Path, images: Path) -> None:
    from test_run import _begin

    folder = tmp_path / "run"
    assert cli.main(_begin(folder, images, epochs=1, average=0.9)) == 0
    assert "8×8" in _ask(program, "inspect", str(folder / "model.safetensors"))
