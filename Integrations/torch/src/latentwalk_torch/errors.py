"""Errors that a user can do something about."""

from __future__ import annotations

import enum
from pathlib import Path


class Exit(enum.IntEnum):
    """The exit codes of ``sysexits.h`` that are used here."""

    USAGE = 64
    DATA_ERROR = 65
    NO_INPUT = 66
    UNAVAILABLE = 69
    CANNOT_CREATE = 73
    INPUT_OUTPUT = 74
    TEMPORARY_FAILURE = 75


def exit_code_after(signal: int) -> int:
    """What a shell, and whoever else asks how a process ended, takes for an end by this signal."""
    return 128 + signal


class LatentwalkError(Exception):
    """One sentence that says what is wrong and what to do, and the exit code that tells its kind to scripts."""

    def __init__(self, sentence: str, exit: Exit) -> None:
        super().__init__(sentence)
        self.exit = exit

    def __reduce__(self) -> tuple[type[LatentwalkError], tuple[str, Exit]]:
        """Travels between processes with its exit code."""
        return LatentwalkError, (str(self), self.exit)


def printable(text: object, longest: int = 80) -> str:
    """Text from a file as it may be shown: no control characters, and, but for paths, not too long."""
    shown = "".join(character if character.isprintable() else "�" for character in str(text))
    return shown if len(shown) <= longest or isinstance(text, Path) else shown[: longest - 1] + "…"


def reason(error: OSError) -> str:
    """What the system says about an error, without number and path."""
    return error.strerror or str(error)
