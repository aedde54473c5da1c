"""`make bench`: what the program costs; `table.py` compares it with what is asked of it."""

import importlib.util
import shutil
import sys
from itertools import count
from pathlib import Path

import pytest
from corpus import DATA, write_corpus
from measure import measure

from analysis.workspace import make_workspace

pytestmark = pytest.mark.bench

CHILD = Path(__file__).with_name("child.py")
BASELINES = ["kmeans", "lda", *(["bertopic"] if importlib.util.find_spec("bertopic") else [])]


def child(*words):
    return sys.executable, CHILD, *words


@pytest.mark.parametrize("words", ["pandas", "analysis", "run"])
def test_import(cost, words):
    """Names of `analysis` are imported when they are first used; `run` is what everybody uses."""
    told = {"run": "import analysis; analysis.run"}
    cost(sys.executable, "-c", told.get(words, f"import {words}"))


def test_help(cost):
    cost(sys.executable, "-m", "analysis", "--help")


@pytest.mark.parametrize("charts", ["tables", "charts"])
def test_five(cost, tmp_path, charts):
    """Each time in a workspace of its own that has never been analysed."""
    workspace = tmp_path / "five"

    def before():
        shutil.rmtree(workspace, ignore_errors=True)
        made = make_workspace(workspace)
        shutil.copytree(DATA / "reports", made.reports, dirs_exist_ok=True)

    command = [sys.executable, "-m", "analysis", "run", "--workspace", workspace]
    # matplotlib looks for fonts anew, as it does in a new workspace
    fonts = {"MPLCONFIGDIR": str(workspace / "data" / "results" / ".cache")}
    cost(*command, *(["--no-charts"] if charts == "tables" else []), before=before, **fonts)


def test_floor(cost, many):
    cost(*child("floor", many(1_000) / "data" / "reports"))


def test_many(cost, many, size, modules):
    rounds = {"rounds": 1} if size > 1_000 else {}
    cost(*child("run", many(size), modules, "fresh"), **rounds)


def test_added(cost, many, size, modules):
    """A report more in every round, to a workspace whose results are there."""
    workspace, new = many(size), count(size)
    if not (workspace / "data" / "results" / "manifest.json").exists():
        measure(*child("run", workspace, modules))

    def before():
        write_corpus(workspace / "data" / "reports", 1, first=next(new))

    cost(*child("run", workspace, modules), before=before)


@pytest.mark.parametrize("name", BASELINES)
def test_baseline(cost, many, name):
    cost(*child("baseline", name, many(1_000) / "data" / "reports"), rounds=1)


@pytest.mark.parametrize("name", BASELINES)
def test_first_look(cost, name):
    cost(*child("first_look", name), rounds=1)


def test_own_themes(cost):
    cost(*child("own_themes"), rounds=1)
