"""Fixtures every test may use: the checkout's codebook and the five reports."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from analysis.codebook import load_codebook
from analysis.reading import read_source
from analysis.study import run
from analysis.workspace import make_workspace

# One font cache for all tests and the kernels they start, in no workspace whose files are compared.
FONT_CACHE = tempfile.TemporaryDirectory()
os.environ["MPLCONFIGDIR"] = FONT_CACHE.name

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def book():
    return load_codebook(DATA / "codebook")


@pytest.fixture(scope="session")
def reports():
    """Source of each of the five reports by name."""
    return {path.stem: read_source(path).text for path in sorted((DATA / "reports").glob("*.txt"))}


def pytest_addoption(parser):
    parser.addoption(
        "--renew-golden", action="store_true", help="write tests/golden/ anew, then review the diff"
    )


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """The five reports analysed once, without charts, in a workspace of their own; read only."""
    workspace = make_workspace(tmp_path_factory.mktemp("study") / "五份报告")
    for path in (DATA / "reports").iterdir():
        shutil.copy(path, workspace.reports)
    shutil.copy(DATA / "reports.csv", workspace.catalogue)
    return run(workspace, charts=False)
