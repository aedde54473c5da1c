"""The stack of headings, which gives each its level and each sentence its heading path."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.structure.headings import POINT_KINDS, find_marker
from analysis.structure.naming import Sentence, find_kinds
from analysis.structure.wording import Wording

# Headings inside a paragraph that have no number; one on a line of its own is never below them.
UNNUMBERED = frozenset({"signpost", "phrase"})
LISTS = frozenset({"ordinal", "is", "each", "first", "aspect", "phrase", "circled"})
# A heading of one of these kinds, met for the first time, is never below a list of those kinds.
CLOSES = {
    "part": frozenset(POINT_KINDS) | LISTS | {"line", "subline", "bullet"},
    "cn": LISTS | {"bracket_cn", "digit", "bracket", "label", "pair"},
    "line": LISTS | {"label", "pair"},
    "subline": LISTS | {"label", "pair"},
    "frame": frozenset(POINT_KINDS) | LISTS | UNNUMBERED | {"line", "subline", "bullet"},
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
            self.close(frozenset({kind}))
        elif kind in CLOSES:  # a section heading that is new closes the lists before it
            while self.kinds and self.kinds[-1] in CLOSES[kind] | closes:
                del self.kinds[-1], self.texts[-1]
        else:  # topic phrases hang below numbered headings, never above
            self.close(frozenset({"phrase"}))
        self.kinds.append(kind)
        self.texts.append(text)
        return len(self.kinds)

    def close(self, kinds: frozenset[str]) -> None:
        """Close the first open heading of one of these kinds and all below it."""
        depth = next((n for n, kind in enumerate(self.kinds) if kind in kinds), len(self.kinds))
        del self.kinds[depth:], self.texts[depth:]

    @property
    def path(self) -> list[str]:
        """Texts of the open headings, from the top."""
        return list(self.texts)


def find_headings(sentences: list[Sentence], wording: Wording) -> None:
    """Give each sentence its heading level and heading path, in place."""
    outline, kept = Outline.new(), [s for s in sentences if s.noise is None]
    # 一、二、三、 counted once through the report are above its headings without number; where the
    # count begins again below each of those, they are below.
    firsts = sum(s.marker is not None and s.marker[::2] == ("cn", 1) for s in kept)
    closes = {"cn": frozenset({"line"})} if firsts == 1 else {}
    before = None
    for sentence, kind in zip(kept, find_kinds(kept, wording), strict=True):
        if sentence.level == 0:
            continue
        if kind == "line" and _is_below(sentence, before, outline, wording):
            kind = "subline"
        if kind is not None:
            if sentence.alone:
                outline.close(UNNUMBERED)
            text = _name(sentence).rstrip("。？?：:；;．. ")
            sentence.level = outline.push(kind, text, closes.get(kind, frozenset()))
        elif sentence.marker is not None and sentence.marker.kind in POINT_KINDS:
            # A long numbered point is no heading, but closes the headings of its own kind.
            outline.close(frozenset({sentence.marker.kind}))
            if sentence.marker.kind in ("label", "pair"):
                outline.push(sentence.marker.kind, sentence.marker.text)
        sentence.path = tuple(outline.path)
        before = sentence


def _name(sentence: Sentence) -> str:
    """The heading's own words: of ⑴ 问题：年初计划各写各的…… only ⑴ 问题."""
    marker = sentence.marker.text if sentence.marker else ""
    inner = find_marker(sentence.text.removeprefix(marker).lstrip()) if marker else None
    if inner is not None and inner.kind == "pair":
        return sentence.text[: sentence.text.index(inner.text) + len(inner.text)]
    return sentence.text


def _is_below(sentence: Sentence, before, outline: Outline, wording: Wording) -> bool:
    """Whether a heading without number is one level below another: 对策建议, below it 队伍建设.

    The first stands right under the higher one; the next go on at its level until a heading that is
    the name of a section.
    """
    if outline.kinds[-1:] == ["line"]:
        return before.alone and before.level is not None
    return "subline" in outline.kinds and not wording.names_section(sentence.text)
