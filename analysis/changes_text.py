"""The table of changes in Chinese that can be read aloud: “本次更新说明”."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.changes.causes import ADDED, BOOK, CATALOGUE, EDITED, GONE, RENAMED
from analysis.changes.figures import parse_figures
from analysis.compare import MENTIONED, NOT_MENTIONED, UNKNOWN
from analysis.says import PASSAGE_NAMES, value_name
from analysis.vocabulary import KINDS

TITLE = "# 本次更新说明"
FIRST = "第一次分析，没有可比的上一次。"
LOST = "上一次的结果不完整，或者被改动过，没有可比的上一次。"
NOTHING = "结果与上一次完全一样。"
ALL_ROWS = "全部变化逐条见 data/results/changes.csv。"
QUOTED = 40  # characters of a sentence that stands as an example
# Items of a list: as many as are listened to when the text is read aloud.
REPORTS, FIRST_LIST, OTHER_LISTS, EXAMPLES = 10, 5, 3, 3
# What is told of all reports together: kind, stance, heading, items.
TOLD = (
    ("issue", "asserted", "问题表现（认定存在）", FIRST_LIST),
    ("issue", "addressed", "问题表现（拟解决）", OTHER_LISTS),
    ("theme", "asserted", "主题（问题）", OTHER_LISTS),
    ("theme", "addressed", "主题（对策）", OTHER_LISTS),
)
RULES_SAME = "编码手册和程序没有变"
LABELS_SAME = "文件没有改动的报告，每一句的判断都同上一次一样"
REPORT = re.compile(r"(?P<level>.+?)《(?P<title>.+)》，(?P<counts>.+)")  # how a report is described
STATES = {
    (NOT_MENTIONED, MENTIONED): "原来没有报告提到，现在{now}",
    (MENTIONED, NOT_MENTIONED): "原来{before}，现在没有报告提到",
    (UNKNOWN, MENTIONED): "原来无从判断，现在{now}",
    (MENTIONED, UNKNOWN): "原来{before}，现在无从判断",
    (UNKNOWN, NOT_MENTIONED): "原来无从判断，现在没有报告提到",
    (NOT_MENTIONED, UNKNOWN): "原来没有报告提到，现在无从判断",
}


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
        ["", *(f"- {item}" for item in _say_reports(of["report"]))],
        [f"- {_spaced(row.key).lstrip()}{_say_rule(row)}" for row in rules.itertuples()],
        _say_states(pd.concat([of["issue"], of["theme"]]), totals, names, main),
        *(_say_counts(totals, cells["base"], of[kind[0]], kind, names, main) for kind in TOLD),
        _say_levels(cells["says"], cells["count"], names, main),
        _say_labels(labels, sentences),
        _say_hints(of, names, none),
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
    cause = _spaced(one.format(_spaced(main)).strip())
    return f"下面的变化{which}都是{cause}带来的。份数只算能够判断的报告。"


def _spaced(words: str) -> str:
    """The same with a space where Latin letters or digits meet the Chinese around."""
    return re.sub(r"^(?=[!-~])|(?<=[!-~])$", " ", words)


def _why(row, main: str | None) -> str:
    other = isinstance(row.because_of, str) and row.because_of != main
    return f"（因为{_spaced(row.because_of).rstrip()}）" if other else ""


def _list(heading: str, items: list[str], shown: int, rest: str = "") -> list[str]:
    """A section: its first items, then how many more there are."""
    if not items and not rest:
        return []
    more = f"还有 {len(items) - shown} 项也变了" if len(items) > shown else ""
    last = [f"- {'；'.join(part for part in (more, rest) if part)}"] if more or rest else []
    return ["", f"## {heading}", "", *(f"- {item}" for item in items[:shown]), *last]


def _say_reports(rows: pd.DataFrame) -> list[str]:
    items = []
    for row in rows.itertuples():
        if row.because_of in (ADDED, GONE):
            items.append(f"{row.because_of}：{row.key}，{_either(row)}")
        elif row.because_of.startswith(RENAMED):
            rest = row.because_of.removeprefix(RENAMED).replace("；", "，", 1)
            items.append(
                f"改名：{_spaced(row.before).lstrip()}改为{_spaced(row.after)}，内容没有变{rest}"
            )
        elif row.because_of == EDITED:
            items.append(f"{EDITED}：{row.key}，{_say_edit(row)}")
        else:
            cause, _, fields = row.because_of.rpartition("：")
            entered = cause.startswith(CATALOGUE)
            said = f"{CATALOGUE} 改了 {row.key} 的" if entered else f"{cause}使 {row.key} 改变了"
            items.append(f"{said}{fields}：{_say_edit(row)}")
    more = len(items) - REPORTS
    return items[:REPORTS] + ([f"还有 {more} 份报告有变"] if more > 0 else [])


def _say_edit(row) -> str:
    """What a report had and has; what is the same is told once."""
    was, now = (REPORT.fullmatch(said) for said in (row.before, row.after))
    if was is None or now is None:
        return f"原为{row.before}；现为{row.after}"
    titles = (f"《{said['title']}》" for said in (was, now))
    title = "改题为".join(dict.fromkeys(titles))
    parts = [f"由{_spaced(was[p])}变为{now[p]}" for p in ("level", "counts") if was[p] != now[p]]
    return f"{title}{'，'.join(parts) or '，' + now['counts']}"


def _either(row) -> str:
    return row.after if isinstance(row.after, str) else row.before


def _say_rule(row) -> str:
    new, gone = pd.isna(row.before), pd.isna(row.after)
    return "是新增的" if new else "不再有了" if gone else "有改动"


def _say_states(rows, totals: pd.DataFrame, names: Mapping, main: str | None) -> list[str]:
    """Issues and themes that come or go."""
    asserted = totals[totals["stance"] == "asserted"].set_index(["of", "item"])
    items = []
    for row in rows.itertuples():
        pair = {"before": "", "now": ""}
        if (row.kind, row.key) in asserted.index:
            count = asserted.loc[(row.kind, row.key)]
            pair = {"before": _figures(count["before"]), "now": _figures(count["after"])}
        said = STATES[row.before, row.after].format(**pair)
        items.append(f"{KINDS[row.kind]}“{names.get(row.key, row.key)}”：{said}{_why(row, main)}")
    return _list("新提到的和不再提到的", items, FIRST_LIST)


def _figures(said: str | None) -> str:
    n = parse_figures(said)
    if n is None:
        return UNKNOWN
    passages = f"{n['passages']} {n['unit']}中 {n['passages_with']} 段"
    return f" {n['reports']} 份中 {n['reports_with']} 份提到，{passages}"


def _say_counts(totals, base, came, told: tuple, names: Mapping, main: str | None) -> list[str]:
    """Counts that moved, the largest moves first; those of states told above are left out."""
    kind, stance, heading, shown = told
    rows = totals[(totals["of"] == kind) & (totals["stance"] == stance)]
    if stance == "asserted":
        rows = rows[~rows["item"].isin(came["key"])]
    items = []
    for row in rows.itertuples():
        size, said = _say_pair(row, stance)
        items.append((size, f"“{names.get(row.item, row.item)}”{said}{_why(row, main)}"))
    items = [said for _, said in sorted(items, key=lambda item: item[0], reverse=True)]
    same = base[(base["by"] == "all") & (base["of"] == kind) & (base["stance"] == stance)]
    rest = f"另有 {len(same)} 个，提到的数量没有变，变的只是总数" if len(same) else ""
    return _list(heading, items, shown, rest) if items else []


def _say_pair(row, stance: str) -> tuple[tuple, str]:
    """How far a count moved, and “由 3 份中 1 份变为 4 份中 2 份，问题段由 … 变为 …”."""
    was, now = parse_figures(row.before), parse_figures(row.after)
    if was is None or now is None:
        before, after = (isinstance(v, str) for v in (row.before, row.after))
        first = f"原为 {row.before}" if before else "原来没有这一项"
        return ((99, 0, 0), f"：{first}，{f'现为 {row.after}' if after else '现在没有这一项'}")
    size = tuple(abs(now[c] - was[c]) for c in ("reports_with", "passages_with", "sentences_with"))
    reports, passages = (
        [f"{n[of]} {unit}中 {n[with_]} {unit}" for n in (was, now)]
        for of, with_, unit in (
            ("reports", "reports_with", "份"),
            ("passages", "passages_with", "段"),
        )
    )
    parts = [_moved("", reports), _moved(PASSAGE_NAMES[stance], passages)]
    unknown = [f"{n['unknown']} 份" for n in (was, now)]
    if unknown[0] != unknown[1]:
        parts.append(_moved(f"{UNKNOWN}的", unknown))
    if not size[0] and not size[1]:
        parts.append(_moved("提到的句子", [f"{n['sentences_with']} 句" for n in (was, now)]))
    return size, "，".join(parts)


def _moved(what: str, pair: list[str]) -> str:
    if pair[0] == pair[1]:
        return f"{what}仍是 {pair[0]}"
    return f"{what}由 {pair[0]}变为 {pair[1]}"


def _say_levels(says, counts, names: Mapping, main: str | None) -> list[str]:
    """Statements on a level whose counts moved, as they are now."""
    moved = set(counts["key"])
    told = says["by"].eq("level") & says["of"].eq("issue") & says["stance"].eq("asserted")
    rows = says[told & says["key"].isin(moved)]
    items = []
    for side, text in (("before", "原来没有{}的报告，现在有了"), ("after", "现在没有{}的报告了")):
        for group, part in rows[rows[side].isna()].groupby("group", sort=False):
            items.append(text.format(value_name("level", group)) + _why(part.iloc[0], main))
    for row in rows.dropna(subset=["before", "after"]).itertuples():
        items.append(f"“{names.get(row.item, row.item)}”，{row.after}{_why(row, main)}")
    return _list("分级的说法，现在是", items, OTHER_LISTS)


def _say_labels(rows: pd.DataFrame, sentences: Mapping[str, str]) -> list[str]:
    if rows.empty:
        return []
    lines = ["", "## 文件没有变、判断变了的句子", ""]
    places = rows["key"].str.rsplit("/", n=1, expand=True).set_axis(["place", "field"], axis=1)
    rows = rows.join(places)
    for why, part in rows.groupby(rows["because_of"].fillna("原因不明"), sort=False):
        count = part["place"].nunique()
        some = "，例如" if len(part) > EXAMPLES else ""
        lines.append(f"- 因为{_spaced(why)}变了 {count} 句{some}：")
        for row in part.head(EXAMPLES).itertuples():
            was, now = (f"“{v}”" if isinstance(v, str) else "无" for v in (row.before, row.after))
            text = sentences.get(row.place, "")
            text = text[:QUOTED] + "……" * (len(text) > QUOTED)
            report = row.place.rsplit("/", 1)[0]
            lines.append(f"  - {report}：“{text}”，{row.field}由{was}变为{now}")
    return lines


def _say_hints(of: Mapping[str, pd.DataFrame], names: Mapping[str, str], none) -> list[str]:
    """What a person may want to look at: wording, themes proposed, themes that do not hold."""
    items = []
    rows = of.get("unexplained", none)
    for side, word in (("after", "多了"), ("before", "少了")):
        causes = rows.loc[rows[side].notna(), "because_of"]
        if len(causes):
            why = "、".join(dict.fromkeys(causes.dropna()))
            what = f"没有对上任何问题表现的问题段{word} {len(causes)} 段"
            items.append(f"{what}（因为{_spaced(why).rstrip()}）")
    for row in of.get("proposed", none).itertuples():
        state = "不再建议" if pd.isna(row.after) else "新建议"
        items.append(f"{state}一个主题，由人决定是否采用：{_either(row)}{_why(row, None)}")
    for row in of.get("stability", none).itertuples():
        name = names.get(row.key, row.key)
        items.append(f"主题“{name}”由{row.before}变为{row.after}{_why(row, None)}")
    return _list("可以看一看", items, FIRST_LIST)
