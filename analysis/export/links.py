"""Problems with and without an answer in their own report, read from the table ``links``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PLACED = ["report", "start", "end", "text", "theme"]


@dataclass(frozen=True)
class Answers:
    """Which problem has an answer.

    Attributes
    ----------
    pairs : pandas.DataFrame
        One row per problem answered in its own report, the best answer, surest first:
        ``problem``, ``report_problem``, ``problem_text``, ``problem_start``, ``problem_end``,
        ``problem_theme``, the same of the answer without prefix, ``score``, ``basis``.
    orphans : pandas.DataFrame
        The other problems, with what another report proposes, where one does.
    idle, measures : int
        Countermeasures that answer no problem of their own report; all of them.
    """

    pairs: pd.DataFrame
    orphans: pd.DataFrame
    idle: int
    measures: int

    def say(self) -> str:
        """How many problems have an answer in their own report."""
        k, n = len(self.pairs), len(self.pairs) + len(self.orphans)
        rest = f"，其余 {n - k} 个未见对策" if 0 < k < n else ""
        return f"{n} 个问题段中 {k} 个在本报告中有对应的对策{rest}"

    def say_orphans(self) -> str:
        """How many have none, and for how many of these another report has one."""
        k, n = len(self.orphans), len(self.pairs) + len(self.orphans)
        if not k:
            return f"{n} 个问题段在本报告中都有对应的对策，没有未见对策的"
        borrowed = int(self.orphans["text"].notna().sum())
        return f"{n} 个问题段中 {k} 个未见对策，其中 {borrowed} 个别的报告已有对策可借鉴"

    def say_idle(self) -> str:
        """How many countermeasures answer no problem that the report names."""
        return f"反过来，{self.measures} 个对策段中 {self.idle} 个没有对应本报告指出的问题。"


def match_answers(tables: Mapping[str, pd.DataFrame]) -> Answers | None:
    """Sort the problems by whether their own report answers them; None where nothing is linked."""
    links = tables.get("links")
    if links is None or links["problem"].isna().all():
        return None
    links = links[links["problem"].notna()].sort_values("score", ascending=False, kind="stable")
    places = _places(tables)
    links = links.join(places.add_prefix("problem_"), on="problem").join(
        places, on="countermeasure"
    )
    own = links["countermeasure"].notna() & (links["report_problem"] == links["report"])
    pairs = links[own].drop_duplicates("problem")
    orphans = links[~links["problem"].isin(pairs["problem"])]
    orphans = orphans.sort_values("score", ascending=False, na_position="last", kind="stable")
    orphans = orphans.drop_duplicates("problem").sort_values(["report_problem", "problem_start"])
    measures = tables["passages"].query("countermeasure_sentences > 0")["passage"]
    idle = ~measures.isin(links.loc[own, "countermeasure"])
    return Answers(pairs, orphans, int(idle.sum()), len(measures))


def _places(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Where passages and sentences stand, by id: a link may name either."""
    parts = [tables[f"{name}s"].set_index(name)[PLACED] for name in ("passage", "sentence")]
    return pd.concat(parts)


def list_links(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table ``links`` for reading: both texts beside their ids."""
    links = tables.get("links")
    columns = ["problem", "report_problem", "problem_text", "countermeasure"]
    columns += ["report_countermeasure", "text", "score", "basis"]
    names = ["问题编号", "问题所在报告", "问题", "对策编号", "对策所在报告", "对策", "得分", "依据"]
    if links is None:
        return pd.DataFrame(columns=names)
    places = _places(tables)
    frame = links.join(places.add_prefix("problem_"), on="problem").join(
        places, on="countermeasure"
    )
    frame = frame[columns].set_axis(names, axis="columns")
    return frame.assign(得分=frame["得分"].round(2))
