"""Runs and their folders: going on, ending in order, and what goes wrong."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from conftest import architecture, lattice_architecture, pixels, recipe, together
from safetensors.torch import load_file, safe_open

from latentwalk_torch import cli
from latentwalk_torch.curves import COLUMNS
from latentwalk_torch.errors import Exit
from latentwalk_torch.recorder import FolderRecorder, SilentRecorder
from latentwalk_torch.trainer import Position

_LEARNED = {"likelihood": "gaussian", "variance": "learned"}


def _begin(folder: Path, images: Path, *options: str, **settings: Any) -> list[str]:
    """The arguments of a new run of the small network; or, to derive its encoder, of one where that can be done."""
    path = images.parent / f"{folder.name}.json"
    network = lattice_architecture() | _LEARNED if "derive_encoder" in settings else None
    path.write_text(json.dumps(recipe(network, **settings)))
    return ["--data", str(images), "--recipe", str(path), "--out", str(folder), "--quiet", *options]


def _main(*arguments: str) -> None:
    """The command as a process of a group."""
    sys.exit(cli.main(arguments))


def _killed(save_at: int, kill_at: int, *arguments: str) -> None:
    """The command in a process that has a checkpoint after one step, and is killed after another."""

    def stepped(recorder: FolderRecorder, position: Position) -> None:
        if position.step == save_at:
            recorder.save(position)
        if position.step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    FolderRecorder.stepped = stepped  # type: ignore[method-assign]
    _main(*arguments)


def _signalled(number: int, at: int, *arguments: str) -> None:
    """The command in a process that gets a signal after a step, if it is the last of its group."""
    kind = FolderRecorder if os.environ["WORLD_SIZE"] == "1" else SilentRecorder

    def stepped(recorder: object, position: Position) -> None:
        if position.step == at and int(os.environ["RANK"]) + 1 == int(os.environ["WORLD_SIZE"]):
            os.kill(os.getpid(), number)

    kind.stepped = stepped  # type: ignore[method-assign, assignment]
    _main(*arguments)


def _rows(folder: Path) -> list[dict[str, str]]:
    """The rows of the curves, without what depends on the clock."""
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: value for key, value in row.items() if key not in ("seconds", "images_per_second")} for row in rows]


def _state(folder: Path) -> dict[str, Any]:
    with safe_open(folder / "last.safetensors", framework="pt") as file:
        state = json.loads(file.metadata()["training"])
    del state["seconds"]
    return state


def _are_equal(folder: Path, other: Path) -> bool:
    """Whether two runs came to the same, to the bit."""
    for name in ("model.safetensors", "last.safetensors"):
        tensors, others = load_file(folder / name), load_file(other / name)
        if tensors.keys() != others.keys() or not all(torch.equal(tensors[key], others[key]) for key in tensors):
            return False
    return _state(folder) == _state(other) and _rows(folder) == _rows(other)


_DEMANDING = {"optimizer": "adamw", "weight_decay": 0.01, "kl_warmup": "2", "schedule": "one-cycle"}
_AVERAGED, _DERIVED = {**_DEMANDING, "average": 0.9}, {**_DEMANDING, "derive_encoder": 1}


@dataclass(frozen=True)
class _Whole:
    """A run that nothing disturbed: of how many processes, how, on what images, where."""

    count: int
    settings: dict[str, Any]
    images: Path
    folder: Path


@pytest.fixture(
    scope="module",
    params=[(1, _AVERAGED), (2, _AVERAGED), (1, _DERIVED), (2, _DERIVED)],
    ids=["one averaged", "two averaged", "one derived", "two derived"],
)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _Whole:
    count, settings = request.param
    path = tmp_path_factory.mktemp("whole")
    images = path / "spots.npy"
    numpy.save(images, pixels())
    assert together(count, _main, *_begin(path / "run", images, **settings)) == [0] * count
    return _Whole(count, settings, images, path / "run")


def test_a_run_that_was_killed_goes_on_to_the_same_bits(tmp_path: Path, whole: _Whole) -> None:
    count = whole.count
    folder = tmp_path / "run"
    # Epochs have four steps: killed within the first, and within the third; what followed a checkpoint is lost.
    killed = together(count, _killed, 2, 3, *_begin(folder, whole.images, **whole.settings))
    assert killed[0] == -signal.SIGKILL
    assert together(count, _killed, 9, 11, "--resume", str(folder), "--quiet")[0] == -signal.SIGKILL
    assert _rows(folder)[-1]["step"] == "11"
    assert together(count, _main, "--resume", str(folder), "--quiet") == [0] * count
    assert _are_equal(whole.folder, folder)
    assert not (folder / "lock").exists()


def test_a_signal_to_one_process_ends_all_in_order(tmp_path: Path, whole: _Whole) -> None:
    count = whole.count
    number = signal.SIGTERM if count == 1 else signal.SIGINT
    folder = tmp_path / "run"
    begin = _begin(folder, whole.images, **whole.settings)
    assert together(count, _signalled, number, 5, *begin) == [128 + number] * count
    assert _state(folder)["step"] == 6
    assert together(count, _main, "--resume", str(folder), "--quiet") == [0] * count
    assert _are_equal(whole.folder, folder)


def test_the_folder_holds_what_readers_expect(tmp_path: Path, images: Path) -> None:
    folder = tmp_path / "run"
    assert cli.main(_begin(folder, images, average=0.9)) == 0
    rows = list(csv.DictReader((folder / "metrics.csv").open(newline="")))
    assert tuple(rows[0]) == COLUMNS
    train = [row for row in rows if row["train_kl"]]
    validation = [row for row in rows if row["validation_kl"]]
    assert [int(row["step"]) for row in train] == list(range(1, 13))
    assert [int(row["step"]) for row in validation] == [4, 8, 12]
    for row in train:
        terms = float(row["train_reconstruction"]) + float(row["train_kl"])
        assert float(row["train_negative_elbo"]) == pytest.approx(terms)
    assert float(validation[-1]["validation_negative_elbo"]) < float(validation[0]["validation_negative_elbo"])
    with safe_open(folder / "model.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["latentwalk"]) == architecture()
        provenance = json.loads(file.metadata()["provenance"])
        assert provenance["settings"]["average"] == "0.9"
    last, best = load_file(folder / "last.safetensors"), load_file(folder / "model.safetensors")
    assert all(torch.equal(last[f"average.{name}"], tensor) for name, tensor in best.items())
    assert not torch.equal(last["encoder.0.weight"], best["encoder.0.weight"])


def test_tensorboard_reads_the_curves(tmp_path: Path, images: Path) -> None:
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    folder = tmp_path / "run"
    assert cli.main(_begin(folder, images)) == 0
    events = accumulators.EventAccumulator(str(folder))
    events.Reload()
    tags = set(events.Tags()["scalars"])
    terms = {f"{part}/{term}" for part in ("train", "validation") for term in ("negative_elbo", "reconstruction", "kl")}
    assert tags == terms | {"objective", "learning_rate", "beta", "images_per_second"}
    written = [float(row["validation_kl"]) for row in _rows(folder) if row["validation_kl"]]
    assert [event.value for event in events.Scalars("validation/kl")] == pytest.approx(written)
    assert [event.step for event in events.Scalars("validation/kl")] == [4, 8, 12]


def test_patience_ends_a_run_and_the_best_model_stays(tmp_path: Path, images: Path) -> None:
    folder = tmp_path / "run"
    # Steps this large make the model worse after the first few.
    assert cli.main(_begin(folder, images, epochs=50, patience=2, learning_rate=0.9)) == 0
    values = [float(row["validation_negative_elbo"]) for row in _rows(folder) if row["validation_negative_elbo"]]
    best = values.index(min(values)) + 1
    assert len(values) == best + 2 < 50
    assert _state(folder)["best"] == {"epoch": best, "negative_elbo": min(values)}


def _refused(capsys: pytest.CaptureFixture[str], exit: Exit, sentence: str, *arguments: str) -> None:
    assert cli.main(arguments) == exit
    said = capsys.readouterr().err
    assert said.startswith("latentwalk-torch: ")
    assert sentence in said
    assert said.count("\n") == 1


def test_a_loss_that_is_not_finite_ends_all_processes_by_a_sentence(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    assert cli.main(_begin(broken, images, epochs=1)) == 0
    _break_weights(broken / "last.safetensors")
    config = json.loads((broken / "config.json").read_text())
    config["settings"]["epochs"] = 2
    (broken / "config.json").write_text(json.dumps(config))
    capsys.readouterr()
    sentence = "is not finite at batch 1 of epoch 2, step 5 of the run; the last good checkpoint is"
    _refused(capsys, Exit.DATA_ERROR, sentence, "--resume", str(broken))
    assert together(2, _main, "--resume", str(broken)) == [Exit.DATA_ERROR, Exit.DATA_ERROR]


def _break_weights(path: Path) -> None:
    from safetensors.torch import save_file

    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    tensors["decoder.0.weight"][0, 0] = float("inf")
    save_file(tensors, path, metadata)


def test_what_cannot_be_is_said_in_one_sentence(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    begin = _begin(folder, images, epochs=1)
    assert cli.main(begin) == 0
    resume = ("--resume", str(folder))
    _refused(capsys, Exit.CANNOT_CREATE, "holds a run already: go on with --resume", *begin)
    _refused(capsys, Exit.USAGE, "--epochs cannot be changed for a run that goes on", *resume, "--epochs", "9")
    _refused(capsys, Exit.NO_INPUT, "is no run's folder: it has no config.json", "--resume", str(tmp_path))
    _refused(capsys, Exit.USAGE, "60 images are too few to hold back 60", *begin, "--out", "x", "--validation", "60")
    _refused(capsys, Exit.NO_INPUT, "there is no data set", *begin, "--data", str(tmp_path / "nowhere"))
    _refused(capsys, Exit.USAGE, "--derive-encoder needs an encoder of", *begin, "--out", "x", "--derive-encoder", "1")
    other = tmp_path / "other.npy"
    numpy.save(other, pixels()[::-1])
    _refused(capsys, Exit.DATA_ERROR, "are not those that", *resume, "--data", str(other))
    numpy.save(other, pixels()[:, :7])
    _refused(capsys, Exit.DATA_ERROR, "the data set's images are 1×7×8, but", *resume, "--data", str(other))
    monkeypatch.setenv("PATH", "")
    _refused(capsys, Exit.NO_INPUT, "there is no latentwalk here that knows the recipe", "--recipe", "deep")
    (folder / "last.safetensors").write_bytes(b"{}")
    _refused(capsys, Exit.DATA_ERROR, "cannot read", *resume)
    (folder / "last.safetensors").unlink()
    _refused(capsys, Exit.NO_INPUT, "to go on from", *resume)
    (folder / "config.json").write_text("[")
    _refused(capsys, Exit.DATA_ERROR, "is not JSON", *resume)


def test_a_run_in_use_is_locked(tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from latentwalk_torch.files import Lock

    folder = tmp_path / "run"
    assert cli.main(_begin(folder, images, epochs=1)) == 0
    lock = Lock(folder / "lock")
    _refused(capsys, Exit.TEMPORARY_FAILURE, f"is in use by process {os.getpid()} on", "--resume", str(folder))
    lock.release()
    _refused(capsys, Exit.USAGE, "is through: begin another run", "--resume", str(folder))


def test_a_disk_that_is_full_ends_the_run_and_the_last_checkpoint_stays(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    calls = []
    synchronize = os.fsync

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 12:
            raise OSError(28, "No space left on device")
        synchronize(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    _refused(capsys, Exit.INPUT_OUTPUT, "No space left on device", *_begin(folder, images, epochs=20))
    monkeypatch.undo()
    assert 0 < _state(folder)["step"] < 80
    assert not [path for path in folder.iterdir() if path.name.endswith(".tmp")]
    assert cli.main(["--resume", str(folder), "--quiet"]) == 0
    assert _state(folder)["step"] == 80


def test_torchrun_runs_the_command(tmp_path: Path, images: Path) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "-m", "latentwalk_torch"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    arguments = [argument for argument in _begin(folder, images, epochs=1) if argument != "--quiet"]
    done = subprocess.run(command + arguments, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "2 processes on cpu" in done.stdout
    assert done.stdout.count("epoch 1/1") == 1
    assert _state(folder)["step"] == 4
