"""The table of changes in Chinese that can be read aloud: “本次更新说明”."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.changes.causes import ADDED, BOOK, CATALOGUE, EDITED, GONE
from analysis.changes_text.counts import say_counts, say_levels, say_states
from analysis.changes_text.labels import say_hints, say_labels
from analysis.changes_text.reports import say_reports, say_rule
from analysis.changes_text.words import FIRST_LIST, OTHER_LISTS, spaced
from analysis.vocabulary import KINDS

TITLE = "# 本次更新说明"
FIRST = "第一次分析，没有可比的上一次。"
LOST = "上一次的结果不完整，或者被改动过，没有可比的上一次。"
NOTHING = "结果与上一次完全一样。"
ALL_ROWS = "全部变化逐条见 data/results/changes.csv。"
# What is told of all reports together: kind, stance, heading, items.
TOLD = (
    ("issue", "asserted", "问题表现（认定存在）", FIRST_LIST),
    ("issue", "addressed", "问题表现（拟解决）", OTHER_LISTS),
    ("theme", "asserted", "主题（问题）", OTHER_LISTS),
    ("theme", "addressed", "主题（对策）", OTHER_LISTS),
)
RULES_SAME = "编码手册和程序没有变"
LABELS_SAME = "文件没有改动的报告，每一句的判断都同上一次一样"


def say_changes(
    changes: pd.DataFrame,
    sizes: tuple[int, int],
    names: Mapping[str, str],
    sentences: Mapping[str, str],
) -> str:
    """Tell what changed, the most important first, with the cause of each change.

    The cause of most changes is told once, above; others stand with what they changed.

    Parameters
    ----------
    changes : pandas.DataFrame
        Table ``changes``.
    sizes : tuple of int
        How many reports were read in the older run and in the newer.
    names : mapping of str to str
        Chinese names of issues, themes and roles.
    sentences : mapping of str to str
        Text of the sentences whose labels changed, by ``REPORT/START-END``.

    Returns
    -------
    str
        Markdown.
    """
    read = f"上一次读了 {sizes[0]} 份报告，这一次 {sizes[1]} 份。"
    if changes.empty:
        return "\n".join([TITLE, "", read + NOTHING, ""])
    none = changes.head(0)
    of = dict.fromkeys((*KINDS, "report"), none)
    of |= dict(iter(changes.groupby("kind", sort=False)))
    cells = {kind: _cells(of.get(kind, none)) for kind in ("count", "base", "says")}
    totals = cells["count"][cells["count"]["by"] == "all"]
    main = _main_cause(totals if len(totals) else cells["count"])
    rules, labels = of.get("rules", none), of.get("label", none)
    opening = [read, _say_same(rules, labels), _say_main(totals, of["report"], main)]
    parts = [
        ["", *(f"- {item}" for item in say_reports(of["report"]))],
        [f"- {spaced(row.key).lstrip()}{say_rule(row)}" for row in rules.itertuples()],
        say_states(pd.concat([of["issue"], of["theme"]]), totals, names, main),
        *(say_counts(totals, cells["base"], of[kind[0]], kind, names, main) for kind in TOLD),
        say_levels(cells["says"], cells["count"], names, main),
        say_labels(labels, sentences),
        say_hints(of, names, none),
        ["", ALL_ROWS],
    ]
    text = "\n".join([TITLE, "", "".join(opening), *(line for part in parts for line in part), ""])
    return re.sub("\n{3,}", "\n\n", text)


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    parts = [key.rsplit("/", 3) for key in rows["key"]]
    parts = [[*head.split("/", 1), *rest] for head, *rest in parts]
    columns = ["by", "group", "of", "item", "stance"]
    return rows.join(pd.DataFrame(parts, index=rows.index, columns=columns, dtype="str"))


def _main_cause(rows: pd.DataFrame) -> str | None:
    causes = rows["because_of"].dropna()
    return causes.mode()[0] if len(causes) else None


def _say_same(rules: pd.DataFrame, labels: pd.DataFrame) -> str:
    same = [*[RULES_SAME][: rules.empty], *[LABELS_SAME][: labels.empty]]
    return f"{'；'.join(same)}。" if same else ""


def _say_main(rows: pd.DataFrame, reports: pd.DataFrame, main: str | None) -> str:
    if main is None:
        return ""
    which = "，没有另外注明的，" if (rows["because_of"] != main).any() else ""
    words = {ADDED: "新增{}", GONE: "去掉{}", EDITED: "{}的改动"}
    why = dict(zip(reports["key"], reports["because_of"], strict=True)).get(main)
    one = words.get(why, "{}的改动" if main.startswith((BOOK, CATALOGUE)) else "{}")
    cause = spaced(one.format(spaced(main)).strip())
    return f"下面的变化{which}都是{cause}带来的。份数只算能够判断的报告。"
