"""Score the analysis against labels."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.codebook import Codebook, load_codebook
from analysis.evaluate import Evaluation, evaluate
from analysis.structure import Edit, recompute_text
from analysis.study.pipeline import Analysis, analyse
from analysis.study.trust import analyse_left_out
from analysis.workspace import Workspace, open_workspace


def evaluate_labels(
    workspace: Workspace | Path | str | None = None,
    folders: Iterable[Path] = (),
    *,
    left_out: bool = False,
) -> tuple[Evaluation, Codebook]:
    """Score the analysis against label folders, by default the workspace's ``data/gold``.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.
    folders : iterable of pathlib.Path
        Label folders; their reports count together.
    left_out : bool
        Judge every report without its own wording, see :mod:`analysis.leave_out`.

    Returns
    -------
    evaluation : Evaluation
        Scores (0 to 1, with numbers of labels) and errors.
    book : Codebook
        The codebook used, for the Chinese names of the keys.

    Raises
    ------
    WorkspaceError
        The folder named holds no ``data/reports``.
    CodebookError
        The codebook does not fit.
    LabelError
        A folder holds no labels, or they do not fit the reports.
    LockedError
        Left out only: another program holds ``data/reports.csv``.
    """
    workspace = open_workspace(workspace)
    book = load_codebook(workspace.codebook)
    folders = list(folders) or [workspace.gold]
    if left_out:

        def judge(files: list[Path]) -> dict:
            return analyse_left_out(files, book, workspace)

        return evaluate(folders, judge, names=book.names), book
    done: list[Analysis] = []

    def tables_of(files: list[Path]) -> dict:
        done.append(analyse(files, book, once=False))
        return done[0].tables | {"sources": done[0].sources}

    def recompute(report: str, start: int, end: int) -> str:
        edits = done[0].tables["edits"]
        rows = edits.loc[edits["report"] == report, list(Edit._fields)]
        own = [Edit(*row) for row in rows.astype(object).where(rows.notna(), None).to_numpy()]
        return recompute_text(done[0].sources[report], own, start, end)

    return evaluate(folders, tables_of, recompute=recompute, names=book.names), book
