"""Which sentences are headings: they name what stands below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.structure.headings import (
    FRAME,
    LINE_HEADING_LENGTH,
    PHRASE_LENGTH,
    RUN_IN_LENGTH,
    SINGLE_PHRASE_LENGTH,
    TURN,
    Marker,
    find_marker,
)
from analysis.structure.lines import CLOSING, TERMINAL
from analysis.structure.noise import TITLE_LENGTH
from analysis.structure.wording import Wording

# Cells of a table: tabs, strokes, several gaps or a figure at the end.
TABLE_ROW = re.compile(r"\t|[|｜]|\S\s{2,}\S+\s{2,}\S|\s\d[\d.,]*[%％]?$")
LIST_RUN = 3  # lines in a row, short and without a stop: a list or a table, not headings


@dataclass(slots=True)
class Sentence:
    """A sentence: span, what it opens with and where it stands."""

    start: int
    end: int
    text: str
    block: int
    noise: str | None = None
    marker: Marker | None = None
    level: int | None = None
    alone: bool = False  # the only sentence of its paragraph
    path: tuple[str, ...] = ()
    passage: int = -1

    @property
    def ended(self) -> bool:
        """Whether it ends with a stop."""
        return self.text[-1:] in TERMINAL


def find_kinds(kept: list[Sentence], wording: Wording) -> list[str | None]:
    """Return the kind under which each sentence is a heading, or None.

    Parameters
    ----------
    kept : list of Sentence
        The report from top to bottom, without noise.
    """
    series, told, listed = _phrase_blocks(kept, wording), _told_in_full(kept), _listed_lines(kept)
    kinds: list[str | None] = []
    numbered = False
    for before, sentence, after in _neighbours(kept):
        kind = None
        if after is not None and sentence.level is None and sentence.start not in told | listed:
            kind = _find_kind(sentence, before, after, wording)
        if kind == "phrase":
            opens = before is None or before.block != sentence.block
            single = opens and len(sentence.text) <= SINGLE_PHRASE_LENGTH
            kind = kind if numbered and (single or sentence.block in series) else None
        numbered = numbered or kind is not None
        kinds.append(kind)
    return kinds


def _neighbours(kept: list[Sentence]) -> zip:
    """Triples of the sentence before (or None), a sentence and the one after it (or None)."""
    return zip([None, *kept], kept, [*kept[1:], None], strict=False)


def _find_kind(sentence: Sentence, before, after: Sentence, wording: Wording) -> str | None:
    text = sentence.text
    if text[-1:] in "，、；;":
        return None
    if sentence.alone and FRAME.fullmatch(re.sub(r"\s", "", text)):
        return "frame"
    turn = sentence.alone and len(text) <= PHRASE_LENGTH[1] and TURN.match(text)
    if turn or wording.signpost.fullmatch(text):
        return "line" if sentence.alone else "signpost"
    if sentence.marker is not None:
        return sentence.marker.kind if _names_point(sentence, before, after) else None
    if sentence.alone and (not sentence.ended or text[-1] in "？?"):
        name = text.rstrip("：:") if wording.names_section(text.rstrip("：:")) else text
        return "line" if _is_heading_line(name, before) else None
    return "phrase" if _is_phrase(sentence, after, wording) else None


def _names_point(sentence: Sentence, before, after) -> bool:
    """Whether a sentence with a marker names what follows, and is not the point itself."""
    kind, text, bare = sentence.marker.kind, sentence.text, sentence.alone and not sentence.ended
    if kind in ("label", "pair"):  # 【表现】… and 问题一：… are their first sentence, unless alone
        return bare and len(text) <= LINE_HEADING_LENGTH
    inner = find_marker(text.removeprefix(sentence.marker.text).lstrip())
    if inner is not None and inner.kind == "pair":  # ⑴ 问题：… has its heading inside it
        return True
    if bare or len(text) > RUN_IN_LENGTH:
        return bare and len(text) <= LINE_HEADING_LENGTH
    beside = [s.marker.kind for s in (before, after) if s is not None and s.marker is not None]
    if kind in beside or "；" in text:  # nothing is said below it
        return False
    return sentence.alone or (after is not None and after.block == sentence.block)


def _told_in_full(kept: list[Sentence]) -> set[int]:
    """Starts of the points of lists, inside a paragraph, that are told in full at once.

    Where most of 1.…。2.…。3.…。, or half and the first, are the measures themselves, a short one
    among them is no heading either.
    """
    lists: list[list[tuple[int, bool]]] = []
    last: dict[str, tuple[int, list[tuple[int, bool]]]] = {}
    for before, sentence, after in _neighbours(kept):
        if sentence.marker is None or sentence.alone:
            continue
        kind, _, number = sentence.marker
        block, points = last.get(kind, (-1, []))
        if block != sentence.block or number == 1:
            points = []
            lists.append(points)
        last[kind] = sentence.block, points
        points.append((sentence.start, _names_point(sentence, before, after)))
    told: set[int] = set()
    for points in lists:
        starts, named = zip(*points, strict=True)
        if len(named) > 1 and 2 * sum(named) + named[0] <= len(named):
            told.update(starts)
    return told


def _listed_lines(kept: list[Sentence]) -> set[int]:
    """Starts of the lines of lists and tables: several in a row without number and stop."""
    listed: set[int] = set()
    run: list[int] = []
    for sentence in kept:
        plain = sentence.marker is None and sentence.level is None
        bare = plain and sentence.alone and not sentence.ended
        run = [*run, sentence.start][-LIST_RUN:] if bare else []
        if len(run) == LIST_RUN:
            listed.update(run)
    return listed


def _is_heading_line(text: str, before: Sentence | None) -> bool:
    """A heading on a line of its own without a number: short, unpunctuated, text below it."""
    if not 3 <= len(text) <= TITLE_LENGTH // 2 or text[-1] in "，、；：:;,）)":
        return False
    if TABLE_ROW.search(text) or re.search(r"[；;]|[，,].*[，,].*[，,]|\d{4}年\d", text):
        return False
    return before is None or before.alone or before.text.rstrip(CLOSING)[-1:] in TERMINAL


def _is_phrase(sentence: Sentence, after: Sentence, wording: Wording) -> bool:
    """A short complete phrase such as 抓牢政治统领。 that names the topic of the next sentence."""
    body = sentence.text.rstrip("。")
    low, high = PHRASE_LENGTH
    return (
        sentence.marker is None
        and sentence.text.endswith("。")
        and low <= len(body) <= high
        and after.block == sentence.block
        and len(after.text) > len(sentence.text)
        and not wording.statement_word.search(body)
        and not re.search("[，,、].*[，,、]", body)
    )


def _phrase_blocks(kept: list[Sentence], wording: Wording) -> set[int]:
    """Blocks where topic phrases come in series; a single one may be an ordinary sentence."""
    count: dict[int, int] = {}
    for sentence, after in zip(kept, kept[1:], strict=False):
        if _is_phrase(sentence, after, wording):
            count[sentence.block] = count.get(sentence.block, 0) + 1
    return {block for block, n in count.items() if n >= 2}
