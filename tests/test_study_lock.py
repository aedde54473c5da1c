import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.results import file_hash
from analysis.study import load, lock, run
from analysis.study.lock import BusyError, only_run
from analysis.tables import RESULT_TABLES
from analysis.workspace import make_workspace

DATA = Path(__file__).parents[1] / "data"
BUSY = (
    r"从 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 起（进程 %d）正在运行另一次分析：请等它完成，再运行一次。"
)
HOLD = """
import sys, time
from pathlib import Path
from analysis.study.lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def test_a_second_run_is_told_since_when_the_first_one_runs(tmp_path):
    with only_run(tmp_path):
        with pytest.raises(BusyError, match=BUSY % os.getpid()), only_run(tmp_path):
            pass
        with only_run(tmp_path / "another"):  # of another workspace
            pass
    with only_run(tmp_path):
        pass


def test_a_run_that_fails_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), only_run(tmp_path):
        _ = 1 / 0
    with only_run(tmp_path):
        pass


def test_a_lock_that_has_only_just_been_taken(tmp_path):
    with only_run(tmp_path):
        (tmp_path / lock.NAME).write_text("", encoding="utf-8")
        with pytest.raises(BusyError, match="文件夹刚刚开始运行另一次分析："), only_run(tmp_path):
            pass


def test_another_process_keeps_out_until_it_is_killed(tmp_path):
    with start("-c", HOLD, tmp_path) as other:
        try:
            assert other.stdout.readline() == "held\n"
            with pytest.raises(BusyError, match=BUSY % other.pid), only_run(tmp_path):
                pass
        finally:
            other.kill()
    with only_run(tmp_path):
        assert re.fullmatch(rf".+\t{os.getpid()}\n", (tmp_path / lock.NAME).read_text("utf-8"))
    assert (tmp_path / lock.NAME).read_bytes() == b""


def test_results_can_be_read_while_another_run_is_under_way(study, tmp_path):
    work = type(study.workspace)(shutil.copytree(study.workspace.root, tmp_path / "copy"))
    with only_run(work.results / ".cache"):
        assert len(load(work).reports) == 5
        with pytest.raises(BusyError):
            run(work, charts=False)


@pytest.mark.parametrize("place", ["open", "flock"])
def test_where_files_cannot_be_locked_a_run_goes_on(tmp_path, monkeypatch, place):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(*((lock.os, "open") if place == "open" else (lock.locks, "lock")), refuse)
    with only_run(tmp_path), only_run(tmp_path):
        pass


# --- killed at any moment -----------------------------------------------------------------------


def hashes(work):
    return {name: file_hash(work.results / f"{name}.csv") for name in RESULT_TABLES}


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_readable_results_and_the_next_one_is_right(tmp_path):
    work = make_workspace(tmp_path / "work")
    for name in ("t11", "t12", "t13"):
        shutil.copy(DATA / "training" / f"{name}.txt", work.reports)
    moving, aside = work.reports / "t13.txt", tmp_path / "t13.txt"
    right = {}
    for there in (False, True):
        (moving.rename(aside) if not there else aside.rename(moving))
        run(work, charts=False)
        right[there] = hashes(work)
    command = ("-m", "analysis", "run", "--fresh", "--no-charts", "--workspace", work.root)
    begun = time.perf_counter()
    start(*command).communicate()
    longest, draw, killed = time.perf_counter() - begun, random.Random(6), 0
    for number in range(20):
        there = bool(number % 2)
        (aside.rename(moving) if there else moving.rename(aside))
        with start(*command) as process:
            time.sleep(draw.uniform(0.3, 0.95) * longest)  # before that it only imports
            killed += process.poll() is None
            process.kill()
        load(work)
        assert hashes(work) in right.values()
        run(work, charts=False)
        assert hashes(work) == right[there]
        assert not list((work.results / ".cache/reports").glob("*.part"))
    assert killed >= 5  # else the machine was too uneven to show anything
