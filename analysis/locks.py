"""Locks that the system holds for an open file and drops when the process ends, however it ends."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
FAR = 1 << 20  # Windows lets nobody read bytes that are locked: the one beyond the text is
PAUSE = 0.01  # seconds between two tries


def lock(handle: int) -> None:
    """Lock an open file, or raise OSError, with an errno of :data:`TAKEN` where it is locked."""
    if fcntl:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    os.lseek(handle, FAR, os.SEEK_SET)
    msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    os.lseek(handle, 0, os.SEEK_SET)


@contextmanager
def wait_for(path: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock of a file, made where it is missing, while the body runs; wait for it.

    Where files cannot be locked (no permission to write, some network drives), nobody is kept out.

    Yields
    ------
    bool
        False where another process still held it after so many seconds.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield True
        return
    try:
        yield _wait(handle, time.monotonic() + seconds)
    finally:
        os.close(handle)  # drops the lock


def _wait(handle: int, until: float) -> bool:
    while True:
        try:
            lock(handle)
        except OSError as error:
            if error.errno in TAKEN and time.monotonic() < until:
                time.sleep(PAUSE)
                continue
            return error.errno not in TAKEN
        return True
