"""Random numbers by counter."""

from __future__ import annotations

import numpy

from latentwalk_torch.random_numbers import Purpose, normal, permutation, uniform, words


def test_the_generator_gives_what_its_authors_publish() -> None:
    # The known answer of Philox 4×32-10 for a key and a counter of zeros.
    seed = Purpose.SHUFFLE * 0x9E37_79B9 << 32
    drawn = words(seed, Purpose.SHUFFLE, numpy.array([0]), 4)[0].tolist()
    assert [hex(word) for word in drawn] == ["0x6627e8d5", "0xe169c58d", "0xbc57ac4c", "0x9b00dbd8"]


def test_a_stream_does_not_depend_on_how_much_is_drawn_or_on_its_neighbours() -> None:
    many = normal(7, Purpose.VALIDATION, numpy.arange(5), 9)
    assert numpy.array_equal(many[3:4, :4], normal(7, Purpose.VALIDATION, numpy.array([3]), 4))
    assert not numpy.array_equal(many[0], many[1])
    assert not numpy.array_equal(many[0], normal(8, Purpose.VALIDATION, numpy.array([0]), 9)[0])
    assert not numpy.array_equal(many[0], normal(7, Purpose.EVALUATION, numpy.array([0]), 9)[0])


def test_normal_numbers_are_normal() -> None:
    drawn = normal(1, Purpose.POSTERIOR_NOISE, numpy.array([0]), 100_000)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((drawn**4).mean() - 3) < 0.1


def test_uniform_numbers_fill_their_range() -> None:
    drawn = uniform(1, Purpose.INITIALIZATION, 0, 10_000)
    assert drawn.dtype == numpy.float32
    assert 0 < drawn.min() < 0.001
    assert 0.999 < drawn.max() <= 1


def test_a_shuffle_has_every_place_once_and_differs_from_epoch_to_epoch() -> None:
    first, second = permutation(0, 1, 1000), permutation(0, 2, 1000)
    assert sorted(first) == list(range(1000))
    assert not numpy.array_equal(first, second)
    assert numpy.array_equal(first, permutation(0, 1, 1000))
    assert permutation(0, 1, 1).tolist() == [0]


def test_every_order_is_equally_likely() -> None:
    counts: dict[tuple[int, ...], int] = {}
    for epoch in range(6000):
        order = tuple(permutation(3, epoch, 3).tolist())
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert all(abs(count - 1000) < 150 for count in counts.values())
