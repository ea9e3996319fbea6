"""JSON documents in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from latentwalk_torch.errors import Exit, LatentwalkError, printable, reason
from latentwalk_torch.fields import wrong


def read_json(path: Path) -> Any:
    """The JSON in a file, or a sentence why there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LatentwalkError(f"cannot read {printable(path)}: {reason(error)}", Exit.NO_INPUT) from None
    except UnicodeDecodeError:
        raise wrong(f"{printable(path)} is not text in UTF-8") from None
    return parse_json(text, printable(path))


def parse_json(text: str, what: str) -> Any:
    """The JSON in a text that sentences call so."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong(f"{what} is not JSON: {printable(error)}") from None
