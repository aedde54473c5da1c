"""The lines of a PDF's pages: a program of its own, so that what goes wrong in C ends only it.

Run as ``python -P pdf_page.py MAX_PAGES MAX_CHARACTERS MAX_MEMORY`` with the file on standard
input; it imports nothing of the package. Standard output is JSON: ``{"error": …}`` with
``password``, ``broken``, ``characters`` or ``pages`` (then with ``count``), or ``{"pages": […]}``.
A page is null where it cannot be read, else it has ``height`` (points), ``image`` (whether it
shows a picture; looked up only where there is hardly any text) and ``lines`` in reading order, each
``[column, text, left, right, bottom, top, em]``. Column 0 is the whole width, 1 and 2 the halves of
a page in two columns, 3 what runs in another direction than most of the page. Box and em (width of
a Chinese character) are in points from the lower edge, turned so that text runs from left to right.
"""

import ctypes
import json
import math
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

CELL_GAP = 1.5  # em: justified text is never spread so far; cells of a table and columns are
SAME_LINE = 0.5  # of the lower height: how far two pieces of one line overlap at least
COLUMN_LINES = 6  # fewer lines than this beside each other are a table, not columns of text
COLUMN_FILL = 0.7  # of a column's width: how far half of its lines reach; cells of tables do not
MIDDLE = (0.35, 0.65)  # of the width: where the second column begins
SMALLEST = 0.1  # points: the width of a character that a damaged font makes nothing
OTHER_WAY = 3  # instead of a column
FEW_CHARACTERS = 20  # a page with fewer may be a scan with a page number
BLANKS = " \t\u3000\xa0"
SPACE = "\u200b"  # a blank that the file does not have: a gap where pdfium sees the end of a word
WIDE = "\u2e80"  # from here on a character is as wide as the font is high


