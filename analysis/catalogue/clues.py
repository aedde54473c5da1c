"""Clues to what a report is: found by the codebook's patterns, weighed against each other."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from analysis.catalogue.dates import format_date, to_number
from analysis.codebook import Codebook
from analysis.literals import stays_in_line
from analysis.sieve import make_sieve
from analysis.structure import to_simplified

# Where a text is running text: longer than nearly every by-line, date or heading.
BODY_LENGTH = 40
NOISE_LENGTH = 90  # a web page's line of source, author, date and clicks stands on one line
HEAD_SENTENCES = 15  # a by-line stands above the text, within so many lines
TAIL_SENTENCES = 3  # office and date stand right below the text
OPENING_SENTENCES = 6  # the first paragraph, where an author says who has done what
# Title, by-line and opening say who the author is; further down others are spoken of as well.
PROMINENT_FACTOR = 2.0
QUOTE_LENGTH = 40  # characters: a longer clause is cut to QUOTE_REACH each side of the hit
QUOTE_REACH = 14
MAX_CONFIDENCE = 0.99  # 1 is a person's

CLAUSE_END = "，。；！？\n\r,;"
SENTENCE_SIGNS = re.compile("[，。；：！？,;]")  # a by-line has none of them


class Line(NamedTuple):
    """A sentence as a place to look: Simplified text, span in the source, kind of place."""

    text: str
    start: int
    end: int
    scope: str  # title, byline or body
    prominent: bool


@dataclass(frozen=True)
class Clue:
    """One hit of one pattern.

    Attributes
    ----------
    value : str
        What the pattern says the field is; for places, offices and dates what it caught.
    confidence : float
        Of the pattern, 0 to 1.
    quote : str
        Slice of the source around the hit.
    position : int
        Where about in the source the hit ends.
    """

    pattern: str
    value: str
    confidence: float
    scope: str
    prominent: bool
    quote: str
    position: int


class Finding(NamedTuple):
    """A value with its evidence; value None: nothing was found.

    ``confidence`` = ``support`` (how much speaks for the value) × how little speaks for another.
    """

    value: str | None
    basis: str | None
    confidence: float
    support: float = 0.0
    rival: str | None = None  # the second-best value
    rival_basis: str | None = None


def read_lines(sentences: pd.DataFrame) -> list[Line]:
    """Sort the sentences of one report into title, by-line and body.

    Noise counts only right above and right below the text: there it holds by-lines, elsewhere
    advertisements and links to other reports. Where structure found no title, the lines above the
    text are searched as titles, too.
    """
    texts = sentences["text"].tolist()
    noise = (sentences["role"] == "noise").fillna(False).tolist()
    title = (sentences["heading_level"] == 0).fillna(False).tolist()
    spans = zip(sentences["start"].tolist(), sentences["end"].tolist(), strict=True)
    is_text = [
        not n and not t and len(x) > BODY_LENGTH
        for x, n, t in zip(texts, noise, title, strict=True)
    ]
    first = min(is_text.index(True) if any(is_text) else len(texts), HEAD_SENTENCES)
    last = max((at for at, yes in enumerate(is_text) if yes), default=-1)
    lines, opening = [], 0
    for at, (text, (start, end)) in enumerate(zip(texts, spans, strict=True)):
        if title[at]:
            lines.append(Line(text, start, end, "title", True))
            continue
        near = at < first or last < at <= last + TAIL_SENTENCES
        short = len(text) <= (NOISE_LENGTH if noise[at] else BODY_LENGTH)
        if near and short and (noise[at] or not SENTENCE_SIGNS.search(text)):
            lines.append(Line(text, start, end, "byline", True))
            if at < first and not any(title):
                lines.append(Line(text, start, end, "title", True))
        if not noise[at]:
            opening += 1
            lines.append(Line(text, start, end, "body", opening <= OPENING_SENTENCES))
    return lines


@dataclass(frozen=True)
class ClueRule:
    """A row of ``catalogue_patterns.csv``.

    Attributes
    ----------
    compiled : re.Pattern
        ``^`` and ``$`` hold for each line, and ``[^…]`` does not run on into the next one.
    in_line : bool
        Whether each line may be searched by itself.
    """

    pattern: str
    field: str
    value: str | None
    scope: str
    confidence: float
    compiled: re.Pattern
    in_line: bool

    def looks_at(self, line: Line) -> bool:
        """Whether the rule is for lines of this kind."""
        return self.scope in ("any", line.scope)


@lru_cache(maxsize=8)
def clue_rules(book: Codebook, fields: tuple[str, ...]) -> tuple[ClueRule, ...]:
    """Return the codebook's rules for some fields of the catalogue, in the order of the table."""
    table = book["catalogue_patterns"]
    rules = []
    for row in table[table["field"].isin(fields)].itertuples():
        compiled = re.compile(row.compiled.pattern.replace("[^", "[^\n"), re.MULTILINE)
        value = row.value if isinstance(row.value, str) else None
        rule = (row.pattern, row.field, value, row.scope, row.confidence, compiled)
        rules.append(ClueRule(*rule, stays_in_line(compiled)))
    return tuple(rules)


