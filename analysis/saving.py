"""What is kept in ``figures/``: charts and slides of one's own, the standard set of every run."""

from __future__ import annotations

from pathlib import Path

from analysis import charts
from analysis.captions import caption_note
from analysis.export import pictures


def save_chart(chart, name: str, *, study=None) -> list[Path]:
    """Save a chart under a name of one's own in ``figures/`` and print where it is.

    Parameters
    ----------
    chart : Chart or matplotlib.figure.Figure
        Axes, or a seaborn grid, will do.
    name : str
        File name without extension, best in Chinese; not one of the standard set.
    study : analysis.study.Study, optional
        In whose workspace; where missing, in the one found from the working directory.

    Returns
    -------
    list of pathlib.Path
        A PNG, an SVG and, of a chart of the library, the CSV of its ``data``.

    Raises
    ------
    ChartError
        It is no chart, the name cannot be used, or a file cannot be written.
    """
    from analysis.workspace import find_workspace  # the study's own, or the one found from here

    workspace = study.workspace if study is not None else find_workspace()
    return pictures.save_chart(chart, name, workspace.figures)


def add_slide(chart, title: str, *, study=None) -> Path:
    """Append a slide with a chart, native and editable, to one's own copy of the briefing.

    Parameters
    ----------
    chart : Chart or matplotlib.figure.Figure
        A chart of the library, whose ``data`` may have been changed, or a bar or line chart.
    title : str
        The slide's title, best a sentence.
    study : analysis.study.Study, optional
        In whose workspace; where missing, in the one found from the working directory.

    Returns
    -------
    pathlib.Path
        ``figures/briefing_我的.pptx``.

    Raises
    ------
    ChartError
        It is no chart that can be made native, there is no briefing yet, or the file cannot be
        written.
    """
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
    folder, paths, listed = study.workspace.figures, [], []
    for name, chart in charts.plot_standard(study.tables, study.sources, study.book, notes=notes):
        name = pictures.standard_name(name)
        paths += pictures.save_picture(chart, folder, name)
        listed.append(pictures.index_row(name, chart))
    return [*paths, pictures.save_index(listed, folder)]
