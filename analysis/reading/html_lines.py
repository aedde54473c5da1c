"""The lines of a web page as a browser would break them, and where each of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

PROSE_LENGTH = 20  # characters: shorter lines may be menus
LINK_SHARE = 0.5  # a page with more of its text in links is a list of contents
CELL_LENGTH = 300  # characters: a longer cell of a table is a column of the page
CELL = "\t"
SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "head", "select", "textarea", "button", "iframe")
    + ("object", "svg", "canvas", "audio", "video", "rt", "rp")
)
INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em")
    + ("font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp")
    + ("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
BLANKS = re.compile("[ \t\r\n\f\xa0]+")
INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")
WIDE = re.compile("[\u2014-\u2026\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
NUMBERED = re.compile(r"\s*[\d（(①-⑳⑴-⒛㈠-㈩一二三四五六七八九十第]")


@dataclass
class Line:
    """A line of a page: its text, the element it stands in, the share of its text in links."""

    text: str
    element: object
    linked: float

    @property
    def prose(self) -> bool:
        """Whether it is running text."""
        return len(self.text) >= PROSE_LENGTH and self.linked < LINK_SHARE


class _Lines:
    """Collects the text of a page as a browser would break it into lines."""

    def __init__(self):
        self.lines: list[Line] = []
        self._buffer: list[str] = []
        self._linked = self._links = self._pre = 0  # characters in links; open links; open <pre>
        self._lists: list[int | None] = []  # last number of each open list; None: without numbers
        self._number = ""

    def add(self, text: str | None, linked: float = 0) -> None:
        """Add text to the line at hand; outside links, this share of it stands in links too."""
        self._buffer.append(text or "")
        self._linked += len((text or "").strip()) * (1 if self._links else linked)

    def enter(self, element) -> None:
        """Open an element that is read."""
        tag = element.tag
        self._links += tag == "a"
        self._pre += tag == "pre"
        if tag in ("ol", "ul"):
            start = element.get("start", "1")
            start = int(start) if re.fullmatch("[0-9]{1,4}", start) else 1
            self._lists.append(start - 1 if tag == "ol" else None)
        elif tag == "li" and self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            self._number = f"{self._lists[-1]}."
        self.add(element.text)

    def leave(self, tag: str) -> None:
        """Close it."""
        self._links -= tag == "a"
        self._pre -= tag == "pre"
        if tag in ("ol", "ul"):
            self._lists.pop()

    def flush(self, element) -> None:
        """End the line at hand; blank ones are dropped."""
        text, self._buffer = "".join(self._buffer), []
        linked, self._linked = self._linked / max(len(text.strip()), 1), 0
        for part in text.split("\n") if self._pre else [text]:
            part = BLANKS.sub(_blank, INVISIBLE.sub("", part)).strip()
            if part:
                number = "" if NUMBERED.match(part) else self._number
                self.lines.append(Line(number + part, element, linked))
                self._number = ""


def _blank(match: re.Match) -> str:
    """What blanks stand for: nothing where Chinese markup was wrapped, else one blank."""
    if match[0] == CELL:
        return CELL
    text, start, end = match.string, match.start(), match.end()
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return "" if "\n" in match[0] and WIDE.search(around) else " "


def find_lines(root) -> list[Line]:
    """All lines of a page, or of a part of it, in their order."""
    found = _Lines()
    skipped = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            if tag not in INLINE:
                parent = element.getparent()
                found.flush(element if parent is None else parent)
            cells, linked = _find_cells(element) if tag == "tr" else ([], 0)
            hidden = tag in SKIPPED or HIDDEN.search(element.get("style") or "")
            if hidden or cells:
                skipped = element
                walk.skip_subtree()
                found.add(CELL.join(cells), linked)
            else:
                found.enter(element)
            continue
        if tag not in INLINE:
            found.flush(element)
        if element is not skipped:
            found.leave(tag)
        found.add(element.tail if element is not root else "")
    found.flush(root)
    return found.lines


def _find_cells(row) -> tuple[list[str], float]:
    """Cells of a row of data, and their share in links; none where the table lays out the page."""
    if any(inner is not row for inner in row.iter("table", "tr")):
        return [], 0
    cells = [find_lines(cell) for cell in row.iter("td", "th")]
    lines = [line for cell in cells for line in cell]
    texts = [" ".join(line.text for line in cell) for cell in cells if cell]
    if len(texts) < 2 or max(map(len, texts)) > CELL_LENGTH:
        return [], 0
    linked = sum(len(line.text) * line.linked for line in lines)
    return texts, linked / sum(len(line.text) for line in lines)
