"""The folder of a run: what it was made from, the best model, the state to go on from, and the curves."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
from torch import Tensor

from latentwalk_torch import __version__
from latentwalk_torch.architecture import Architecture
from latentwalk_torch.curves import Curves
from latentwalk_torch.data import Images
from latentwalk_torch.documents import read_json
from latentwalk_torch.errors import Exit, LatentwalkError, printable, reason
from latentwalk_torch.fields import Fields, wrong
from latentwalk_torch.files import Lock, write_atomically
from latentwalk_torch.settings import Settings
from latentwalk_torch.state import STATE_KEY, state_json
from latentwalk_torch.step import Stepper
from latentwalk_torch.trainer import Position

CONFIGURATION, BEST, LAST, LOCK = "config.json", "model.safetensors", "last.safetensors", "lock"


@dataclass(frozen=True)
class DataIdentity:
    """What a run was trained on, to be recognized when it goes on.

    Attributes:
        source: what ``--data`` named: a known name, or an absolute path.
        name: what the data set is called.
        limit: only so many of the first images; None: all.
        images: how many take part, those held back included.
        checksum: SHA-256 of their number, channels, height and width in words, a line feed, and their values.
    """

    source: str
    name: str
    limit: int | None
    images: int
    checksum: str

    @staticmethod
    def of(images: Images, source: str, limit: int | None) -> DataIdentity:
        """Of what was loaded."""
        digest = hashlib.sha256("{} {} {} {}\n".format(*images.pixels.shape).encode())
        for start in range(0, len(images), 1000):
            digest.update(images.pixels[start : start + 1000].tobytes())
        where = os.path.abspath(source) if os.path.exists(source) else source
        return DataIdentity(where, images.name, limit, len(images), digest.hexdigest())

    @staticmethod
    def read(value: object) -> DataIdentity:
        """Reads the members by their names."""
        fields = Fields(value, "data")
        limit = None if fields.take("limit", None) is None else fields.whole("limit", least=1)
        images = fields.whole("images", least=1)
        return DataIdentity(fields.text("source"), fields.text("name"), limit, images, fields.text("checksum"))


@dataclass(frozen=True)
class Configuration:
    """What a run is made from."""

    recipe: str
    settings: Settings
    architecture: Architecture
    data: DataIdentity

    def json(self) -> dict[str, Any]:
        """As ``config.json`` has it."""
        return {
            "version": 1,
            "program": f"latentwalk-torch {__version__}",
            "recipe": self.recipe,
            "settings": self.settings.json(),
            "data": asdict(self.data),
            "architecture": self.architecture.json,
        }

    @staticmethod
    def read(path: Path) -> Configuration:
        """Reads a run's ``config.json``."""
        fields = Fields(read_json(path), printable(path))
        if fields.whole("version") > 1:
            raise wrong(f"{printable(path)} is of a later version than this package knows")
        return Configuration(
            fields.text("recipe"),
            Settings.read(fields.take("settings")),
            Architecture.read(fields.take("architecture")),
            DataIdentity.read(fields.take("data")),
        )


class RunFolder:
    """A run's folder, locked as long as it is open; only the first process has one."""

    def __init__(self, path: Path, lock: Lock, configuration: Configuration) -> None:
        self.path = path
        self.configuration = configuration
        self._lock = lock
        self._curves: Curves | None = None

    @staticmethod
    def create(path: Path, configuration: Configuration) -> RunFolder:
        """Makes a folder for a new run; nothing is overwritten."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LatentwalkError(
                f"cannot make the folder {printable(path)} ({reason(error)}): name another with --out",
                Exit.CANNOT_CREATE,
            ) from None
        lock = Lock(path / LOCK)
        try:
            if any((path / name).exists() for name in (CONFIGURATION, BEST, LAST)):
                raise LatentwalkError(
                    f"{printable(path)} holds a run already: go on with --resume, or name another folder with --out",
                    Exit.CANNOT_CREATE,
                )
            write_atomically(path / CONFIGURATION, (json.dumps(configuration.json(), indent=2) + "\n").encode())
        except LatentwalkError:
            lock.release()
            raise
        return RunFolder(path, lock, configuration)

    @staticmethod
    def open(path: Path) -> RunFolder:
        """Opens the folder of a run that goes on."""
        if not (path / CONFIGURATION).is_file():
            raise LatentwalkError(f"{printable(path)} is no run's folder: it has no {CONFIGURATION}", Exit.NO_INPUT)
        lock = Lock(path / LOCK)
        try:
            return RunFolder(path, lock, Configuration.read(path / CONFIGURATION))
        except LatentwalkError:
            lock.release()
            raise

    @property
    def curves(self) -> Curves:
        """The curves, once they are open."""
        assert self._curves is not None, "the curves are opened before the first step"
        return self._curves

    def open_curves(self, step: int) -> None:
        """Opens the curves to go on after this step."""
        self._curves = Curves(self.path, step)

    def save_model(self, stepper: Stepper) -> None:
        """Writes the weights that are validated as ``model.safetensors``."""
        self._write(BEST, stepper.tensors, {})

    def save_state(self, stepper: Stepper, position: Position, steps_per_epoch: int) -> None:
        """Writes everything as ``last.safetensors``: readers of models find the weights under their usual names."""
        self.curves.synchronize()
        state = state_json(position, steps_per_epoch, is_averaged=stepper.average is not None)
        self._write(LAST, {**stepper.model.tensors(), **stepper.memory()}, {STATE_KEY: json.dumps(state)})

    def has_model(self) -> bool:
        """Whether there is a best model yet."""
        return (self.path / BEST).exists()

    def close(self) -> None:
        """Closes the curves, and gives the folder back."""
        if self._curves is not None:
            self._curves.close()
        self._lock.release()

    def _write(self, name: str, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
        configuration = self.configuration
        provenance = {
            "dataset": configuration.data.name,
            "recipe": configuration.recipe,
            "settings": configuration.settings.texts() | {"engine": f"latentwalk-torch {__version__}"},
        }
        content = safetensors.torch.save(
            {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()},
            {
                "format": "pt",
                "latentwalk": json.dumps(configuration.architecture.json),
                "provenance": json.dumps(provenance),
                **metadata,
            },
        )
        write_atomically(self.path / name, content)
