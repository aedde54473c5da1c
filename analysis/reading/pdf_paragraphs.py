"""Lines of PDF pages to paragraphs, by where they stand; running headers and footers apart.

Lengths are compared in em, the width of a Chinese character of the line in hand. Measured on the
five reports and four of the training reports, as PDF from two writers: every paragraph is found
(tests/test_reading_pdf.py holds the figure).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass

OTHER_WAY = 3  # in place of a column: text turned against the rest of its page
ZONE = 0.15  # of a page's height: headers and footers stand this near its upper or lower edge
DEEPEST = 3  # lines: more have never been seen in a running header
HEADER_LENGTH = 60  # characters: as for titles; anything longer is running text
HEADER_SHARE = 0.3  # of the pages: odd and even pages may have headers of their own
MARGIN_SHARE = 0.05  # of the lines: as many as this stand at a margin, or it is none
STEP = 0.75  # em: a smaller difference in position is chance
WIDER_GAP = 1.35  # times the usual distance of lines: a blank line or extra space between
OTHER_SIZE = 0.12  # of the size of characters: a larger difference is another font size
LARGE = 1.1  # times the usual size: titles
LONGEST_TOKEN = 40  # characters: as wide as a line
PAGE_NUMBER = re.compile(
    r"[-—–─·•\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})\s*页?"
    r"(?:\s*[/／共，,]+\s*\d{1,4}\s*页?)?[-—–─·•\s]*"
)
# What may not be parted at the end of a line: opening marks, a number or word, closing marks; and
# some programs never part a quotation mark from what stands on either side of it.
PART = r"[“‘（《「『(【〔]*(?:[\w.%％:/+-]+|.)[，。、；：？！”’）》」』)】〕…—,.;:]*"
TOKEN = re.compile(rf"{PART}(?:(?<=[“”‘’]){PART}|(?=[“”‘’]){PART})*", re.ASCII)
STOP = re.compile("[。！？!?…：:；;][”’\"'」』）)】》]*$")
NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as `pdf_page` gives it, with its page."""

    page: int
    column: int
    text: str
    left: float
    right: float
    bottom: float
    top: float
    em: float


@dataclass(frozen=True)
class Frame:
    """The column of text that a line stands in: its margins, in points."""

    left: float
    right: float

    def indent(self, line: Line) -> float:
        """How far right of the margin a line begins, in em."""
        return (line.left - self.left) / line.em

    def room(self, line: Line) -> float:
        """How much is left behind a line, in em."""
        return (self.right - line.right) / line.em

    def centres(self, line: Line) -> bool:
        """Whether a line stands in the middle."""
        return abs(self.indent(line) - self.room(line)) < 2 * STEP


def rebuild(pages: list[dict | None]) -> list[str]:
    """Return the paragraphs, then each running header and footer once; page numbers are left out.

    Parameters
    ----------
    pages : list of dict or None
        As `pdf_page` prints them.
    """
    every = {at: _page_lines(at, page) for at, page in enumerate(pages) if page}
    upright = {at: [li for li in some if li.column != OTHER_WAY] for at, some in every.items()}
    heads, feet = _take_furniture(upright, {at: pages[at]["height"] for at in upright})
    others = ([li for li in some if li.column == OTHER_WAY] for some in every.values())
    turned = [text for some in others for text in _join(some)]
    seen = Counter(turned)  # a watermark is on every page
    marks = [f"【页眉】{text}" for text in seen if seen[text] > 1]
    body = _join([line for some in upright.values() for line in some])
    body += [text for text in turned if seen[text] == 1]
    return [*body, *_once("【页眉】", heads), *marks, *_once("【页脚】", feet)]


def _page_lines(at: int, page: dict) -> list[Line]:
    return [Line(at, *line) for line in page["lines"]]


def _take_furniture(pages: dict[int, list[Line]], heights: dict[int, float]):
    """Take running headers and footers out of the pages, in place, and return them."""
    taken: tuple[list[Line], list[Line]] = ([], [])
    edges = [{at: _edge(pages[at], heights[at], side) for at in pages} for side in (0, 1)]
    for side in (0, 1):
        seen = Counter(_place(line) for some in edges[side].values() for line in some)
        wanted = max(2, HEADER_SHARE * len(pages))
        for at, some in edges[side].items():
            for line in some:
                repeated = seen[_place(line)] >= wanted and _is_short(line.text)
                if not repeated and not _is_page_number(line.text):
                    break
                pages[at].remove(line)
                taken[side].append(line)
    return taken


def _edge(lines: list[Line], height: float, side: int) -> list[Line]:
    """The outermost lines of a page within its zone, from the edge inwards."""
    if side == 0:
        near = [line for line in lines if line.bottom > (1 - ZONE) * height]
        return sorted(near, key=lambda line: -line.top)[:DEEPEST]
    near = [line for line in lines if line.top < ZONE * height]
    return sorted(near, key=lambda line: line.bottom)[:DEEPEST]


