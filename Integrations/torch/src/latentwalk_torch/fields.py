"""Reading JSON that nobody vouches for: members are taken one by one, and what is left at the end is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from latentwalk_torch.errors import Exit, LatentwalkError, printable

LARGEST = 1 << 28
"""The largest count or size: far more than any model here, far less than would overflow."""

_REQUIRED = object()


class Fields:
    """The members of a JSON object.

    ``what`` is how sentences call it: ``the architecture``, ``layer decoder.3 (Conv2d)``.
    """

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, Mapping):
            raise wrong(f"{what} is not a JSON object")
        self.members = value
        self._taken: set[str] = set()
        self.what = what

    def take(self, key: str, default: object = _REQUIRED) -> Any:
        """A member, or its default; without one it must be there."""
        self._taken.add(key)
        if key in self.members:
            return self.members[key]
        if default is _REQUIRED:
            raise wrong(f"{self.what} has no {key}")
        return default

    def has(self, key: str) -> bool:
        """Whether there is such a member."""
        return key in self.members

    def finish(self) -> None:
        """Refuses what was not taken."""
        for key in self.members:
            if key not in self._taken:
                raise wrong(f"{self.what} has the unknown key {printable(key)}")

    def whole(self, key: str, default: object = _REQUIRED, *, least: int = 0, most: int = LARGEST) -> int:
        """A whole number, also if written ``2.0``."""
        number = as_whole(self.take(key, default))
        if number is None or not least <= number <= most:
            raise self._must_be(key, f"a whole number from {least} to {most}")
        return number

    def number(self, key: str, default: object = _REQUIRED) -> float:
        """A finite number."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._must_be(key, "a number")
        return float(value)

    def boolean(self, key: str, default: object = _REQUIRED) -> bool:
        """True or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self._must_be(key, "true or false")
        return value

    def text(self, key: str, default: object = _REQUIRED) -> str:
        """A string."""
        value = self.take(key, default)
        if not isinstance(value, str):
            raise self._must_be(key, "a string")
        return value

    def choice(self, key: str, choices: Sequence[str], default: object = _REQUIRED) -> str:
        """One of some strings."""
        value = self.take(key, default)
        if value not in choices:
            raise self._must_be(key, " or ".join(choices))
        return str(value)

    def extent(self, key: str, default: object = _REQUIRED) -> tuple[int, int]:
        """A height and a width: one number for both, or a list of the two."""
        value = self.take(key, default)
        sides = [as_whole(side) for side in (value if isinstance(value, list) else [value, value])]
        if len(sides) != 2 or any(side is None or not 0 <= side <= LARGEST for side in sides):
            raise self._must_be(key, "a whole number, or a list of two (height, width)")
        return sides[0], sides[1]  # type: ignore[return-value]

    def shape(self, key: str) -> tuple[int, ...]:
        """One to four whole numbers from 1, of not too many elements."""
        value = self.take(key)
        extents = [as_whole(extent) for extent in value] if isinstance(value, list) else []
        if not 1 <= len(extents) <= 4 or any(extent is None or not 1 <= extent <= LARGEST for extent in extents):
            raise self._must_be(key, "a list of one to four whole numbers from 1")
        shape = tuple(extent for extent in extents if extent is not None)
        if math.prod(shape) > LARGEST:
            raise self._must_be(key, f"a shape of at most {LARGEST} elements")
        return shape

    def expect(self, key: str, *supported: object) -> None:
        """A keyword of PyTorch of which only some values, the first its default, mean what the format says."""
        value = self.take(key, supported[0])
        if not any(value == known and isinstance(value, bool) == isinstance(known, bool) for known in supported):
            raise wrong(f"{key} of {self.what} is {printable(value)}, and only {supported[0]} is supported")

    def _must_be(self, key: str, expected: str) -> LatentwalkError:
        found = printable(self.members.get(key, "missing"))
        return wrong(f"{key} of {self.what} must be {expected}, but is {found}")


def as_whole(value: object) -> int | None:
    """A whole number, also if written ``2.0``, as Python's scale factors are; None for all others."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


def wrong(sentence: str) -> LatentwalkError:
    """What the file says is wrong."""
    return LatentwalkError(sentence, Exit.DATA_ERROR)
