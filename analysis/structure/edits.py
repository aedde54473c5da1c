"""Cleaning as data: find edits in a source, apply them to a slice.

An edit says that ``source[start:end]`` reads ``replacement`` (missing: is left out). The source
itself is never changed, so every position found later still points into the file.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis.structure.wording import Wording

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Pinyin in brackets after a Han character, as speech-reading pages insert it: 企業(yè).
# The sign stands before the look back at what precedes it: so it is found several times faster.
PHONETIC = re.compile(rf"[(（](?<=[{HAN}].)[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüêńňǹḿ]{{1,7}}[)）]")
# Blanks after a marker go with it, but those at the end of a line belong to no line.
MARKER = re.compile(r"##[A-Za-z_]{2,20}##(?:[ \t\u3000]+(?=\S))?")
MARKDOWN_SIGN = re.compile("[#>*]")
MARKDOWN = re.compile(r"(?m)^[ \t]*(#{1,6}[ \t]+(?=\S)|>[ \t]+(?=\S))|(\*\*)")
STRAY_QUESTION = re.compile(rf"[?](?<=[{HAN}].)(?=[{HAN}])")
CLAUSE_REACH = 30  # characters looked back for a question word: longer than nearly every clause
# A shifted run ends when an ASCII byte completes a pair; longer runs were never seen.
SHIFT_REACH = 20
STOPS = frozenset(["", *"。！？!?｡ \t\r\n\u3000"])
FULL_WIDTH = {"?": "？", ";": "；", ",": "，", ":": "：", "!": "！", "(": "（", ")": "）"}


class Edit(NamedTuple):
    """One row of the ``edits`` table, without its report."""

    start: int
    end: int
    kind: str
    replacement: str | None
    basis: str


@cache
def _converter():
    import opencc  # heavy to import; nothing is converted when only help is asked for

    return opencc.OpenCC("tw2s")


def to_simplified(text: str) -> str:
    """Return ``text`` in Simplified script, character by character.

    Raises
    ------
    AssertionError
        If the conversion changed the length; offsets would no longer hold.
    """
    # OpenCC is a C library: it would stop reading at a NUL character.
    result = "\x00".join(_converter().convert(part) for part in text.split("\x00"))
    assert len(result) == len(text), "OpenCC tw2s must keep the length"
    return result


def apply_edits(source: str, edits: list[Edit], start: int, end: int) -> str:
    """Return ``source[start:end]`` with the edits that lie inside it applied.

    Parameters
    ----------
    edits : list of Edit
        Sorted by ``start`` and free of overlaps.
    """
    parts, at = [], start
    for position in range(bisect.bisect_left(edits, (start,)), len(edits)):
        edit = edits[position]
        if edit.start >= end:
            break
        parts += [source[at : edit.start], edit.replacement or ""]
        at = edit.end
    parts.append(source[at:end])
    return "".join(parts)


def clean_texts(
    source: str, simple: str, edits: list[Edit], spans: Iterable[tuple[int, int]]
) -> list[str]:
    """Return each slice of the source with its edits applied, in Simplified script.

    Parameters
    ----------
    simple : str
        The whole source in Simplified script. No word of OpenCC's tables holds a blank, a line end
        or a full stop, so between two of these nothing is read otherwise when it stands alone.
    edits : list of Edit
        Sorted by ``start`` and free of overlaps.
    """
    texts, touched = [], []
    for start, end in spans:
        at = bisect.bisect_left(edits, (start,))
        apart = source[start - 1 : start] in STOPS and (
            source[end - 1 : end] in STOPS or source[end : end + 1] in STOPS
        )
        if apart and (at == len(edits) or edits[at].start >= end):
            texts.append(simple[start:end])
        else:
            touched.append(len(texts))
            texts.append(apply_edits(source, edits, start, end))
    whole, place = to_simplified("\n".join(texts[at] for at in touched)), 0
    for at in touched:
        texts[at] = whole[place : place + len(texts[at])]
        place += len(texts[at]) + 1
    return texts


def find_inline_edits(source: str, wording: Wording) -> list[Edit]:
    """Find everything inside lines that is not the author's: markers, pinyin, mojibake, adverts.

    Returns
    -------
    list of Edit
        Sorted, without overlaps; where two overlap the earlier, then the longer, stands.
    """
    found = [
        Edit(m.start(), m.end(), "marker", None, f"网页标记“{m[0].strip()}”")
        for m in MARKER.finditer(source)
    ]
    if MARKDOWN_SIGN.search(source):
        found += [
            Edit(*m.span(m.lastindex), "marker", None, "Markdown 标记")
            for m in MARKDOWN.finditer(source)
        ]
    found += [
        Edit(m.start(), m.end(), "phonetic", None, f"汉字后的注音“{m[0]}”")
        for m in PHONETIC.finditer(source)
    ]
    for pattern in wording.inline:
        found += [
            Edit(m.start(), m.end(), "advert", None, f"插入的广告或网页文字“{m[0][:12]}”")
            for m in pattern.finditer(source)
            if len(m[0].splitlines()) == 1  # an edit inside a line never crosses its end
        ]
    found += _find_mojibake(source) + _find_stray_questions(source, wording)
    return _without_overlaps(found)


def _without_overlaps(found: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(found, key=lambda e: (e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _is_common(char: str) -> bool:
    """Whether a character stands in GB 2312 level 1, Big5 level 1 or is CJK punctuation."""
    try:
        if 0xB0 <= char.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        first = char.encode("big5")[0]
    except UnicodeEncodeError:
        return False
    return 0xA4 <= first <= 0xC6 or char in "。，、；：？！“”《》（）"


def _find_mojibake(source: str) -> list[Edit]:
    """Repair runs of GB text that lost the first byte of 。 and so were read one byte shifted.

    ``A1 A3 | BF C6 | 8C 57`` (。科學) without its ``A1`` reads ``A3 BF | C6 8C | 57`` (？茖W); the
    lost byte left a ``?``. Putting ``A1`` back and decoding again is certain when the run closes on
    an ASCII byte, every character it gives is a common one and some it replaces is not.
    """
    edits = []
    for match in re.finditer(r"\?(?=[?;,:!()])", source):
        start, raw = match.start(), b"\xa1"
        for end in range(start + 1, min(start + SHIFT_REACH, len(source))):
            char = source[end]
            raw += FULL_WIDTH.get(char, char).encode("gb18030")
            if not (char.isascii() and char.isalnum()):
                continue
            fixed = raw.decode("gb18030", errors="replace")
            damaged = [c for c in source[start:end] if not c.isascii()]
            if all(map(_is_common, fixed)) and not all(map(_is_common, damaged)):
                basis = f"“{source[start : end + 1]}”错位一个字节，补 0xA1 后按 GB18030 重读"
                edits += [
                    Edit(start, start + 2, "mojibake", fixed[0], basis),
                    Edit(start + 2, end + 1, "mojibake", fixed[1:], basis),
                ]
            break
    return edits


def _find_stray_questions(source: str, wording: Wording) -> list[Edit]:
    edits = []
    for match in STRAY_QUESTION.finditer(source):
        clause = re.split(
            r"[。！？；，、：\n]", source[max(0, match.start() - CLAUSE_REACH) : match.start()]
        )[-1]
        if not wording.question_word.search(to_simplified(clause)):
            basis = "两个汉字之间的“?”，分句中没有疑问词"
            edits.append(Edit(match.start(), match.end(), "mojibake", None, basis))
    return edits