def find_clues(
    lines: list[Line], source: str, rules: tuple[ClueRule, ...]
) -> defaultdict[str, list[Clue]]:
    """Find every hit of the rules by field, in the order of the text.

    Parameters
    ----------
    rules : tuple of ClueRule
        From :func:`clue_rules`. A rule without value catches it in a group named like the field,
        or (dates) in ``year``, ``month`` and ``day``.
    """
    texts = [line.text for line in lines]
    candidates = make_sieve(tuple(rule.compiled for rule in rules)).candidates(texts)
    found: list[list] = [[] for _ in rules]
    for line, places in zip(lines, candidates, strict=True):
        for at in places:
            rule = rules[at]
            if rule.in_line and rule.looks_at(line):
                found[at] += [(line, match, 0) for match in rule.compiled.finditer(line.text)]
    clues: dict[str, list[Clue]] = defaultdict(list)
    for rule, matches in zip(rules, found, strict=True):
        if not rule.in_line:
            page = _Page([line for line in lines if rule.looks_at(line)])
            matches = page.search(rule.compiled)
        for line, match, offset in matches:
            value = rule.value or _caught(rule.field, match)
            if value:
                start, end = match.start() - offset, match.end() - offset
                quote, at = _quote(source, line, start, end), line.start + end
                seen = (rule.confidence, line.scope, line.prominent)
                clues[rule.field].append(Clue(rule.pattern, value, *seen, quote, at))
    for hits in clues.values():
        hits.sort(key=lambda clue: clue.position)
    return clues


class _Page:
    """Lines as one text, for patterns that see line breaks."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.text = "\n".join(line.text for line in lines)
        lengths = (len(line.text) + 1 for line in lines[:-1])
        self.starts = list(itertools.accumulate(lengths, initial=0))

    def search(self, pattern: re.Pattern):
        """Yield line, match and the line's offset for every match within one line."""
        at = 0
        while match := pattern.search(self.text, at):
            number = bisect.bisect_right(self.starts, match.start()) - 1
            offset, line = self.starts[number], self.lines[number]
            if match.end() <= offset + len(line.text):
                yield line, match, offset
                at = match.end()
            else:  # it ran on into the next line, where it may hit again from the beginning
                at = offset + len(line.text) + 1


def weigh(clues: Iterable[Clue]) -> Finding:
    """Choose the value with the most evidence.

    A clue of confidence *c* weighs −ln(1 − *c*), so that independent clues add up as chances of
    error multiply. A pattern that hits *n* times weighs 1 + ln *n* times as much, since the hits of
    one author are not independent; twice that when it hits in title, by-line or opening. The
    confidence is (1 − exp(−*w*)) · (1 − *v* / *w*), *w* and *v* the weights of the best and the
    second value: low when the evidence is thin, and low when it is disputed.
    """
    groups: dict[tuple[str, str], list[Clue]] = {}
    for clue in clues:
        groups.setdefault((clue.value, clue.pattern), []).append(clue)
    weights: dict[str, float] = {}
    best: dict[str, tuple[float, Clue]] = {}
    for (value, _), hits in groups.items():
        prominent = [clue for clue in hits if clue.prominent]
        weight = -math.log(1 - hits[0].confidence) * (1 + math.log(len(hits)))
        weight *= PROMINENT_FACTOR if prominent else 1
        weights[value] = weights.get(value, 0) + weight
        if value not in best or weight > best[value][0]:
            best[value] = (weight, (prominent or hits)[0])
    if not weights:
        return Finding(None, None, 0.0)
    ranked = sorted(weights, key=lambda value: (-weights[value], value))
    top = ranked[0]
    rival = ranked[1] if len(ranked) > 1 else None
    support = 1 - math.exp(-weights[top])
    undisputed = 1 - weights.get(rival, 0) / weights[top]
    return Finding(
        top,
        best[top][1].quote,
        min(MAX_CONFIDENCE, round(support * undisputed, 3)),
        support,
        rival,
        best[rival][1].quote if rival else None,
    )


def slice_source(source: str, line: Line, start: int, end: int) -> str:
    """Return the slice of the source that stands for ``line.text[start:end]``.

    Where edits make the text differ from its slice, the words are looked up in the slice; where an
    edit cuts right through them, the beginning of the sentence stands for them.
    """
    raw = source[line.start : line.end]
    if len(raw) != len(line.text) or to_simplified(raw) != line.text:
        found = to_simplified(raw).find(line.text[start:end])
        if found < 0:
            return raw[: 2 * QUOTE_REACH].strip()
        start, end = found, found + end - start
    return raw[start:end].strip()


def _quote(source: str, line: Line, first: int, last: int) -> str:
    text, start, end = line.text, first, last
    while start > 0 and text[start - 1] not in CLAUSE_END:
        start -= 1
    while end < len(text) and text[end] not in CLAUSE_END:
        end += 1
    if end - start > QUOTE_LENGTH:
        start = max(start, first - QUOTE_REACH)
        end = min(end, last + QUOTE_REACH)
    return slice_source(source, line, start, end)


def _caught(field: str, match: re.Match) -> str | None:
    groups = match.groupdict()
    if field != "date":
        return (groups.get(field) or "").strip() or None
    return format_date(*(to_number(groups.get(name)) for name in ("year", "month", "day")))
