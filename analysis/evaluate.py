"""Agreement of the analysis with labels that a person made."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.agreement import ratio
from analysis.labels import LINE_BREAK, Labels, load_labels
from analysis.says import column_name
from analysis.scoring import (
    ALL,
    CATALOGUE_FIELDS,
    THEME_MINIMUM,
    match_sentences,
    score,
    score_row,
    score_table,
)

MISSING = "missing"
Tables = Mapping[str, pd.DataFrame]
FIGURES = {"precision": "精确率", "recall": "召回率", "f1": "F1", "value": "比例", "n": "标注数"}
# Parts of the printed table: heading, measure listed by key, and summary rows (measure, key, name).
SECTIONS = [
    (
        "角色",
        "role",
        [
            ("role_macro", ALL, "宏平均"),
            ("role_macro", "without_cause", "宏平均（不含原因）"),
            ("role_accuracy", ALL, "准确率"),
        ],
    ),
    (
        "主题",
        "theme",
        [
            ("theme_macro", ALL, f"宏平均（标注满 {THEME_MINIMUM} 句的主题）"),
            ("theme_micro", ALL, "微平均"),
        ],
    ),
    (
        "问题表现",
        "issue",
        [("issue_micro", ALL, "微平均"), ("stance_accuracy", ALL, "态度（已找到的）")],
    ),
    (
        "标题",
        "",
        [("heading", ALL, "找到"), ("heading_level", ALL, "找到且层次正确（比例：占找到的）")],
    ),
    (
        "核对",
        "",
        [
            ("offsets", "sentences", "句子能由来源重算"),
            ("offsets", "passages", "段落能由来源重算"),
            ("offsets", "mentions", "引文与来源一致"),
            ("labels", "text", "标注的文字与来源一致"),
            *(("catalogue", f, f"推断正确：{column_name(f)}") for f in CATALOGUE_FIELDS),
        ],
    ),
]
# Columns of the table by report: measure, key, figure, name.
REPORT_FIGURES = [
    ("role_accuracy", ALL, "n", "标注句"),
    ("role_macro", "without_cause", "f1", "角色宏F1（不含原因）"),
    ("role", "problem", "f1", "问题F1"),
    ("role", "countermeasure", "f1", "对策F1"),
    ("theme_micro", ALL, "value", "主题准确率"),
    ("issue_micro", ALL, "f1", "问题表现F1"),
    ("stance_accuracy", ALL, "value", "态度准确率"),
    ("heading", ALL, "f1", "标题F1"),
]


def evaluate(
    folder: Path,
    analyse: Callable[[list[Path]], Tables],
    *,
    recompute: Callable[[str, int, int], str] | None = None,
) -> pd.DataFrame:
    """Analyse the labelled reports and score the result.

    Parameters
    ----------
    folder : pathlib.Path
        A label folder, see :func:`analysis.labels.load_labels`; anywhere on the disk.
    analyse : callable
        From the list of report files to the tables of a run by name; a further entry ``sources``
        (report → source string) lets the offsets be checked.
    recompute : callable, optional
        ``recompute(report, start, end)`` makes the cleaned text of a span anew, from source and
        edits; it is called after ``analyse``.

    Returns
    -------
    pandas.DataFrame
        See :func:`analysis.scoring.score`; where there are sources, with the measures ``labels``
        (text found at its place) and ``offsets`` (rows that slice and recompute exactly).
    """
    labels = load_labels(Path(folder))
    tables = analyse(sorted(set(labels.files.values())))
    labels = _with_product_names(labels, tables["reports"])
    scores = score(labels, tables["sentences"], tables["mentions"], tables["reports"])
    sources = tables.get("sources")
    if sources is None:
        return scores
    extra = [*score_label_texts(labels, sources), *score_offsets(tables, sources, recompute)]
    return pd.concat([scores, score_table(extra)], ignore_index=True)


def _with_product_names(labels: Labels, reports: pd.DataFrame) -> Labels:
    """Name the labelled reports as the analysis does, by their files."""
    by_file = dict(zip(reports["file"], reports["report"], strict=True))
    names = {label: by_file.get(path.name, label) for label, path in labels.files.items()}
    names |= {path.name: names[label] for label, path in labels.files.items()}

    def rename(frame):
        return frame if frame is None else frame.assign(report=frame["report"].replace(names))

    return replace(
        labels,
        sentences=rename(labels.sentences),
        headings=rename(labels.headings),
        reports=rename(labels.reports),
        files={names[label]: path for label, path in labels.files.items()},
    )


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


def confusion(labels: Labels, sentences: pd.DataFrame, *, of: str = "role") -> pd.DataFrame:
    """Count labelled (rows) against predicted (columns) ``role`` or ``theme``.

    A sentence without a prediction stands under ``missing``.
    """
    matched = match_sentences(labels, sentences)
    matched = matched[matched[of].notna()]
    predicted = matched[f"predicted_{of}"].fillna(MISSING)
    return pd.crosstab(matched[of].rename("labelled"), predicted.rename("predicted"))


def format_scores(scores: pd.DataFrame, names: Mapping[str, str] | None = None) -> str:
    """Lay the scores out as Chinese text for a terminal.

    Parameters
    ----------
    scores : pandas.DataFrame
        From :func:`evaluate` or :func:`analysis.scoring.score`.
    names : mapping of str to str, optional
        Chinese names of keys (``Codebook.names``).
    """
    rows = {(r["report"], r["measure"], r["key"]): r for r in scores.to_dict("records")}
    reports = [r for r in scores["report"].unique() if r != ALL]
    total = rows[ALL, "role_accuracy", ALL]["n"]
    place = {key: at for at, key in enumerate(names or {})}
    lines = [f"与人工标注的一致程度：{len(reports)} 份报告，{total} 个标注句"]
    for title, measure, summary in SECTIONS:
        keys = [key for report, kind, key in rows if report == ALL and kind == measure]
        keys.sort(key=lambda key: (place.get(key, len(place)), key))
        body = [((names or {}).get(k, k), rows[ALL, measure, k]) for k in keys]
        body += [(label, rows[ALL, m, k]) for m, k, label in summary if (ALL, m, k) in rows]
        if body:
            table = [[title, *FIGURES.values()]]
            table += [[label, *(_figure(row, column) for column in FIGURES)] for label, row in body]
            lines += ["", *_aligned(table)]
    table = [["报告", *(label for *_, label in REPORT_FIGURES)]]
    for report in reports:
        found = [(rows.get((report, m, key), {}), column) for m, key, column, _ in REPORT_FIGURES]
        table.append([report, *(_figure(row, column) for row, column in found)])
    return "\n".join([*lines, "", *_aligned(table)])


def _figure(row: Mapping, column: str) -> str:
    value = row.get(column)
    if value is None or pd.isna(value):
        return "–"
    return str(int(value)) if column == "n" else f"{value:.3f}"


def _aligned(table: list[list[str]]) -> list[str]:
    """Align columns where a Chinese character is two columns wide: first left, others right."""

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *rest in table:
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (w - width(c)) + c for c, w in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return lines
