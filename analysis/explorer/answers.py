"""What the panel asks and what it is answered: plain data, no widget and no browser in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property

import pandas as pd

from analysis.concordance import (
    SORTS,
    Corpus,
    Query,
    find_hits,
    in_context,
    load_corpus,
    say_counts,
)
from analysis.corrections.rows import pending_path
from analysis.errors import AnalysisError
from analysis.explorer.deciding import Deciding
from analysis.explorer.numbers import Numbers
from analysis.explorer.pairs import Pairs
from analysis.explorer.passage import Opening
from analysis.explorer.queue import Queue
from analysis.explorer.words import text
from analysis.export.pictures import save_frame
from analysis.vocabulary import LEVEL_GROUP_NAMES, RATE_STANCES, STANCES

PAGE = 50  # rows of a page: what one reads before one asks anew
ASKS = frozenset(
    (
        *("choices", "search", "open", "save", "counts", "quotes", "decide", "confirm", "undo"),
        *("redo", "save_counts", "save_quotes", "save_picture", "points", "answers", "queue"),
        *("proposals", "judge", "suggest", "accept"),
    )
)


class Answers(Opening, Deciding, Numbers, Pairs, Queue):
    """Answers the messages of the panel about one study.

    Parameters
    ----------
    study : analysis.study.Study

    Every message is a dict with ``ask``, one of :data:`ASKS` and the name of a method, and its
    parameters; the answer is a dict that JSON can hold. What cannot be answered comes back as
    ``{"error": …}``, one line of Chinese.
    """

    def __init__(self, study):
        self.study = study
        self._hits: tuple[Query, pd.DataFrame] | None = None
        self._overlay: tuple[dict, dict] | None = None
        self._stamp: list | None = None

    def answer(self, message: Mapping) -> dict:
        """Answer one message; ``seq`` comes back so that each answer finds its question."""
        ask, seq = message.get("ask"), message.get("seq", 0)
        if ask not in ASKS:
            return {"error": f"没有这个问题：{ask}", "ask": ask, "seq": seq}
        options = {key: value for key, value in message.items() if key not in ("ask", "seq")}
        self._notice_changes()
        try:
            reply = getattr(self, ask)(**options)
        except AnalysisError as error:
            reply = {"error": str(error)}
        return reply | {"ask": ask, "seq": seq}

    def _notice_changes(self) -> None:
        """Forget what was decided where the file changed: another notebook may write it."""
        path = self.study.workspace.corrections
        files = [one.stat() for one in (path, pending_path(path)) if one.exists()]
        stamp = [(file.st_mtime_ns, file.st_size) for file in files]
        if stamp != self._stamp:
            self._overlay, self._stamp = None, stamp

    @cached_property
    def corpus(self) -> Corpus:
        """The sentences of the study, put side by side when they are first needed."""
        return load_corpus(self.study.tables, self.study.sources)

    @cached_property
    def _places(self) -> dict[tuple, tuple[str, str]]:
        """Sentence or passage that a decision about a place in the source belongs to."""
        columns = ["report", "start", "end"]
        places = {}
        for target in ("passage", "sentence", "mention"):
            rows = self.study.tables[f"{target}s"]
            shown = "sentence" if target == "mention" else target
            for *span, name in rows[[*columns, shown]].itertuples(index=False, name=None):
                places[target, *span] = shown, name
        return places

    @cached_property
    def _sentence_of_mention(self) -> dict[str, str]:
        mentions = self.study.tables["mentions"]
        return dict(zip(mentions["mention"], mentions["sentence"], strict=True))

    @cached_property
    def _passages(self) -> frozenset[str]:
        return frozenset(self.study.tables["passages"]["passage"])

    def choices(self) -> dict:
        """What can be chosen: key and Chinese name, in the order of the codebook."""
        book, names = self.study.book, self.study.book.names
        levels = set(self.corpus.lines["level"])
        chosen = {
            "issue": list(book["issues"]["issue"]),
            "theme": list(book["theme_names"]["theme"]),
            "role": [role for role in book["roles"]["role"] if role != "noise"],
        }
        options = {what: [[key, names[key]] for key in keys] for what, keys in chosen.items()}
        options["stance"] = [*map(list, STANCES.items())]
        options["level"] = [[k, name] for k, name in LEVEL_GROUP_NAMES.items() if k in levels]
        titles = self.study.reports.set_index("report")["title"]
        shown = [report for report in titles.index if report in set(self.corpus.lines["report"])]
        options["report"] = [[r, _name_report(r, titles[r])] for r in shown]
        options["sort"] = [*map(list, SORTS.items())]
        return {"options": options | self.number_choices(), "stale": self.study.stale}

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
                "path": text(row.heading_path),
                "left": row.left,
                "match": row.match,
                "right": row.right,
                "role": names.get(row.role, ""),
                "theme": names.get(row.theme, ""),
                "doubt": text(row.doubt),
                "decided": self._said(("sentence", row.sentence)),
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
            "asked": query.text,
            "whole": not (query.text or query.issue or query.stance),
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

    def save(self, name: str = "", **wanted) -> dict:
        """Write all hits of a question to ``figures/NAME.csv``."""
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


def _name_report(report: str, title) -> str:
    return f"{report}《{title}》" if isinstance(title, str) and title != report else report
