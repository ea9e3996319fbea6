"""What keeps a run and shows it, and the signals that end it in order."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator

from latentwalk_torch.curves import row
from latentwalk_torch.errors import LatentwalkError, printable
from latentwalk_torch.run_folder import RunFolder
from latentwalk_torch.step import Means
from latentwalk_torch.trainer import Measurement, Position, Trainer


class Interrupt:
    """SIGINT or SIGTERM: the first asks for an orderly end, the second ends the process as usual.

    Attributes:
        number: the signal that came; None if none did.
    """

    def __init__(self) -> None:
        self.number: int | None = None

    @property
    def is_asked(self) -> bool:
        """Whether a signal came."""
        return self.number is not None

    @contextlib.contextmanager
    def listening(self) -> Iterator[Interrupt]:
        """Takes the signals, and gives them back at the end."""
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number: int, _frame: object) -> None:
        self.number = number
        signal.signal(number, signal.SIG_DFL)


class SilentRecorder:
    """That of all processes but the first: they only hear signals."""

    def __init__(self, interrupt: Interrupt) -> None:
        self._interrupt = interrupt

    def measured(self, measurement: Measurement) -> None:
        """Nothing."""

    def finished_epoch(self, report: Measurement, position: Position, *, is_best: bool) -> None:
        """Nothing."""

    def stepped(self, position: Position) -> None:
        """Nothing."""

    def wants_to_stop(self) -> bool:
        """Whether a signal came."""
        return self._interrupt.is_asked

    def finish(self, position: Position, *, is_through: bool) -> None:
        """Nothing."""


class FolderRecorder:
    """That of the first process: writes the run's folder, and prints a line an epoch.

    Where a file cannot be written the run is asked to stop, so that all processes end in order; ``finish`` says why.
    """

    def __init__(
        self,
        folder: RunFolder,
        trainer: Trainer,
        interrupt: Interrupt,
        checkpoint_interval: float,
        is_quiet: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failure: LatentwalkError | None = None
        self._folder = folder
        self._trainer = trainer
        self._interrupt = interrupt
        self._interval = checkpoint_interval
        self._is_quiet = is_quiet
        self._clock = clock
        self._saved_at = clock()

    def measured(self, measurement: Measurement) -> None:
        """A row of the curves."""
        self._try(lambda: self._folder.curves.write(row(measurement, is_validation=False)))

    def finished_epoch(self, report: Measurement, position: Position, *, is_best: bool) -> None:
        """A row of the curves, the model if it is the best, a line for people."""
        if report.validation is not None:
            self._try(lambda: self._folder.curves.write(row(report, is_validation=True)))
        if is_best:
            self._try(lambda: self._folder.save_model(self._trainer.stepper))
            # The best that the state knows of and the best in the folder are one.
            self.save(position)
        self._print_epoch(report)

    def stepped(self, position: Position) -> None:
        """A checkpoint when its time has come."""
        if self._clock() - self._saved_at >= self._interval:
            self.save(position)

    def wants_to_stop(self) -> bool:
        """Whether a signal came, or a file could not be written."""
        return self._interrupt.is_asked or self.failure is not None

    def save(self, position: Position) -> None:
        """A checkpoint now."""
        self._try(lambda: self._folder.save_state(self._trainer.stepper, position, self._trainer.steps_per_epoch))
        self._saved_at = self._clock()

    def finish(self, position: Position, *, is_through: bool) -> None:
        """The last checkpoint; and a model, where the run ended before its first validation.

        Raises:
            LatentwalkError: the first failure of the run.
        """
        self.save(position)
        if not self._folder.has_model():
            self._try(lambda: self._folder.save_model(self._trainer.stepper))
        if self.failure is not None:
            raise self.failure
        path = printable(self._folder.path)
        self.say(f"saved {path}/model.safetensors" if is_through else f"stopped: go on with --resume {path}")

    def say(self, text: str) -> None:
        """A line on standard output."""
        if not self._is_quiet:
            print(text, flush=True)

    def _try(self, write: Callable[[], None]) -> None:
        if self.failure is not None:
            return
        try:
            write()
        except LatentwalkError as error:
            self.failure = error

    def _print_epoch(self, report: Measurement) -> None:
        validation = "" if report.validation is None else f"  validation {_parts(report.validation)}"
        width = len(str(report.epochs))
        self.say(
            f"epoch {report.epoch:{width}}/{report.epochs}  train {_parts(report.train)}{validation}"
            f"  {report.images_per_second:.0f} images/s"
        )


def _parts(means: Means) -> str:
    return f"−ELBO {means.negative_elbo:.2f} = {means.reconstruction:.2f} + KL {means.kl:.2f}"
