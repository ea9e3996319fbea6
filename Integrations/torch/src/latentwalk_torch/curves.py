"""The curves of a run: ``metrics.csv``, and TensorBoard's event files where its package is installed."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Any

from latentwalk_torch.errors import Exit, LatentwalkError, printable, reason
from latentwalk_torch.files import write_atomically
from latentwalk_torch.step import Means
from latentwalk_torch.trainer import Measurement

COLUMNS = (
    "step",
    "epoch",
    "seconds",
    "train_negative_elbo",
    "train_reconstruction",
    "train_kl",
    "validation_negative_elbo",
    "validation_reconstruction",
    "validation_kl",
    "objective",
    "learning_rate",
    "beta",
    "images_per_second",
)


def row(measurement: Measurement, *, is_validation: bool) -> dict[str, float]:
    """What a row has: of a point of the training curves, or of the validation at the end of an epoch."""
    values: dict[str, float] = {
        "step": measurement.step,
        "epoch": measurement.epoch,
        "seconds": round(measurement.seconds, 3),
    }
    if is_validation:
        return values | _terms("validation", measurement.validation)
    return (
        values
        | _terms("train", measurement.train)
        | {
            "objective": measurement.train.objective,
            "learning_rate": measurement.learning_rate,
            "beta": measurement.beta,
            "images_per_second": round(measurement.images_per_second, 1),
        }
    )


def _terms(part: str, means: Means | None) -> dict[str, float]:
    if means is None:
        return {}
    return {
        f"{part}_negative_elbo": means.negative_elbo,
        f"{part}_reconstruction": means.reconstruction,
        f"{part}_kl": means.kl,
    }


class Curves:
    """Writes the rows of a run as they come."""

    def __init__(self, folder: Path, step: int) -> None:
        """Opens the files of a run, and takes off what they say about steps after this one: it was not saved."""
        self._path = folder / "metrics.csv"
        lines = _lines_up_to(self._path, step)
        write_atomically(self._path, "".join(line + "\n" for line in lines).encode())
        try:
            self._file = open(self._path, "ab", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise _cannot_write(self._path, error) from None
        self._events = _summary_writer(folder, step)

    def write(self, values: dict[str, float]) -> None:
        """Adds a row, in one piece, so that whoever follows the file reads whole rows."""
        line = ",".join(_number(values[column]) if column in values else "" for column in COLUMNS)
        try:
            content = f"{line}\n".encode()
            if self._file.write(content) < len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise _cannot_write(self._path, error) from None
        if self._events is None:
            return
        try:
            for column, value in values.items():
                if column not in ("step", "epoch", "seconds"):
                    self._events.add_scalar(_tag(column), value, int(values["step"]))
            self._events.flush()
        except OSError as error:
            raise _cannot_write(self._path.with_name("the event files"), error) from None

    def synchronize(self) -> None:
        """Brings the rows to the disk; a checkpoint that follows must not know of more than they do."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _cannot_write(self._path, error) from None

    def close(self) -> None:
        """Closes the files."""
        with contextlib.suppress(OSError):
            self._file.close()
        if self._events is not None:
            with contextlib.suppress(OSError):
                self._events.close()


def _lines_up_to(path: Path, step: int) -> list[str]:
    """The header, and the whole rows of a file about steps up to this one."""
    kept = [",".join(COLUMNS)]
    if step > 0 and path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[1:-1]:
            first = line.split(",")[0]
            if first.isdecimal() and int(first) <= step:
                kept.append(line)
    return kept


def _number(value: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value))


def _tag(column: str) -> str:
    """``train/negative_elbo`` for ``train_negative_elbo``."""
    part, _, rest = column.partition("_")
    return f"{part}/{rest}" if part in ("train", "validation") else column


def _summary_writer(folder: Path, step: int) -> Any:
    """TensorBoard's writer; None where its package is not installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    # What an earlier process wrote about later steps counts for nothing.
    return SummaryWriter(str(folder), purge_step=step + 1 if step else None)


def _cannot_write(path: Path, error: OSError) -> LatentwalkError:
    return LatentwalkError(f"cannot write {printable(path)}: {reason(error)}", Exit.INPUT_OUTPUT)
