"""Problem points with and without an answer in their own report, read from the table ``links``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PLACED = ["report", "start", "end", "text"]
COLUMNS = {
    "problem": "问题点",
    "report_problem": "问题所在报告",
    "problem_text": "问题",
    "countermeasure": "对策句",
    "report_countermeasure": "对策所在报告",
    "text": "对策",
    "score": "把握",
    "basis": "依据",
}


@dataclass(frozen=True)
class Answers:
    """Which problem point has an answer.

    Attributes
    ----------
    pairs : pandas.DataFrame
        One row per point answered in its own report, the best answer, surest first: columns of
        ``links``, ``problem_text``, ``problem_start``, ``problem_end`` (the whole point), ``text``,
        ``start``, ``end``, ``report`` (the answer).
    orphans : pandas.DataFrame
        The other points in the order of the reports, with the best that another report proposes.
    points : pandas.Series
        Id of the point of each problem sentence.
    unused : tuple of str
        Countermeasure sentences of passages of which none answers a problem of their report.
    measures : int
        Number of all countermeasure sentences.
    """

    pairs: pd.DataFrame
    orphans: pd.DataFrame
    points: pd.Series
    unused: tuple[str, ...]
    measures: int

    def say(self) -> str:
        """How many points have an answer in their own report."""
        k, n = len(self.pairs), len(self.pairs) + len(self.orphans)
        rest = f"，其余 {n - k} 个未见对策" if 0 < k < n else ""
        return f"{n} 个问题点中 {k} 个在本报告中有对应的对策{rest}"

    def say_orphans(self) -> str:
        """How many have none, and for how many of these another report has one."""
        k, n = len(self.orphans), len(self.pairs) + len(self.orphans)
        if not k:
            return f"{n} 个问题点在本报告中都有对应的对策，没有未见对策的"
        borrowed = int(self.orphans["text"].notna().sum())
        more = f"，其中 {borrowed} 个别的报告已有对策可借鉴" if borrowed else ""
        return f"{n} 个问题点中 {k} 个未见对策{more}"

    def say_idle(self) -> str:
        """How many countermeasures answer no problem that the report names."""
        k, n = len(self.unused), self.measures
        return f"反过来，{n} 个对策句中 {k} 个所在的整段都没有对应本报告指出的问题。"


def match_answers(tables: Mapping[str, pd.DataFrame]) -> Answers | None:
    """Sort the points by whether their own report answers them; None where nothing is linked."""
    links = tables.get("links")
    if links is None or links.empty:
        return None
    points, links = find_members(tables), _with_texts(tables)
    links = links.sort_values("score", ascending=False, kind="stable", na_position="last")
    own = links["countermeasure"].notna() & (links["report_problem"] == links["report"])
    pairs = links[own].drop_duplicates("problem")
    orphans = links[~links["problem"].isin(pairs["problem"])].drop_duplicates("problem")
    orphans = orphans.sort_values(["report_problem", "problem_start"])
    sentences = tables["sentences"]
    unused = sentences.loc[sentences["link"] == "unasked", "sentence"]
    measures = int((sentences["role"] == "countermeasure").sum())
    return Answers(pairs, orphans, points, tuple(unused), measures)


def find_members(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the point of each problem sentence; a point lasts until the next one begins."""
    rows = tables["sentences"].query("role == 'problem'").sort_values(["report", "start"])
    first = rows["sentence"].where(rows["sentence"].isin(tables["links"]["problem"]))
    return first.groupby(rows["report"]).ffill().set_axis(rows["sentence"])


def _with_texts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The links with both texts and their places."""
    places = tables["sentences"].set_index("sentence")[PLACED]
    members = find_members(tables).dropna()
    whole = places.loc[members.index].groupby(members)
    said = whole.agg({"start": "min", "end": "max", "text": "".join}).add_prefix("problem_")
    return tables["links"].join(said, on="problem").join(places, on="countermeasure")


def list_links(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table ``links`` for reading: both texts beside their ids."""
    if match_answers(tables) is None:
        return pd.DataFrame(columns=list(COLUMNS.values()))
    frame = _with_texts(tables)[list(COLUMNS)].rename(columns=COLUMNS)
    return frame.assign(把握=frame["把握"].round(2))
