"""Files that are whole or not there, and a lock on a folder."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import socket
from pathlib import Path

from latentwalk_torch.errors import Exit, LatentwalkError, printable, reason


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a temporary file beside the target, brings it to the disk, and renames it.

    Whoever reads the target meanwhile sees the old file or the new one; where anything fails the old one stays.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise LatentwalkError(
            f"cannot write {printable(path)} ({reason(error)}): what was there before is as it was", Exit.INPUT_OUTPUT
        ) from None
    _synchronize(path.parent)


def _synchronize(folder: Path) -> None:
    """Brings new names in a folder to the disk; some file systems refuse this for folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Lock:
    """A file that one process at a time may hold; the system gives it back when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._descriptor = self._take()
        except OSError as error:
            raise LatentwalkError(f"cannot lock {printable(path)}: {reason(error)}", Exit.CANNOT_CREATE) from None
        with contextlib.suppress(OSError):
            # Only for others' sentences: the lock holds without it, even on a full disk.
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)

    def release(self) -> None:
        """Removes the file, and gives the lock back."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._descriptor)

    def _take(self) -> int:
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                owner = os.pread(descriptor, 300, 0).decode(errors="replace").split()
                os.close(descriptor)
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
                holder = f"process {owner[0]} on {owner[1]}" if len(owner) == 2 else "another process"
                raise LatentwalkError(
                    f"the run {printable(self._path.parent)} is in use by {printable(holder)}: wait for it, or end it",
                    Exit.TEMPORARY_FAILURE,
                ) from None
            # Whoever held it before may have removed the file between opening and locking: that lock is none.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), self._path.stat()):
                    return descriptor
            os.close(descriptor)
