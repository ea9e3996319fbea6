#!/usr/bin/env python3
"""Writes small HDF5 files: what is read, and what must not be followed or believed.

    python3 make_files.py          needs h5py
"""
import pathlib

import h5py
import numpy

HERE = pathlib.Path(__file__).parent


def make(name, **keywords):
    return h5py.File(HERE / name, "w", **keywords)


with make("kinds.h5") as file:
    file.attrs["text"] = "Grüße"
    file.attrs["bytes"] = numpy.bytes_(b"fixed")
    file.attrs["texts"] = ["a", "bc"]
    file.attrs["fixed texts"] = numpy.array([b"one", b"three"])
    file.attrs["names0"] = ["a"]
    file.attrs["names1"] = ["b", "c"]
    file.attrs["nothing"] = []
    file.attrs["number"] = 7
    group = file.create_group("outer/inner")
    for kind in ("f2", "f4", "f8", "i1", "u4", ">f4", ">i8"):
        group.create_dataset(kind, data=numpy.arange(6, dtype=kind).reshape(2, 3))
    group.create_dataset("single", data=2.5)
    group.create_dataset("texts", data=["a", "b"])
    group.create_dataset("empty", shape=(0, 3), dtype="f4")
    file.create_dataset("packed", data=numpy.ones((64, 64), "f4"), chunks=(16, 16), compression="gzip", shuffle=True)
    file.create_dataset("lzf", data=numpy.ones((64, 64), "f4"), chunks=(16, 16), compression="lzf")

with make("links.h5") as file:
    inner = file.create_group("a/b")
    inner["back"] = file["a"]
    inner["root"] = file["/"]
    inner.create_dataset("values", data=[1.0, 2.0])
    file["soft"] = h5py.SoftLink("/a/b/values")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["self"] = h5py.SoftLink("/self")
    file["outside"] = h5py.ExternalLink("kinds.h5", "/packed")
    file["by way of outside"] = h5py.SoftLink("/outside")

with make("external.h5") as file:
    file.create_dataset("raw", shape=(4,), dtype="f4", external=[("/etc/passwd", 0, 16)])
    layout = h5py.VirtualLayout((64, 64), "f4")
    layout[:] = h5py.VirtualSource(str("kinds.h5"), "packed", (64, 64))
    file.create_virtual_dataset("virtual", layout)

with make("bomb.h5") as file:
    file.create_dataset("never written", shape=(1 << 20, 1 << 10), dtype="f4", chunks=(1024, 1024))

with make("packed-bomb.h5") as file:
    file.create_dataset("zeros", data=numpy.zeros((1 << 22,), "f4"), chunks=(1 << 22,), compression="gzip", compression_opts=9)

with make("deep.h5") as file:
    group = file
    for _ in range(100):
        group = group.create_group("g")
