"""What `latentwalk watch` shows of a run of anybody's own PyTorch, while it goes on: the one in examples/."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path

import pytest
from conftest import ROOT

SCRIPT = ROOT / "Integrations" / "torch" / "examples" / "plain_pytorch.py"
_LONGEST_WAIT = 120
# They place and color what is written.
_SEQUENCES = re.compile(r"\x1b\[[0-9;:?]*[A-Za-z]|\x1b[()][A-Z0-9]")


class Terminal:
    """A program on a pseudo-terminal, and what has come onto its screen so far."""

    def __init__(self, command: list[str], columns: int = 120, rows: int = 40):
        environment = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": os.defpath, "XDG_CONFIG_HOME": "/nowhere"}
        self.process, self.controller = pty.fork()
        if self.process == 0:
            # The program looks at the size when it starts.
            ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
            os.execve(command[0], command, environment)
        self.output = b""
        self.exit_code: int | None = None

    def wait(self, condition: Callable[[str], object]) -> None:
        """Has the whole screen painted anew until what is on it fulfills a condition."""
        end = time.monotonic() + _LONGEST_WAIT
        while time.monotonic() < end:
            start = len(self.output)
            self.type("\x0c")
            while self._read(0.2):
                pass
            text = _SEQUENCES.sub("", self.output[start:].decode(errors="replace"))
            if condition(text):
                return
        pytest.fail(f"it did not come; the screen: {text!r}")

    def type(self, keys: str) -> None:
        """What a person types."""
        os.write(self.controller, keys.encode())

    def end(self) -> int:
        """Reads to the end of the program, and gives its exit code."""
        while self._read(_LONGEST_WAIT):
            pass
        self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self.exit_code

    def close(self) -> None:
        """Ends the program if it has not ended."""
        if self.exit_code is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.controller)

    def _read(self, patience: float) -> bool:
        if not select.select([self.controller], [], [], patience)[0]:
            return False
        try:
            part = os.read(self.controller, 1 << 16)
        except OSError:  # On Linux the end of the program is an error.
            return False
        self.output += part
        return bool(part)


@pytest.fixture
def script(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The script at work, which waits for nobody; and its folder, which is there."""
    run = tmp_path / "run"
    run.mkdir()
    settings = ["--side", "12", "--hidden", "16", "--count", "1000", "--batch-size", "8", "--epochs", "6"]
    child = subprocess.Popen([sys.executable, SCRIPT, "--out", run, *settings], stdout=subprocess.DEVNULL)
    yield child, run
    child.kill()
    child.wait()


def test_watch_follows_a_script_that_knows_nothing_of_latentwalk(
    program: Path, script: tuple[subprocess.Popen[bytes], Path]
) -> None:
    child, run = script
    terminal = Terminal([str(program), "watch", str(run)])
    try:
        # It was there before the script had written anything.
        terminal.wait(lambda text: "waiting for the first measurement" in text)
        assert child.poll() is None
        # The curves by their tags, and the first weights.
        terminal.wait(lambda text: "train: loss/train" in text and "validation: loss/val" in text)
        terminal.wait(lambda text: "reconstruction: loss/reconstruction" in text)
        terminal.wait(lambda text: re.search(r"manifold, epoch-00\d\.safetensors", text))
        assert child.wait(_LONGEST_WAIT) == 0
        # The end: the last of six epochs of 113 steps, its weights, and what was measured there.
        terminal.wait(lambda text: "manifold, epoch-006.safetensors" in text and "step 678" in text)
        terminal.wait(lambda text: re.search(r"best validation \d+\.\d\d", text))
        terminal.wait(lambda text: "nothing new for" in text)
        # Explore has those weights.
        terminal.type("\r")
        terminal.wait(lambda text: "run, epoch-006.safetensors" in text and "12×12" in text)
        terminal.type("q")
        assert terminal.end() == 0
    finally:
        terminal.close()


def test_watch_takes_the_tag_that_is_named(program: Path, script: tuple[subprocess.Popen[bytes], Path]) -> None:
    _, run = script
    terminal = Terminal([str(program), "watch", str(run), "--train-loss", "loss/kl"])
    try:
        terminal.wait(lambda text: "train: loss/kl" in text)
        terminal.type("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
