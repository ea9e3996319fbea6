"""The images to learn from: a folder of IDX files, gzipped or not, or an array in ``.npy`` or ``.npz``."""

from __future__ import annotations

import gzip
import os
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from torch import Tensor

from latentwalk_torch.errors import Exit, LatentwalkError, printable, reason

KNOWN = ("mnist", "fashion-mnist")
_LARGEST = 2 << 30
_PREFIX = {"train": "train", "test": "t10k"}
# What latentwalk takes for images too, in small letters: first those of a split, then those of one undivided set.
_SPLIT_NAMES = ("x_{}", "{}_images", "{}_x", "images_{}", "{}")
_WHOLE_NAMES = ("images", "imgs", "x", "data", "arr_0")


@dataclass(frozen=True)
class Images:
    """Images of one size.

    Attributes:
        name: what the data set is called.
        pixels: ``[count, channels, height, width]``, bytes or numbers in 0…1.
    """

    name: str
    pixels: numpy.ndarray

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Channels, height, width."""
        return tuple(self.pixels.shape[1:])

    def part(self, begin: int, end: int) -> Images:
        """Some neighbours, which share this value's memory."""
        return Images(self.name, self.pixels[begin:end])

    def batch(self, indices: numpy.ndarray | range) -> Tensor:
        """Some images as float32 in 0…1, on the processor."""
        chosen = self.pixels[numpy.asarray(indices, dtype=numpy.int64)]
        if chosen.dtype == numpy.uint8:
            return torch.from_numpy(chosen.astype(numpy.float32) / numpy.float32(255))
        return torch.from_numpy(chosen.astype(numpy.float32, copy=False))


def load(source: str, split: str = "train", limit: int | None = None) -> Images:
    """Reads what ``--data`` names, the first ``limit`` images of it."""
    if source in KNOWN:
        return _from_folder(_known_folder(source, split), split, source, limit)
    path = Path(source)
    if path.is_dir():
        return _from_folder(path, split, path.resolve().name, limit)
    if not path.exists():
        raise LatentwalkError(
            f"there is no data set {printable(source)}: give {', '.join(KNOWN)}, a folder of IDX files, .npy or .npz",
            Exit.NO_INPUT,
        )
    if path.suffix not in (".npy", ".npz"):
        raise LatentwalkError(
            f"{printable(source)} is no data set: give a folder of IDX files, .npy or .npz", Exit.NO_INPUT
        )
    return _from_array(path, split, limit)


def _known_folder(name: str, split: str) -> Path:
    """The first of the places where ``latentwalk`` looks for a data set too that holds its images."""
    for folder in _places(name):
        if _idx_path(folder, split) is not None:
            return folder
    raise LatentwalkError(
        f"{name} is not on this machine: get it by `latentwalk data fetch {name}`, or give its folder", Exit.NO_INPUT
    )


def _places(name: str) -> Iterator[Path]:
    if own := os.environ.get("LATENTWALK_DATA"):
        yield Path(own, name)
    standard = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    yield Path(os.environ.get("XDG_CACHE_HOME") or standard, "latentwalk", name)
    for folder in (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":"):
        yield Path(folder, "datasets", name)


def _idx_path(folder: Path, split: str) -> Path | None:
    """The images of a split under one of their spellings, unpacked ones first."""
    stem = f"{_PREFIX[split]}-images"
    names = [f"{stem}{joint}idx3-ubyte{packed}" for joint in "-." for packed in ("", ".gz")]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _from_folder(folder: Path, split: str, name: str, limit: int | None) -> Images:
    path = _idx_path(folder, split)
    if path is None:
        wanted = f"{_PREFIX[split]}-images-idx3-ubyte"
        raise LatentwalkError(f"{printable(folder)} has no {wanted}, gzipped or not", Exit.NO_INPUT)
    return Images(name, _idx(path, limit)[:, None])


def _idx(path: Path, limit: int | None) -> numpy.ndarray:
    """The bytes of an IDX file of images ``[count, height, width]``; it must be exactly what its header says."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            header = file.read(16)
            if len(header) < 16 or header[:4] != b"\x00\x00\x08\x03":
                raise _malformed(path, "is no IDX file of images with one byte a pixel")
            count, height, width = (int(extent) for extent in numpy.frombuffer(header, ">u4", offset=4))
            size = count * height * width
            if not 0 < size <= _LARGEST:
                raise _malformed(path, f"says that it holds {count}×{height}×{width} pixels")
            wanted = size if limit is None else min(limit, count) * height * width
            pixels = file.read(wanted)
            if len(pixels) < wanted:
                raise _malformed(path, f"ends after {len(pixels)} of {wanted} pixels")
            if wanted == size and file.read(1):
                raise _malformed(path, f"goes on after its {size} pixels")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise _malformed(path, "is no whole gzip file") from None
    except OSError as error:
        raise LatentwalkError(f"cannot read {printable(path)}: {reason(error)}", Exit.NO_INPUT) from None
    return numpy.frombuffer(pixels, numpy.uint8).reshape(-1, height, width)


def _from_array(path: Path, split: str, limit: int | None) -> Images:
    """An array ``[count, height, width]``, or with 1 or 3 channels behind or before height and width."""
    try:
        loaded = numpy.load(path, mmap_mode="r", allow_pickle=False)
        array = loaded if isinstance(loaded, numpy.ndarray) else loaded[_array_name(path, loaded.files, split)]
    except OSError as error:
        raise LatentwalkError(f"cannot read {printable(path)}: {reason(error)}", Exit.NO_INPUT) from None
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        raise _malformed(path, "is no array that NumPy reads without unpickling") from None
    if array.dtype != numpy.uint8 and array.dtype.kind != "f":
        raise _malformed(path, f"holds {array.dtype}, not bytes or floats")
    return Images(path.stem, _in_unit_range(path, _channels_first(path, array)[:limit]))


def _array_name(path: Path, names: list[str], split: str) -> str:
    """The archive's array of a split's images; of an archive that knows no splits, that of all its images."""
    known = {name.lower(): name for name in names}
    wanted = [name.format(split) for name in _SPLIT_NAMES]
    if not any(name.format(other) in known for other in _PREFIX for name in _SPLIT_NAMES):
        wanted = [*_WHOLE_NAMES, *(known if len(known) == 1 else [])]
    found = next((known[name] for name in wanted if name in known), None)
    if found is None:
        there = ", ".join(printable(name) for name in sorted(known)[:12]) or "none"
        raise _malformed(path, f"has no images for {split}: call the array {wanted[0]} (there is {there})")
    return found


def _channels_first(path: Path, array: numpy.ndarray) -> numpy.ndarray:
    if array.size and array.ndim == 3:
        return array[:, None]
    if array.size and array.ndim == 4 and array.shape[3] in (1, 3):
        return numpy.moveaxis(array, 3, 1)
    if array.size and array.ndim == 4 and array.shape[1] in (1, 3):
        return array
    shape = "×".join(map(str, array.shape))
    raise _malformed(path, f"is {shape}: it must be count × height × width, or that × 1 or 3 channels")


def _in_unit_range(path: Path, array: numpy.ndarray) -> numpy.ndarray:
    if array.dtype == numpy.uint8:
        return array
    low, high = float(array.min()), float(array.max())
    # A value that is no number fails both comparisons.
    if not (low >= 0 and high <= 1):
        raise _malformed(path, f"has values from {low:g} to {high:g}: they must lie in 0…1, or be bytes")
    return array


def _malformed(path: Path, what: str) -> LatentwalkError:
    return LatentwalkError(f"{printable(path)} {what}", Exit.DATA_ERROR)
