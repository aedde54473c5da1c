"""Blocks → sentences → passages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from analysis.structure.edits import CLAUSE_REACH, Edit, apply_edits
from analysis.structure.glued import GLUED_BLOCK, SENTENCE_END, glued_cuts
from analysis.structure.headings import POINT_KINDS, find_marker
from analysis.structure.lines import CLOSING, Block
from analysis.structure.naming import Sentence
from analysis.structure.outline import find_headings
from analysis.structure.wording import Wording

FULL_STOPS = frozenset("。！？｡")
LABELS = tuple("[【(（")
LABELLED_LENGTH = 36  # characters: in a longer sentence the label was glued to the author's words


def split_block(
    source: str, block: Block, edits: list[Edit], simple: str, wording: Wording
) -> list[tuple[int, int]]:
    """Cut one block into sentence spans that cover all of its non-blank characters.

    Parameters
    ----------
    edits : list of Edit
        All edits of the report.
    simple : str
        The source in Simplified script (same length).
    """
    text, ends = _clean_text(block, edits, simple)
    cuts = {m.end() for m in SENTENCE_END.finditer(text) if _ends_sentence(text, m, wording)}
    if len(text) >= GLUED_BLOCK:
        cuts |= glued_cuts(text, wording, first=not source[: block.start].strip())
    spans, start, last = [], block.start, 0
    for cut in sorted(cuts | {len(text)}):
        end = ends[cut - 1] if 0 < cut < len(text) else block.end
        if text[last:cut].strip():
            spans.append((start, end))
        elif spans:  # nothing but an edit: it goes with what precedes
            spans[-1] = (spans[-1][0], end)
        else:  # … or, at the beginning, with what follows
            continue
        start, last = end, cut
    if not spans:
        return [(block.start, block.end)]
    return [_trim(source, *span) for span in spans if source[slice(*span)].strip()]


def _trim(source: str, start: int, end: int) -> tuple[int, int]:
    raw = source[start:end]
    return end - len(raw.lstrip()), start + len(raw.rstrip())


def _clean_text(block, edits, simple) -> tuple[str, Sequence[int]]:
    """The block's text after its edits, and where in the source each character ends."""
    parts, ends, at = [], [], block.start
    inside = edits[bisect_left(edits, (block.start,)) : bisect_left(edits, (block.end,))]
    if not inside:
        return simple[block.start : block.end], range(block.start + 1, block.end + 1)
    for edit in [*inside, Edit(block.end, block.end, "", None, "")]:
        parts += [simple[at : edit.start], edit.replacement or ""]
        ends += [*range(at + 1, edit.start + 1), *[edit.end] * len(parts[-1])]
        at = max(at, edit.end)
    return "".join(parts), ends


def _ends_sentence(text: str, match: re.Match, wording: Wording) -> bool:
    """An ASCII ``?`` inside a line ends a sentence after a question or before a blank only."""
    sign, follows = match[0].rstrip(CLOSING), text[match.end() : match.end() + 1]
    if follows and follows in "，、；,;":  # “……！”、“……？”、 inside a series
        return False
    if not FULL_STOPS.isdisjoint(sign):
        return True
    if not follows or follows.isspace() or "!" in sign:
        return True
    clause = re.split("[。！？；，,;]", text[max(0, match.start() - CLAUSE_REACH) : match.start()])
    return bool(wording.question_word.search(clause[-1]))


def find_sentences(
    source: str, blocks: list[Block], edits: list[Edit], simple: str, wording: Wording
) -> list[Sentence]:
    """Cut all blocks into sentences and give each its marker, heading level and heading path."""
    sentences: list[Sentence] = []
    for number, block in enumerate(blocks):
        spans = split_block(source, block, edits, simple, wording)
        for start, end in spans:
            text = apply_edits(simple, edits, start, end).strip()
            noise, alone = block.lines[0].noise, len(spans) == 1
            sentences.append(Sentence(start, end, text, number, noise=noise, alone=alone))
    _mark_noise(sentences, simple, wording)
    for at, sentence in enumerate(sentences):
        if sentence.noise is None:
            sentence.marker = find_marker(sentence.text)
            title = blocks[sentence.block].lines[0].title
            if title or (at == 0 and wording.glued_title.match(sentence.text + " ")):
                sentence.level, sentence.alone = 0, True
    find_headings(sentences, wording)
    return sentences


def _mark_noise(sentences: list[Sentence], simple: str, wording: Wording) -> None:
    """Mark sentences inside a paragraph that are not the report, as 谢谢大家！ is not."""
    short = [s for s in sentences if s.noise is None and s.end - s.start <= LABELLED_LENGTH]
    texts = [simple[s.start : s.end] for s in short]
    asked = wording.line_patterns(texts)
    for sentence, text, patterns in zip(short, texts, asked, strict=True):
        labelled = text.startswith(LABELS)
        if any((p.search if labelled else p.fullmatch)(text) for p in patterns):
            sentence.noise = "句子是广告、稿件信息或客套话"


def number_passages(sentences: list[Sentence]) -> None:
    """Give each sentence its passage: a paragraph, or a numbered point of one."""
    passage, block = -1, None
    for sentence in sentences:
        point = (
            sentence.noise is None
            and sentence.marker is not None
            and sentence.marker.kind in POINT_KINDS
        )
        if sentence.block != block or point:
            passage, block = passage + 1, sentence.block
        sentence.passage = passage
