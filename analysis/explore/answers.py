"""What the panel asks and what it is answered: plain data, no widget and no browser in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

import pandas as pd

from analysis.compare import MENTIONED, cell_states
from analysis.concordance import (
    SORTS,
    Corpus,
    Query,
    find_hits,
    in_context,
    load_corpus,
    say_counts,
)
from analysis.errors import AnalysisError
from analysis.says import value_name
from analysis.vocabulary import LEVEL_GROUP_NAMES, RATE_STANCES, STANCES

PAGE = 50  # rows of a page: what one reads before one asks anew
LEARNED = "learned"


class Answers:
    """Answers the messages of the panel about one study.

    Parameters
    ----------
    study : analysis.study.Study

    Every message is a dict with ``ask``, the name of a method below, and its parameters; the answer
    is a dict that JSON can hold. What cannot be answered comes back as ``{"error": …}``, one line of
    Chinese.
    """

    def __init__(self, study):
        self.study = study
        self._corpus: Corpus | None = None
        self._hits: tuple[Query, pd.DataFrame] | None = None

    def answer(self, message: Mapping) -> dict:
        """Answer one message; ``seq`` comes back so that late answers can be told."""
        asks: dict[str, Callable[..., dict]] = {
            "choices": self.choices,
            "search": self.search,
            "open": self.open,
            "save": self.save,
            "counts": self.counts,
            "quotes": self.quotes,
        }
        options = {key: value for key, value in message.items() if key not in ("ask", "seq")}
        try:
            reply = asks[message["ask"]](**options)
        except AnalysisError as error:
            reply = {"error": str(error)}
        return reply | {"ask": message["ask"], "seq": message.get("seq", 0)}

    @property
    def corpus(self) -> Corpus:
        """The sentences of the study, put side by side when they are first needed."""
        if self._corpus is None:
            self._corpus = load_corpus(self.study.tables, self.study.sources)
        return self._corpus

    def choices(self) -> dict:
        """What can be chosen: key and Chinese name, in the order of the codebook."""
        book, names = self.study.book, self.study.book.names
        levels = set(self.corpus.lines["level"])
        roles = [role for role in book["roles"]["role"] if role != "noise"]
        chosen = {
            "issue": list(book["issues"]["issue"]),
            "theme": list(book["theme_names"]["theme"]),
            "role": roles,
        }
        options = {what: [[key, names[key]] for key in keys] for what, keys in chosen.items()}
        options["stance"] = [*map(list, STANCES.items())]
        options["level"] = [[k, name] for k, name in LEVEL_GROUP_NAMES.items() if k in levels]
        titles = self.study.reports.set_index("report")["title"]
        shown = [report for report in titles.index if report in set(self.corpus.lines["report"])]
        options["report"] = [[r, _name_report(r, titles[r])] for r in shown]
        options["sort"] = [*map(list, SORTS.items())]
        return {"options": options, "stale": self.study.stale}

    def search(self, page: int = 0, **wanted) -> dict:
        """Return one page of hits with the counts above it.

        ``wanted`` has the fields of :class:`~analysis.concordance.Query`.
        """
        query, hits = self._find(wanted)
        part = in_context(self.corpus, hits.iloc[page * PAGE : (page + 1) * PAGE])
        names = self.study.book.names
        rows = [
            {
                "hit": int(row.hit),
                "sentence": row.sentence,
                "report": row.report,
                "level": LEVEL_GROUP_NAMES[row.level],
                "path": _text(row.heading_path),
                "left": row.left,
                "match": row.match,
                "right": row.right,
                "role": names.get(row.role, ""),
                "theme": names.get(row.theme, ""),
                "doubt": _text(row.doubt),
            }
            for row in part.itertuples()
        ]
        return {
            "rows": rows,
            "total": len(hits),
            "page": page,
            "pages": max(-(-len(hits) // PAGE), 1),
            "counts": say_counts(self.corpus, hits, query),
            "says": self._says(query),
        }

    def _find(self, wanted: Mapping) -> tuple[Query, pd.DataFrame]:
        """The hits of a question; those of the last one are kept for paging."""
        known = {field.name for field in fields(Query)}
        query = Query(**{key: value for key, value in wanted.items() if key in known})
        if self._hits is None or self._hits[0] != query:
            self._hits = (query, find_hits(self.corpus, query))
        return self._hits

    def _says(self, query: Query) -> str:
        """The sentence of the rate that asks the same, where there is one: the same counts."""
        other = query.text or query.role or (query.level and query.report)
        if bool(query.issue) == bool(query.theme) or other:
            return ""
        stance = query.stance or "any"
        if stance not in RATE_STANCES:
            return ""
        kind, key = ("issue", query.issue) if query.issue else ("theme", query.theme)
        place = "all/all"
        if query.level or query.report:
            place = f"level/{query.level}" if query.level else f"report/{query.report}"
        rates = self.study.tables["rates"]
        says = rates.loc[rates["rate"] == f"{place}/{kind}/{key}/{stance}", "says"]
        return says.iloc[0] if len(says) else ""

    def open(self, sentence: str) -> dict:
        """Return the passage of a sentence whole: in its section, with each label and its reason."""
        lines = self.corpus.lines
        passage = lines.loc[lines["sentence"] == sentence, "passage"].iloc[0]
        table = self.study.tables["passages"]
        at = int((table["passage"] == passage).to_numpy().argmax())
        row = table.iloc[at]
        near = {
            name: self._neighbour(table, at, step) for name, step in (("before", -1), ("after", 1))
        }
        own = lines[lines["passage"] == passage]
        return {
            "passage": passage,
            "report": row["report"],
            "path": _text(row["heading_path"]),
            "theme": self._theme(row),
            "sentences": [
                self._describe(one, one["sentence"] == sentence) for _, one in own.iterrows()
            ],
            **near,
        }

    def _neighbour(self, table: pd.DataFrame, at: int, step: int) -> dict | None:
        """The passage before or behind, of the same report."""
        at += step
        if not 0 <= at < len(table) or table["report"].iloc[at] != table["report"].iloc[at - step]:
            return None
        lines = self.corpus.lines
        own = lines.loc[lines["passage"] == table["passage"].iloc[at], "sentence"]
        text = table["text"].iloc[at]
        return {"text": text, "sentence": own.iloc[0]} if len(own) else None

    def _describe(self, line: pd.Series, chosen: bool) -> dict:
        """One sentence with its labels, and why it has them."""
        names, mentions = self.study.book.names, self.corpus.mentions
        own = mentions[mentions["sentence"] == line["sentence"]]
        counted = names.get(line["theme"], "")
        return {
            "sentence": line["sentence"],
            "text": line["text"],
            "chosen": bool(chosen),
            "role": _text(line["role"]),
            "role_name": names.get(line["role"], "未定"),
            "role_why": _text(line["role_basis"]),
            "role_margin": _margin(line["role_margin"]),
            "doubt": _text(line["doubt"]),
            "theme": _text(line["theme"]),
            "theme_name": counted,
            "theme_margin": _margin(line["theme_margin"]),
            "corrected": bool(line["corrected"]) if pd.notna(line["corrected"]) else False,
            "issues": [
                {
                    "mention": row.mention,
                    "issue": row.issue,
                    "name": names.get(row.issue, row.issue),
                    "stance": row.stance,
                    "stance_name": STANCES[row.stance],
                    "why": self._why(row.pattern),
                    "first": int(row.first),
                    "last": int(row.last),
                }
                for row in own.itertuples()
            ],
        }

    def _why(self, pattern: str) -> str:
        if pattern == LEARNED:
            return "没有命中模式，由全句用词判断"
        return f"命中模式 {pattern}"

    def _theme(self, row: pd.Series) -> dict:
        names = self.study.book.names
        return {
            "name": names.get(row["theme"], ""),
            "second": names.get(row["theme2"], ""),
            "margin": _margin(row["theme_margin"]),
            "words": _text(row["theme_words"]),
        }

    def counts(self, kind: str = "issue", by: str = "level", stance: str = "asserted") -> dict:
        """Every issue, theme or role in every group: one cell with its state, counts and sentence.

        The commonest stand first. A cell is 提到, 未提到 or 无从判断.
        """
        rates = self.study.rates(kind, by=by)
        rates = rates[rates["stance"] == ("any" if kind == "role" else stance)]
        rates = rates.assign(state=cell_states(rates))
        whole = self.study.rates(kind, by="all").set_index(["key", "stance"])
        common = [whole.loc[(key, s), ["reports_with", "passages_with"]].tolist()
                  for key, s in zip(rates["key"], rates["stance"], strict=True)]  # fmt: skip
        order = {key: (-k, -m) for key, (k, m) in zip(rates["key"], common, strict=True)}
        groups = list(dict.fromkeys(rates["group"]))
        names = self.study.book.names
        rows = [
            {"key": key, "name": names.get(key, key), "cells": [*map(_cell, cells.itertuples())]}
            for key, cells in rates.groupby("key", sort=False)
        ]
        rows.sort(key=lambda row: order[row["key"]])
        return {"groups": [value_name(by, group) for group in groups], "rows": rows}

    def quotes(self, rate: str) -> dict:
        """The sentences behind one count."""
        found = self.study.quotes(rate)
        rates = self.study._behind(rate)["rates"]
        says = rates.loc[rates["rate"] == rate, "says"].iloc[0]
        columns = ["report", "heading_path", "sentence", "marked", "role", "stance", "doubt"]
        rows = [
            {column: _text(value) for column, value in zip(columns, row, strict=True)}
            for row in found[columns].itertuples(index=False)
        ]
        return {"rate": rate, "says": says, "rows": rows}

    def save(self, name: str = "", **wanted) -> dict:
        """Write all hits of a question to ``figures/NAME.csv``."""
        from analysis.export.pictures import save_frame

        query, hits = self._find(wanted)
        table = in_context(self.corpus, hits)
        path = save_frame(self.readable(table), name or "查到的句子", self.study.workspace.figures)
        return {"saved": str(path), "counts": say_counts(self.corpus, hits, query)}

    def readable(self, hits: pd.DataFrame) -> pd.DataFrame:
        """Hits as a table in Chinese."""
        names = self.study.book.names
        return pd.DataFrame(
            {
                "序号": hits["hit"],
                "报告": hits["report"],
                "层级": hits["level"].map(LEVEL_GROUP_NAMES),
                "标题路径": hits["heading_path"],
                "左": hits["left"],
                "命中": hits["match"],
                "右": hits["right"],
                "角色": hits["role"].map(names),
                "主题": hits["theme"].map(names),
                "把握不大": hits["doubt"],
                "句子编号": hits["sentence"],
            }
        )


def _cell(row) -> dict:
    """“3/4 份 · 5/20 段”; a report as a group is one report, so only its passages are counted."""
    reports = "" if row.by == "report" else f"{row.reports_with}/{row.reports} 份 · "
    told = (
        f"{reports}{row.passages_with}/{row.passages} 段" if row.state == MENTIONED else row.state
    )
    size = float(row.reports_with / row.reports) if row.reports else 0.0
    return {"rate": row.rate, "state": row.state, "told": told, "size": size, "says": row.says}


def _name_report(report: str, title) -> str:
    return f"{report}《{title}》" if isinstance(title, str) and title != report else report


def _text(value) -> str:
    return value if isinstance(value, str) else ""


def _margin(value) -> float | None:
    return round(float(value), 2) if pd.notna(value) else None
