"""How far to trust a run: its agreement with labels, as it stands and left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.catalogue import load_catalogue
from analysis.codebook import Codebook
from analysis.evaluate import fit_labels
from analysis.labels import NO_LABELS, LabelError, Labels, load_labels
from analysis.leave_out import leave_out
from analysis.mistakes import (
    ERROR_NAMES,
    FALSE,
    MISSED,
    MISSING,
    WRONG,
    WRONG_STANCE,
    confusion,
    list_errors,
)
from analysis.score_tables import IN_SAMPLE, LEFT_OUT, list_by_report, list_main, list_scores
from analysis.scoring import score
from analysis.study.names import ChoiceError
from analysis.study.pipeline import analyse
from analysis.study.train import make_retrain
from analysis.vocabulary import KINDS, STANCES
from analysis.workspace import Workspace

# What can be asked about, with the kinds of mistakes it has; headings and links have figures only.
MISTAKES = {
    "heading": (),
    "link": (),
    "role": (WRONG["role"],),
    "theme": (WRONG["theme"],),
    "issue": (MISSED, FALSE),
    "stance": (WRONG_STANCE,),
}
ASKED = KINDS | {"stance": "态度", "heading": "标题"}
NOT_FOUND = "没有判断"
NOT_LABELLED = "人工没有标注"
ONE_ANSWER = "每处只有一个答案的才能这样对照；可用：角色（role）、主题（theme）、态度（stance）。"
NO_MISTAKES = "标题、问题与对策的错误没有逐条列出；可用：角色、主题、问题表现、态度。"


def analyse_left_out(
    files: list[Path],
    book: Codebook,
    workspace: Workspace,
    catalogue: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Tables of labelled reports, each judged without its own wording and models trained without.

    See :func:`analysis.leave_out.leave_out`.
    """

    def tables_of(files: list[Path], book: Codebook) -> dict:
        result = analyse(files, book, catalogue, once=False)
        return result.tables | {"sources": result.sources}

    retrain = make_retrain(workspace, files, book)
    return leave_out(tables_of, book, retrain=retrain)(files)


