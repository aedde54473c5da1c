"""How long a run took, stage by stage: one line of ``run.log``, the only place for durations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


class RunLog:
    """Adds a line to the log when the body ends; none where nothing was computed."""

    def __init__(self, path: Path):
        self.path, self.reports, self.stages = path, 0, []
        self.started = self.last = time.perf_counter()

    def __enter__(self) -> RunLog:
        return self

    def begin(self, reports: int) -> None:
        """Remember how many reports are analysed; what was done so far is no stage."""
        self.reports, self.last = reports, time.perf_counter()

    def done(self, stage: str) -> None:
        """A stage, by its Chinese name, ended now and began when the one before ended."""
        now = time.perf_counter()
        self.stages.append((stage, now - self.last))
        self.last = now

    def after(self, wrap: Callable[[Iterable], Iterable], stage: str) -> Callable:
        """The same wrapper of an iterable, whose end is the end of a stage."""

        def wrapped(items: Iterable) -> Iterator:
            yield from wrap(items)
            self.done(stage)

        return wrapped

    def __exit__(self, failed: object, *_) -> None:
        if failed or not self.stages:
            return
        reports = f"报告 {self.reports} 份" if self.reports else "结果没有变"
        line = [time.strftime("%Y-%m-%d %H:%M:%S"), reports]
        line.append(f"用时 {time.perf_counter() - self.started:.1f} 秒")
        line.append("、".join(f"{stage} {seconds:.1f} 秒" for stage, seconds in self.stages))
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write("\t".join(line) + "\n")
