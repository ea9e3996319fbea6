"""How rates go over a run."""

from __future__ import annotations

import itertools

import pytest

from latentwalk_torch.schedules import KLWarmup, Schedule


def test_a_cosine_rises_in_a_straight_line_and_falls_to_almost_nothing() -> None:
    schedule = Schedule("cosine", warmup=0.1)
    rates = [schedule.factor(step, 100) for step in range(100)]
    assert rates[:4] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert max(rates) == rates[9] == 1
    assert all(after < before for before, after in itertools.pairwise(rates[9:]))
    assert 0 < rates[-1] < 0.001


def test_one_cycle_rises_in_a_tenth_and_falls_to_a_thousandth() -> None:
    rates = [Schedule("one-cycle").factor(step, 101) for step in range(101)]
    assert rates[0] == pytest.approx(0.04)
    assert rates[10] == pytest.approx(1)
    assert rates[100] == pytest.approx(0.001)
    assert Schedule("one-cycle").factor(0, 1) == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        ("none", [1, 1, 1, 1]),
        ("4", [0, 0.25, 1, 1]),
        ("cyclical:2", [0, 0.4, 0, 1]),
        ("cyclical:1:0", [1, 1, 1, 1]),
    ],
)
def test_the_weight_of_kl_comes_up(text: str, factors: list[float]) -> None:
    warmup = KLWarmup.parse(text)
    assert [warmup.factor(epoch, 10) for epoch in (0, 1, 5, 10)] == pytest.approx(factors)
    assert KLWarmup.parse(str(warmup)) == warmup


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1:2", "cyclical:0", "cyclical:x", "cyclical:2:3", "none:1"])
def test_other_warm_ups_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"convert|invalid|:|-1|nan|inf"):
        KLWarmup.parse(text)
