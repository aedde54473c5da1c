"""Scores laid out for reading, in Chinese: for a terminal and for notebooks."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.display import width
from analysis.says import column_name
from analysis.scoring import ALL, CATALOGUE_FIELDS, THEME_MINIMUM, find_ranges
from analysis.vocabulary import KINDS, STANCES

FIGURES = {"precision": "查准率", "recall": "查全率", "f1": "F1", "value": "比例", "n": "标注数"}
RANGE = "各份"
# What a figure is worth: on the reports the wording was written with, or without its own report.
IN_SAMPLE = "参照过这些报告"
LEFT_OUT = "留一（上限）"
NOTES = {
    IN_SAMPLE: "规则和模型若参照过这些报告，数字就偏高，不代表新报告；留一成绩用 --left-out。",
    LEFT_OUT: (
        "留一：判断每份报告时，换用没有见过它的模型，停用在这些标注报告中只命中这一份的写法和主题词。\n"
        "写规则的人毕竟看过这些报告，所以这是上限。"
    ),
}
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
    ("问题表现", "issue", [("issue_micro", ALL, "微平均")]),
    ("态度", "stance", [("stance_accuracy", ALL, "准确率（已找到的问题表现）")]),
    (
        "标题",
        "",
        [("heading", ALL, "找到"), ("heading_level", ALL, "找到且层次正确（比例：占找到的）")],
    ),
    (
        KINDS["link"],
        "",
        [
            ("link", ALL, "有没有对策，判断正确"),
            ("link", "answered", "其中：有对策的问题"),
            ("link", "unanswered", "其中：没有对策的问题"),
            ("link_first", ALL, "第一条对策正确（查准率：占给出的；查全率：占有对策的）"),
            ("link_first", "order", "比照：按先后次序配对"),
            ("link_first", "nearest", "比照：用词最近的对策"),
        ],
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
# The main figures: measure, key, figure, name; columns by report, rows of the short table.
MAIN_FIGURES = [
    ("role_macro", "without_cause", "f1", "角色宏F1（不含原因）"),
    ("role", "problem", "f1", "问题F1"),
    ("role", "countermeasure", "f1", "对策F1"),
    ("role", "cause", "f1", "原因F1"),
    ("role", "noise", "f1", "噪声F1"),
    ("theme_micro", ALL, "value", "主题准确率"),
    ("issue_micro", ALL, "precision", "问题表现查准率"),
    ("issue_micro", ALL, "recall", "问题表现查全率"),
    ("issue_micro", ALL, "f1", "问题表现F1"),
    ("stance_accuracy", ALL, "value", "态度准确率"),
    ("heading", ALL, "f1", "标题F1"),
    ("heading_level", ALL, "value", "标题层次准确率"),
    ("link", ALL, "value", "有无对策准确率"),
    ("link_first", ALL, "precision", "首条对策查准率"),
]


def format_scores(
    scores: pd.DataFrame, names: Mapping[str, str] | None = None, *, kind: str = IN_SAMPLE
) -> str:
    """Lay the scores out as Chinese text for a terminal.

    Parameters
    ----------
    scores : pandas.DataFrame
        From :func:`analysis.evaluate.evaluate` or :func:`analysis.scoring.score`.
    names : mapping of str to str, optional
        Chinese names of keys (``Codebook.names``).
    kind : str
        One of :data:`NOTES`: what these figures are worth, said first.
    """
    total = scores.set_index(["report", "measure", "key"]).loc[(ALL, "role_accuracy", ALL), "n"]
    by_report = list_by_report(scores)
    lines = [f"与人工标注的一致程度：{len(by_report)} 份报告，{total} 个标注句", NOTES[kind]]
    for title, rows in list_scores(scores, names).groupby("项目", sort=False):
        lines += ["", *_aligned(rows.drop(columns="项目").rename(columns={"名称": title}))]
    return "\n".join([*lines, "", *_aligned(by_report)])


def list_scores(scores: pd.DataFrame, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Lay the scores of all reports together out for reading.

    Returns
    -------
    pandas.DataFrame
        项目, 名称, :data:`FIGURES`, and :data:`RANGE`: how far F1 (else 比例) of the reports lies
        apart, and which is lowest; where two reports at least have such labels.
    """
    rows = scores[scores["report"] == ALL].set_index(["measure", "key"])
    ranges = find_ranges(scores).query("reports > 1")
    said = [_say_range(*row) for row in ranges[["low", "high", "lowest"]].to_numpy()]
    rows = rows.join(pd.Series(said, ranges.index, name=RANGE, dtype="str"))
    names = STANCES | dict(names or {})
    place = {key: at for at, key in enumerate(names)}
    listed = []
    for title, measure, summary in SECTIONS:
        keys = [key for kind, key in rows.index if kind == measure]
        keys.sort(key=lambda key: (place.get(key, len(place)), key))
        wanted = [(measure, key, names.get(key, key)) for key in keys] + summary
        listed += [
            {"项目": title, "名称": name} | rows.loc[(kind, key)].to_dict()
            for kind, key, name in wanted
            if (kind, key) in rows.index
        ]
    columns = ["项目", "名称", *FIGURES, RANGE]
    table = pd.DataFrame(listed, columns=columns).astype({"n": "Int64"})
    table.loc[table["名称"].str.startswith("宏平均"), "n"] = pd.NA  # not of labels, but of keys
    return table.rename(columns=FIGURES)


def _say_range(low: float, high: float, lowest: str) -> str:
    if round(low, 2) == round(high, 2):
        return f"都是 {low:.2f}"
    return f"{low:.2f}–{high:.2f}，最低 {lowest}"


def list_by_report(scores: pd.DataFrame) -> pd.DataFrame:
    """Lay the main scores out for reading, one report a row: 报告, 标注句, the main figures."""
    rows = _by_place(scores)
    listed = []
    for report in scores.loc[scores["report"] != ALL, "report"].unique():
        count = rows.get((report, "role_accuracy", ALL), {}).get("n")
        found = [(rows.get((report, m, key), {}), column) for m, key, column, _ in MAIN_FIGURES]
        listed.append([report, count, *(row[c] if row.get("n") else None for row, c in found)])
    names = [name for *_, name in MAIN_FIGURES]
    table = pd.DataFrame(listed, columns=["报告", "标注句", *names])
    return table.astype(dict.fromkeys(names, "float64"))


def list_main(by_kind: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lay the main figures of several kinds of scores side by side, each with its range.

    Parameters
    ----------
    by_kind : mapping of str to pandas.DataFrame
        Scores by the name that their column gets, as :data:`IN_SAMPLE`, :data:`LEFT_OUT`.
    """
    table = pd.DataFrame({"项目": [name for *_, name in MAIN_FIGURES]})
    for kind, scores in by_kind.items():
        rows, one = _by_place(scores), list_by_report(scores)
        values = [rows.get((ALL, m, key), {}).get(c) for m, key, c, _ in MAIN_FIGURES]
        table[kind] = pd.Series(values, dtype="float64")
        known = [one.set_index("报告")[name].dropna() for name in table["项目"]]
        table[f"{kind}：{RANGE}"] = [
            _say_range(v.min(), v.max(), v.idxmin()) if len(v) > 1 else None for v in known
        ]
    return table


def _by_place(scores: pd.DataFrame) -> dict[tuple, dict]:
    return {(r["report"], r["measure"], r["key"]): r for r in scores.to_dict("records")}


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