class Trust:
    """Questions about a :class:`~analysis.study.Study` and a person's labels of its reports.

    ``left_out`` asks for the figures without each report's own wording: an upper bound of what new
    reports will give, where the plain figures are in sample.
    """

    def scores(self, *, left_out: bool = False) -> pd.DataFrame | None:
        """Agreement with a person's labels of these reports, see :func:`analysis.scoring.score`.

        Parameters
        ----------
        left_out : bool
            Judge each report without its own wording: an upper bound for new reports. Takes
            seconds.

        Returns
        -------
        pandas.DataFrame or None
            A row per report (``all``: together), measure and key: ``report``, ``measure``, ``key``,
            ``precision``, ``recall``, ``f1`` and ``value`` (0 to 1), ``n`` (number of labels). None
            where no report of this study has labels.

        Raises
        ------
        LockedError
            Left out only: another program holds ``data/reports.csv``.
        """
        if self._labels is None:
            return None
        t = self._judged(left_out)
        parts = [t[name] for name in ("sentences", "mentions", "reports", "links")]
        return score(self._labels, *parts)

    def trust(self) -> pd.DataFrame:
        """The main figures, in sample and left out side by side, with their ranges.

        Returns
        -------
        pandas.DataFrame
            A row per figure: ``项目``, ``参照过这些报告`` and ``留一（上限）`` (0 to 1), and after
            each its range over the reports, ``参照过这些报告：各份`` and ``留一（上限）：各份``.
            Empty, with the reason in ``attrs["note"]``, where no report has labels.

        Raises
        ------
        LockedError
            Another program holds ``data/reports.csv``.
        """
        if self._labels is None:
            return _nothing(NO_LABELS)
        return list_main({IN_SAMPLE: self.scores(), LEFT_OUT: self.scores(left_out=True)})

    def accuracy(self, of: str | None = None, *, left_out: bool = False) -> pd.DataFrame:
        """Agreement in roles, themes, issues, stances, headings or answers; else one row a report.

        Parameters
        ----------
        of : {"role", "theme", "issue", "stance", "heading", "link"}, optional
            What is scored; where missing, the main figures report by report.
        left_out : bool
            As of :meth:`scores`.

        Returns
        -------
        pandas.DataFrame
            A row per key and mean: ``名称``, ``查准率``, ``查全率``, ``F1`` and ``比例`` (0 to 1),
            ``标注数`` (labels), ``各份`` (range over the reports); columns without a figure are
            left out. Without ``of`` a row per report: ``报告``, ``标注句`` (sentences), then the
            figures of :data:`analysis.score_tables.MAIN_FIGURES`. Empty, with the reason in
            ``attrs["note"]``, where no report has labels.

        Raises
        ------
        ChoiceError
            Nothing of this name is scored.
        LockedError
            Left out only: another program holds ``data/reports.csv``.
        """
        scores = self.scores(left_out=left_out)
        if scores is None:
            return _nothing(NO_LABELS)
        if of is None:
            return list_by_report(scores)
        table = list_scores(scores, self.book.names)
        table = table[table.pop("项目") == ASKED[self._asked(of)]]
        return table.dropna(axis="columns", how="all").reset_index(drop=True)

    def confusion(self, of: str, *, left_out: bool = False) -> pd.DataFrame:
        """What a person said (rows) against the program (columns): roles, themes or stances.

        Parameters
        ----------
        of : {"role", "theme", "stance"}
            What is compared.
        left_out : bool
            As of :meth:`scores`.

        Returns
        -------
        pandas.DataFrame
            A row per label: ``人工↓程序→``, then a column per answer of the program. A cell is the
            number of sentences (of stances: of mentions), a dot for none. Empty, with the reason in
            ``attrs["note"]``, where no report has labels.

        Raises
        ------
        ChoiceError
            Not a thing of which each place has one.
        LockedError
            Left out only: another program holds ``data/reports.csv``.
        """
        of = self._asked(of)
        if of not in ("role", "theme", "stance"):
            raise ChoiceError(ONE_ANSWER)
        if self._labels is None:
            return _nothing(NO_LABELS)
        names = self.book.names | STANCES | {MISSING: NOT_FOUND}
        table = confusion(self._labels, self._judged(left_out), of=of)
        order = [key for key in names if key in {*table.index, *table.columns}]
        table = table.reindex(index=[k for k in order if k in table.index], columns=order).fillna(0)
        table = table.astype(int).astype(object).mask(table == 0, "·")
        rows = [NOT_LABELLED if key == MISSING else names[key] for key in table.index]
        table = table.rename(columns=names).rename_axis(columns=None)
        table.insert(0, "人工↓程序→", rows)
        return table.reset_index(drop=True)

    def mistakes(self, of: str, *, left_out: bool = False) -> pd.DataFrame:
        """The sentences where program and person differ in roles, themes, issues or stances.

        Parameters
        ----------
        of : {"role", "theme", "issue", "stance"}
            What is compared.
        left_out : bool
            As of :meth:`scores`.

        Returns
        -------
        pandas.DataFrame
            A row per difference, by place: ``报告``, ``错误`` (its kind), ``人工``, ``程序``,
            ``命中的模式`` (of issues), ``原句``. Empty where there is none; where no report has
            labels, with the reason in ``attrs["note"]``.

        Raises
        ------
        ChoiceError
            Not a thing of which mistakes are listed.
        LockedError
            Left out only: another program holds ``data/reports.csv``.
        """
        kinds = MISTAKES[self._asked(of)]
        if not kinds:
            raise ChoiceError(NO_MISTAKES)
        if self._labels is None:
            return _nothing(NO_LABELS)
        errors = list_errors(self._labels, self._judged(left_out), self.book.names)
        errors = errors[errors["kind"].isin(kinds)].drop(columns="sentence")
        return errors.dropna(axis="columns", how="all").fillna("").rename(columns=ERROR_NAMES)

    def _asked(self, of: str) -> str:
        """The key of what is asked about: of the codebook, or stance or heading."""
        keys = {name: key for key, name in ASKED.items()} | {key: key for key in ASKED}
        return keys[of] if of in keys else self.key("kind", of)

    def _judged(self, left_out: bool) -> dict[str, pd.DataFrame]:
        """The tables to compare; those left out take seconds, so the last ones are kept."""
        if not left_out:
            return self.whole.tables
        files = sorted(self._labels.files.values())
        if self.__dict__.get("_left_out", [None])[0] != files:
            catalogue, _ = load_catalogue(self.workspace.catalogue)
            self._left_out = files, analyse_left_out(files, self.book, self.workspace, catalogue)
        return self._left_out[1]

    @property
    def _labels(self) -> Labels | None:
        """The labels of those reports of this study that have some, or None."""
        try:
            labels = fit_labels(load_labels(self.workspace.gold), self.tables["reports"])
        except LabelError:
            return None
        return labels if len(labels.sentences) else None


def _nothing(note: str) -> pd.DataFrame:
    table = pd.DataFrame()
    table.attrs["note"] = note
    return table
