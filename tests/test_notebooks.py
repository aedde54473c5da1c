import asyncio
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from analysis.workspace import CHECKOUT, make_workspace

NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace of its own, so that a notebook's pictures never land in the checkout."""
    made = make_workspace(tmp_path_factory.mktemp("notebooks") / "工作文件夹")
    for file in (CHECKOUT / "data" / "reports").glob("*.txt"):
        shutil.copy(file, made.reports)
    shutil.copytree(CHECKOUT / "data" / "gold", made.gold)
    return made


def _execute(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    client.execute()
    return notebook


@pytest.mark.filterwarnings("default")  # Jupyter's own; the kernel is another process
@pytest.mark.parametrize("name", [path.name for path in NOTEBOOKS])
def test_a_notebook_runs_from_top_to_bottom_and_says_what_it_shows(name, workspace):
    notebook = _execute(workspace.root / "notebooks" / name)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out for out in outputs if out.output_type == "error"]
    stderr = "".join(out.text for out in outputs if out.get("name") == "stderr")
    assert stderr == ""
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    assert pictures
    shown = "".join(str(out.get("text", "")) + str(out.get("data", "")) for out in outputs)
    assert "无从判断" in shown


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_thin_and_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert not re.search(r"^\s*(def|class) ", cell.source, re.M), "belongs in analysis/"
            assert len(cell.source.splitlines()) <= 10
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(prose) >= len(notebook.cells) / 4
