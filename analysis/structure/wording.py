"""The codebook's wording that structure needs, compiled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analysis.codebook import Codebook
from analysis.sieve import make_sieve


@dataclass(frozen=True)
class Wording:
    """Patterns of ``noise_patterns.csv`` by kind, and word classes that show structure.

    Attributes
    ----------
    line, byline, tail, inline : list of re.Pattern
        Page chrome on a line of its own; authors, offices and dates; the start of what follows the
        report; what interrupts a line.
    title_word, title_end : re.Pattern
        Words of titles; the nouns a title ends with.
    section_end : re.Pattern
        Nouns that end a section heading glued to its text.
    signpost : re.Pattern
        A short sentence that only says what comes next (再看差距。何以至此？).
    question_word, statement_word : re.Pattern
        Words of a question; words that make a short sentence a statement and not a topic phrase.
    """

    line: list[re.Pattern]
    byline: list[re.Pattern]
    tail: list[re.Pattern]
    inline: list[re.Pattern]
    title_word: re.Pattern
    title_end: re.Pattern
    section_end: re.Pattern
    question_word: re.Pattern
    statement_word: re.Pattern
    signpost: re.Pattern

    @cached_property
    def glued_title(self) -> re.Pattern:
        """A title that runs into the text of a report written on one line."""
        start = r"(?=[\s\u3000]|一、|为[了深贯]|近年来|同志们|中共|[（(【]|\d{4}年)"
        return re.compile(rf"^.{{6,50}}?{self.title_end.pattern.removesuffix('$')}{start}")

    def line_patterns(self, texts: Sequence[str]) -> list[list[re.Pattern]]:
        """Those patterns of ``line`` that may match in each text, in their order."""
        found = make_sieve(tuple(self.line)).candidates(texts)
        return [[self.line[at] for at in places] for places in found]

    def names_section(self, text: str) -> bool:
        """Whether a heading ends with the noun of a section: 存在的主要问题."""
        return any(m.end() == len(text) for m in self.section_end.finditer(text + " "))


@lru_cache(maxsize=8)
def select_wording(book: Codebook) -> Wording:
    """Collect the wording from the codebook."""
    noise = book["noise_patterns"]
    kinds = {
        kind: list(noise.loc[noise["kind"] == kind, "compiled"])
        for kind in ("line", "byline", "tail", "inline")
    }
    table = book["word_classes"]
    words = dict(zip(table["word_class"], table["words"], strict=True))
    return Wording(
        **kinds,
        title_word=re.compile(words["title_word"]),
        title_end=re.compile(f"(?:{words['title_end']})(?:[（(].{{1,8}}[）)]|[一二三四五六]?)$"),
        section_end=re.compile(f"(?:{words['section_end']})(?=[^，、；。和与及的：])"),
        question_word=re.compile(words["question_word"]),
        statement_word=re.compile(words["statement_word"]),
        signpost=re.compile(f"(?:{words['signpost']})[。：？?！]?"),
    )
