"""How the learning rate and the weight of the KL term go over a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

SCHEDULES = ("constant", "cosine", "one-cycle")


@dataclass(frozen=True)
class Schedule:
    """How the learning rate goes.

    Attributes:
        name: ``constant``; ``cosine``: down to nothing along half a cosine (Loshchilov & Hutter 2017, without
            restarts); ``one-cycle``: up along a cosine during the first tenth, then down along a cosine to a
            thousandth (Smith & Topin 2018).
        warmup: the share of the run in which a cosine rises in a straight line before.
    """

    name: str = "constant"
    warmup: float = 0

    def factor(self, step: int, steps: int) -> float:
        """The factor on the largest rate at a step of the run, counted from 0."""
        if self.name == "constant":
            return 1
        if self.name == "cosine":
            # The first step of a warm-up has a rate already, and the step after its last one the full rate.
            rise = self.warmup * steps
            if step + 1 < rise:
                return (step + 1) / rise
            rise = max(1, rise)
            return 1 - _ramp((step + 1 - rise) / max(1, steps - rise + 1))
        share = step / max(1, steps - 1)
        rise, low, last = 0.1, 0.04, 0.001
        if share < rise:
            return low + (1 - low) * _ramp(share / rise)
        return 1 - (1 - last) * _ramp((share - rise) / (1 - rise))


def _ramp(share: float) -> float:
    """From 0 to 1 along half a cosine."""
    return 0.5 - 0.5 * math.cos(math.pi * min(1, max(0, share)))


@dataclass(frozen=True)
class KLWarmup:
    """How the weight of the KL term comes up to β.

    Attributes:
        epochs: from 0 in a straight line during so many epochs (Bowman et al. 2016, Sønderby et al. 2016).
        cycles: or so many cycles over the run, in each of which the weight rises from 0 in a straight line during a
            share of it and stays there for the rest (Fu et al. 2019).
        rise: that share.
    """

    epochs: float = 0
    cycles: int = 0
    rise: float = 0.5

    def factor(self, epoch: float, epochs: int) -> float:
        """The factor on β, after so many epochs (with fractions) of all."""
        if self.cycles:
            turns = epoch / epochs * self.cycles
            # The run's very end belongs to the last cycle.
            if turns >= self.cycles:
                return 1
            return min(1, (turns - math.floor(turns)) / self.rise) if self.rise > 0 else 1
        return min(1, epoch / self.epochs) if self.epochs > 0 else 1

    @staticmethod
    def parse(text: str) -> KLWarmup:
        """Reads ``none``, ``5``, ``cyclical``, ``cyclical:4``, ``cyclical:4:0.25``; a ValueError for all others."""
        kind, *numbers = text.split(":")
        if kind == "none" and not numbers:
            return KLWarmup()
        if kind == "cyclical" and len(numbers) <= 2:
            cycles = int(numbers[0]) if numbers else 4
            rise = float(numbers[1]) if len(numbers) == 2 else 0.5
            if 1 <= cycles <= 1000 and 0 <= rise <= 1:
                return KLWarmup(cycles=cycles, rise=rise)
        elif not numbers and 0 <= float(kind) <= 1e6:
            return KLWarmup(epochs=float(kind))
        raise ValueError(text)

    def __str__(self) -> str:
        if self.cycles:
            return f"cyclical:{self.cycles}" + ("" if self.rise == 0.5 else f":{self.rise:g}")
        return f"{self.epochs:g}" if self.epochs else "none"
