"""Reports and passages that are there twice: what is said of them, and the counts without them."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import pandas as pd

from analysis.compare import compare_rates
from analysis.display import label_table
from analysis.duplicates import count_passages
from analysis.evidence import find_evidence
from analysis.links import tag_links
from analysis.points import find_points
from analysis.schema import check
from analysis.shingles import MIN_CHARACTERS
from analysis.study.pipeline import GROUPINGS

NAMED = 2  # pairs that a caption names; of more it gives the number
ANSWER_REPEATED = "对应的对策在重复段落里，不计"
COPIED_COLUMNS = {
    "report": "报告",
    "quote": "重复段落",
    "other_report": "相同的报告",
    "other_quote": "那里怎么写的",
    "share": "相同的比例",
    "start": "起点",
    "other_start": "那里的起点",
}
COPIES, LONG_ENOUGH = "重复段落", f"{MIN_CHARACTERS} 字以上"
ASIDE = "现在都计在内；不计它们的数，见笔记本 05。"
NO_TWINS = "没有逐字节相同的文件，也没有近似重复的报告。"


class Repeats:
    """What a :class:`~analysis.study.Study` says of reports and passages that are there twice."""

    def twin_reports(self) -> pd.DataFrame:
        """Return the reports that are one, or may be: what is done about each pair, and why.

        Returns
        -------
        pandas.DataFrame
            Rows of ``twins`` with Chinese column names: ``报告`` (left out, or proposed),
            ``相同的报告``, ``种类``, ``处理``, ``相同的比例`` (0 to 1, of the
            longer one's wording), ``最长的相同文字``. ``attrs["note"]`` where there are none.
        """
        table = label_table(self.tables["twins"])
        table.attrs["note"] = "" if len(table) else NO_TWINS
        return table

    def copied(self, report: str | int | None = None) -> pd.DataFrame:
        """Return the passages that repeat one of another report, both places quoted.

        Parameters
        ----------
        report : str or int, optional
            Name or number of a report; all reports where missing.

        Returns
        -------
        pandas.DataFrame
            A row per pair, the likest first: ``报告``, ``重复段落``, ``相同的报告``,
            ``那里怎么写的``, ``相同的比例`` (0 to 1), ``起点`` and ``那里的起点``
            (characters of the source). ``attrs["note"]`` says how many of how many.

        Raises
        ------
        ChoiceError
            No such report.
        """
        rows = self._of("copies", report)
        rows = rows.sort_values("share", ascending=False, kind="stable")
        pairs = [frozenset(p) for p in rows[["passage", "other_passage"]].to_numpy().tolist()]
        rows = rows[~pd.Series(pairs, rows.index, dtype=object).duplicated()]  # read once
        table = rows[list(COPIED_COLUMNS)].rename(columns=COPIED_COLUMNS).reset_index(drop=True)
        table.attrs["note"] = say_copies(self.tables)
        return table

    def without_copies(self):
        """Return the same study without the passages that different reports have in common.

        Every count, quote and chart asked of it leaves them out on both sides, numerator and
        denominator: the wording does not tell whose they are. Labels stay as they are.

        Returns
        -------
        Study
            Its ``scope`` says what is not counted; its ``whole`` is this study.
        """
        made = copy.copy(self)
        made.tables = drop_copies(self.tables, self.book)
        made.scope = f"不计{COPIES}：" + say_copies(self.tables)
        return made

    @property
    def undecided(self) -> str:
        """Return a sentence for captions: reports that may be one are both counted.

        Returns
        -------
        str
            Empty where there are none.
        """
        return say_proposed(self.tables)

    @property
    def caveat(self) -> str:
        """Return for captions what is counted twice and what is left out.

        Returns
        -------
        str
            Sentences; empty where there is nothing to say.
        """
        return self.undecided + (self.scope or say_included(self.tables))


def drop_copies(tables: Mapping[str, pd.DataFrame], book) -> dict[str, pd.DataFrame]:
    """Take out the passages of ``copies`` and count anew; what is about all reports stays."""
    gone = tables["copies"]["passage"]
    left = {
        name: tables[name][~tables[name]["passage"].isin(gone)].reset_index(drop=True)
        for name in ("passages", "sentences", "mentions", "unexplained")
    }
    left["links"] = _links_left(tables, left["sentences"])
    left["sentences"] = tag_links(left["sentences"], left["mentions"], left["links"])
    parts = [tables["reports"], *(left[n] for n in ("passages", "sentences", "mentions"))]
    left["rates"] = compare_rates(*parts, book, by=GROUPINGS)
    left["evidence"] = find_evidence(left["rates"], *parts)
    return tables | left


def _links_left(tables: Mapping[str, pd.DataFrame], sentences: pd.DataFrame) -> pd.DataFrame:
    """The links between sentences that are left; a problem whose answers are gone has none."""
    points = find_points(tables["sentences"], tables["mentions"])
    points = points[points.index.isin(sentences["sentence"])]
    first = points[~points.duplicated()]  # of a point that lost its beginning
    links, named = tables["links"], dict(zip(first, first.index, strict=True))
    links = links.assign(problem=links["problem"].map(named)).dropna(subset="problem")
    answer = links["countermeasure"]
    some = links[answer.isna() | answer.isin(sentences["sentence"])]
    none = links[~links["problem"].isin(some["problem"])].drop_duplicates("problem")
    none = none.assign(
        countermeasure=None, report_countermeasure=None, score=None, basis=ANSWER_REPEATED
    )
    return check("links", pd.concat([some, none]).sort_index(kind="stable").reset_index(drop=True))


def say_copies(tables: Mapping[str, pd.DataFrame]) -> str:
    """How many passages repeat one of another report, of how many, in how many reports."""
    copies = tables["copies"]
    if copies.empty:
        return f"没有发现{COPIES}。"
    k, n = copies["passage"].nunique(), copies["report"].nunique()
    of = count_passages(tables["sentences"]).sum()
    return f"{LONG_ENOUGH}的 {of} 段中有 {k} 段是{COPIES}，涉及 {n} 份报告。"


def say_included(tables: Mapping[str, pd.DataFrame]) -> str:
    """For captions of counts with copies; nothing where there are none."""
    k = tables["copies"]["passage"].nunique()
    return f"{COPIES} {k} 段也计在内。" if k else ""


def say_proposed(tables: Mapping[str, pd.DataFrame]) -> str:
    """For captions: which reports may be one and are both counted; nothing where none may."""
    rows = tables["twins"][tables["twins"]["state"] == "proposed"]
    if rows.empty:
        return ""
    pairs = [f"“{row.report}”与“{row.other}”" for row in rows.head(NAMED).itertuples()]
    more = f"等 {len(rows)} 对" if len(rows) > NAMED else ""
    return f"{'、'.join(pairs)}{more}近似重复，未经确认，各算一份。"


def say_repeats(tables: Mapping[str, pd.DataFrame], *, counted: bool = True) -> list[str]:
    """A line for each report left out, each pair that waits for a decision, and counted copies."""
    reports, twins = tables["reports"], tables["twins"]
    files = reports.set_index("report")["file"]
    said = reports.loc[reports["status"] == "twin", "message"].tolist()
    said += [
        f"{files[row.report]} 与 {files[row.other]} 近似重复（相同 {row.share:.0%}），"
        f"现在各算一份；是同一份的，在 data/reports.csv 中 {files[row.report]} 一行的 same_as 列"
        f"（没有就加上这一列）填 {files[row.other]}，不是的填“否”。"
        for row in twins[twins["state"] == "proposed"].itertuples()
    ]
    copies = tables["copies"]
    return said + ([say_copies(tables) + ASIDE] if counted and len(copies) else [])
