"""A run from its beginning, or from where it was left, to its end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from latentwalk_torch import data
from latentwalk_torch.architecture import Architecture
from latentwalk_torch.data import Images
from latentwalk_torch.errors import Exit, LatentwalkError, printable
from latentwalk_torch.lattice_encoder import LatticeEncoder, check_encoder
from latentwalk_torch.layers import as_text
from latentwalk_torch.model import VAE
from latentwalk_torch.process_group import Processes
from latentwalk_torch.recipes import Recipe
from latentwalk_torch.recorder import FolderRecorder, Interrupt, SilentRecorder
from latentwalk_torch.run_folder import LAST, Configuration, DataIdentity, RunFolder
from latentwalk_torch.state import read_state
from latentwalk_torch.step import NotFiniteError, Stepper
from latentwalk_torch.trainer import Position, Recorder, Trainer, check_counts


@dataclass(frozen=True)
class Request:
    """What the command line asks for.

    Attributes:
        data: what to learn from; None: ``mnist``, or what the run had.
        limit: how many of the images; None: all.
        recipe: a name or a file.
        settings: those that differ from the recipe's.
        folder: the run's.
        goes_on: whether the run is there already.
        checkpoint_interval: seconds.
        is_quiet: whether to print nothing but errors.
    """

    data: str | None
    limit: int | None
    recipe: str
    settings: dict[str, Any]
    folder: Path
    goes_on: bool
    checkpoint_interval: float
    is_quiet: bool


def train(request: Request, group: Processes) -> int | None:
    """Trains in all processes together.

    Returns:
        The signal that asked one of them for the end, in all of them; None where none came.

    Raises:
        LatentwalkError: in all of them, whichever of them has met it.
    """
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False
    folder, images, configuration = _resumed(request, group) if request.goes_on else _new(request, group)
    try:
        stepper = Stepper(_first_model(configuration), configuration.settings, group)
        position = _restored(request.folder, stepper, group) if request.goes_on else None
        trainer = group.all_or_none(lambda: Trainer(stepper, configuration.settings, images, group, position))
        if trainer.is_through:
            raise LatentwalkError(f"{printable(request.folder)} is through: begin another run with --out", Exit.USAGE)
        if folder is not None:
            folder.open_curves(trainer.position.step)
        with Interrupt().listening() as interrupt:
            recorder: Recorder = SilentRecorder(interrupt)
            if folder is not None:
                recorder = FolderRecorder(folder, trainer, interrupt, request.checkpoint_interval, request.is_quiet)
                recorder.say(_summary(trainer, configuration, group))
            _run(request, group, trainer, recorder)
            return group.greatest(interrupt.number or 0) or None
    finally:
        if folder is not None:
            folder.close()


def _new(request: Request, group: Processes) -> tuple[RunFolder | None, Images, Configuration]:
    """A run from its beginning: nothing is written before recipe and data fit each other."""
    recipe = group.from_first(lambda: Recipe.load(request.recipe))
    source = request.data or "mnist"
    images = _load(source, request.limit, recipe.architecture, group)
    identity = _agreed(DataIdentity.of(images, source, request.limit), group)
    settings = group.all_or_none(lambda: recipe.settings.changed(request.settings, len(images)))
    configuration = Configuration(recipe.name, settings, recipe.architecture, identity)
    group.all_or_none(lambda: check_encoder(settings, recipe.architecture))
    group.all_or_none(lambda: check_counts(settings, len(images)))
    return group.on_first(lambda: RunFolder.create(request.folder, configuration)), images, configuration


def _resumed(request: Request, group: Processes) -> tuple[RunFolder | None, Images, Configuration]:
    """A run from where it was left, on the data that it had."""
    folder = group.on_first(lambda: RunFolder.open(request.folder))
    try:
        configuration = group.from_first(lambda: folder.configuration)  # type: ignore[union-attr]
        known = configuration.data
        source = request.data or known.source
        images = _load(source, known.images, configuration.architecture, group)
        found = _agreed(DataIdentity.of(images, source, known.limit), group)
        if (found.images, found.checksum) != (known.images, known.checksum):
            raise LatentwalkError(
                f"the images in {printable(source)} are not those that {printable(request.folder)} was begun with:"
                " bring those back, or name their place with --data",
                Exit.DATA_ERROR,
            )
    except LatentwalkError:
        if folder is not None:
            folder.close()
        raise
    return folder, images, configuration


def _first_model(configuration: Configuration) -> VAE:
    """The model that a run begins with."""
    model = VAE(configuration.architecture)
    model.initialize(configuration.settings.seed)
    if configuration.settings.derive_encoder is not None:
        encoder = LatticeEncoder.of(configuration.architecture)
        model.load(model.tensors() | (encoder.first_tensors() if encoder is not None else {}))
    return model


def _load(source: str, limit: int | None, architecture: Architecture, group: Processes) -> Images:
    def load() -> Images:
        images = data.load(source, limit=limit)
        if images.shape != architecture.input:
            raise LatentwalkError(
                f"the data set's images are {as_text(images.shape)}, but the recipe's network takes"
                f" {as_text(architecture.input)}",
                Exit.DATA_ERROR,
            )
        return images

    return group.all_or_none(load)


def _agreed(identity: DataIdentity, group: Processes) -> DataIdentity:
    """Refuses data that are not the same for every process: each may be on a machine of its own."""
    first = group.from_first(lambda: identity)

    def check() -> DataIdentity:
        if (identity.images, identity.checksum) != (first.images, first.checksum):
            raise LatentwalkError(f"process {group.rank} has other images than process 0", Exit.DATA_ERROR)
        return first

    return group.all_or_none(check)


def _restored(path: Path, stepper: Stepper, group: Processes) -> Position:
    """Takes up the state of a run that only the first process can read."""
    tensors, position = group.from_first(lambda: read_state(path / LAST, stepper))
    stepper.restore(tensors, position.step)
    return position


def _run(request: Request, group: Processes, trainer: Trainer, recorder: Recorder) -> None:
    try:
        is_through = trainer.run(recorder)
    except NotFiniteError as error:
        last = request.folder / LAST
        there = f"; the last good checkpoint is {printable(last)}" if last.exists() else ""
        sentence = f"{error}{there}: try a smaller --learning-rate or --gradient-clip"
        raise LatentwalkError(sentence, Exit.DATA_ERROR) from None
    group.all_or_none(lambda: recorder.finish(trainer.position, is_through=is_through))


def _summary(trainer: Trainer, configuration: Configuration, group: Processes) -> str:
    settings = configuration.settings
    parameters = sum(parameter.numel() for parameter in trainer.stepper.model.parameters())
    held_back = f" and {len(trainer.validation)} held back" if len(trainer.validation) else ""
    return (
        f"recipe {printable(configuration.recipe)}, {parameters} parameters, {len(trainer.training)} images{held_back},"
        f" {settings.epochs} epochs of batches of {trainer.batch_size}, seed {settings.seed},"
        f" {group.count} process{'es' if group.count > 1 else ''} on {group.device.type}; nats an image"
    )
