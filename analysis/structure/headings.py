"""Numbered headings: which marker a line or sentence opens with, and its level in the report."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CN = "一二三四五六七八九十"
_NUMBER = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED_CN = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_LABEL = "表现|问题|成因|原因|症结|根源|建议|对策|措施|举措|做法|成效|整改|改进|打算"
_LABEL += "|现状|现象|案例|背景|启示"
_LABELS = f"(?:{_LABEL}|不足|分析){{1,2}}"  # 整改措施, 原因分析
# What follows a figure that is an amount and no marker: 3.5万名, 12 个支部.
_UNIT = r"(?:[\d%％.．万亿个名家件条次天岁月元余倍米亩辆期]|[项支](?![目部])|人(?![才员民心])"
_UNIT += "|年(?![轻度])|日(?!常)|[时小](?![代微])|分(?![类析工])|公里)"

# Kinds of marker, each with its regular expression; order matters, the first that fits wins.
KINDS: dict[str, re.Pattern] = {
    kind: re.compile(regex)
    for kind, regex in {
        "part": rf"第{_NUMBER}[章部编篇](?:分)?[\s：:、，]*",
        "label": r"[【\[［〔][\u4e00-\u9fff\s]{2,10}[】\]］〕]",
        "pair": rf"(?:主要|突出|存在的?)?{_LABELS}(?:之?{_NUMBER}|\d{{1,2}})?[：:]"
        rf"|{_LABELS}(?:{_NUMBER}|\d{{1,2}})[\s、，,]+(?=\S)"
        rf"|[\u4e00-\u9fff]{{0,6}}(?<!分)之{_NUMBER}[\s、，,：:]+(?=\S)",
        "cn": rf"{_NUMBER}\s?[、．.]|{_NUMBER}[\s\u3000]+(?=\S)",
        "bracket_cn": rf"[（(〔［〈]\s?{_NUMBER}\s?[）)〕］〉][、．.]?|[{_BRACKETED_CN}]",
        "bracket": rf"[（(]?\s?\d{{1,2}}\s?[）)][、．.]?|[{_BRACKETED}]",
        "circled": f"[{_CIRCLED}]",
        "decimal": r"\d{1,2}(?:[.．]\d{1,2}){1,2}(?:\s+|[、．.]*)(?=[^\x00-\x7f])"
        f"(?!{_UNIT})",
        "digit": rf"\d{{1,2}}(?:[、．]|\.(?!\d)|[ \u3000]+(?=[\u4e00-\u9fff“])(?!{_UNIT}))"
        f"|[{_DOTTED}]",
        "bullet": r"[◎●■◆★▲▶►○□◇※✦]\s?",
        "ordinal": rf"第{_NUMBER}(?:[，,、：:]"
        r"|[个句条点步项层方](?!月|季)[\u4e00-\u9fff]{0,3}[：:，,])"
        rf"|[\u4e00-\u9fff]{{2,3}}(?<![统唯单专同]){_NUMBER}[：:]",  # 话题一：
        "is": rf"{_NUMBER}(?:(?:是|要|则|靠|抓)(?!的)|(?![点天年月日个])[\u4e00-\u9fff][：:])",
        "each": rf"其{_NUMBER}[，,、：:]",
        "first": r"(?:首先|其次|再次|再者|最后)[，,]",
        "aspect": r"(?:一|另一)方面[，,]",
    }.items()
}
ANY_KIND = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in KINDS.values()))
# Headings that stand outside the numbering, at its first level.
FRAME = re.compile(
    "引言|引子|前言|导言|序言|绪论|结语|结束语|余论|后记|尾声|写在(?:前面|后面|最后)"
)
# What opens a short paragraph that turns to the next topic: 再说说作风的事。
TURN = re.compile("(?:先|再|接着|接下来|下面|最后)(?:一[点条个])?[，,]?[来要再我]?[说讲谈聊看]")

# Kinds that stand at the head of a line only as headings, never as a wrapped enumeration.
SECTION_KINDS = frozenset({"part", "label", "pair", "cn", "bracket_cn", "bullet"})
# Kinds that cut a paragraph into points; 一方面 and 有的 do not (they belong to one point).
POINT_KINDS = frozenset(KINDS) - {"aspect", "bullet"}
# A run-in heading is short and ends a sentence; the longest of the five reports has 37 characters.
RUN_IN_LENGTH = 42
# An unnumbered run-in topic phrase, such as 主动融入中心大局。
PHRASE_LENGTH = (5, 20)
SINGLE_PHRASE_LENGTH = 10  # characters: a topic phrase that opens a paragraph without a series
LINE_HEADING_LENGTH = 60  # characters: a heading on its own line; longer ones are paragraphs


class Marker(NamedTuple):
    """A heading marker: its kind, its text and its number where it has one."""

    kind: str
    text: str
    number: int | None


def _to_number(text: str) -> int | None:
    digits = re.search(r"\d+", text)
    if digits:
        return int(digits[0])
    for row in (_CIRCLED, _BRACKETED_CN, _BRACKETED, _DOTTED):
        if text[0] in row:
            return row.index(text[0]) + 1
    chinese = re.search(_NUMBER, text)
    if not chinese:
        return None
    if len(chinese[0]) == 1:
        return _CN.index(chinese[0]) + 1
    tens, _, ones = chinese[0].partition("十")  # 十一, 二十, 三十二
    return (_CN.index(tens) + 1 if tens else 1) * 10 + (_CN.index(ones) + 1 if ones else 0)


@lru_cache(maxsize=4096)  # a line, the sentence it makes and its heading ask the same
def find_marker(text: str) -> Marker | None:
    """Return the marker that ``text`` (Simplified, cleaned) opens with, or None."""
    if not ANY_KIND.match(text):
        return None
    for kind, pattern in KINDS.items():
        match = pattern.match(text)
        if match and not _is_ordinary(kind, match, text):
            return Marker(kind, match[0].strip(), _to_number(match[0]))
    return None


def _is_ordinary(kind: str, match: re.Match, text: str) -> bool:
    """Whether what looks like a marker is ordinary wording."""
    rest = text[match.end() :]
    if kind == "cn":
        # 三、四线城市; but 一、十年树木 and 三、四个原因
        follows = _CN[(_to_number(match[0]) or 0) % len(_CN)]
        return bool(re.match(f"{follows}(?![个条点大项方])", rest)) or not rest.strip()
    if kind == "digit":
        # 3.5%, 2023.11.2, 12.
        return bool(re.match(r"\s*[\d%％]", rest)) or not rest.strip()
    if kind == "is":
        return match[0][0] == "十" and match[0][1:2] not in _CN or rest[:1] in "，。以否"
    return False
