"""One passage as the panel opens it: in its section, with each label, its reason and its state."""

from __future__ import annotations

import pandas as pd

from analysis.explorer.words import margin, text
from analysis.vocabulary import LEARNED, STANCES


class Opening:
    """What :class:`~analysis.explorer.answers.Answers` says of one passage."""

    def open(self, sentence: str) -> dict:
        """Return the passage of a sentence whole: its sentences, its theme, its neighbours."""
        lines, table = self.corpus.lines, self.study.tables["passages"]
        passage = lines.loc[lines["sentence"] == sentence, "passage"].iloc[0]
        at = int((table["passage"] == passage).to_numpy().argmax())
        row, own = table.iloc[at], lines[lines["passage"] == passage]
        theme = self._now("passage", row, "theme")
        return {
            "passage": passage,
            "report": row["report"],
            "path": text(row["heading_path"]),
            "theme": self._theme(row) | {"key": theme},
            "decided": self._said(("passage", passage)),
            "sentences": [
                self._describe(one, one["sentence"] == sentence) for _, one in own.iterrows()
            ],
            "before": self._neighbour(table, at, -1),
            "after": self._neighbour(table, at, 1),
        }

    def _neighbour(self, table: pd.DataFrame, at: int, step: int) -> dict | None:
        """The next passage of the same report that has more than noise in it."""
        lines, report = self.corpus.lines, table["report"].iloc[at]
        while 0 <= (at := at + step) < len(table) and table["report"].iloc[at] == report:
            own = lines.loc[lines["passage"] == table["passage"].iloc[at], "sentence"]
            if len(own):
                return {"text": table["text"].iloc[at], "sentence": own.iloc[0]}
        return None

    def _describe(self, line: pd.Series, chosen: bool) -> dict:
        """One sentence with its labels, why it has them, and what the analyst decided."""
        names, mentions = self.study.book.names, self.corpus.mentions
        own = mentions[mentions["sentence"] == line["sentence"]]
        return {
            "sentence": line["sentence"],
            "text": line["text"],
            "chosen": bool(chosen),
            "role_now": self._now("sentence", line, "role"),
            "role_name": names.get(line["role"], "未定"),
            "role_why": text(line["role_basis"]),
            "role_margin": margin(line["role_margin"]),
            "doubt": text(line["doubt"]),
            "theme_now": self._now("sentence", line, "theme"),
            "theme_name": names.get(line["theme"], ""),
            "theme_margin": margin(line["theme_margin"]),
            "corrected": bool(line["corrected"]) if pd.notna(line["corrected"]) else False,
            "decided": self._said(("sentence", line["sentence"])),
            "issues": [self._mention(row) for _, row in own.iterrows()],
        }

    def _mention(self, row: pd.Series) -> dict:
        """One mention; what was decided of it last is chosen."""
        issue, stance = row["issue"], row["stance"]
        for field, now in self._decided("mention", row):
            key, _, said = (now or "无").partition("/")
            issue, stance = key, said or (stance if field == "issue" else "")
        why = "没有命中模式，由全句用词判断"
        if row["pattern"] != LEARNED:
            why = f"命中模式 {row['pattern']}"
        return {
            "mention": row["mention"],
            "issue_now": issue,
            "stance_now": stance,
            "why": f"{self.study.book.names.get(row['issue'])}：{STANCES[row['stance']]}；{why}",
            "first": int(row["first"]),
            "last": int(row["last"]),
        }

    def _theme(self, row: pd.Series) -> dict:
        names = self.study.book.names
        return {
            "name": names.get(row["theme"], ""),
            "second": names.get(row["theme2"], ""),
            "margin": margin(row["theme_margin"]),
            "words": text(row["theme_words"]),
        }
