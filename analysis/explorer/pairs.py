"""Problem beside countermeasure: ranked answers, what others propose, what answers nothing."""

from __future__ import annotations

import pandas as pd

from analysis.corrections.log import standing
from analysis.explorer.words import margin, text
from analysis.points import find_points


class Pairs:
    """What :class:`~analysis.explorer.answers.Answers` says of problems and countermeasures."""

    def points(self, report: str = "", unanswered: bool = False) -> dict:
        """The problem points in their order, each with how many answers its report has."""
        links = self.study.tables["links"]
        own = links[links["report_countermeasure"] == links["report_problem"]]
        answers = own["problem"].value_counts()
        points = find_points(self.study.tables["sentences"], self.study.tables["mentions"])
        lines = self._by_sentence
        told = lines["text"][points.index].groupby(points, sort=False).agg("".join)
        rows = [
            {
                "problem": problem,
                "text": words,
                "report": lines["report"][problem],
                "theme": self.study.book.names.get(lines["theme"][problem], ""),
                "told": f"{n} 条对策" if (n := int(answers.get(problem, 0))) else "未见对策",
                "answers": n,
            }
            for problem, words in told.items()
            if not report or lines["report"][problem] == report
        ]
        none = sum(row["answers"] == 0 for row in rows)
        says = f"{len(rows)} 个问题点，其中 {none} 个本报告未见对策"
        return {"rows": [r for r in rows if not (unanswered and r["answers"])], "says": says}

    def answers(self, problem: str) -> dict:
        """The answers of one problem, best first, and the countermeasures that answer nothing."""
        links, lines = self.study.tables["links"], self._by_sentence
        report, decided = lines["report"][problem], self._judged(problem)
        found = links[(links["problem"] == problem) & links["countermeasure"].notna()]
        mine = found["report_countermeasure"] == report
        answering = links.loc[links["report_countermeasure"] == links["report_problem"]]
        orphans = self.corpus.lines.query("role == 'countermeasure' and report == @report")
        orphans = orphans[~orphans["sentence"].isin(answering["countermeasure"])]
        return {
            "own": [self._answer(row, decided) for row in found[mine].itertuples()],
            "others": [self._answer(row, decided) for row in found[~mine].itertuples()],
            "orphans": [
                self._row(name, decided) | {"linked": False} for name in orphans["sentence"]
            ],
        }

    def _answer(self, row, decided: dict[tuple, str]) -> dict:
        more = {"score": margin(row.score), "basis": text(row.basis), "linked": True}
        return self._row(row.countermeasure, decided) | more

    def _row(self, sentence: str, decided: dict[tuple, str]) -> dict:
        line = self._by_sentence.loc[sentence]
        return {
            "sentence": sentence,
            "text": line["text"],
            "report": line["report"],
            "heading_path": text(line["heading_path"]),
            "doubt": text(line["doubt"]),
            "decided": decided.get((line["report"], str(line["start"])), ""),
        }

    def _judged(self, problem: str) -> dict[tuple, str]:
        """What was decided of this problem's answers, by report and place of each."""
        line = self._by_sentence.loc[problem]
        rows = standing(self.study.corrections)
        here = rows["report"].eq(line["report"]) & rows["start"].eq(line["start"])
        said = {}
        for row in rows[here & rows["field"].eq("link")].itertuples():
            value = row.now if isinstance(row.now, str) else row.was
            name = "已更正：是它的对策" if isinstance(row.now, str) else "已更正：不是它的对策"
            said[tuple(value.split("/", 2)[:2])] = name
        return said

    @property
    def _by_sentence(self) -> pd.DataFrame:
        return self.corpus.lines.set_index("sentence", drop=False)
