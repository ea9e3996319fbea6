"""What the tests share: small networks, small images, and processes that work together."""

from __future__ import annotations

import gzip
import math
import multiprocessing
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "Resources" / "mnist-sample"

# Children begin from a server that has imported all of this already: PyTorch takes seconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["latentwalk_torch.cli"])
_LONGEST_WAIT = 120


def architecture(*, normalized: bool = False) -> dict[str, Any]:
    """A network for images of 1×8×8 with two latents; normalized: with batch normalization of both kinds."""
    encoder: list[dict[str, Any]] = [
        {"type": "Conv2d", "in_channels": 1, "out_channels": 4, "kernel_size": 3, "padding": 1},
        {"type": "ReLU"},
        {"type": "MaxPool2d", "kernel_size": 2},
        {"type": "Flatten"},
        {"type": "Linear", "in_features": 64, "out_features": 4},
    ]
    decoder: list[dict[str, Any]] = [
        {"type": "Linear", "in_features": 2, "out_features": 32},
        {"type": "SiLU"},
        {"type": "Unflatten", "dim": 1, "unflattened_size": [2, 4, 4]},
        {"type": "Upsample", "scale_factor": 2, "mode": "nearest"},
        {"type": "Conv2d", "in_channels": 2, "out_channels": 1, "kernel_size": 3, "padding": 1},
        {"type": "Sigmoid"},
    ]
    if normalized:
        # A bias would have no gradient but rounding, of which Adam makes whole steps.
        encoder[0]["bias"] = decoder[0]["bias"] = False
        encoder.insert(1, {"type": "BatchNorm2d", "num_features": 4})
        decoder.insert(1, {"type": "BatchNorm1d", "num_features": 32})
    return {
        "version": 1,
        "input": [1, 8, 8],
        "latent": 2,
        "likelihood": "bernoulli",
        "encoder": encoder,
        "decoder": decoder,
    }


def lattice_architecture(
    points: int = 30, rank: int = 10, shape: tuple[int, int, int] = (1, 8, 8), latents: int = 2
) -> dict[str, Any]:
    """A network whose encoder can be computed from its decoder."""
    count = math.prod(shape)
    encoder: list[dict[str, Any]] = [
        {"type": "Flatten"},
        {"type": "Linear", "in_features": count, "out_features": rank},
        {"type": "Linear", "in_features": rank, "out_features": points},
        {"type": "Softmax", "dim": 1},
        {"type": "Linear", "in_features": points, "out_features": 2 * latents},
    ]
    decoder: list[dict[str, Any]] = [
        {"type": "Linear", "in_features": latents, "out_features": 16},
        {"type": "SiLU"},
        {"type": "Linear", "in_features": 16, "out_features": count},
        {"type": "Unflatten", "dim": 1, "unflattened_size": list(shape)},
        {"type": "Sigmoid"},
    ]
    ends = {"input": list(shape), "latent": latents, "likelihood": "bernoulli"}
    return {"version": 1, **ends, "encoder": encoder, "decoder": decoder}


def recipe(network: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """A recipe's JSON with a network, the first of these without another."""
    usual = {"epochs": 3, "batch-size": 16, "learning-rate": 0.01, "validation": 10}
    given = {name.replace("_", "-"): value for name, value in settings.items()}
    return {"version": 1, "name": "small", "settings": usual | given, "architecture": network or architecture()}


def pixels(count: int = 60) -> numpy.ndarray:
    """Images of a bright spot, ``[count, 8, 8]`` bytes, always the same."""
    places = numpy.random.default_rng(1).uniform(2, 6, (count, 2, 1, 1))
    rows, columns = numpy.mgrid[0:8, 0:8]
    distance = (rows - places[:, 0]) ** 2 + (columns - places[:, 1]) ** 2
    return (255 * numpy.exp(-distance / 3)).astype(numpy.uint8)


def write_idx(path: Path, images: numpy.ndarray) -> None:
    """Writes an IDX file, gzipped if its name says so."""
    content = struct.pack(">4B3I", 0, 0, 8, 3, *images.shape) + images.tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A file of images."""
    path = tmp_path / "spots.npy"
    numpy.save(path, pixels())
    return path


@pytest.fixture(scope="session")
def program() -> Path:
    """The program; tests that ask it are skipped where it is not built."""
    path = Path(os.environ.get("LATENTWALK_PROGRAM") or ROOT / ".build" / "release" / "latentwalk")
    if not path.exists():
        pytest.skip("latentwalk is not built: make build, or name it in LATENTWALK_PROGRAM")
    return path


def together(count: int, work: Callable[..., None], *arguments: Any) -> list[int | None]:
    """Runs a function of a test's module in some processes that find each other as ``torchrun``'s do.

    Returns:
        Their exit codes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children = [
        _CONTEXT.Process(target=_work, args=(rank, count, port, work, arguments), daemon=True) for rank in range(count)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(_LONGEST_WAIT)
        child.kill()
        child.join()
    return [child.exitcode for child in children]


def _work(rank: int, count: int, port: int, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    import torch

    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(count), LOCAL_RANK=str(rank))
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    work(*arguments)
