"""The parts of a .doc: its text by character position, and what is set for runs and paragraphs.

Follows [MS-DOC], Word's binary file format: the file information block (FIB) says where each table
lies, the piece table where each character lies. Formatting is a list of *sprms*, each an operation
code and its operand; only those that change what is read are kept.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator

PAIRS = 0x9A  # in the FIB: offset and length of each table, 8 bytes a table
# Tables by their number in the FIB.
STYLES, NOTE_REFS, NOTES, HEADERS, RUNS, PARAGRAPHS, PIECES = 1, 2, 3, 11, 12, 13, 33
ENDNOTE_REFS, ENDNOTES, LISTS, OVERRIDES = 46, 47, 73, 74
# Stories, in the order of their characters: (name, where the FIB has the length).
STORIES = {"main": 0x4C, "footnote": 0x50, "header": 0x54, "macro": 0x58}
STORIES |= {"comment": 0x5C, "endnote": 0x60, "box": 0x64, "header_box": 0x68}
BLOCK = 512  # bytes: formatting stands in blocks, their numbers in a table

# Sprms: of runs; of paragraphs. A style's number is kept under 0, which is no sprm.
DELETED, INSERTED, HIDDEN = 0x0800, 0x0801, 0x083C
ROW_END, IN_TABLE, LIST, LEVEL, STYLE = 0x2417, 0x2416, 0x460B, 0x260A, 0
KEPT = {DELETED, INSERTED, HIDDEN, ROW_END, IN_TABLE, LIST, LEVEL}
SIZES = (1, 1, 2, 4, 2, 2, 0, 3)  # of the operand, by the top bits; 0: its first byte says
TABLE_DEFINITION, TABS = 0xD608, 0xC615  # whose size is told in another way

Run = tuple[int, int, dict[int, int]]  # first and end place in the stream, sprms


class Document:
    """The streams of one file.

    Parameters
    ----------
    main, tables : bytes
        The streams ``WordDocument`` and ``0Table`` or ``1Table``.

    Raises
    ------
    struct.error
        A table leads out of its stream.
    """

    def __init__(self, main: bytes, tables: bytes):
        self._main, self._tables = main, tables
        self.stories, end = {}, 0
        for name, at in STORIES.items():
            start, end = end, end + max(struct.unpack_from("<i", main, at)[0], 0)
            self.stories[name] = (start, end)
        self._pieces = _read_pieces(self.table(PIECES))
        self._paragraphs = self._runs(PARAGRAPHS, _paragraph_sprms)
        runs = self._runs(RUNS, _run_sprms)
        self._dropped = [run for run in runs if 1 in (run[2].get(DELETED), run[2].get(HIDDEN))]
        self.revised = any(run[2].keys() & {DELETED, INSERTED} for run in runs)

    def table(self, number: int) -> bytes:
        """One of the tables that the FIB lists."""
        start, length = struct.unpack_from("<II", self._main, PAIRS + 8 * number)
        return self._tables[start : start + length]

    def table_onwards(self, number: int) -> bytes:
        """A table and what follows it in its stream, nothing where the FIB has none."""
        start, length = struct.unpack_from("<II", self._main, PAIRS + 8 * number)
        return self._tables[start:] if length else b""

    def positions(self, number: int, size: int = 0) -> list[int]:
        """Character positions that begin a table; entries of a size stand behind them."""
        return _positions(self.table(number), size)

    def characters(self, start: int, end: int) -> Iterator[tuple[int, str, int]]:
        """Position, UTF-16 unit and place in the stream of what is neither deleted nor hidden."""
        for first, last, offset, step in self._pieces:
            low, high = max(first, start), min(last, end)
            begin = offset + (low - first) * step
            data = self._main[begin : begin + max(high - low, 0) * step]
            if step == 1:
                units = data.decode("cp1252", "replace")
            else:
                units = map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2]))
            for at, unit in enumerate(units):
                place = begin + at * step
                if _run_at(self._dropped, place) is None:
                    yield low + at, unit, place

    def paragraph(self, place: int) -> dict[int, int]:
        """Sprms of the paragraph whose end mark stands at a place."""
        return _run_at(self._paragraphs, place) or {}

    def _runs(self, number: int, read) -> list[Run]:
        """All runs of a kind, in the order of the stream."""
        data = self.table(number)
        count = max(len(_positions(data, 4)) - 1, 0)
        blocks = struct.unpack_from(f"<{count}I", data, 4 * (count + 1)) if count else ()
        found: list[Run] = []
        for block in dict.fromkeys(blocks):
            page = self._main[(block & 0x3FFFFF) * BLOCK :][:BLOCK]
            if len(page) == BLOCK:
                found += _read_block(page, read)
        return sorted(found, key=lambda run: run[0])


def _positions(data: bytes, size: int) -> list[int]:
    count = (len(data) - 4) // (4 + size) + 1 if len(data) >= 4 else 0
    return list(struct.unpack_from(f"<{count}i", data))


def _read_pieces(data: bytes) -> list[tuple[int, int, int, int]]:
    """Pieces of text: first and end position, offset in the stream, bytes a character."""
    at = 0
    while data[at : at + 1] == b"\x01":  # formatting of pieces; it does not change the text
        at += 3 + struct.unpack_from("<H", data, at + 1)[0]
    if data[at : at + 1] != b"\x02":
        raise struct.error("no piece table")
    data = data[at + 5 :]
    positions = _positions(data, 8)
    pieces = []
    for number, (first, last) in enumerate(zip(positions, positions[1:], strict=False)):
        place = struct.unpack_from("<I", data, 4 * len(positions) + 8 * number + 2)[0]
        packed = place & 0x40000000  # one byte a character
        offset = place & 0x3FFFFFFF
        pieces.append((first, last, offset // 2 if packed else offset, 1 if packed else 2))
    return pieces


def _read_block(page: bytes, read) -> list[Run]:
    count = page[-1]
    if 4 * (count + 1) >= BLOCK:
        return []
    places = struct.unpack_from(f"<{count + 1}I", page)
    return [
        (first, last, read(page, 4 * (count + 1), at))
        for at, (first, last) in enumerate(zip(places, places[1:], strict=False))
    ]


def _run_sprms(page: bytes, start: int, at: int) -> dict[int, int]:
    offset = 2 * page[start + at] if start + at < BLOCK else 0
    return read_sprms(page[offset + 1 : offset + 1 + page[offset]]) if offset else {}


def _paragraph_sprms(page: bytes, start: int, at: int) -> dict[int, int]:
    place = start + 13 * at
    offset = 2 * page[place] if place < BLOCK else 0
    if not 0 < offset < BLOCK - 1:
        return {}
    size = 2 * page[offset] - 1
    if page[offset] == 0:  # then the next byte has the size
        offset += 1
        size = 2 * page[offset]
    data = page[offset + 1 : offset + 1 + size]
    return read_sprms(data[2:]) | {STYLE: int.from_bytes(data[:2], "little")}


def read_sprms(data: bytes) -> dict[int, int]:
    """Operands of the sprms that are :data:`KEPT`."""
    found, at = {}, 0
    while at + 2 < len(data):
        code = int.from_bytes(data[at : at + 2], "little")
        at += 2
        size = SIZES[code >> 13]
        if code == TABLE_DEFINITION:
            size = 1 + int.from_bytes(data[at : at + 2], "little")
        elif code == TABS and data[at] == 255:
            return found  # its size cannot be told without reading it; nothing kept comes later
        elif not size:
            size = 1 + data[at]
        if code in KEPT:
            found[code] = int.from_bytes(data[at : at + size], "little")
        at += size
    return found


def _run_at(runs: list[Run], place: int) -> dict[int, int] | None:
    at = bisect_right(runs, place, key=lambda run: run[0]) - 1
    return runs[at][2] if at >= 0 and place < runs[at][1] else None
