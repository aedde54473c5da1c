"""The workspace: a folder with ``data/`` and ``figures/``; nothing is written outside it."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import AnalysisError, why_refused

CHECKOUT = Path(__file__).resolve().parent.parent
COPIED = ("data/codebook", "notebooks")  # what `init` brings from the checkout


class WorkspaceError(AnalysisError):
    """A workspace cannot be used or made; the message is one line of Chinese for the analyst."""


@dataclass(frozen=True)
class Workspace:
    """Paths of one workspace."""

    root: Path

    @property
    def reports(self) -> Path:
        """Folder of the reports; never written."""
        return self.root / "data" / "reports"

    @property
    def catalogue(self) -> Path:
        """What a person decided about the reports."""
        return self.root / "data" / "reports.csv"

    @property
    def corrections(self) -> Path:
        """The analyst's decisions about single labels; there need be none."""
        return self.root / "data" / "corrections.csv"

    @property
    def codebook(self) -> Path:
        """Folder of the codebook."""
        return self.root / "data" / "codebook"

    @property
    def gold(self) -> Path:
        """Folder of the labels."""
        return self.root / "data" / "gold"

    @property
    def training(self) -> Path:
        """Folder of the labels that the codebook's models are trained on, beside :attr:`gold`."""
        return self.root / "data" / "training"

    @property
    def results(self) -> Path:
        """Folder of the tables of the last run."""
        return self.root / "data" / "results"

    @property
    def cache(self) -> Path:
        """Folder of what can be made again at any time."""
        return self.results / ".cache"

    @property
    def figures(self) -> Path:
        """Folder of the charts."""
        return self.root / "figures"


def find_workspace(folder: Path | str | None = None) -> Workspace:
    """Return the named workspace, else the nearest parent with ``data/reports``, else the checkout.

    Parameters
    ----------
    folder : path or str, optional
        The workspace's folder; where missing, parents of the working directory are tried.

    Returns
    -------
    Workspace
        Its paths; nothing is made or read.

    Raises
    ------
    WorkspaceError
        The folder named does not exist or holds no ``data/reports``.
    """
    if folder is not None:
        root = Path(folder).resolve()
        if not (root / "data" / "reports").is_dir():
            raise WorkspaceError(
                f"{folder}：不是工作文件夹（其中没有 data/reports）；"
                f"请先运行 python -m analysis init {quoted(folder)}，或改用别的文件夹。"
            )
        return Workspace(root)
    here = Path.cwd().resolve()
    for root in (here, *here.parents):
        if (root / "data" / "reports").is_dir():
            return Workspace(root)
    return Workspace(CHECKOUT)


def open_workspace(workspace: Workspace | Path | str | None = None) -> Workspace:
    """Return the workspace itself, or what :func:`find_workspace` finds.

    Matplotlib is told to keep its list of fonts there and not in the home folder.
    """
    found = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    os.environ.setdefault("MPLCONFIGDIR", str(found.cache))
    return found


def make_workspace(folder: Path | str) -> Workspace:
    """Make a workspace: empty folders, a copy of the codebook and of the notebooks, no reports.

    What is already there is kept.

    Raises
    ------
    WorkspaceError
        The folder is a file, or cannot be written.
    """
    workspace = Workspace(Path(folder).resolve())
    for name in COPIED:
        if workspace.root.is_relative_to(CHECKOUT / name):
            raise WorkspaceError(f"{folder}：在程序自己的 {name} 里面，请换一个文件夹。")
    try:
        for path in (workspace.reports, workspace.figures):
            path.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            _copy_folder(CHECKOUT / name, workspace.root / name)
        if not workspace.catalogue.exists():
            from analysis.schema import empty, write_table  # pandas: not needed for --help

            write_table("catalogue", empty("catalogue"), workspace.catalogue)
    except OSError as error:
        raise WorkspaceError(f"{folder}：无法建立工作文件夹（{why_refused(error)}）。") from None
    return workspace


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder whole or not at all; one that is there is kept."""
    if not source.is_dir() or target.exists():
        return
    unfinished = target.with_name(f".{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
    shutil.copytree(source, unfinished, ignore=ignore)
    unfinished.replace(target)


def quoted(folder: Path | str) -> str:
    """The folder as it is typed on this system's command line."""
    if os.name == "nt":
        return f'"{folder}"' if " " in str(folder) else str(folder)
    return shlex.quote(str(folder))
