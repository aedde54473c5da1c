"""Agreement of the analysis with labels that a person made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.agreement import ratio
from analysis.labels import LINE_BREAK, Labels, join_labels, load_labels
from analysis.mistakes import list_errors
from analysis.scoring import ALL, score, score_row, score_table

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Evaluation:
    """How an analysis agrees with labels.

    Attributes
    ----------
    scores : pandas.DataFrame
        See :func:`analysis.scoring.score`; where the sources are known, with the measures
        ``labels`` (text found at its place) and ``offsets`` (rows that slice and recompute).
    errors : pandas.DataFrame
        See :func:`analysis.mistakes.list_errors`.
    """

    scores: pd.DataFrame
    errors: pd.DataFrame


def evaluate(
    folders: Iterable[Path],
    analyse: Callable[[list[Path]], Tables],
    *,
    recompute: Callable[[str, int, int], str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Evaluation:
    """Analyse the labelled reports and score the result.

    Parameters
    ----------
    folders : iterable of pathlib.Path
        Label folders, see :func:`analysis.labels.load_labels`; anywhere on the disk. Their reports
        count together.
    analyse : callable
        From the list of report files to the tables of a run by name; a further entry ``sources``
        (report → source string) lets the offsets be checked. :func:`analysis.leave_out.leave_out`
        makes one for the figures *left out*.
    recompute : callable, optional
        ``recompute(report, start, end)`` makes the cleaned text of a span anew, from source and
        edits; it is called after ``analyse``.
    names : mapping of str to str, optional
        Chinese names of keys, for the errors.
    """
    labels = join_labels([load_labels(Path(folder)) for folder in folders])
    tables = analyse(sorted(set(labels.files.values())))
    labels = fit_labels(labels, tables["reports"])
    parts = [tables[name] for name in ("sentences", "mentions", "reports")]
    scores = score(labels, *parts, tables.get("links"))
    errors = list_errors(labels, tables, names)
    sources = tables.get("sources")
    if sources is not None:
        extra = [*score_label_texts(labels, sources), *score_offsets(tables, sources, recompute)]
        scores = pd.concat([scores, score_table(extra)], ignore_index=True)
    return Evaluation(scores, errors)


def fit_labels(labels: Labels, reports: pd.DataFrame) -> Labels:
    """Name the labelled reports as the analysis does, by their files; leave out any others."""
    by_file = dict(zip(reports["file"], reports["report"], strict=True))
    files = {by_file[path.name]: path for path in labels.files.values() if path.name in by_file}
    names = {label: by_file.get(path.name) for label, path in labels.files.items()}
    names |= {path.name: names[label] for label, path in labels.files.items()}

    def fit(frame):
        if frame is None:
            return None
        frame = frame.assign(report=frame["report"].map(names).astype("str"))
        return frame[frame["report"].notna()]

    frames = (labels.sentences, labels.headings, labels.reports)
    return Labels(*map(fit, frames), files, fit(labels.links))


def score_label_texts(labels: Labels, sources: Mapping[str, str]) -> list[dict]:
    """Share of labels whose text stands at their place: below 1 the labels' offsets are off."""
    rows = labels.sentences[labels.sentences["text"].notna()]
    right = 0
    for report, start, end, text in rows[["report", "start", "end", "text"]].itertuples(
        index=False
    ):
        slice_ = sources.get(report, "")[start:end].replace("\r\n", "\n").replace("\n", LINE_BREAK)
        right += slice_ == text.replace("\r", "")
    return [score_row(ALL, "labels", "text", value=ratio(right, len(rows)), n=len(rows))]


def score_offsets(
    tables: Tables, sources: Mapping[str, str], recompute: Callable[[str, int, int], str] | None
) -> list[dict]:
    """Share of rows whose quote slices and whose text recomputes exactly."""
    mentions = tables["mentions"][["report", "start", "end", "quote"]]
    right = sum(sources[r][a:b] == quote for r, a, b, quote in mentions.itertuples(index=False))
    shares = {"mentions": (right, len(mentions))}
    for name in ("sentences", "passages") if recompute else ():
        rows = tables[name][["report", "start", "end", "text"]]
        right = sum(recompute(r, a, b) == text for r, a, b, text in rows.itertuples(index=False))
        shares[name] = (right, len(rows))
    return [
        score_row(ALL, "offsets", k, value=ratio(*share), n=share[1]) for k, share in shares.items()
    ]
