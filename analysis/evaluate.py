"""Agreement of the analysis with labels that a person made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from analysis.agreement import ratio
from analysis.display import width
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
FIGURES = {"precision": "查准率", "recall": "查全率", "f1": "F1", "value": "比例", "n": "标注数"}
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
    labels = fit_labels(labels, tables["reports"])
    scores = score(labels, tables["sentences"], tables["mentions"], tables["reports"])
    sources = tables.get("sources")
    if sources is None:
        return scores
    extra = [*score_label_texts(labels, sources), *score_offsets(tables, sources, recompute)]
    return pd.concat([scores, score_table(extra)], ignore_index=True)


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
    return Labels(*map(fit, frames), files)


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
    total = scores.set_index(["report", "measure", "key"]).loc[(ALL, "role_accuracy", ALL), "n"]
    by_report = list_by_report(scores)
    lines = [f"与人工标注的一致程度：{len(by_report)} 份报告，{total} 个标注句"]
    for title, rows in list_scores(scores, names).groupby("项目", sort=False):
        lines += ["", *_aligned(rows.drop(columns="项目").rename(columns={"名称": title}))]
    return "\n".join([*lines, "", *_aligned(by_report)])


def list_scores(scores: pd.DataFrame, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Lay the scores of all reports together out for reading: 项目, 名称, :data:`FIGURES`."""
    rows = scores[scores["report"] == ALL].set_index(["measure", "key"])
    place = {key: at for at, key in enumerate(names or {})}
    listed = []
    for title, measure, summary in SECTIONS:
        keys = [key for kind, key in rows.index if kind == measure]
        keys.sort(key=lambda key: (place.get(key, len(place)), key))
        wanted = [(measure, key, (names or {}).get(key, key)) for key in keys] + summary
        listed += [
            {"项目": title, "名称": name} | rows.loc[(kind, key), list(FIGURES)].to_dict()
            for kind, key, name in wanted
            if (kind, key) in rows.index
        ]
    table = pd.DataFrame(listed, columns=["项目", "名称", *FIGURES]).astype({"n": "Int64"})
    table.loc[table["名称"].str.startswith("宏平均"), "n"] = pd.NA  # not of labels, but of keys
    return table.rename(columns=FIGURES)


def list_by_report(scores: pd.DataFrame) -> pd.DataFrame:
    """Lay the main scores out for reading, one report a row: 报告, :data:`REPORT_FIGURES`."""
    rows = {(r["report"], r["measure"], r["key"]): r for r in scores.to_dict("records")}
    listed = []
    for report in scores.loc[scores["report"] != ALL, "report"].unique():
        found = [(rows.get((report, m, key), {}), column) for m, key, column, _ in REPORT_FIGURES]
        listed.append([report, *(row.get(column) for row, column in found)])
    return pd.DataFrame(listed, columns=["报告", *(name for *_, name in REPORT_FIGURES)])


def _figure(value, name: str) -> str:
    if not isinstance(value, str) and pd.isna(value):
        return "–"
    whole = name in ("标注数", "标注句")
    return value if isinstance(value, str) else str(int(value)) if whole else f"{value:.3f}"


def _aligned(table: pd.DataFrame) -> list[str]:
    """Align columns where a Chinese character is two columns wide: first left, others right."""
    columns = [[name, *(_figure(value, name) for value in table[name])] for name in table]
    widths = [max(map(width, column)) for column in columns]
    lines = []
    for first, *rest in zip(*columns, strict=True):
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (w - width(c)) + c for c, w in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return lines
