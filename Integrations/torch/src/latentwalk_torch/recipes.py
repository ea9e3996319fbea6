"""Recipes: a network and the settings of its training, from a file or by the names that ``latentwalk`` knows."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.documents import read_json
from latentwalk_torch.errors import Exit, LatentwalkError, printable
from latentwalk_torch.fields import Fields, wrong
from latentwalk_torch.settings import Settings

VERSION = 1
_PROGRAM = "latentwalk"
_LONGEST_WAIT = 60


@dataclass(frozen=True)
class Recipe:
    """A network and the settings of its training."""

    name: str
    settings: Settings
    architecture: Architecture

    @staticmethod
    def read(value: object, what: str) -> Recipe:
        """Reads what ``latentwalk train --print-recipe`` prints."""
        fields = Fields(value, what)
        version = fields.whole("version")
        if version != VERSION:
            raise wrong(f"{what} has version {version}, and this package knows version {VERSION}")
        fields.take("summary", "")
        recipe = Recipe(
            fields.text("name"), Settings.read(fields.take("settings")), Architecture.read(fields.take("architecture"))
        )
        fields.finish()
        return recipe

    @staticmethod
    def load(name: str) -> Recipe:
        """A recipe from a JSON file, or by a name that the ``latentwalk`` on this machine knows."""
        if name.endswith(".json"):
            return Recipe.read(read_json(Path(name)), printable(name))
        return Recipe.read(_ask_program(name), f"the recipe {printable(name)}")


def _ask_program(name: str) -> Any:
    program = shutil.which(_PROGRAM)
    if program is None:
        raise LatentwalkError(
            f"there is no {_PROGRAM} here that knows the recipe {printable(name)}: give a file, from"
            f" `{_PROGRAM} train --recipe NAME --print-recipe > NAME.json`",
            Exit.NO_INPUT,
        )
    arguments = [program, "train", f"--recipe={name}", "--print-recipe"]
    try:
        answer = subprocess.run(arguments, capture_output=True, text=True, timeout=_LONGEST_WAIT, check=True)
        return json.loads(answer.stdout)
    except subprocess.CalledProcessError as error:
        said = printable(error.stderr.strip().removeprefix(f"{_PROGRAM}: "), 300)
        raise LatentwalkError(f"{_PROGRAM} has no such recipe: {said}", Exit.USAGE) from None
    except (OSError, subprocess.TimeoutExpired, ValueError):
        raise LatentwalkError(f"{program} did not print the recipe {printable(name)}", Exit.UNAVAILABLE) from None