@dataclass
class Piece:
    """Characters that stand side by side, as the file draws them."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    ems: list[float] = field(default_factory=list)

    @property
    def em(self) -> float:
        """Width of a Chinese character; where there is none, two thirds of the height."""
        em = statistics.median(self.ems) if self.ems else (self.top - self.bottom) / 1.5
        return max(em, SMALLEST)


def read_characters(page, limit: int):
    """Yield ``character, left, right, bottom, top, turn`` as drawn; turn in degrees."""
    text, box = page.get_textpage(), pdfium_c.FS_RECTF()
    count = text.count_chars()
    if count > limit:
        raise OverflowError
    for at in range(count):
        code = pdfium_c.FPDFText_GetUnicode(text, at)
        if pdfium_c.FPDFText_IsGenerated(text, at) == 1:
            if code == 32:
                yield SPACE, 0.0, 0.0, 0.0, 0.0, 0
            continue
        if not (code == 2 or 32 <= code < 0x110000) or 0xD800 <= code < 0xE000:
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box)):
            continue
        sides = (box.left, box.right, box.bottom, box.top)
        angle = pdfium_c.FPDFText_GetCharAngle(text, at)
        if all(map(math.isfinite, sides)):
            turn = round(-math.degrees(angle)) % 360 if math.isfinite(angle) else 0  # clockwise
            # 2: what pdfium makes of a hyphen at the end of a line
            yield "-" if code == 2 else chr(code), *_turned(*sides, turn), turn


def _turned(left, right, bottom, top, turn):
    """Turn a box about the origin so that its text runs from left to right."""
    if turn == 0:
        return left, right, bottom, top
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    across = [x * cos + y * sin for x in (left, right) for y in (bottom, top)]
    along = [y * cos - x * sin for x in (left, right) for y in (bottom, top)]
    return min(across), max(across), min(along), max(along)


def make_pieces(characters) -> dict[int, list[Piece]]:
    """Join neighbouring characters, blanks between them included; pieces by turn."""
    pieces: dict[int, list[Piece]] = {}
    last, last_turn, blanks, reach = None, None, "", 0.0
    for character, left, right, bottom, top, turn in characters:
        if character in BLANKS or character == SPACE:
            blanks, reach = blanks + character, max(reach, right)
            continue
        new = Piece(character, left, right, bottom, top, [right - left] * (character >= WIDE))
        height = max(top - bottom, 1.0)
        near = -0.3 * height < left - reach < CELL_GAP * 0.7 * height
        if last is not None and turn == last_turn and near and _overlap(last, new):
            words = max(last.text[-1], character) < WIDE
            last.text += blanks.replace(SPACE, " " if words else "") + character
            last.ems += new.ems
            last.right = max(last.right, right)
            last.bottom, last.top = min(last.bottom, bottom), max(last.top, top)
        else:
            pieces.setdefault(turn, []).append(new)
            last, last_turn = new, turn
        blanks, reach = "", last.right
    return pieces


def _overlap(one: Piece, other: Piece) -> bool:
    common = min(one.top, other.top) - max(one.bottom, other.bottom)
    return common > SAME_LINE * min(one.top - one.bottom, other.top - other.bottom)


def order_lines(pieces: list[Piece]) -> list[list]:
    """Lines in reading order: down the page, or down each of two columns between wide lines."""
    split = _find_split(pieces)
    if split is None:
        return _lines(0, pieces)
    lines, band = [], ([], [])
    for piece in sorted(pieces, key=lambda piece: -piece.top):
        if piece.left < split < piece.right:
            lines += _lines(1, band[0]) + _lines(2, band[1]) + _lines(0, [piece])
            band = ([], [])
        else:
            band[piece.left >= split].append(piece)
    return lines + _lines(1, band[0]) + _lines(2, band[1])


def _find_split(pieces: list[Piece]) -> float | None:
    """Where the second column begins, if the page has two of running text."""
    if not pieces:
        return None
    first, last = min(p.left for p in pieces), max(p.right for p in pieces)
    low, high = (first + share * (last - first) for share in MIDDLE)
    starts = Counter(round(p.left) for p in pieces if low < p.left < high)
    if not starts:
        return None
    split = starts.most_common(1)[0][0] - 1.0
    right = [p for p in pieces if p.left >= split]
    left = [p for p in pieces if p.right <= split]
    for column, width in ((left, split - first), (right, last - split)):
        if len(column) < COLUMN_LINES:
            return None
        if statistics.median(p.right - p.left for p in column) < COLUMN_FILL * width:
            return None
    return split


def _lines(column: int, pieces: list[Piece]) -> list[list]:
    """Put pieces of one height side by side; a wide gap between them becomes a tab."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.top, piece.left)):
        row = next((row for row in rows[-2:] if _overlap(row[0], piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    lines = []
    for row in rows:
        row.sort(key=lambda piece: piece.left)
        text = row[0].text
        for one, other in zip(row, row[1:], strict=False):
            gap = (other.left - one.right) / max(one.em, 1.0)
            words = max(one.text[-1], other.text[0]) < WIDE and gap > 0.2
            text += ("\t" if gap > CELL_GAP else " " if words else "") + other.text
        em = statistics.median(piece.em for piece in row)
        box = (
            row[0].left,
            max(p.right for p in row),
            min(p.bottom for p in row),
            max(p.top for p in row),
        )
        lines.append([column, text, *(round(side, 2) for side in (*box, em))])
    return lines


def read_page(page, limit: int) -> dict:
    """Lines of one page; text that runs in another direction comes last."""
    turned = make_pieces(read_characters(page, limit))
    by_size = sorted(turned, key=lambda turn: -sum(len(p.text) for p in turned[turn]))
    lines = order_lines(turned[by_size[0]]) if by_size else []
    lines += [line for turn in by_size[1:] for line in _lines(OTHER_WAY, turned[turn])]
    image = False
    if sum(len(line[1]) for line in lines) < FEW_CHARACTERS:
        images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        image = next(iter(images), None) is not None
    left, low, right, high = page.get_cropbox()
    *_, base, top = _turned(left, right, low, high, by_size[0] if by_size else 0)
    for line in lines:
        line[4:6] = line[4] - base, line[5] - base
    return {"height": top - base, "image": image, "lines": lines}


def read_pages(raw: bytes, max_pages: int, max_characters: int) -> dict:
    """Read a whole file; see the module for what comes back."""
    try:
        document = pdfium.PdfDocument(raw)
        count = len(document)
    except pdfium.PdfiumError as error:
        return {"error": "password" if "password" in str(error).lower() else "broken"}
    if not count:
        return {"error": "broken"}
    if count > max_pages:
        return {"error": "pages", "count": count}
    pages, characters = [], 0
    for at in range(count):
        try:
            page = document[at]
            pages.append(read_page(page, max_characters - characters))
            page.close()
        except pdfium.PdfiumError:
            pages.append(None)
            continue
        except OverflowError:
            return {"error": "characters"}
        characters += sum(len(line[1]) for line in pages[-1]["lines"])
    return {"pages": pages}


def main(max_pages: str, max_characters: str, max_memory: str) -> None:
    """Bound the memory where the system can (not on Windows), read, print."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(max_memory),) * 2)
    except (ImportError, OSError, ValueError):
        pass
    found = read_pages(sys.stdin.buffer.read(), int(max_pages), int(max_characters))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
