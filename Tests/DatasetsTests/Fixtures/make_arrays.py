#!/usr/bin/env python3
"""Makes the arrays of arrays/ as NumPy writes them; the tests know what is in them.

    pip install numpy && Tests/DatasetsTests/Fixtures/make_arrays.py
"""
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent / "arrays"


def pixels(count, *shape):
    """Bytes that count up: 0, 1, 2 …"""
    return (np.arange(count * int(np.prod(shape))) % 256).astype(np.uint8).reshape(count, *shape)


def main():
    FOLDER.mkdir(exist_ok=True)
    images = pixels(6, 4, 5)
    labels = np.array([2, 0, 1, 2, 0, 1])
    np.savez(FOLDER / "divided.npz", x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    np.savez_compressed(FOLDER / "packed.npz", images=images, labels=labels[:, None].astype(np.uint8))
    np.savez_compressed(FOLDER / "nameless.npz", images)
    np.savez(FOLDER / "other.npz", a=np.zeros(3), b=np.zeros(4))
    np.save(FOLDER / "interleaved.npy", pixels(2, 4, 5, 3))
    np.save(FOLDER / "planes.npy", pixels(2, 3, 4, 5))
    np.save(FOLDER / "unit.npy", (images / 255).astype(np.float32))
    np.save(FOLDER / "half.npy", (images / 255).astype(np.float16))
    np.save(FOLDER / "signed.npy", (images / 127.5 - 1).astype(">f8"))
    np.save(FOLDER / "whole.npy", images.astype(np.int64))
    np.save(FOLDER / "between.npy", (np.arange(20) / 1000).astype(np.float32).reshape(1, 4, 5))
    np.save(FOLDER / "binary.npy", images % 2)
    np.save(FOLDER / "booleans.npy", images % 2 == 1)
    np.save(FOLDER / "flat.npy", pixels(3, 16))
    np.save(FOLDER / "fortran.npy", np.asfortranarray(images))
    np.save(FOLDER / "complex.npy", images.astype(np.complex64))
    np.save(FOLDER / "records.npy", np.zeros(3, dtype=[("a", "f4"), ("b", "i4")]))
    np.save(FOLDER / "ambiguous.npy", pixels(2, 3, 4, 3))
    np.save(FOLDER / "four.npy", pixels(2, 5, 5, 4))
    np.save(FOLDER / "wide.npy", np.array([[[0, 300.0]]], np.float32))
    np.save(FOLDER / "nan.npy", np.array([[[0, 1.0]], [[np.nan, 0]]], np.float32))


if __name__ == "__main__":
    main()
