"""The analyst's decisions as the panel sends and shows them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.corrections.log import standing
from analysis.doubt import COUNTED
from analysis.explorer.words import text
from analysis.study.decide import FIELD_NAMES
from analysis.vocabulary import STANCES

SAVED = ("已保存", "已撤销", "已恢复")


class Deciding:
    """What :class:`~analysis.explorer.answers.Answers` does with a decision."""

    def decide(self, what: str, why: str | None = None, **values: str) -> dict:
        """Save one decision; ``values`` are one or two of those of ``study.correct``."""
        return self._reply(self.study.correct(what, why=why, **values), what)

    def confirm(self, what: str, why: str | None = None) -> dict:
        """Confirm the role of a sentence, and its theme where that is counted."""
        lines = self.corpus.lines
        line = lines[lines["sentence"] == what].iloc[0]
        fields = ["role", "theme"] if line["role"] in COUNTED else ["role"]
        values = {field: self._now("sentence", line, field) for field in fields}
        said = [
            self.study.correct(what, why=why, **{field: value})
            for field, value in values.items()
            if value
        ]
        return self._reply("".join(said), what)

    def undo(self) -> dict:
        """Take back the last decision that stands."""
        return self._reply(self.study.undo(), "")

    def redo(self) -> dict:
        """Restore what was undone last."""
        return self._reply(self.study.redo(), "")

    def _reply(self, said: str, what: str) -> dict:
        self._overlay = None
        if what in self._sentence_of_mention:
            what = self._sentence_of_mention[what]
        target = "passage" if what in self._passages else "sentence"
        return {
            "said": said,
            "saved": said.startswith(SAVED),
            "sentence": what if target == "sentence" else "",
            "decided": self._said((target, what)),
            "stale": self.study.stale,
        }

    def _decided(self, target: str, row: pd.Series) -> Iterable[tuple[str, str | None]]:
        """Field and value of each decision that stands about this text, earliest first."""
        key = (target, row["report"], int(row["start"]), int(row["end"]))
        return [(field, text(now)) for field, now in self.overlay[0].get(key, ())]

    def _now(self, target: str, row: pd.Series, field: str) -> str:
        """What was decided last, else what the tables say."""
        return dict(self._decided(target, row)).get(field) or text(row[field])

    def _said(self, place: tuple[str, str]) -> str:
        """What was decided last of a sentence or passage, its mentions included, in words."""
        words = self.overlay[1].get(place, {})
        return f"已保存：{'；'.join(words.values())}" if words else ""

    @property
    def overlay(self) -> tuple[dict, dict]:
        """Decisions that stand: values by place in the source, words by sentence or passage."""
        if self._overlay is None:
            values: dict[tuple, list] = {}
            words: dict[tuple, dict] = {}
            for row in standing(self.study.corrections).itertuples():
                span = (row.report, row.start, row.end)
                values.setdefault((row.target, *span), []).append((row.field, row.now))
                place = self._places.get((row.target, *span))
                if place:
                    about = (row.target, row.field, *span)
                    if (row.target, row.field) == ("sentence", "issue"):
                        about = (*about, row.now)  # several may be named
                    words.setdefault(place, {})[about] = self._say_decision(row)
            self._overlay = values, words
        return self._overlay

    def _say_decision(self, row) -> str:
        names = self.study.book.names | STANCES
        now = "、".join(names.get(part, part) for part in (text(row.now) or "无").split("/"))
        confirmed = "（确认）" if text(row.was) == text(row.now) else ""
        return f"{FIELD_NAMES[row.field]} {now}{confirmed}"