def _is_short(text: str) -> bool:
    return len(text) <= HEADER_LENGTH and not set(text) & set("。，；")


def _is_page_number(text: str) -> bool:
    return len(text) <= HEADER_LENGTH and PAGE_NUMBER.fullmatch(text) is not None


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.bottom / 4)


def _once(mark: str, lines: list[Line]) -> list[str]:
    """Each header once, as its first page has it; page numbers are no text."""
    named = [line for line in lines if not _is_page_number(line.text)]
    first = {_place(line)[0]: line for line in reversed(named)}
    return [mark + line.text for line in reversed(first.values())]


def _join(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    frames = _find_frames(lines)
    layout = Layout(
        frames, _median(line.em for line in lines), _pitch(lines), _indents(lines, frames)
    )
    paragraphs: list[list[str]] = []
    before = None
    for line in lines:
        if before is None or layout.starts(before, line):
            paragraphs.append([line.text])
        else:
            paragraphs[-1] += [_glue(before.text, line.text), line.text]
        before = line
    return ["".join(parts) for parts in paragraphs]


def _key(line: Line) -> tuple[int, int]:
    """Lines of one frame: left and right pages may have other margins."""
    return line.column, line.page % 2


def _find_frames(lines: list[Line]) -> dict[tuple[int, int], Frame]:
    by_key: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        by_key.setdefault(_key(line), []).append(line)
    return {key: _find_frame(some) for key, some in by_key.items()}


def _find_frame(lines: list[Line]) -> Frame:
    """Margins: the outermost places where some lines begin or end."""
    em = _median(line.em for line in lines)
    enough = max(2, MARGIN_SHARE * len(lines)) if len(lines) > 2 else 1

    lefts = sorted(line.left for line in lines)
    rights = sorted(-line.right for line in lines)
    return Frame(_outermost(lefts, STEP * em, enough), -_outermost(rights, STEP * em, enough))


def _outermost(places: list[float], near: float, enough: float) -> float:
    """The first of sorted places that has enough others about it."""
    for place in places:
        if bisect_right(places, place + near) - bisect_left(places, place - near) >= enough:
            return place
    return places[0]


def _pitch(lines: list[Line]) -> float:
    """Distance of two lines of one paragraph, in em: the lower quartile, as most are."""
    pairs = zip(lines, lines[1:], strict=False)
    steps = sorted((a.bottom - b.bottom) / b.em for a, b in pairs if _below(a, b))
    return steps[len(steps) // 4] if steps else 0.0


def _indents(lines: list[Line], frames: dict) -> bool:
    """Whether paragraphs are indented: full lines often stand right of those that follow."""
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if _key(a) == _key(b)]
    full = [(a, b) for a, b in pairs if frames[_key(a)].room(a) < 2]
    back = sum(a.left - b.left > STEP * b.em for a, b in full)
    return back > MARGIN_SHARE * len(full)


def _below(before: Line, line: Line) -> bool:
    same = (before.page, before.column) == (line.page, line.column)
    return same and before.bottom > line.bottom


def _median(numbers) -> float:
    ordered = sorted(numbers)
    return ordered[len(ordered) // 2]


@dataclass(frozen=True)
class Layout:
    """What is usual in a document: margins, em (points), distance of lines (em), indents."""

    frames: dict[tuple[int, int], Frame]
    em: float
    pitch: float
    indented: bool

    def starts(self, before: Line, line: Line) -> bool:
        """Whether a line begins a paragraph."""
        if "\t" in before.text or "\t" in line.text:  # rows of a table
            return True
        if abs(before.em - line.em) > OTHER_SIZE * line.em:
            return True
        apart = (before.bottom - line.bottom) / line.em
        if _below(before, line) and apart > WIDER_GAP * self.pitch:
            return True
        last, frame = self.frames[_key(before)], self.frames[_key(line)]
        if line.em > LARGE * self.em and last.centres(before) and frame.centres(line):
            return line.text.startswith("—")  # a title in two lines, but not its subtitle
        if last.room(before) > _width(TOKEN.match(line.text[:LONGEST_TOKEN])[0]) + STEP:
            return True  # the line ended early although the next word had room
        indent, old = frame.indent(line), last.indent(before)
        if not self.indented:  # all lines at the margin, or all but the first further right
            numbered = NUMBERED.match(line.text) and STOP.search(before.text)
            return indent < old - STEP or bool(numbered)
        if indent > STEP and abs(indent - old) <= STEP:
            return True
        return indent > old + STEP


def _width(text: str) -> float:
    return sum(1.0 if character >= "\u2000" else 0.5 for character in text)


def _glue(before: str, after: str) -> str:
    """Between the lines of a paragraph: a blank between Latin words, else nothing."""
    return " " if re.search("[A-Za-z,.;:]$", before[-1:]) and re.match("[A-Za-z]", after) else ""
