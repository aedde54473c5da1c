"""What an analyst types, a key or a Chinese name, and the key that is meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.codebook import Codebook
from analysis.counting import UNSTATED
from analysis.errors import AnalysisError
from analysis.says import column_name
from analysis.schema import own_columns
from analysis.vocabulary import KINDS, LEVEL_GROUP_NAMES, LEVEL_GROUPS, LEVELS, RATE_STANCES

ALL = "all"
# The program's columns of `reports` that make sense as groups; a person's own do, too.
GROUPED_BY = ("level", "report", "genre", "region", "issuer", "date")
KIND_OF_TABLE = {"issue": "issues", "theme": "theme_names", "role": "roles"}
WHAT = KINDS | {"kind": "种类", "stance": "态度", "by": "分组", "level": "层级", "report": "报告"}
NEAREST, LISTED = 3, 20  # how many names a message offers, and how many it lists at most
Choices = Mapping[str, Sequence[str]]


class ChoiceError(AnalysisError):
    """No such issue, theme, level, report …; the message offers what there is."""


def find_key(what: str, value, reports: pd.DataFrame, book: Codebook) -> str:
    """Return the key that ``value`` means: a key, a Chinese name, or a report's number.

    Parameters
    ----------
    what : str
        One of :data:`WHAT`.
    value : str or int
        “两张皮”, ``two_skins``, “县级”, ``county``, “层级”, a report's name, file, title or number
        in the overview. Brackets, quotation marks, case and a final “级” do not matter.
    reports : pandas.DataFrame
        Levels and reports must be among these; the level ``all`` (“全部”) always is.

    Raises
    ------
    ChoiceError
        Nothing, or more than one thing, is called so.
    """
    read = reports[reports["status"] == "ok"]
    allowed = _choices(what, read, book)
    key = _match(value, allowed)
    if what == "report":
        key = key or _numbered(value, list(allowed))
        failed = reports[reports["status"] != "ok"]
        lost = _match(value, {row.report: (row.file,) for row in failed.itertuples()})
        if key is None and lost is not None:
            raise ChoiceError(failed.set_index("report").loc[lost, "message"])
    if key is None and what == "level":
        known = _match(value, {group: _level_names(group) for group in LEVEL_GROUP_NAMES})
        if known is not None:
            raise ChoiceError(
                f"这批报告中没有{LEVEL_GROUP_NAMES[known]}的；现有：{_listed(allowed)}。"
            )
    if key is None:
        raise ChoiceError(_unknown(what, value, allowed))
    return key


def _choices(what: str, read: pd.DataFrame, book: Codebook) -> Choices:
    """The keys there are, each with the names it goes by; the first is the one to show."""
    if what in KIND_OF_TABLE:
        table = book[KIND_OF_TABLE[what]]
        short = table["short"] if what == "issue" else table["name"]
        return dict(zip(table[what], zip(short, table["name"], strict=True), strict=True))
    if what == "level":
        groups = read["level"].fillna(UNSTATED).map(LEVEL_GROUPS)
        there = [key for key in LEVEL_GROUP_NAMES if key in set(groups)]
        return {key: _level_names(key) for key in there} | {ALL: ("全部", "全部报告")}
    if what == "report":
        names = read[["report", "file", "title"]].fillna("")
        return {row[0]: row for row in names.itertuples(index=False, name=None)}
    if what == "by":
        columns = (*GROUPED_BY, *own_columns("reports", read.columns))
        names = {column: (column_name(column),) for column in columns}
        return names | {"report": ("报告", "报告名"), ALL: ("全部",)}
    return {
        "kind": {key: (name,) for key, name in KINDS.items()},
        "stance": {key: (name,) for key, name in RATE_STANCES.items()}
        | {"any": ("不论态度", RATE_STANCES["any"])},
    }[what]


def _level_names(key: str) -> list[str]:
    names = [LEVEL_GROUP_NAMES[key]]
    parts = [part for part, group in LEVEL_GROUPS.items() if group == key]
    names += [*parts, *(LEVELS[part] for part in parts)]
    return [*names, *(["乡镇", "街道"] if key == "township" else [])]


def _plain(text: object) -> str:
    """The text without what does not matter for telling names apart."""
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = re.sub(r"[\s“”\"'《》]", "", text)
    return re.sub(r"\(.*?\)|级$", "", text).removesuffix("级") or text


def _match(value, choices: Choices) -> str | None:
    value = str(value)
    if value in choices:
        return value
    pairs = {(_plain(name), key) for key, names in choices.items() for name in (key, *names)}
    times = Counter(name for name, _ in pairs)
    return {name: key for name, key in pairs if name and times[name] == 1}.get(_plain(value))


def _numbered(value, keys: list[str]) -> str | None:
    """The report with this number in the overview, counted from 1."""
    number = int(value) if str(value).isdecimal() else 0
    return keys[number - 1] if 1 <= number <= len(keys) else None


def _unknown(what: str, value, choices: Choices) -> str:
    if not choices:
        return f"没有叫“{value}”的{WHAT[what]}：一份报告也没有读入。"
    wanted = _plain(value)
    names = {key: {_plain(name) for name in (key, *known)} for key, known in choices.items()}
    inside = [k for k, own in names.items() if wanted and any(wanted in name for name in own)]
    spelling = {name: key for key, own in names.items() for name in own}
    close = difflib.get_close_matches(wanted, list(spelling), n=NEAREST, cutoff=0.5)
    near = list(dict.fromkeys([*inside, *(spelling[name] for name in close)]))[:NEAREST]
    if near:
        return f"没有叫“{value}”的{WHAT[what]}；是否想写 {_listed({k: choices[k] for k in near})}？"
    return f"没有叫“{value}”的{WHAT[what]}；可用：{_listed(choices)}。"


def _listed(choices: Choices) -> str:
    """Names with their keys: “两张皮（two_skins）、县级（county）”."""
    shown = [k if n[0] == k else f"{n[0]}（{k}）" for k, n in list(choices.items())[:LISTED]]
    more = f"等 {len(choices)} 个" if len(choices) > LISTED else ""
    return "、".join(shown) + more
