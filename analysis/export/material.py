"""What slides, workbook and annex are made of, and the quotes they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.charts.quotes import choose_quotes, shorten
from analysis.charts.style import clean
from analysis.charts.words import list_reports, name_items, short_title, write_caption
from analysis.codebook import Codebook
from analysis.says import value_name

NO_REPORTS = "没有读入任何报告，无从说起"
NAMED = 8  # reports named in a footer
COUNTED = {"asserted": "认定存在", "addressed": "拟解决"}  # other stances count for nothing


@dataclass(frozen=True)
class Material:
    """What the pack is made of.

    Attributes
    ----------
    tables, sources, book
        Of the run; ``links``, ``changes`` and ``corrections`` may be missing.
    accuracy : str
        How well the tagging agrees with labels, in a sentence.
    caveat : str
        What is counted twice, for the footer; empty where nothing is.
    scores : pandas.DataFrame, optional
        From :func:`analysis.score_tables.list_scores`, where there are labels.
    update : str
        “本次更新说明”, Markdown.
    remarks : tuple of str
        What the reader should know of this run.
    """

    tables: Mapping[str, pd.DataFrame]
    sources: Mapping[str, str]
    book: Codebook
    accuracy: str = ""
    caveat: str = ""
    scores: pd.DataFrame | None = None
    update: str = ""
    remarks: tuple[str, ...] = ()

    @cached_property
    def read(self) -> bool:
        """Whether any report was read."""
        return bool((self.tables["reports"]["status"] == "ok").any())

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The reports in the order of levels, see :func:`analysis.charts.words.list_reports`."""
        return list_reports(self.tables["reports"], "level")

    @cached_property
    def _named(self) -> dict[str, tuple[str, str]]:
        columns = self.listed[["report", "group", "title"]].itertuples(index=False)
        return {report: (value_name("level", level), title) for report, level, title in columns}

    def name(self, report: str, longest: int = 99) -> str:
        """“市级《…》”."""
        level, title = self._named[report]
        return f"{level}《{short_title(title, longest)}》"

    def source(self, report: str, start, end) -> str:
        """“——市级《…》，字符 12–80”, behind a quote."""
        return f"——{self.name(report)}，字符 {int(start)}–{int(end)}"

    @cached_property
    def caption(self) -> str:
        """The footer: n, what cannot be judged, the reports."""
        names = "".join(f"《{short_title(title)}》" for title in self.listed["title"][:NAMED])
        more = f"等 {len(self.listed)} 份，全部见第一页备注" if len(self.listed) > NAMED else ""
        said = write_caption(
            self.listed, self.tables["passages"], "level", note=self.caveat or None
        )
        return f"{said}报告：{names}{more}。"

    @cached_property
    def _quotes(self) -> dict[str, list[str]]:
        return {}

    def quotes(self, issue: str) -> list[str]:
        """One quote of each report that names the issue, with stance and source, by level."""
        if issue not in self._quotes:
            t = self.tables
            short = name_items(self.book, "issue").set_index("key").loc[issue, "short"]
            chosen = choose_quotes(
                t["mentions"],
                t["sentences"],
                issue,
                short,
                sources=self.sources,
                edits=t.get("edits"),
            )
            order = {report: at for at, report in enumerate(self.listed["report"])}
            chosen = chosen.merge(t["sentences"][["sentence", "start", "end"]], on="sentence")
            chosen = chosen.sort_values("report", key=lambda names: names.map(order))
            self._quotes[issue] = [
                f"{row.quote}{self.source(row.report, row.start, row.end)}"
                f"（{COUNTED.get(row.stance, '其他态度，不计入')}）"
                for row in chosen.itertuples()
            ]
        return self._quotes[issue]


def cut(text: str, longest: int = 60) -> str:
    """Shorten a passage at punctuation, for a cell of a table."""
    return shorten(clean(text), 0, 1, longest)
