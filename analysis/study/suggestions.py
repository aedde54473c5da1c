"""Let the codebook learn an office's own wording: propose rows, and take in those accepted."""

from __future__ import annotations

from pathlib import Path

from analysis.accept import ProposalError, accept_proposals, save_proposals
from analysis.corrections.log import standing
from analysis.study.last import load
from analysis.suggest import NOTHING, propose_patterns, propose_terms
from analysis.workspace import Workspace, find_workspace

FOLDER = "suggestions"


def suggest_wording(workspace: Workspace | Path | str | None = None) -> str:
    """Propose rows of ``patterns.csv`` and ``theme_terms.csv`` from the last run.

    They are written to ``data/results/suggestions/`` for a person to judge; the codebook stays as
    it is.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.

    Returns
    -------
    str
        What was proposed and what to do next, in Chinese; or why nothing was.

    Raises
    ------
    WorkspaceError
        The folder named holds no ``data/reports``.
    ResultsError
        There is no run yet, or its files do not fit its manifest.
    SchemaError
        The codebook, ``data/corrections.csv`` or a file of earlier proposals does not fit.
    """
    study = load(workspace)
    sentences, mentions, passages = (study.tables[n] for n in ("sentences", "mentions", "passages"))
    proposals = {
        "proposed_patterns": propose_patterns(sentences, mentions, study.book),
        "proposed_terms": propose_terms(passages, study.book),
    }
    folder = study.workspace.results / FOLDER
    try:
        save_proposals(folder, proposals)
    except ProposalError as error:
        return str(error)
    counts = [len(rows) for rows in proposals.values()]
    lines = [study.stale] if study.stale else []
    made = len(standing(study.corrections))
    if made:
        lines.append(f"有 {made} 条人工更正：运行 python -m analysis train，模型就照着学。")
    if not any(counts):
        return "\n".join([*lines, NOTHING])
    return "\n".join(
        [
            *lines,
            f"提出 {counts[0]} 条问题表现的写法、{counts[1]} 个主题词。",
            "它们只是从用词猜的，请对照原句逐条判断：",
            *(f"  {folder / name}.csv" for name in proposals),
            "在“采纳”一列填“是”或“否”（issue、theme 等不对的可以直接改），存盘后运行：",
            "  python -m analysis suggest --accept",
        ]
    )


def accept_wording(workspace: Workspace | Path | str | None = None) -> str:
    """Take the proposals marked 是 into the codebook; say in Chinese what was taken in.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.

    Returns
    -------
    str
        How many rows each file got, in Chinese.

    Raises
    ------
    WorkspaceError
        The folder named holds no ``data/reports``.
    ProposalError, SchemaError
        A row is not fit; the codebook stays as it was.
    """
    found = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    counts = accept_proposals(found.results / FOLDER, found.codebook)
    if not any(counts.values()):
        return "没有填“是”的建议，编码手册没有改动。"
    return (
        f"已写入编码手册：patterns.csv {counts['patterns']} 行，"
        f"theme_terms.csv {counts['theme_terms']} 行；请重新运行分析，结果才会用上它们。"
    )
