"""Two runs of one workspace are kept apart; whoever only reads is not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis import locks
from analysis.errors import AnalysisError

NAME = "run.lock"


class BusyError(AnalysisError):
    """Another run of this workspace is under way; the message is one line of Chinese."""


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold the workspace's lock while the body runs.

    The system itself holds the lock for the open file and drops it when the process ends, however
    it ends: no lock is ever left behind by a dead process, and no process number is mistaken for
    another's. The file stays; while the lock is held it says by whom and since when. Where files
    cannot be locked (no permission to write, some network drives), runs are not kept apart.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing.

    Raises
    ------
    BusyError
        Another process, or this one, holds the lock.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield
        return
    try:
        if _is_taken(handle):
            raise BusyError(_say_busy(path))
        os.ftruncate(handle, 0)
        os.write(handle, _who().encode())
        try:
            yield
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)  # drops the lock


def _is_taken(handle: int) -> bool:
    """Try to lock the file; what the system cannot lock is free."""
    try:
        locks.lock(handle)
    except OSError as error:
        return error.errno in locks.TAKEN
    return False


def _who() -> str:
    return f"{time.strftime('%Y-%m-%d %H:%M:%S')}\t{os.getpid()}\n"


def _say_busy(path: Path) -> str:
    try:
        since, process = path.read_text(encoding="utf-8").split("\t")
        who = f"从 {since} 起（进程 {int(process)}）正在"
    except (OSError, ValueError):  # it has only just begun
        who = "刚刚开始"
    return f"这个工作文件夹{who}运行另一次分析：请等它完成，再运行一次。"
