"""Automatic numbers of a .docx, written out as the page shows them: 一、 （一） 1. ①.

Follows ECMA-376, part 1, 17.9: a paragraph names a list and a level, itself or through its style;
the list names an abstract one, which holds the levels and, in Word, the counters too.
"""

from __future__ import annotations

import re

from analysis.reading.docx_package import attribute, child, children, local
from analysis.reading.numerals import LEVELS, OPEN_END, ROWS, write_number, write_symbol

MAX_ANCESTRY = 20  # styles based on one another; Word itself allows about ten


class Numbering:
    """The lists of one document and where their counters stand.

    Parameters
    ----------
    numbering, styles : lxml element or None
        Roots of ``numbering.xml`` and ``styles.xml``.
    """

    def __init__(self, numbering, styles):
        self._styles = {attribute(s, "styleId"): s for s in children(styles, "style")}
        self._default = next(
            (
                attribute(style, "styleId")
                for style in self._styles.values()
                if attribute(style, "type") == "paragraph"
                and attribute(style, "default") in ("1", "true")
            ),
            None,
        )
        self._abstract = {
            attribute(one, "abstractNumId"): one for one in children(numbering, "abstractNum")
        }
        self._lists = {attribute(one, "numId"): one for one in children(numbering, "num")}
        self._read: dict[str | None, _List | None] = {}
        self._counters: dict[str | None, list[int | None]] = {}

    def hides(self, style: str | None) -> bool:
        """Whether a style makes its text hidden."""
        marks = (child(one, "rPr", "vanish") for one in self._ancestry(style))
        mark = next((one for one in marks if one is not None), None)
        return mark is not None and is_on(mark)

    def number(self, properties) -> str:
        """Advance the list of a paragraph and return its number, ``""`` without one.

        Parameters
        ----------
        properties : lxml element or None
            The ``pPr`` of the paragraph.
        """
        one, level = self._place(properties)
        if one is None:
            return ""
        counters = self._counters.setdefault(one.abstract, [None] * LEVELS)
        one.advance(level, counters)
        return _write(level, one.levels, counters)

    def _ancestry(self, style: str | None) -> list:
        """A style and those it is based on."""
        found = []
        while style in self._styles and len(found) < MAX_ANCESTRY:
            found.append(self._styles[style])
            style = attribute(child(self._styles[style], "basedOn"))
        return found

    def _place(self, properties) -> tuple[_List | None, int]:
        """Which list and level a paragraph belongs to: its own entry, else its style's."""
        ancestry = self._ancestry(attribute(child(properties, "pStyle")) or self._default)
        own = child(properties, "numPr")
        entries = [own, *(child(one, "pPr", "numPr") for one in ancestry)]
        one = self._list(next(filter(None, (attribute(child(e, "numId")) for e in entries)), None))
        if one is None:
            return None, 0
        level = next(filter(None, (attribute(child(e, "ilvl")) for e in entries)), None)
        if attribute(child(own, "ilvl")) is None:  # the list may say which level is the style's
            styles = (attribute(style, "styleId") for style in ancestry)
            level = next((one.linked[s] for s in styles if s in one.linked), level)
        return one, min(_integer(level, 0), LEVELS - 1)

    def _list(self, list_id: str | None) -> _List | None:
        if list_id not in self._read:
            element = self._lists.get(list_id)
            abstract = self._abstract.get(attribute(child(element, "abstractNumId")))
            # An abstract list may only name a list style; that style's list has the levels.
            style = self._styles.get(attribute(child(abstract, "numStyleLink")))
            if style is not None:
                linked = self._lists.get(attribute(child(style, "pPr", "numPr", "numId")))
                abstract = self._abstract.get(attribute(child(linked, "abstractNumId")), abstract)
            self._read[list_id] = None if abstract is None else _List(element, abstract)
        return self._read[list_id]


class _List:
    """One list: its levels, where it sets them off from those of its abstract list."""

    def __init__(self, element, abstract):
        self.abstract = attribute(abstract, "abstractNumId")
        overrides = list(children(element, "lvlOverride"))
        levels = [*children(abstract, "lvl"), *(child(one, "lvl") for one in overrides)]
        levels = [one for one in levels if one is not None]
        self.levels = {_integer(attribute(one, "ilvl"), 0): one for one in levels}
        self.linked = {attribute(child(one, "pStyle")): attribute(one, "ilvl") for one in levels}
        self._starts = {level: _start(one) for level, one in self.levels.items()}
        own = [one for one in overrides if child(one, "startOverride") is not None]
        places = [_integer(attribute(one, "ilvl"), 0) for one in own]
        for level, one in zip(places, own, strict=True):
            self._starts[level] = _integer(attribute(child(one, "startOverride")), 1)
        self._anew = set(places)  # where the first paragraph of this list does not count on

    def advance(self, level: int, counters: list[int | None]) -> None:
        """Count one paragraph; lower levels begin anew."""
        first = level in self._anew or counters[level] is None
        counters[level] = self._starts.get(level, 0) if first else counters[level] + 1
        self._anew.discard(level)
        for above in range(level):
            if counters[above] is None:
                counters[above] = self._starts.get(above, 0)
        for below in range(level + 1, LEVELS):
            # 0: never begins anew; k: only after a level up to the k-th
            if level < _integer(attribute(child(self.levels.get(below), "lvlRestart")), LEVELS):
                counters[below] = None


def is_on(mark) -> bool:
    """Whether a yes-or-no property is set: present, and not switched off."""
    return attribute(mark) not in ("0", "false", "off")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else default


def _start(level) -> int:
    return _integer(attribute(child(level, "start")), 0)


def _write(level: int, levels: dict, counters: list) -> str:
    own = levels.get(level)
    pattern = attribute(child(own, "lvlText")) or ""
    legal = child(own, "isLgl")
    plain = legal is not None and is_on(legal)

    def one(match: re.Match) -> str:
        at = int(match[0][1]) - 1
        kind, sample = ("decimal", "") if plain else _format(levels.get(at))
        return "" if counters[at] is None else write_number(counters[at], kind, sample)

    number = re.sub("%[1-9]", one, pattern) if _format(own)[0] != "none" else ""
    if _format(own)[0] == "bullet":
        number = "".join(write_symbol(c, child(own, "rPr", "rFonts")) for c in number)
    return number + " " if OPEN_END.search(number) else number


def _format(level) -> tuple[str, str]:
    """Format of a level, and for one of the writer's own (㈠, 001) its first number.

    Newer formats stand beside an older one for programs that do not know them; the last is taken
    where the first cannot be read.
    """
    if level is None:
        return "decimal", ""
    found = [e for e in level.iter() if local(e) == "numFmt"]
    for one in found:
        if attribute(one) == "custom":
            sample = (attribute(one, "format") or "").split(",")[0].strip()
            row = next((name for name, row in ROWS.items() if sample and sample == row[0]), None)
            if row or re.fullmatch("0*1", sample):
                return row or "decimal", sample
    return (attribute(found[-1]) or "decimal" if found else "decimal"), ""
