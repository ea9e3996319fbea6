"""The state of a run in ``last.safetensors``: tensors by name, all else as JSON in the metadata.

The names are those of ``latentwalk train``.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from latentwalk_torch.documents import parse_json
from latentwalk_torch.errors import Exit, LatentwalkError, printable
from latentwalk_torch.fields import Fields, wrong
from latentwalk_torch.step import Stepper, Sums
from latentwalk_torch.trainer import Position, epochs_without

VERSION = 1
STATE_KEY = "training"
"""What the metadata calls the JSON."""

_MOST = 1 << 53


def state_json(position: Position, steps_per_epoch: int, *, is_averaged: bool) -> dict[str, Any]:
    """All of a state that is no tensor; JSON's numbers are written so that every bit of them is kept."""
    epoch, step = divmod(position.step, steps_per_epoch)
    best = position.best
    return {
        "version": VERSION,
        "epoch": epoch + 1,
        "step_in_epoch": step,
        "step": position.step,
        "is_averaged": is_averaged,
        "best": None if best is None else {"epoch": best[0], "negative_elbo": best[1]},
        "epochs_without_improvement": epochs_without(best, epoch),
        "learning_rate_factor": position.rate_factor,
        "seconds": position.seconds,
        "epoch_sums": position.epoch_sums.json(),
        "measurement_sums": position.measurement_sums.json(),
    }


def read_state(path: Path, stepper: Stepper) -> tuple[dict[str, Tensor], Position]:
    """Reads ``last.safetensors``, whose tensors must be exactly those that a run of the same configuration has."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise LatentwalkError(
            f"there is no {printable(path)} to go on from: begin anew with --out", Exit.NO_INPUT
        ) from None
    except (OSError, SafetensorError) as error:
        raise LatentwalkError(f"cannot read {printable(path)}: {printable(error)}", Exit.DATA_ERROR) from None
    expected = {**stepper.model.tensors(), **stepper.memory()}
    for name, tensor in expected.items():
        if name not in tensors or tensors[name].shape != tensor.shape or tensors[name].dtype != tensor.dtype:
            raise wrong(f"{printable(path)} is not the state of this run: tensor {name} is missing or of another shape")
    what = f"the state in {printable(path)}"
    fields = Fields(parse_json(metadata.get(STATE_KEY, ""), what), what)
    version = fields.whole("version")
    if version != VERSION:
        raise wrong(f"{what} has version {version}, and this package knows version {VERSION}")
    return {name: tensors[name] for name in expected}, _read_position(fields, stepper)


def _read_position(fields: Fields, stepper: Stepper) -> Position:
    latents = stepper.model.architecture.latent
    best = fields.take("best")
    if best is not None:
        members = Fields(best, "best of the state")
        best = members.whole("epoch"), members.number("negative_elbo")
    factor = fields.number("learning_rate_factor")
    if factor <= 0:
        raise wrong(f"learning_rate_factor of {fields.what} must be above 0")
    return Position(
        fields.whole("step", most=_MOST),
        _read_sums(fields.take("epoch_sums"), latents),
        _read_sums(fields.take("measurement_sums"), latents),
        best,
        factor,
        fields.number("seconds"),
    )


def _read_sums(value: object, latents: int) -> Sums:
    fields = Fields(value, "sums of the state")
    divergences = fields.take("divergences")
    if not isinstance(divergences, list) or len(divergences) != latents:
        raise wrong(f"divergences of the state must be a list of {latents} numbers")
    numbers = tuple(float(number) for number in divergences if isinstance(number, int | float))
    if len(numbers) != latents or not all(map(math.isfinite, numbers)):
        raise wrong("divergences of the state must be numbers")
    return Sums(fields.whole("images"), fields.number("reconstruction"), numbers, fields.number("objective"))
