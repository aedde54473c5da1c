"""Automatic numbers of a .doc, written out as the page shows them: 一、 （一） 1. ①.

Follows [MS-DOC]: a paragraph names an override (LFO) and a level, itself or through its style; the
override names a list, which holds the levels and the counters.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from analysis.reading.doc_binary import (
    LEVEL,
    LIST,
    LISTS,
    OVERRIDES,
    STYLE,
    STYLES,
    Document,
    read_sprms,
)
from analysis.reading.numerals import LEVELS, OPEN_END, write_number, write_symbol

MAX_ANCESTRY = 20  # styles based on one another; Word itself allows about ten
BULLET, NONE = 23, 255
# [MS-OSHARED] 2.2.1.3: codes of the formats, by their names in .docx.
FORMATS = {
    **{0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter"},
    **{10: "ideographDigital", 11: "chineseCounting", 14: "decimalFullWidth"},
    **{16: "ideographLegalTraditional", 17: "japaneseDigitalTenThousand", 40: "ideographDigital"},
    **{18: "decimalEnclosedCircle", 22: "decimalZero", 26: "decimalEnclosedFullstop"},
    **{27: "decimalEnclosedParen", 28: "decimalEnclosedCircle", 29: "ideographEnclosedCircle"},
    **{30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting"},
    **{34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand", 36: "taiwaneseDigital"},
    **{37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand"},
}


@dataclass
class Level:
    """How one level of a list is written."""

    start: int
    format: int
    restart: int  # after a paragraph of a level above this one counting begins anew
    pattern: str  # characters below 9 stand for the number of that level
    plain: bool  # every level in plain digits


@dataclass
class Override:
    """A list as paragraphs name it: levels, and numbers to begin with, of its own."""

    list: int
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """The lists of one document and where their counters stand."""

    def __init__(self, document: Document):
        self._styles = _read_styles(document.table(STYLES))
        self._lists = _read_lists(document)
        self._overrides = _read_overrides(document.table(OVERRIDES))
        self._counters: dict[int, dict[int, int]] = {}

    def number(self, sprms: dict[int, int]) -> str:
        """Advance the list of a paragraph and return its number, ``""`` without one."""
        style = self._style_sprms(sprms.get(STYLE, 0))
        number, level = sprms.get(LIST, style.get(LIST, 0)), sprms.get(LEVEL, style.get(LEVEL, 0))
        if not 0 < number <= len(self._overrides):
            return ""
        override = self._overrides[number - 1]
        levels = dict(enumerate(self._lists.get(override.list, []))) | override.levels
        if level not in levels:
            return ""
        counters = self._counters.setdefault(override.list, {})
        self._advance(level, levels, counters, override)
        return _write(levels, level, counters)

    def _advance(self, level, levels, counters, override) -> None:
        if level in override.starts:
            counters[level] = override.starts.pop(level)  # only the first paragraph
        else:
            counters[level] = counters.get(level, levels[level].start - 1) + 1
        for above in range(level):
            counters.setdefault(above, levels[above].start if above in levels else 1)
        for below in range(level + 1, LEVELS):
            if below in levels and level < levels[below].restart:
                counters.pop(below, None)

    def _style_sprms(self, style: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for _ in range(MAX_ANCESTRY):
            if style not in self._styles:
                break
            style, sprms = self._styles[style]
            found = sprms | found
        return found


def _write(levels: dict[int, Level], level: int, counters: dict[int, int]) -> str:
    own = levels[level]
    if own.format == NONE:
        return ""
    if own.format == BULLET:
        number = "".join(write_symbol(c, None) for c in own.pattern)
    else:
        number = "".join(_one(c, levels, own, counters) for c in own.pattern)
    return number + " " if OPEN_END.search(number) else number


def _one(character: str, levels: dict[int, Level], own: Level, counters: dict[int, int]) -> str:
    """A character of a pattern: the number of a level, or itself."""
    level = ord(character)
    if level >= LEVELS:
        return character
    kind = "decimal" if own.plain or level not in levels else FORMATS.get(levels[level].format)
    return write_number(counters.get(level, 1), kind or "decimal")


def _read_styles(data: bytes) -> dict[int, tuple[int, dict[int, int]]]:
    """Style → the style it is based on, and its sprms for paragraphs."""
    if len(data) < 8:
        return {}
    size, count, base = struct.unpack_from("<3H", data)
    styles, at = {}, 2 + size
    for number in range(count):
        if at + 2 > len(data):
            break
        length = struct.unpack_from("<H", data, at)[0]
        entry, at = data[at + 2 : at + 2 + length], at + 2 + length + length % 2
        if len(entry) < base + 2 or base < 4:
            continue
        kind = struct.unpack_from("<H", entry, 2)[0]
        name = struct.unpack_from("<H", entry, base)[0]
        place = base + 2 + 2 * (name + 1)
        if kind & 0xF == 1 and place + 2 <= len(entry):  # a style for paragraphs
            length = struct.unpack_from("<H", entry, place)[0]
            styles[number] = (kind >> 4, read_sprms(entry[place + 4 : place + 2 + length]))
    return styles


def _read_lists(document: Document) -> dict[int, list[Level]]:
    """Lists by their id. The levels follow the table, behind the length that the FIB gives."""
    data = document.table_onwards(LISTS)
    if len(data) < 2:
        return {}
    count = struct.unpack_from("<h", data)[0]
    lists, at = {}, 2 + 28 * count
    for number in range(count):
        name = struct.unpack_from("<i", data, 2 + 28 * number)[0]
        simple = data[2 + 28 * number + 26] & 1
        lists[name] = []
        for _ in range(1 if simple else LEVELS):
            level, at = _read_level(data, at)
            lists[name].append(level)
    return lists


def _read_level(data: bytes, at: int) -> tuple[Level, int]:
    start, kind, flags = struct.unpack_from("<iBB", data, at)
    runs, paragraphs, limit = struct.unpack_from("<BBB", data, at + 24)
    at += 28 + runs + paragraphs
    length = struct.unpack_from("<H", data, at)[0]
    text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    restart = limit if flags & 8 else LEVELS  # else after any level above
    return Level(start, kind, restart, text, bool(flags & 4)), at + 2 + 2 * length


def _read_overrides(data: bytes) -> list[Override]:
    if len(data) < 4:
        return []
    count = struct.unpack_from("<I", data)[0]
    if 4 + 16 * count > len(data):
        return []
    found, at = [], 4 + 16 * count
    for number in range(count):
        name = struct.unpack_from("<i", data, 4 + 16 * number)[0]
        override = Override(name)
        at += 4
        for _ in range(data[4 + 16 * number + 12]):
            if at + 8 > len(data):
                break
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            if flags & 0x10:
                override.starts[flags & 0xF] = start
            if flags & 0x20:  # a level of its own follows
                level, at = _read_level(data, at)
                override.levels[flags & 0xF] = level
                override.starts.pop(flags & 0xF, None)
                if flags & 0x10:
                    override.starts[flags & 0xF] = level.start
        found.append(override)
    return found
