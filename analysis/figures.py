"""The charts of a study, as an analyst calls them."""

from __future__ import annotations

import pandas as pd

from analysis import charts
from analysis.captions import caption_note


def plot_issues(study, *, by: str = "level") -> charts.Chart:
    """Draw all issues: which reports assert them, which set out to solve them.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    by : str
        The grouping, see :meth:`~analysis.study.study.Study.rates`.

    Returns
    -------
    Chart
        ``data`` has a row per mark, with numbers of reports, passages and sentences: ``数字编号``,
        ``行``, ``名称``, ``态度``, ``图形``, ``组``, ``报告``, ``报告标题``, ``状态``,
        ``提到的报告数``, ``可判断的报告数``, ``无从判断的报告数``, ``提到的段数``, ``段数``,
        ``提到的句数``, ``句数``, ``说明``.

    Raises
    ------
    ChoiceError
        No such column.
    ChartError
        No report was read.
    """
    return _matrix(study, "issue", by)


def plot_themes(study, *, by: str = "level") -> charts.Chart:
    """Draw all themes: which reports speak of them among problems, which among countermeasures.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    by : str
        The grouping, see :meth:`~analysis.study.study.Study.rates`.

    Returns
    -------
    Chart
        ``data`` has the columns of :func:`plot_issues`.

    Raises
    ------
    ChoiceError
        No such column.
    ChartError
        No report was read.
    """
    return _matrix(study, "theme", by)


def plot_answers(study, *, by: str = "level") -> charts.Chart:
    """Draw problems against countermeasures by theme; what has no countermeasure is marked.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    by : str
        The grouping, see :meth:`~analysis.study.study.Study.rates`.

    Returns
    -------
    Chart
        ``data`` has the columns of :func:`plot_issues` and, in reports, ``有问题未见对策的报告数``
        and ``有对策未见问题的报告数``.

    Raises
    ------
    ChoiceError
        No such column.
    ChartError
        No report was read.
    """
    return _matrix(study, "answer", by)


def _matrix(study, kind: str, by: str) -> charts.Chart:
    by = study.key("by", by)
    note = caption_note(study, of="issue" if kind == "issue" else "theme")
    return charts.plot_matrix(_tables(study, by), study.book, kind=kind, by=by, note=note)


def plot_focus(study, issue: str, *, by: str = "level") -> charts.Chart:
    """Draw one issue: asserted against addressed, every report a column, one quote each.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    issue : str
        Key or Chinese name.
    by : str
        The grouping, see :meth:`~analysis.study.study.Study.rates`.

    Returns
    -------
    Chart
        ``data`` has a row per report, with numbers of passages and, where they end in 处数, of
        mentions: ``组``, ``报告``, ``报告标题``, ``提到``, ``提到的问题段数``, ``问题段数``,
        ``拟解决``, ``拟解决的对策段数``, ``对策段数``, ``已改善的处数``, ``假设的处数``,
        ``转述的处数``, ``否认的处数``, ``谈到的总处数``, ``引文的态度``, ``引文``, ``句子编号``,
        ``所在部分``, ``数字编号（提到）``, ``数字编号（拟解决）``, ``说明（提到）``,
        ``说明（拟解决）``.

    Raises
    ------
    ChoiceError
        No such issue or column.
    ChartError
        No report was read.
    """
    options = {"by": study.key("by", by), "note": caption_note(study)}
    options["issue"] = study.key("issue", issue)
    return charts.plot_focus(study.tables, study.sources, study.book, **options)


def plot_cooccurrence(study) -> charts.Chart:
    """Draw which issues are asserted in the same problem passage.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.

    Returns
    -------
    Chart
        ``data`` has a row per pair, with numbers of problem passages and reports: ``问题表现甲``,
        ``问题表现乙``, ``同段提到的段数``, ``问题段总数``, ``涉及的报告数``, ``只出自的报告``,
        ``提到甲的段数``, ``提到乙的段数``, ``是否画出``.

    Raises
    ------
    ChartError
        No report was read.
    """
    return charts.plot_cooccurrence(study.tables, study.book, note=caption_note(study))


def plot_links(study) -> charts.Chart | None:
    """Draw which problems have a countermeasure in their own report, by theme; and which none.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.

    Returns
    -------
    Chart or None
        ``data`` has a row per pair of themes: ``问题的主题``, ``对策的主题``, ``个数`` (of problem
        points; where no problem is answered, of countermeasure sentences), ``涉及的报告数``. None
        where no report names a problem.

    Raises
    ------
    ChartError
        No report was read.
    """
    return charts.plot_links(study.tables, study.book, note=study.caveat)


