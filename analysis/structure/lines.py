"""Physical lines, and blocks: paragraphs with hard wraps and interruptions joined."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.structure.edits import Edit, clean_texts, to_simplified
from analysis.structure.headings import LINE_HEADING_LENGTH, SECTION_KINDS, Marker, find_marker

LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
TERMINAL = "。！？!?…｡"
DIGITS, WIDE_DIGIT = str.maketrans("０１２３４５６７８９", "0123456789"), re.compile("[０-９]")
DASHES = ("—", "－－", "--", "──", "━")  # what opens a subtitle
CLOSING = "”’\"'」』）)】》〉"
SENTENCE_STOP = re.compile("[。！？]")
LONG_LINE = 1500  # characters: longer than any paragraph seen, so many paragraphs on one line
MANY_BLANKS = 10  # of one kind on a long line: then the other kind stands inside its titles
BODY_LENGTH = 40  # characters: a line this long with a full stop is running text, not page chrome
OPEN_SHARE = 0.25  # more lines than this ending in mid-sentence: the report is hard-wrapped
WRAP_SLACK = 4  # characters: how far a wrapped line may fall short of the full width
MAX_WRAP_WIDTH = 80  # characters: wider lines are paragraphs, not wrapped lines


@dataclass(slots=True)
class Line:
    """One physical line: span in the source, cleaned Simplified text, what it is."""

    start: int
    end: int
    text: str
    indented: bool = False
    gap: bool = False  # a blank line stands before it
    noise: str | None = None  # why it is noise
    title: bool = False
    marker: Marker | None = None

    @property
    def width(self) -> int:
        """Characters as printed, before any edit: what a hard wrap counted."""
        return self.end - self.start

    @property
    def ended(self) -> bool:
        """Whether the line ends a sentence."""
        return self.text.rstrip(CLOSING)[-1:] in (*TERMINAL, "")


@dataclass(slots=True)
class Block:
    """Lines that make one paragraph, and why the breaks between them are left out."""

    lines: list[Line]
    edits: list[Edit] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First character of the block in the source."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """End of the block in the source."""
        return self.lines[-1].end


def split_lines(source: str, edits: list[Edit], simple: str) -> list[Line]:
    """Cut the source, which in Simplified script is ``simple``, into its non-blank lines."""
    lines, last_end = [], 0
    for first, last in (span for match in LINE.finditer(source) for span in _cut_long(match)):
        raw = source[first:last]
        if not raw.strip():
            continue
        left = len(raw) - len(raw.lstrip())
        start, end = first + left, first + len(raw.rstrip())
        gap = source[last_end:start].replace("\r\n", "\n").count("\n") > 1
        indent = raw[:left]
        indented = "\u3000" in indent or "\t" in indent or len(indent) >= 2
        lines.append(Line(start, end, "", indented, gap))
        last_end = end
    texts = clean_texts(source, simple, edits, [(line.start, line.end) for line in lines])
    for line, text in zip(lines, map(str.strip, texts), strict=True):
        line.text = text.translate(DIGITS) if WIDE_DIGIT.search(text) else text
        line.marker = find_marker(text)
    return lines


def _cut_long(match: re.Match) -> list[tuple[int, int]]:
    """Spans of the lines that a very long one stands for: blanks took the place of line ends.

    A blank counts where a sentence has ended, before a section heading, and behind a few words that
    end no sentence, as titles, by-lines and headings do.
    """
    if len(match[0]) < LONG_LINE:
        return [match.span()]
    text, cuts, opening = to_simplified(match[0]), [0], True
    kind = " " if text.count(" ") >= MANY_BLANKS else "\u3000"
    for blank in re.finditer(f"{kind}+", text):
        at, end = blank.span()
        piece = text[max(cuts[-1], at - LINE_HEADING_LENGTH - 1) : at]
        ended = piece.rstrip(CLOSING)[-1:] in TERMINAL
        opening = opening and not SENTENCE_STOP.search(piece)
        if ended or _is_whole(piece, opening) or _opens_section(text[end : end + BODY_LENGTH]):
            cuts.append(end)
    return [(match.start() + a, match.start() + b) for a, b in pairwise([*cuts, len(text)])]


def _opens_section(text: str) -> bool:
    marker = find_marker(text)
    return marker is not None and marker.kind in SECTION_KINDS


def _is_whole(piece: str, opening: bool) -> bool:
    """Whether a piece of a long line may be a line: a heading, or before any text a by-line."""
    if not 2 <= len(piece) <= LINE_HEADING_LENGTH or SENTENCE_STOP.search(piece):
        return False
    marker = find_marker(piece + "某")
    return marker.text != piece if marker else opening or not re.search("[，；]", piece)


def join_lines(source: str, lines: list[Line]) -> list[Block]:
    """Join hard-wrapped lines to paragraphs; each join is an edit.

    A page number, header or advert that interrupts a sentence becomes an edit of the paragraph; it
    keeps a sentence of its own where it stands between paragraphs.
    """
    content = [line for line in lines if line.noise is None]
    width = wrap_width(content)
    indents = sum(line.indented for line in content)
    uses_indent = 0 < indents < 0.7 * len(content)
    blocks: list[Block] = []
    interrupting: list[Line] = []
    for line in lines:
        if line.noise is not None:
            interrupting.append(line)
            continue
        before = blocks[-1].lines[-1] if blocks else None
        if before is not None and _continues(before, line, interrupting, width, uses_indent):
            blocks[-1].edits += _join_edits(source, before, line, interrupting)
            blocks[-1].lines.append(line)
        else:
            blocks += [Block([noise]) for noise in interrupting]
            blocks.append(Block([line]))
        interrupting = []
    return blocks + [Block([noise]) for noise in interrupting]


def wrap_width(content: list[Line]) -> int | None:
    """Width in characters at which the report is hard-wrapped, or None.

    Hard-wrapped means that more than :data:`OPEN_SHARE` of the lines stop in mid-sentence at full
    width and go on in a line that is no heading. The full width is the 80th percentile, so that
    a few long lines of page chrome do not matter.
    """
    long = [line for line in content if line.width >= 12]
    if len(long) < 4:
        return None
    widths = sorted(line.width for line in long)
    width = widths[int(0.8 * (len(widths) - 1))]
    unended = sum(
        not line.ended
        and line.width >= width - WRAP_SLACK
        and line.text[-1:] not in "：:"
        and after.marker is None
        for line, after in zip(content, content[1:], strict=False)
    )
    if width > MAX_WRAP_WIDTH or unended <= OPEN_SHARE * len(long):
        return None
    return width


def _continues(before, line, interrupting, width, uses_indent) -> bool:
    if before.title or line.title:  # a title may be wrapped, but its subtitle stands apart
        return before.title and line.title and not line.text.startswith(DASHES)
    if any(noise.noise not in ("页码",) and "页眉" not in noise.noise for noise in interrupting):
        return not before.ended and before.text[-1:] in "，、；,;" and line.marker is None
    if line.text[0] in "，、；。！？：）》」』”’,;":
        return True
    if before.text[-1:] in "“‘（《「『(" and len(before.text) < BODY_LENGTH:
        return True
    if before.text[-1:] in "，、,":
        return not (line.indented and uses_indent)
    if width is None:
        # A page break cut the paragraph: running text that stops in mid-sentence.
        cut = bool(interrupting) and not before.ended and len(before.text) >= BODY_LENGTH
        return cut and line.marker is None
    if (line.gap and not interrupting) or (uses_indent and line.indented):
        return False
    if line.marker is not None and (
        before.ended or before.width < width - WRAP_SLACK or line.marker.kind in SECTION_KINDS
    ):
        return False
    if before.ended and not line.ended and line.width < width // 2:
        return False  # a heading: neither the line nor the paragraph would stop there
    return before.width >= width - WRAP_SLACK


def _join_edits(source: str, before: Line, line: Line, interrupting: list[Line]) -> list[Edit]:
    if not interrupting:
        return [Edit(before.end, line.start, "wrap", None, "句中换行")]
    kind = "page" if all("页" in (n.noise or "") for n in interrupting) else "advert"
    basis = f"打断句子的“{source[interrupting[0].start : interrupting[-1].end][:12]}”"
    return [Edit(before.end, line.start, kind, None, basis)]
