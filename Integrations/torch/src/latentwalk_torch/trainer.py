"""A run: its epochs and steps, what it measures, and where it is between two steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy

from latentwalk_torch.data import Images
from latentwalk_torch.errors import Exit, LatentwalkError
from latentwalk_torch.lattice_encoder import check_encoder
from latentwalk_torch.process_group import Processes
from latentwalk_torch.random_numbers import Purpose, normal, permutation
from latentwalk_torch.settings import Settings
from latentwalk_torch.step import Means, NotFiniteError, Stepper, Sums

MEASUREMENTS_PER_EPOCH = 50
DERIVATIONS_PER_EPOCH = 4
# A decoder changes little in fewer, and deriving takes as long as some dozens of steps.
LEAST_STEPS_BETWEEN_DERIVATIONS = 32


@dataclass(frozen=True)
class Position:
    """Where a run is between two steps, beside its tensors.

    Attributes:
        step: steps done in the whole run.
        epoch_sums: over the steps of the epoch that is going on.
        measurement_sums: over the steps since the last measurement.
        best: the epoch of the best validation, and its −ELBO; None before the first.
        rate_factor: what the learning rate is multiplied by: ``latentwalk train`` lets people change it.
        seconds: how long the run has taken.
    """

    step: int
    epoch_sums: Sums
    measurement_sums: Sums
    best: tuple[int, float] | None = None
    rate_factor: float = 1.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Measurement:
    """A point of the curves.

    Attributes:
        step: steps done in the whole run.
        epoch: the one that is going on, or just ended, from 1.
        epochs: of the run.
        seconds: how long it has taken.
        train: means since the last measurement; in a report at the end of an epoch, over all of it.
        validation: on the images that are held back, by the weights that are saved; only in a report.
        learning_rate: of the last step.
        beta: the weight of the KL term in the last step.
        images_per_second: since the last measurement, or in the epoch's steps.
    """

    step: int
    epoch: int
    epochs: int
    seconds: float
    train: Means
    validation: Means | None
    learning_rate: float
    beta: float
    images_per_second: float


class Recorder(Protocol):
    """What keeps and shows a run; the trainer knows no files."""

    def measured(self, measurement: Measurement) -> None:
        """A point of the curves."""

    def finished_epoch(self, report: Measurement, position: Position, *, is_best: bool) -> None:
        """An epoch is through; ``report`` has the means of all of it."""

    def stepped(self, position: Position) -> None:
        """A step is through, with all that belongs to it: a moment for a checkpoint."""

    def wants_to_stop(self) -> bool:
        """Asked before each step: whether it should be the last one."""

    def finish(self, position: Position, *, is_through: bool) -> None:
        """The end: all epochs are done, or something asked to stop."""


def check_counts(settings: Settings, images: int) -> None:
    """Refuses to hold back all images."""
    if settings.validation >= images:
        raise LatentwalkError(
            f"{images} images are too few to hold back {settings.validation} for validation:"
            " use a smaller --validation",
            Exit.USAGE,
        )


def epochs_without(best: tuple[int, float] | None, epoch: int) -> int:
    """How many of the epochs done were no better than the best; all where none was."""
    return epoch - (best[0] if best is not None else 0)


@contextmanager
def _place(epoch: int, index: int, step: int) -> Iterator[None]:
    """Adds to what is not finite where that was; all counted from 0."""
    try:
        yield
    except NotFiniteError as error:
        where = f"batch {index + 1} of epoch {epoch + 1}, step {step + 1} of the run"
        raise NotFiniteError(f"{error} is not finite at {where}") from None


class Trainer:
    """Runs the epochs. Every process does the same steps; the first one has the recorder that counts."""

    def __init__(
        self,
        stepper: Stepper,
        settings: Settings,
        images: Images,
        processes: Processes,
        position: Position | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        check_encoder(settings, stepper.model.architecture)
        check_counts(settings, len(images))
        self.training = images.part(0, len(images) - settings.validation)
        self.validation = images.part(len(images) - settings.validation, len(images))
        self.batch_size = min(settings.batch_size, len(self.training))
        self.steps_per_epoch = -(-len(self.training) // self.batch_size)
        self.stepper = stepper
        self._settings = settings
        self._processes = processes
        self._interval = max(1, self.steps_per_epoch // MEASUREMENTS_PER_EPOCH)
        self._latents = stepper.model.architecture.latent
        none = Sums.none(self._latents)
        self.position = position or Position(0, none, none)
        self._clock = clock
        self._started = clock() - self.position.seconds
        self._measured_at = self.position.seconds

    @property
    def is_through(self) -> bool:
        """Whether all epochs are done, or too many of them brought nothing."""
        epoch = self.position.step // self.steps_per_epoch
        best, patience = self.position.best, self._settings.patience
        return epoch >= self._settings.epochs or (patience is not None and epochs_without(best, epoch) >= patience)

    def run(self, recorder: Recorder) -> bool:
        """Goes on until the run is through, or asked to stop in one of the processes.

        Returns:
            Whether it is through.

        Raises:
            NotFiniteError: in all processes, with the batch and the step.
        """
        stop = False
        while not stop and not self.is_through:
            epoch, first = divmod(self.position.step, self.steps_per_epoch)
            order = permutation(self._settings.seed, epoch + 1, len(self.training))
            epoch_start = (self._seconds(), self.position.epoch_sums.images)
            for index in range(first, self.steps_per_epoch):
                stop = self._step(order, epoch, index, recorder)
                if index + 1 == self.steps_per_epoch:
                    self._finish_epoch(epoch, epoch_start, recorder)
                recorder.stepped(self.position)
                if stop:
                    break
        return self.is_through

    def _step(self, order: numpy.ndarray, epoch: int, index: int, recorder: Recorder) -> bool:
        """One step down; answers whether any process wants it to be the last."""
        step = self.position.step
        indices = order[index * self.batch_size : (index + 1) * self.batch_size]
        noise = normal(self._settings.seed, Purpose.POSTERIOR_NOISE, numpy.array([step]), len(indices) * self._latents)
        rate, beta = self._rates(step)
        with _place(epoch, index, step):
            self._derive_encoder(epoch, index, beta)
            sums, wishes = self.stepper.gradient(
                self.training, indices, noise.reshape(-1, self._latents), beta, int(recorder.wants_to_stop())
            )
            self.stepper.update(rate)
        self.position = replace(
            self.position,
            step=step + 1,
            epoch_sums=self.position.epoch_sums + sums,
            measurement_sums=self.position.measurement_sums + sums,
            seconds=self._seconds(),
        )
        if (index + 1) % self._interval == 0 or index + 1 == self.steps_per_epoch:
            self._measure(recorder)
        return wishes > 0

    def _derive_encoder(self, epoch: int, index: int, beta: float) -> None:
        """Brings a computed encoder up to the decoder; the end of an epoch did it for the next one's start."""
        learned = self._settings.derive_encoder
        if learned is None or epoch < learned:
            return
        self.stepper.freeze_encoder()
        interval = max(LEAST_STEPS_BETWEEN_DERIVATIONS, self.steps_per_epoch // DERIVATIONS_PER_EPOCH)
        if index > 0 and index % interval == 0:
            self.stepper.derive_encoder(beta)

    def _rates(self, step: int) -> tuple[float, float]:
        """The learning rate and the weight of the KL term of a step."""
        settings = self._settings
        rate = settings.learning_rates.factor(step, settings.epochs * self.steps_per_epoch)
        weight = settings.kl_weights.factor(step / self.steps_per_epoch, settings.epochs)
        return settings.learning_rate * self.position.rate_factor * rate, settings.beta * weight

    def _measure(self, recorder: Recorder) -> None:
        sums = self.position.measurement_sums
        speed = sums.images / max(self.position.seconds - self._measured_at, 1e-9)
        recorder.measured(self._measurement(sums.means, None, speed))
        self.position = replace(self.position, measurement_sums=Sums.none(self._latents))
        self._measured_at = self.position.seconds

    def _finish_epoch(self, epoch: int, start: tuple[float, int], recorder: Recorder) -> None:
        """Validates; without images held back every epoch counts as the best."""
        learned = self._settings.derive_encoder
        if learned is not None and epoch + 1 >= learned:
            with _place(epoch, self.steps_per_epoch - 1, self.position.step - 1):
                self.stepper.derive_encoder(self._rates(self.position.step)[1])
        sums = self.position.epoch_sums
        speed = (sums.images - start[1]) / max(self.position.seconds - start[0], 1e-9)
        best, is_best, validation = self.position.best, True, None
        if len(self.validation):
            validation = self.stepper.evaluate(self.validation, self._settings.seed).means
            is_best = validation.negative_elbo < (math.inf if best is None else best[1])
            best = (epoch + 1, validation.negative_elbo) if is_best else best
        self.position = replace(self.position, epoch_sums=Sums.none(self._latents), best=best, seconds=self._seconds())
        self._measured_at = self.position.seconds
        report = self._measurement(sums.means, validation, speed)
        recorder.finished_epoch(report, self.position, is_best=is_best)

    def _measurement(self, train: Means, validation: Means | None, speed: float) -> Measurement:
        step = self.position.step
        rate, beta = self._rates(step - 1)
        epoch = -(-step // self.steps_per_epoch)
        return Measurement(
            step, epoch, self._settings.epochs, self.position.seconds, train, validation, rate, beta, speed
        )

    def _seconds(self) -> float:
        return self._clock() - self._started