def plot_copies(study) -> charts.Chart:
    """Draw which reports have passages in common, and how many of how many.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.

    Returns
    -------
    Chart
        ``data`` has a row per report and report it shares passages with: ``报告``, ``题目``,
        ``相同的报告``, ``相同报告的题目``, ``重复段数`` (numbers of passages), ``可比段数``.

    Raises
    ------
    ChartError
        No report was read.
    """
    return charts.plot_copies(study.whole.tables, note=study.undecided)


def plot_stability(study) -> charts.Chart:
    """Draw how far each theme rests on single words and single reports.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.

    Returns
    -------
    Chart
        ``data`` has a row per theme: ``主题``, ``问题、对策段数``, ``涉及的报告数``,
        ``换词检验（0到1）`` and ``去一份检验（0到1）`` (share of passages that keep together),
        ``判断``, ``界限`` (0 to 1).

    Raises
    ------
    ChartError
        No report was read.
    """
    note = caption_note(study, of="theme")
    return charts.plot_stability(study.tables, study.book, note=note)


def plot_composition(study, *, by: str = "level") -> charts.Chart:
    """Draw what each report consists of, by role.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    by : str
        The grouping, see :meth:`~analysis.study.study.Study.rates`.

    Returns
    -------
    Chart
        ``data`` has a row per report and role: ``报告``, ``报告标题``, ``组``, ``文种``, ``角色``,
        ``字数`` and ``全文字数`` (characters that are not blank), ``占全文百分比``, ``问题部分``,
        ``数字编号``.

    Raises
    ------
    ChoiceError
        No such column.
    ChartError
        No report was read.
    """
    options = {"by": study.key("by", by), "note": caption_note(study, of="role")}
    return charts.plot_composition(study.tables, study.book, **options)


def plot_profile(study, report: str) -> charts.Chart:
    """Draw one report on a page: composition, issues, themes, quotes, remarks.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    report : str or int
        Name, file, title or number in the overview.

    Returns
    -------
    Chart
        ``data`` has a row per role, issue, theme and quote, with numbers of passages and
        characters: ``类别``, ``名称``, ``提到（问题段）``, ``提到的问题段数``, ``问题段数``,
        ``拟解决（对策段）``, ``拟解决的对策段数``, ``对策段数``, ``有问题未见对策``, ``字数``,
        ``占全文百分比``, ``引文``, ``句子编号``, ``数字编号（问题）``, ``数字编号（对策）``.

    Raises
    ------
    ChoiceError
        No such report.
    """
    options = {"report": study.key("report", report), "note": caption_note(study)}
    return charts.plot_profile(study.tables, study.sources, study.book, **options)


def plot_over_time(
    study, *, issue: str | None = None, theme: str | None = None, by: str = "date", runs=None
) -> charts.Chart:
    """Draw one issue or theme over time: a column of dots or bars for each year, group or run.

    Parameters
    ----------
    study : analysis.study.Study
        From :func:`analysis.run` or :func:`analysis.load`.
    issue, theme : str, optional
        Exactly one of them, by key or Chinese name.
    by : str
        ``date`` (“日期”): the year of each report; any other column, such as a “年度” that a person
        added to ``data/reports.csv``; or ``runs`` (“留存”): the runs kept, and the last one.
    runs : list of str, optional
        Names of kept runs, in the order in which they are drawn; all of them by name where missing.

    Returns
    -------
    Chart
        ``data`` has a row per point and stance, with numbers of reports and passages: ``时间``,
        ``态度``, ``状态``, ``提到的报告数``, ``可判断的报告数``, ``无从判断的报告数``,
        ``提到的段数``, ``段数``.

    Raises
    ------
    ChoiceError
        Neither or both of issue and theme, or a name that does not exist.
    ResultsError
        No run was kept under such a name, or its files are not whole.
    ChartError
        There is no point in time to draw.
    """
    kind, name, rates, words = study.rates_over_time(issue=issue, theme=theme, by=by, runs=runs)
    return charts.plot_over_time(rates, kind, name, note=caption_note(study, of=kind), **words)


def _tables(study, by: str) -> dict[str, pd.DataFrame]:
    """The tables of the run, with the rates of another grouping where one is asked for."""
    rates = study.tables["rates"]
    more = [] if by in set(rates["by"]) else [study.rates(by=by)]
    return study.tables | {"rates": pd.concat([rates, *more])}
