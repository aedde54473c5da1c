"""Clues to what a report is: found by the codebook's patterns."""

from __future__ import annotations

import bisect
import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.catalogue.dates import format_date, to_number
from analysis.catalogue.lines import Line, quote
from analysis.codebook import Codebook
from analysis.literals import stays_in_line
from analysis.sieve import make_sieve


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
    pages: Sequence[tuple[list[Line], str]], rules: tuple[ClueRule, ...]
) -> list[defaultdict[str, list[Clue]]]:
    """Find every hit of the rules on each page by field, in the order of the text.

    Parameters
    ----------
    pages : sequence of tuple
        Lines, and the source that they stand in.
    rules : tuple of ClueRule
        From :func:`clue_rules`. A rule without value catches it in a group named like the field,
        or (dates) in ``year``, ``month`` and ``day``.
    """
    texts = [line.text for lines, _ in pages for line in lines]
    asked = iter(make_sieve(tuple(rule.compiled for rule in rules)).candidates(texts))
    return [
        _find_clues(lines, source, rules, itertools.islice(asked, len(lines)))
        for lines, source in pages
    ]


def _find_clues(lines: list[Line], source: str, rules, asked) -> defaultdict[str, list[Clue]]:
    """The same of one page; ``asked``: the places of the rules that may hit each of its lines."""
    found: dict[int, list] = defaultdict(list)
    for line, places in zip(lines, asked, strict=True):
        for at in places:
            rule = rules[at]
            if rule.in_line and rule.looks_at(line):
                found[at] += [(line, match, 0) for match in rule.compiled.finditer(line.text)]
    for at, rule in enumerate(rules):
        if not rule.in_line:
            page = _Page([line for line in lines if rule.looks_at(line)])
            found[at] += page.search(rule.compiled)
    clues: dict[str, list[Clue]] = defaultdict(list)
    for at in sorted(found):
        rule = rules[at]
        for line, match, offset in found[at]:
            value = rule.value or _caught(rule.field, match)
            if value:
                start, end = match.start() - offset, match.end() - offset
                seen = (rule.confidence, line.scope, line.prominent)
                printed, place = quote(source, line, start, end), line.start + end
                clues[rule.field].append(Clue(rule.pattern, value, *seen, printed, place))
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
        while self.lines and (match := pattern.search(self.text, at)):
            number = bisect.bisect_right(self.starts, match.start()) - 1
            offset, line = self.starts[number], self.lines[number]
            if match.end() <= offset + len(line.text):
                yield line, match, offset
                at = match.end()
            else:  # it ran on into the next line, where it may hit again from the beginning
                at = offset + len(line.text) + 1


def _caught(field: str, match: re.Match) -> str | None:
    groups = match.groupdict()
    if field != "date":
        return (groups.get(field) or "").strip() or None
    return format_date(*(to_number(groups.get(name)) for name in ("year", "month", "day")))
