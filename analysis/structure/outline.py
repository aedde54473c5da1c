"""Which sentences are headings, and the stack of headings that gives level and path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.structure.headings import (
    LINE_HEADING_LENGTH,
    PHRASE_LENGTH,
    POINT_KINDS,
    RUN_IN_LENGTH,
    SINGLE_PHRASE_LENGTH,
    Marker,
)
from analysis.structure.lines import TERMINAL
from analysis.structure.noise import TITLE_LENGTH
from analysis.structure.wording import Wording


@dataclass
class Sentence:
    """A sentence: span, what it opens with and where it stands."""

    start: int
    end: int
    text: str
    block: int
    noise: str | None = None
    marker: Marker | None = None
    level: int | None = None
    bare: bool = False  # a heading line with nothing after it
    path: tuple[str, ...] = ()
    passage: int = -1


SIGNPOSTS = 2  # a single one is an ordinary sentence
LISTS = frozenset({"ordinal", "is", "each", "first", "aspect", "phrase", "circled"})
# A heading of one of these kinds, met for the first time, is never below a list of those kinds.
CLOSES = {
    "part": frozenset(POINT_KINDS) | LISTS | {"line", "bullet"},
    "cn": LISTS | {"bracket_cn", "digit", "bracket", "label", "pair"},
    "line": LISTS | {"label", "pair"},
}


@dataclass
class Outline:
    """The stack of open headings while a report is read from top to bottom."""

    kinds: list[str]
    texts: list[str]

    @classmethod
    def new(cls) -> Outline:
        """Return an outline with nothing open."""
        return cls([], [])

    def push(self, kind: str, text: str, closes: frozenset[str] = frozenset()) -> int:
        """Open a heading and return its level (1 is the highest below the title).

        The first kind met is the first level; a kind met before closes everything below it; a new
        kind opens one level more. A kind that starts again at 1 below another heading of its own
        kind's depth stays where the stack finds it. ``closes`` names kinds that this heading closes
        beside those of :data:`CLOSES`.
        """
        if kind in self.kinds:
            depth = self.kinds.index(kind)
            del self.kinds[depth:], self.texts[depth:]
        elif kind in CLOSES:  # a section heading that is new closes the lists before it
            while self.kinds and self.kinds[-1] in CLOSES[kind] | closes:
                del self.kinds[-1], self.texts[-1]
        elif "phrase" in self.kinds:  # topic phrases hang below numbered headings, never above
            depth = self.kinds.index("phrase")
            del self.kinds[depth:], self.texts[depth:]
        self.kinds.append(kind)
        self.texts.append(text)
        return len(self.kinds)

    @property
    def path(self) -> list[str]:
        """Texts of the open headings, from the top."""
        return list(self.texts)


def find_headings(sentences: list[Sentence], wording: Wording) -> None:
    """Give each sentence its heading level and heading path, in place."""
    outline, kept = Outline.new(), [s for s in sentences if s.noise is None]
    phrase_blocks = _phrase_blocks(kept, wording)
    # 一、二、三、 counted once through the report are above its headings without number; where the
    # count begins again below each of those, they are below.
    firsts = sum(s.marker is not None and s.marker[::2] == ("cn", 1) for s in kept)
    closes = {"cn": frozenset({"line"})} if firsts == 1 else {}
    # 先看变化。再看差距。怎么办？ are headings where they come as a set.
    signposts = sum(bool(wording.signpost.fullmatch(s.text)) for s in kept) >= SIGNPOSTS
    per_block: dict[int, int] = {}
    for sentence in kept:
        per_block[sentence.block] = per_block.get(sentence.block, 0) + 1
    for at, sentence in enumerate(kept):
        if sentence.level == 0:
            continue
        after = kept[at + 1] if at + 1 < len(kept) else None
        before = kept[at - 1] if at else None
        alone = per_block[sentence.block] == 1
        series = sentence.block in phrase_blocks
        if signposts and after is not None and wording.signpost.fullmatch(sentence.text):
            kind = "line"
        else:
            kind = _heading_kind(sentence, before, after, alone, series, outline, wording)
        if kind is not None:
            text = _heading_text(sentence)
            sentence.level = outline.push(kind, text, closes.get(kind, frozenset()))
            sentence.bare = sentence.text[-1:] not in TERMINAL
        elif sentence.marker is not None and sentence.marker.kind in POINT_KINDS:
            # A long numbered point is no heading, but closes the headings of its own kind.
            if sentence.marker.kind in outline.kinds:
                depth = outline.kinds.index(sentence.marker.kind)
                del outline.kinds[depth:], outline.texts[depth:]
            if sentence.marker.kind in ("label", "pair"):
                outline.push(sentence.marker.kind, sentence.marker.text)
        sentence.path = tuple(outline.path)


def _heading_text(sentence: Sentence) -> str:
    return sentence.text.rstrip("。？?：:；;．. ")


def _heading_kind(sentence, before, after, alone, series, outline, wording) -> str | None:
    """Return the kind under which a sentence is a heading, or None."""
    text, marker = sentence.text, sentence.marker
    ended = text[-1:] in TERMINAL
    if after is None:
        return None
    if marker is not None:
        limit = LINE_HEADING_LENGTH if alone and not ended else RUN_IN_LENGTH
        if len(text) > limit or marker.kind == "pair":
            return None
        if text[-1:] in "，、；;":
            return None
        return marker.kind
    same_block = after.block == sentence.block
    if alone and not ended:
        return _line_heading(text, before, after)
    opens = before is None or before.block != sentence.block
    if same_block and outline.kinds and _is_phrase(sentence, after, wording):
        return "phrase" if series or (opens and len(text) <= SINGLE_PHRASE_LENGTH) else None
    return None


def _line_heading(text: str, before, after) -> str | None:
    """A heading on a line of its own without a number: short, unpunctuated, text below it."""
    if not 3 <= len(text) <= TITLE_LENGTH // 2 or text[-1] in "，、；：:;,）)":
        return None
    if re.search(r"[；;]|[，,].*[，,].*[，,]", text) or re.search(r"\d{4}年\d", text):
        return None
    return "line" if before is None or before.text[-1:] in TERMINAL or before.bare else None


def _is_phrase(sentence: Sentence, after: Sentence | None, wording: Wording) -> bool:
    """A short complete phrase such as 抓牢政治统领。 that names the topic of the next sentence."""
    body = sentence.text.rstrip("。")
    low, high = PHRASE_LENGTH
    return (
        sentence.marker is None
        and sentence.text.endswith("。")
        and low <= len(body) <= high
        and after is not None
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
