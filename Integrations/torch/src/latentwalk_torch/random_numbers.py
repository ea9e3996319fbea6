"""Random numbers that are a function of a seed, a purpose and a position.

The generator is Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), with the streams
of ``latentwalk train``: from the same seed, a run here begins at the same weights, sees the images in the same order
and draws the same noise. Nothing is kept between two draws, so a run that was taken up again has no state to restore.
"""

from __future__ import annotations

import enum

import numpy
from numpy.typing import NDArray

_WORD = numpy.uint64(0xFFFF_FFFF)
_SHIFT = numpy.uint64(32)


class Purpose(enum.IntEnum):
    """What numbers are for; a stream of each."""

    INITIALIZATION = 1
    SHUFFLE = 2
    POSTERIOR_NOISE = 3
    EVALUATION = 4
    VALIDATION = 6


def words(seed: int, purpose: Purpose, positions: numpy.ndarray, count: int) -> NDArray[numpy.uint64]:
    """The first ``count`` 32-bit words of the streams at some positions, ``[positions, count]`` as uint64."""
    blocks = -(-count // 4)
    block = numpy.arange(blocks, dtype=numpy.uint64)[None, :]
    place = numpy.asarray(positions, dtype=numpy.uint64)[:, None]
    shape = (place.shape[0], blocks)
    start = (block & _WORD, block >> _SHIFT, place & _WORD, place >> _SHIFT)
    counter = [numpy.broadcast_to(word, shape) for word in start]
    key = [seed & 0xFFFF_FFFF, (seed >> 32 ^ purpose * 0x9E37_79B9) & 0xFFFF_FFFF]
    for _ in range(10):
        first = counter[0] * numpy.uint64(0xD251_1F53)
        second = counter[2] * numpy.uint64(0xCD9E_8D57)
        counter = [
            second >> _SHIFT ^ counter[1] ^ numpy.uint64(key[0]),
            second & _WORD,
            first >> _SHIFT ^ counter[3] ^ numpy.uint64(key[1]),
            first & _WORD,
        ]
        key = [(key[0] + 0x9E37_79B9) & 0xFFFF_FFFF, (key[1] + 0xBB67_AE85) & 0xFFFF_FFFF]
    drawn: NDArray[numpy.uint64] = numpy.stack(counter, axis=-1).reshape(shape[0], blocks * 4)
    return drawn[:, :count]


def uniform(seed: int, purpose: Purpose, position: int, count: int) -> NDArray[numpy.float32]:
    """Numbers in (0, 1], float32 ``[count]``."""
    bits = words(seed, purpose, numpy.array([position]), count)[0] >> numpy.uint64(8)
    drawn: NDArray[numpy.float32] = (bits.astype(numpy.float32) + numpy.float32(0.5)) * numpy.float32(2.0**-24)
    return drawn


def normal(seed: int, purpose: Purpose, positions: numpy.ndarray, count: int) -> NDArray[numpy.float32]:
    """Standard normal numbers, float32 ``[positions, count]`` (Box & Muller 1958), in double precision inside."""
    pairs = -(-count // 2)
    bits = words(seed, purpose, positions, 2 * pairs).reshape(-1, pairs, 2)
    radius = numpy.sqrt(-2 * numpy.log((bits[..., 0] >> numpy.uint64(1)).astype(numpy.float64) * 2.0**-31 + 2.0**-32))
    angle = 2 * numpy.pi * bits[..., 1].astype(numpy.float64) * 2.0**-32
    pair = numpy.stack([radius * numpy.cos(angle), radius * numpy.sin(angle)], axis=-1)
    return pair.reshape(-1, 2 * pairs)[:, :count].astype(numpy.float32)


def permutation(seed: int, position: int, count: int) -> NDArray[numpy.int64]:
    """A shuffled ``0..<count``, int64: the exchange of each place with a random one of those not yet settled."""
    order = list(range(count))
    amounts = range(count, 1, -1)
    draws = words(seed, Purpose.SHUFFLE, numpy.array([position]), 2 * len(amounts) + 64)[0].tolist()
    place = 0
    for index, amount in enumerate(amounts):
        # The high half of draw × amount is uniform once the first 2⁶⁴ mod amount low halves are refused (Lemire 2019).
        while True:
            product = (draws[place] | draws[place + 1] << 32) * amount
            place += 2
            low = product & 0xFFFF_FFFF_FFFF_FFFF
            if low >= amount or low >= (1 << 64) % amount:
                break
        other = index + (product >> 64)
        order[index], order[other] = order[other], order[index]
    return numpy.array(order, dtype=numpy.int64)
