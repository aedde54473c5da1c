"""Apply decisions about links: which countermeasure answers a problem, and which does not.

Such a decision is anchored at a sentence of the problem; ``was`` and ``now`` name the
countermeasure as ``REPORT/START/its text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.corrections.anchors import UNFIT, plain
from analysis.corrections.places import Placed
from analysis.links import NO_ANSWER
from analysis.points import find_points
from analysis.schema import check

CERTAIN = 1.0
COLUMNS = ["problem", "countermeasure", "report_problem", "report_countermeasure"]


def name_answer(report: str, start: int, text: str) -> str:
    """The value that names a countermeasure, see :func:`correct_links`."""
    return f"{report}/{start}/{UNFIT.sub(' ', text)}"


def correct_links(
    links: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    placed: Iterable[Placed],
    sources: Mapping[str, str],
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Apply the decisions about links, right after :func:`analysis.links.find_links`.

    A problem without an answer in its report has a row that says so; the first answer that is added
    takes its place, and it comes back with the last that is rejected.

    Returns
    -------
    links : pandas.DataFrame
        Table ``links``; ``score`` of what a person decided is 1, ``basis`` says so.
    reasons : dict of str to str
        Why others could not be applied, by correction.
    """
    mine = [one for one in placed if one.field == "link"]
    if not mine:
        return links, {}
    points, rows, reasons = find_points(sentences, mentions), _by_problem(links), {}
    answers = _Answers(sentences, sources)
    for one in mine:
        point = next((points[name] for name in one.units if name in points.index), None)
        ids = [value and answers.find(value, one.report) for value in (one.was, one.now)]
        if point is None:
            reasons[one.correction] = "这处文字现在不是问题句"
        elif "" in ids:
            reasons[one.correction] = "对策原句已改动、删去，或者不再是对策句"
        else:
            _decide(one, *ids, rows[point], answers)
    made = [row for group in rows.values() for row in group]
    return check("links", pd.DataFrame(made, columns=[*COLUMNS, "score", "basis"])), reasons


def _by_problem(links: pd.DataFrame) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {}
    for row in links.astype(object).where(links.notna(), None).to_dict("records"):
        rows.setdefault(row["problem"], []).append(row)
    return rows


class _Answers:
    """The countermeasure sentences there are, by what they say."""

    def __init__(self, sentences: pd.DataFrame, sources: Mapping[str, str]):
        self.rows = sentences[sentences["role"] == "countermeasure"]
        self.report = dict(zip(self.rows["sentence"], self.rows["report"], strict=True))
        self.sources = sources

    def find(self, value: str, home: str) -> str:
        """Id of the sentence; empty where none is certain. A renamed report is the problem's."""
        report, _, rest = value.partition("/")
        start, _, text = rest.partition("/")
        report, wanted = report if report in self.sources else home, plain(text)
        rows = self.rows[self.rows["report"] == report]
        same = [
            row
            for row in rows.itertuples()
            if plain(self.sources[report][row.start : row.end]) == wanted
        ]
        if len(same) > 1:
            same = [row for row in same if str(row.start) == start]
        return same[0].sentence if len(same) == 1 else ""


def _decide(one: Placed, was: str | None, now: str | None, rows: list[dict], answers) -> None:
    """Change the rows of one problem in place."""
    problem, report = rows[0]["problem"], rows[0]["report_problem"]
    kept = [row for row in rows if row["countermeasure"] != was or (was is None and now is None)]
    old = [row for row in rows if row not in kept]
    why = f"：{one.why}" if one.why else ""
    if now is not None:
        there = next((row for row in rows if row["countermeasure"] == now), None)
        kept = [row for row in kept if row["countermeasure"] != now]
        basis = f"人工确认{why}；{there['basis']}" if there else f"人工更正{why}"
        kept.insert(0, _row(problem, now, report, answers.report[now], CERTAIN, basis))
    inside = [row for row in kept if row["report_countermeasure"] == report]
    others = [row for row in kept if row["report_countermeasure"] not in (report, None)]
    silent = [row for row in [*kept, *old] if row["countermeasure"] is None]
    if not inside:
        basis = f"人工更正{why}；{NO_ANSWER}"
        inside = silent[:1] or [_row(problem, None, report, None, None, basis)]
    rows[:] = [*inside, *others]


def _row(problem, answer, ours, theirs, score, basis) -> dict:
    return dict(
        zip(
            [*COLUMNS, "score", "basis"], (problem, answer, ours, theirs, score, basis), strict=True
        )
    )
