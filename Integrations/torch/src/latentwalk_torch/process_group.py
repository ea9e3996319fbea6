"""The processes of one run: how many there are, which one this is, and what they tell each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from latentwalk_torch.errors import Exit, LatentwalkError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Processes:
    """This process among those of its run."""

    rank: int
    count: int
    device: torch.device

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes and prints."""
        return self.rank == 0

    def share(self, count: int) -> range:
        """This process's part of ``count`` things: neighbours, in the order of the ranks, sizes that differ by one."""
        return range(count * self.rank // self.count, count * (self.rank + 1) // self.count)

    def sums(self, *values: float) -> list[float]:
        """Each value summed over the processes, in double precision; the same bits for all of them."""
        if self.count == 1:
            return list(values)
        total = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return [float(value) for value in total.tolist()]

    def greatest(self, value: int) -> int:
        """The greatest of the processes' values."""
        if self.count == 1:
            return value
        greatest = torch.tensor(value, device=self.device)
        dist.all_reduce(greatest, op=dist.ReduceOp.MAX)
        return int(greatest)

    def copy_from_first(self, tensors: Iterable[Tensor]) -> None:
        """Gives tensors, in every process of the same shapes, the first one's values."""
        if self.count > 1:
            for tensor in tensors:
                dist.broadcast(tensor, src=0)

    def all_or_none(self, work: Callable[[], Result]) -> Result:
        """Does some work in every process; where it fails in one, all raise the error of the first that failed."""
        result: Result | None = None
        error: LatentwalkError | None = None
        try:
            result = work()
        except LatentwalkError as caught:
            error = caught
        if self.count > 1:
            errors: list[LatentwalkError | None] = [None] * self.count
            dist.all_gather_object(errors, error)
            error = next((found for found in errors if found is not None), None)
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    def on_first(self, work: Callable[[], Result]) -> Result | None:
        """Does some work in the first process only, and gives None in the others; its error is the error of all."""
        return self.all_or_none(lambda: work() if self.is_first else None)

    def from_first(self, work: Callable[[], Result]) -> Result:
        """What the first process makes of some work, in all of them; its error is the error of all."""
        box = [self.on_first(work)]
        if self.count > 1:
            dist.broadcast_object_list(box, src=0)
        return box[0]  # type: ignore[return-value]


@contextmanager
def processes(device: str) -> Iterator[Processes]:
    """Joins the processes that ``torchrun`` started, or is the only one.

    Args:
        device: ``auto``, ``cpu`` or ``cuda``. NCCL joins GPUs, Gloo processors.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise LatentwalkError("there is no GPU that PyTorch can use: leave --device away", Exit.UNAVAILABLE)
    rank, count = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if device == "cuda":
        # cuBLAS gives the same bits every time only with workspaces of a fixed size.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        if local >= torch.cuda.device_count():
            raise LatentwalkError(
                f"there are {torch.cuda.device_count()} GPUs here: start as many processes with --nproc-per-node",
                Exit.USAGE,
            )
        torch.cuda.set_device(local)
    where = torch.device(device, local) if device == "cuda" else torch.device("cpu")
    if count == 1:
        yield Processes(0, 1, where)
        return
    dist.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield Processes(rank, count, where)
    finally:
        dist.destroy_process_group()


def sum_over_processes(values: Tensor) -> Tensor:
    """The sum over the processes, without a gradient."""
    total = values.detach().clone()
    if _is_shared() and not values.is_meta:
        dist.all_reduce(total)
    return total


def sum_with_gradient(values: Tensor) -> Tensor:
    """The sum over the processes, through which gradients flow back to each of them."""
    return _Sum.apply(values) if _is_shared() and not values.is_meta else values


def _is_shared() -> bool:
    return dist.is_initialized() and dist.get_world_size() > 1


class _Sum(torch.autograd.Function):
    """y = Σ x over the processes, in each of them; so ∂L/∂x in one is the sum of all their ∂L/∂y."""

    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        return sum_over_processes(values)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Tensor:
        return sum_over_processes(gradient.contiguous())
