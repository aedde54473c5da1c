"""The lines of the README that run the analysis on a Dask cluster, with a worker that dies."""

import os
import re
import signal
import textwrap
import threading
import time
from pathlib import Path

import pytest

from analysis.study import run
from analysis.workspace import make_workspace

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
COPIES = 4  # of the five reports, each with a line of its own
BATCH = 4  # reports that a worker is sent at once: several batches for each of two
PATIENCE = 60  # seconds until a worker has something to do


def dask_lines(readme):
    """Return the block of a README that names the dask backend, without its comments."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.S)
    (found,) = [textwrap.dedent(block) for block in blocks if 'backend="dask"' in block]
    return re.sub("  #.*", "", found)


def workspace_of_many(folder):
    workspace = make_workspace(folder)
    for path in (ROOT / "data" / "reports").glob("*.txt"):
        for copy in range(COPIES):
            text = path.read_text(encoding="utf-8") + f"\n这是第{copy + 1}份抄件。\n"
            (workspace.reports / f"{path.stem}-{copy}.txt").write_text(text, encoding="utf-8")
    return workspace


def results(workspace):
    """Bytes of all results but the log, which holds durations."""
    files = sorted(path for path in workspace.results.rglob("*") if path.is_file())
    names = {path.relative_to(workspace.results).as_posix(): path for path in files}
    return {
        name: path.read_bytes()
        for name, path in names.items()
        if name != "run.log" and not name.startswith(".")
    }


def kill_a_busy_worker(client, killed):
    """Kill the first worker that has work; its address goes into ``killed``."""
    pids = client.run(os.getpid)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for address, tasks in client.processing().items():
            if tasks:
                os.kill(pids[address], signal.SIGKILL)
                killed.append(address)
                return
        time.sleep(0.01)


def test_both_readmes_have_the_same_lines_for_a_dask_cluster():
    assert dask_lines(READMES[0]) == dask_lines(READMES[1])


@pytest.mark.slow
def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path, monkeypatch):
    from dask.distributed import Client, LocalCluster

    plain, spread = (workspace_of_many(tmp_path / name) for name in ("plain", "spread"))
    run(plain, charts=False)
    killed = []
    monkeypatch.chdir(spread.root)
    monkeypatch.setattr("analysis.study.batches.BATCH", BATCH)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        lines = re.sub(r'"tcp://[^"]*"', repr(cluster.scheduler_address), dask_lines(READMES[0]))
        thread = threading.Thread(target=kill_a_busy_worker, args=(client, killed))
        thread.start()
        names = {}
        exec(lines, names)
        thread.join()
        names["client"].close()
    assert len(killed) == 1
    assert len(results(plain)) > 10
    assert results(spread) == results(plain)
