"""What waits for the analyst: passages without an issue, doubtful labels, proposed wording."""

from __future__ import annotations

import pandas as pd

from analysis.accept import DECISION, IDENTITY, judge_proposal, read_proposals
from analysis.doubt import COUNTED, is_doubtful
from analysis.explorer.words import text
from analysis.study.suggestions import FOLDER, accept_wording, suggest_wording
from analysis.unexplained import NEAREST

AT_ONCE = 30  # items of one page: what one judges at a sitting


class Queue:
    """What :class:`~analysis.explorer.answers.Answers` puts before the analyst."""

    def queue(self) -> dict:
        """Items not decided yet, the most useful first.

        A passage that no issue explains is missing from every count, so these come first, those
        nearest to a known issue before the others; then roles and themes that enter a count, the
        least certain first; then the other roles.
        """
        lines = self.corpus.lines
        unexplained, doubts = self._unexplained(), self._doubts(lines)
        items = [row for row in (*unexplained, *doubts) if not self._said(row["place"])]
        says = (
            f"待判 {len(items)} 处：未归类问题 {len(unexplained)} 段、"
            f"把握不大的标签 {len(doubts)} 处，"
            f"已判 {len(unexplained) + len(doubts) - len(items)} 处；这里先列 {AT_ONCE} 处"
        )
        return {"rows": items[:AT_ONCE], "says": says}

    def _unexplained(self) -> list[dict]:
        rows = self.study.tables["unexplained"]
        rows = rows.sort_values("similarity1", ascending=False, kind="stable")
        lines, names = self.corpus.lines, self.study.book.names
        problems = lines[lines["role"] == "problem"]
        first = problems.drop_duplicates("passage").set_index("passage")["sentence"]
        items = []
        for row in rows[rows["passage"].isin(first.index)].itertuples():
            near = [getattr(row, f"nearest{n}") for n in range(1, NEAREST + 1)]
            choices = [
                {"name": names.get(key, key), "values": {"issue": key}, "says": "就是这个问题表现"}
                for key in near
                if isinstance(key, str)
            ]
            item = {"text": row.quote, "why": "未归类问题：最近的问题表现", "choices": choices}
            items.append(self._item(first[row.passage], row.report) | item)
        return items

    def _doubts(self, lines: pd.DataFrame) -> list[dict]:
        """One item for each label with little behind it."""
        names, rows = self.study.book.names, []
        for of in ("role", "theme"):
            own = lines[is_doubtful(lines, of)]
            own = own.assign(of=of, margin=own[f"{of}_margin"])
            rows.append(own.assign(last=~own["role"].isin(COUNTED)))
        table = pd.concat(rows).sort_values(["last", "margin"], kind="stable")
        items = []
        for row in table.to_dict("records"):
            of, second = row["of"], row["theme2"] if row["of"] == "theme" else None
            options = [row[of], second] if isinstance(second, str) else [row[of]]
            if of == "role":
                options += [role for role in COUNTED if role != row[of]]
            choices = [
                {
                    "name": f"是{names[key]}" if key == row[of] else names[key],
                    "values": {of: key},
                    "says": "确认" if key == row[of] else "更正",
                }
                for key in options
            ]
            what = f"{'角色' if of == 'role' else '主题'}把握不大（差距 {row['margin']:.2f}）"
            item = {"text": row["text"], "why": what, "choices": choices}
            items.append(self._item(row["sentence"], row["report"]) | item)
        return items

    @staticmethod
    def _item(sentence: str, report: str) -> dict:
        return {"sentence": sentence, "place": ("sentence", sentence), "report": report}

    def proposals(self) -> dict:
        """Rows proposed for the codebook that still wait, with the sentences behind them."""
        names = self.study.book.names
        rows = []
        for name, table in read_proposals(self._folder).items():
            for row in table.to_dict("records"):
                kind, value = IDENTITY[name]
                rows.append(
                    {
                        "name": name,
                        "identity": [row[kind], row[value]],
                        "title": f"{names.get(row[kind], row[kind])} ← {row[value]}",
                        "says": text(row.get("note")),
                        "quotes": text(row["quotes"]),
                        "decision": text(row[DECISION]),
                    }
                )
        return {"rows": rows}

    def judge(self, name: str, identity: list[str], decision: str) -> dict:
        """Write 是 or 否 beside a proposed row."""
        judge_proposal(self._folder, name, identity, decision)
        return {"decision": "已采纳，待写入" if decision == "是" else "不采纳"}

    def suggest(self) -> dict:
        """Propose rows anew from the last run."""
        return {"said": suggest_wording(self.study.workspace)}

    def accept(self) -> dict:
        """Take the accepted rows into the codebook."""
        return {"said": accept_wording(self.study.workspace)}

    @property
    def _folder(self):
        return self.study.workspace.results / FOLDER
