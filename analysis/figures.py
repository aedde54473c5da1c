"""The charts of a study: what an analyst calls, and the standard set that every run saves."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import charts
from analysis.export import pictures
from analysis.labels import NO_LABELS


def plot_issues(study, *, by: str = "level") -> charts.Chart:
    """Draw all issues: which reports assert them, which set out to solve them.

    Parameters
    ----------
    study : analysis.study.Study
    by : str
        ``level`` or any other column of ``reports``.
    """
    return _matrix(study, "issue", by)


def plot_themes(study, *, by: str = "level") -> charts.Chart:
    """Draw all themes: which reports speak of them among problems, which among countermeasures."""
    return _matrix(study, "theme", by)


def plot_answers(study, *, by: str = "level") -> charts.Chart:
    """Draw problems against countermeasures by theme; what has no countermeasure is marked."""
    return _matrix(study, "answer", by)


def _matrix(study, kind: str, by: str) -> charts.Chart:
    t, by = study.tables, study.key("by", by)
    note = caption_note(study, of="issue" if kind == "issue" else "theme")
    options = {"kind": kind, "by": by, "themes": t["themes"], "note": note}
    return charts.plot_matrix(_rates(study, by), t["reports"], t["passages"], study.book, **options)


def plot_focus(study, issue: str, *, by: str = "level") -> charts.Chart:
    """Draw one issue: asserted against addressed, every report a column, one quote each."""
    t, by = study.tables, study.key("by", by)
    return charts.plot_focus(
        _rates(study, by),
        *(t[name] for name in ("reports", "passages", "sentences", "mentions")),
        study.book,
        issue=study.key("issue", issue),
        by=by,
        sources=study.sources,
        edits=t["edits"],
        note=caption_note(study),
    )


def plot_cooccurrence(study) -> charts.Chart:
    """Draw which issues are asserted in the same problem passage."""
    tables = (study.tables[name] for name in ("mentions", "passages", "reports"))
    return charts.plot_cooccurrence(*tables, study.book, note=caption_note(study))


def plot_links(study) -> charts.Chart | None:
    """Draw which problems have a countermeasure in their own report, by theme; and which none."""
    return charts.plot_links(study.tables, study.book, note=study.caveat)


def plot_copies(study) -> charts.Chart:
    """Draw which reports have passages in common, and how many of how many."""
    return charts.plot_copies(study.whole.tables, note=study.undecided)


def plot_stability(study) -> charts.Chart:
    """Draw how far each theme rests on single words and single reports."""
    tables = (study.tables[name] for name in ("themes", "reports", "passages"))
    return charts.plot_stability(*tables, study.book, note=caption_note(study, of="theme"))


def plot_composition(study, *, by: str = "level") -> charts.Chart:
    """Draw what each report consists of, by role."""
    tables = (study.tables[name] for name in ("reports", "passages", "sentences"))
    options = {"by": study.key("by", by), "note": caption_note(study, of="role")}
    return charts.plot_composition(*tables, study.book, **options)


def plot_profile(study, report: str) -> charts.Chart:
    """Draw one report on a page: composition, issues, themes, quotes, remarks."""
    options = {"report": study.key("report", report), "note": caption_note(study)}
    return charts.plot_profile(study.tables, study.sources, study.book, **options)


def plot_over_time(
    study, *, issue: str | None = None, theme: str | None = None, by: str = "date", runs=None
) -> charts.Chart:
    """Draw one issue or theme over time: a column of dots or bars for each year, group or run.

    Parameters
    ----------
    study : analysis.study.Study
    issue, theme : str
        One of them, by key or Chinese name.
    by : str
        ``date`` (“日期”): the year of each report; any other column, such as a “年度” that a person
        added to ``data/reports.csv``; or ``runs`` (“留存”): the runs kept, and the last one.
    runs : list of str, optional
        Names of kept runs, in the order in which they are drawn; all of them by name where missing.
    """
    kind, name, rates, words = study.rates_over_time(issue=issue, theme=theme, by=by, runs=runs)
    return charts.plot_over_time(rates, kind, name, note=caption_note(study, of=kind), **words)


def save_chart(chart, name: str, *, study=None) -> list[Path]:
    """Save a chart under a name of one's own in ``figures/`` and print where it is."""
    from analysis.workspace import find_workspace  # the study's own, or the one found from here

    workspace = study.workspace if study is not None else find_workspace()
    return pictures.save_chart(chart, name, workspace.figures)


def add_slide(chart, title: str, *, study=None) -> Path:
    """Append a slide with a chart, native and editable, to one's own copy of the briefing."""
    from analysis.export.own import add_slide  # PowerPoint's format: only where it is asked for
    from analysis.workspace import find_workspace

    workspace = study.workspace if study is not None else find_workspace()
    return add_slide(chart, title, workspace.figures)


def save_standard(study) -> list[Path]:
    """Save the standard set of charts and their index; return the paths.

    Pictures of an earlier set that this one lacks, such as the page of a report that is gone, are
    deleted.
    """
    notes = {of: caption_note(study, of=of) for of in ("issue", "theme", "role")}
    notes |= {"link": study.caveat, "copies": study.undecided}
    drawn = charts.plot_standard(study.tables, study.sources, study.book, notes=notes)
    drawn = {pictures.standard_name(name): chart for name, chart in drawn.items()}
    paths = []
    for name, chart in drawn.items():
        paths += pictures.save_picture(chart, study.workspace.figures, name)
    return [*paths, pictures.save_index(drawn, study.workspace.figures)]


def _rates(study, by: str) -> pd.DataFrame:
    """The rates of the run, with those of another grouping where one is asked for."""
    stored = study.tables["rates"]
    return stored if by in set(stored["by"]) else pd.concat([stored, study.rates(by=by)])


def caption_note(study, *, of: str = "issue") -> str:
    """For captions: what is counted twice or left out, and how well the tagging agrees."""
    return study.caveat + accuracy_note(study, of=of)


def accuracy_note(study, *, of: str = "issue") -> str:
    """Say how well the tagging agrees with labels, for captions.

    The workspace's labels are used where they are for reports of this study; the sentence says
    that the rules were written with them in view.

    Parameters
    ----------
    of : {"issue", "theme", "role"}
        Precision and recall of the issues, share of sentences with the right theme, or macro-F1 of
        the roles without ``cause``.
    """
    scores = study.scores()
    if scores is None:
        return NO_LABELS
    labelled = scores.loc[scores["report"] != "all", "report"].nunique()
    scores = scores[scores["report"] == "all"]
    if of == "issue":
        row = scores[scores["measure"] == "issue_micro"].iloc[0]
        words = f"问题表现识别查准率 {row['precision']:.2f}、查全率 {row['recall']:.2f}"
    elif of == "theme":
        share = scores.loc[scores["measure"] == "theme_micro", "value"].iloc[0]
        words = f"主题判断一致的句子占 {share:.2f}"
    else:
        macro = (scores["measure"] == "role_macro") & (scores["key"] == "without_cause")
        words = f"角色判断的宏平均 F1 为 {scores[macro].iloc[0]['f1']:.2f}"
    return (
        f"与 {labelled} 份人工标注报告对照，{words}"
        "（规则和模型见过这些报告，新报告上要低，见 README）。"
    )
