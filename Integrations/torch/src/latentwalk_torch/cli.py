"""The command: ``latentwalk-torch``, or ``torchrun … -m latentwalk_torch``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import torch

from latentwalk_torch import __version__
from latentwalk_torch.errors import Exit, LatentwalkError, exit_code_after
from latentwalk_torch.process_group import processes
from latentwalk_torch.run import Request, train
from latentwalk_torch.schedules import SCHEDULES
from latentwalk_torch.settings import Settings


class _Parser(argparse.ArgumentParser):
    """Prints one sentence for a wrong line, and the exit code that scripts know."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"latentwalk-torch: {message}; see --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="latentwalk-torch",
        description="Trains a variational autoencoder of latentwalk with PyTorch; under torchrun on many processes.",
        epilog="Options that are not given are the recipe's. Only the first process needs the run's folder and the"
        " recipe; each of them reads the data.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--data", help="mnist, fashion-mnist, a folder of IDX files, .npy or .npz (default: mnist)")
    parser.add_argument("--limit", type=int, metavar="N", help="the first images only")
    parser.add_argument("--recipe", metavar="NAME|FILE.json", help="the network and its settings (default: default)")
    parser.add_argument("--out", type=Path, metavar="RUN", help="the folder that the run gets (default: run-DATA)")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on with a run")
    settings = parser.add_argument_group("settings")
    settings.add_argument("--epochs", type=int, help="how often to go through the images")
    settings.add_argument("--batch-size", type=int, help="images a step, all processes together")
    settings.add_argument("--learning-rate", type=float, help="the largest of the schedule")
    settings.add_argument("--schedule", choices=SCHEDULES, help="how the learning rate goes")
    settings.add_argument("--warmup", type=float, help="the share of the run in which a cosine rises")
    settings.add_argument("--optimizer", choices=("adam", "adamw"))
    settings.add_argument("--weight-decay", type=float, help="AdamW's")
    settings.add_argument("--gradient-clip", type=float, help="the largest norm of a step's gradient; 0: as it comes")
    settings.add_argument("--beta", type=float, help="the weight of the KL term")
    settings.add_argument("--kl-warmup", help="none, a number of epochs, or cyclical:CYCLES:RISE")
    settings.add_argument("--free-bits", type=float, help="nats of KL that each latent has for nothing")
    settings.add_argument(
        "--average", type=float, metavar="DECAY", help="save a moving average of the weights; 0: none"
    )
    settings.add_argument("--patience", type=int, help="end after so many epochs without a better validation; 0: never")
    settings.add_argument(
        "--derive-encoder",
        type=int,
        metavar="EPOCHS",
        help="after so many epochs compute the encoder from the decoder instead of learning it; 0: learn it to the end",
    )
    settings.add_argument("--validation", type=int, metavar="N", help="how many images, the last ones, are held back")
    settings.add_argument("--seed", type=int, help="what all random choices come from")
    running = parser.add_argument_group("running")
    running.add_argument("--checkpoint-interval", type=float, default=60, metavar="SECONDS", help="(default: 60)")
    running.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    running.add_argument("--threads", type=int, help="threads of this process on processors")
    running.add_argument("--quiet", action="store_true", help="print nothing but errors")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Returns:
        The exit code, by ``sysexits.h``; after a signal that asked for an orderly end, the one that stands for it.
    """
    options = _parser().parse_args(arguments)
    is_first = True
    try:
        if options.threads is not None:
            torch.set_num_threads(max(1, options.threads))
        with processes(options.device) as group:
            is_first = group.is_first
            signal = train(_request(options), group)
    except LatentwalkError as error:
        if is_first:
            print(f"latentwalk-torch: {error}", file=sys.stderr, flush=True)
        return int(error.exit)
    return 0 if signal is None else exit_code_after(signal)


def _request(options: argparse.Namespace) -> Request:
    names = {field.name for field in fields(Settings)}
    settings = {name: value for name, value in vars(options).items() if name in names and value is not None}
    if options.limit is not None and options.limit < 1:
        raise LatentwalkError("--limit must be 1 or more", Exit.USAGE)
    if options.resume is not None:
        given = [name for name in ("recipe", "out", "limit") if getattr(options, name) is not None] + sorted(settings)
        if given:
            raise LatentwalkError(
                f"--{given[0].replace('_', '-')} cannot be changed for a run that goes on: leave it away", Exit.USAGE
            )
    source = options.data or "mnist"
    return Request(
        data=options.data,
        limit=options.limit,
        recipe=options.recipe or "default",
        settings=settings,
        folder=options.resume or options.out or Path(f"run-{Path(source).stem}"),
        goes_on=options.resume is not None,
        checkpoint_interval=options.checkpoint_interval,
        is_quiet=options.quiet,
    )
