"""One Chinese sentence for each rate: both denominators, no claim that a small n cannot carry.

The sentence is made of counts alone. It gives percentages only from :data:`PERCENT_FROM` reports
on, names the reports that cannot be judged, and tells what stands outside the denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.counting import MISSING, NOT_FILLED, UNSTATED
from analysis.schema import TABLES
from analysis.vocabulary import GENRES, LEVEL_GROUP_NAMES

# From here on a share may be given as a percentage: below, one report moves it by more than 20
# points. 3–4 reports: k of n; 1–2: the reports themselves.
PERCENT_FROM = 5
# What the passages of a denominator are called, by stance.
PASSAGE_NAMES = {"asserted": "问题段", "addressed": "对策段", "any": "问题或对策段"}
# (kind, stance) → the words when some report has it, and when none has.
WORDS = {
    ("issue", "asserted"): ("提到（认定存在）", "未提到"),
    ("issue", "addressed"): ("拟解决", "未见拟解决"),
    ("issue", "any"): ("提到（不论态度）", "未提到"),
    ("theme", "asserted"): ("指出这方面的问题", "未提到这方面的问题"),
    ("theme", "addressed"): ("提出这方面的对策", "未提到这方面的对策"),
    ("theme", "any"): ("谈到这方面的问题或对策", "未提到这方面的问题或对策"),
}
# Nobody asserts the issue, yet some report names it in another way.
NOT_ASSERTED = "未提到其存在"


@dataclass(frozen=True)
class Group:
    """What the sentences of one group have in common.

    Attributes
    ----------
    label : str
        How the sentence begins: “市级”, or “市级 2 份（报告1、讲话1）” where genres differ.
    limit : str
        What a single report of this group cannot stand for: “不能代表市级”.
    always : str
        Said whatever the number of reports, or empty: “层级未注明，不能归入任何层级”.
    single : bool
        Whether the group is one report by definition.
    """

    label: str
    limit: str
    always: str = ""
    single: bool = False


@dataclass(frozen=True)
class Counts:
    """The counts of one rate; names as in the table ``rates``.

    ``lost`` and ``none`` are the reports that cannot be judged, by the state of their problem
    section; ``outside`` the items that stand outside the passages of the denominator; ``otherwise``
    the reports among those judged that name the issue, whatever the stance.
    """

    reports_with: int
    reports: int
    passages_with: int
    passages: int
    lost: int = 0
    none: int = 0
    outside: int = 0
    otherwise: int = 0


def column_name(column: str) -> str:
    """Chinese name of a column of ``reports``: “层级” for ``level``."""
    meaning = {c.name: c.meaning for c in TABLES["reports"].columns}.get(column, column)
    return meaning.split("：")[0]


def value_name(by: str, value: str) -> str:
    """Chinese name of a group: “县（市、区）级” for ``county`` by ``level``."""
    if by == "all":
        return "全部报告"
    if value == UNSTATED:
        return f"{column_name(by)}未注明"
    if value == NOT_FILLED:
        return f"{column_name(by)}{NOT_FILLED}"
    return {"level": LEVEL_GROUP_NAMES, "genre": GENRES}.get(by, {}).get(value, value)


def describe_group(by: str, value: str, genres: Sequence[str | None] = ()) -> Group:
    """Put a group into words.

    Parameters
    ----------
    by, value : str
        The column the reports are grouped by and the group.
    genres : sequence of str or None
        The genre of each of the group's reports; named in the label where they differ.
    """
    name = value_name(by, value)
    if by == "report":
        return Group(value, "", "不能代表其他报告", single=True)
    label = name
    if by != "genre" and len({genre if genre in GENRES else None for genre in genres}) > 1:
        label = f"{name} {len(genres)} 份（{genre_counts(genres)}）"
    if value in MISSING:
        nowhere = "不能归入任何层级" if by == "level" else "不能归入其他任何一组"
        return Group(label, "", f"{name}，{nowhere}")
    if by == "level":
        special = {"unit": "不能代表其他单位", "central": "不能代表中央层面"}
        return Group(label, special.get(value, f"不能代表{name}"))
    return Group(label, f"不能代表{name}" if by == "region" else "不能代表其他报告")


def genre_counts(genres: Sequence[str | None]) -> str:
    """Count genres in their fixed order: “报告1、讲话1”; a missing one last, as “文种未注明”."""
    counts = {name: sum(g == key for g in genres) for key, name in GENRES.items()}
    counts["文种未注明"] = sum(g not in GENRES for g in genres)
    return "、".join(f"{name}{n}" for name, n in counts.items() if n)


def unknown_reasons(lost: int, none: int) -> str:
    """Say why reports cannot be judged: “1 份来源缺问题部分、2 份没有单列问题部分，无从判断”."""
    parts = [f"{lost} 份来源缺问题部分"] * bool(lost) + [f"{none} 份没有单列问题部分"] * bool(none)
    return f"{'、'.join(parts)}，无从判断"


def share(k: int, n: int, percent: bool) -> str:
    """Return “（60%）”, rounded half up, or nothing where a percentage is not allowed.

    Rounding never says nothing or all of what is neither: “不足1%”, “99%以上”.
    """
    if not (percent and k and n):
        return ""
    whole = (200 * k + n) // (2 * n)
    if whole == 0:
        return "（不足1%）"
    return "（99%以上）" if whole == 100 and k < n else f"（{whole}%）"


def say_rate(kind: str, stance: str, counts: Counts, group: Group, name: str = "") -> str:
    """Tell one rate in one Chinese sentence.

    Parameters
    ----------
    kind, stance : str
        As in the table ``rates``.
    counts : Counts
        The figures; ``reports`` counts only those that can be judged.
    group : Group
        From :func:`describe_group`.
    name : str, optional
        Chinese name of the role or of the state of the link, for these kinds only.
    """
    unknown = counts.lost + counts.none
    if not counts.reports and unknown:
        why = unknown_reasons(counts.lost, counts.none)
        return f"{group.label}：{why.removeprefix('1 份') if group.single else why}"
    words, no_words = WORDS.get((kind, stance)) or (f"有“{name}”句", f"未见“{name}”句")
    if kind == "link":
        words, no_words = f"有{name}", f"没有发现{name}"
    if kind == "issue" and stance == "asserted" and counts.otherwise:
        no_words = NOT_ASSERTED
    parts = [
        _say_reports(counts, group, words, no_words, unknown),
        _say_passages(kind, stance, counts),
    ]
    if not counts.reports_with and no_words == NOT_ASSERTED:
        subject = "该报告" if group.single or counts.reports == 1 else f"其中 {counts.otherwise} 份"
        parts.append(f"{subject}另以其他态度提到（如拟解决）")
    return f"{group.label}：{'，'.join(parts)}{_say_limits(counts, group, unknown)}"


def _say_reports(counts: Counts, group: Group, words: str, no_words: str, unknown: int) -> str:
    k, n = counts.reports_with, counts.reports
    if group.single:
        return f"这 1 份{words if k else no_words}"
    judged = "能够判断的 " if unknown else ""
    if not k:
        return f"{judged}{n} 份{'均' if n > 1 else ''}{no_words}"
    return f"{judged}{n} 份中 {k} 份{share(k, n, n >= PERCENT_FROM)}{words}"


def _say_passages(kind: str, stance: str, counts: Counts) -> str:
    k, n = counts.passages_with, counts.passages
    unit = "段" if kind == "role" else f"个{PASSAGE_NAMES[stance]}"
    percent = share(k, n, counts.reports >= PERCENT_FROM)
    inside = f"{n} {unit}中 {k} 段{percent}" if n else f"没有{unit.removeprefix('个')}"
    beyond = f"，另有 {counts.outside} 处在{PASSAGE_NAMES[stance]}之外" if counts.outside else ""
    return inside + beyond


def _say_limits(counts: Counts, group: Group, unknown: int) -> str:
    parts = []
    if unknown:
        parts.append(f"另有 {unknown_reasons(counts.lost, counts.none)}")
    if counts.reports_with == 1 and counts.reports > 1:
        parts.append("仅见于 1 份，去掉这一份说法就不成立")
    if counts.reports == 1 and group.limit:
        parts.append(f"只有 1 份，{group.limit}")
    elif counts.reports == 1 and not group.single:
        parts.append("只有 1 份")
    if group.always:
        parts.append(group.always)
    return "".join(f"；{part}" for part in parts)
