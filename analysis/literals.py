"""What a regular expression cannot do without, read from the tree that `re` itself makes of it.

:func:`needs` says in which ways a pattern can match: a test that is cheaper than a search. Each way
is a set of conditions; a condition is a set of grams (one or two characters) of which at least one
stands in the text. Where the pattern matches, all conditions of one way are met: they are
necessary, never sufficient. What is not understood (a class with many members, a back-reference,
ignored case, whatever a later Python adds) asks for nothing, so any legal pattern may be put in.
"""

from __future__ import annotations

import re
from itertools import product
from re import _constants as op  # the parser of `re` itself: there is no public one
from re import _parser
from typing import NamedTuple

Condition = frozenset[str]  # grams: one at least
Way = frozenset[Condition]  # conditions: all of them

# More words than this are not multiplied out (不(?:够|太)?(?:强|高) is 6 of them), nor more ways:
# a pattern with more is tested less sharply.
MOST_WORDS, MOST_WAYS = 250, 24
MOST_CHARACTERS = 40  # of a class [……]: a larger one asks for nothing
# How much more often a text holds a certain character than a certain pair of them.
SINGLE = 12
ALWAYS: tuple[Way, ...] = (frozenset(),)
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class _Part(NamedTuple):
    """What a part of a pattern matches: all its words (None: too many), and what else it needs."""

    words: frozenset[str] | None
    ways: tuple[Way, ...] = ALWAYS


EMPTY = frozenset([""])
ANYTHING, NOTHING = _Part(None), _Part(EMPTY)


def needs(pattern: re.Pattern) -> tuple[Way, ...]:
    """Return the ways in which the pattern can match; a way without conditions: in any text."""
    if pattern.flags & (re.IGNORECASE | re.LOCALE):
        return ALWAYS
    return _ways(_sequence(_parser.parse(pattern.pattern, pattern.flags)))


def _ways(part: _Part) -> tuple[Way, ...]:
    """All that a part needs, its words included."""
    if part.words is None or "" in part.words:
        return part.ways
    # Many words begin alike (党建…) and many end alike (…主义): few texts have both.
    ends = frozenset([frozenset(w[:2] for w in part.words), frozenset(w[-2:] for w in part.words)])
    return _both(part.ways, (ends,))


def _both(left: tuple[Way, ...], right: tuple[Way, ...]) -> tuple[Way, ...]:
    if left is ALWAYS or right is ALWAYS:  # nearly all parts: a letter needs nothing but itself
        return right if left is ALWAYS else left
    if len(left) * len(right) > MOST_WAYS:
        left, right = (_one_way(side) if len(side) > 1 else side for side in (left, right))
    return tuple(dict.fromkeys(one | other for one, other in product(left, right)))


def _one_way(ways: tuple[Way, ...]) -> tuple[Way]:
    """Several ways as one condition: of each way the condition that is hardest to meet."""
    if frozenset() in ways:
        return ALWAYS
    return (frozenset([frozenset().union(*(min(way, key=cost) for way in ways))]),)


def cost(condition: Condition) -> int:
    """How easily a condition is met, roughly: how many grams would do."""
    return sum(SINGLE if len(gram) == 1 else 1 for gram in condition)


def _sequence(items) -> _Part:
    """Parts behind each other: their words are joined as long as there are not too many."""
    words, ways, whole = EMPTY, ALWAYS, True
    for item in items:
        part = _item(*item)
        ways = _both(ways, part.ways)
        if part.words is not None and len(words) * len(part.words) <= MOST_WORDS:
            words = frozenset([left + right for left in words for right in part.words])
        else:
            ways, whole = _ways(_Part(words, ways)), False
            words = part.words or EMPTY
    return _Part(words, ways) if whole else _Part(None, _ways(_Part(words, ways)))


def _item(code, value) -> _Part:
    if code is op.LITERAL:
        return _Part(frozenset([chr(value)]))
    if code is op.IN:
        return _characters(value)
    if code is op.AT or code is op.ASSERT_NOT:
        return NOTHING
    if code is op.ASSERT:  # what it looks at stands in the text, but not at this place
        return _Part(EMPTY, _ways(_sequence(value[1])))
    if code is op.SUBPATTERN:
        return ANYTHING if value[1] & re.IGNORECASE else _sequence(value[3])
    if code is op.ATOMIC_GROUP:
        return _sequence(value)
    if code is op.BRANCH:
        return _either([_sequence(branch) for branch in value[1]])
    if code in REPEATS:
        return _repeated(*value)
    return ANYTHING


def _characters(members) -> _Part:
    found: set[str] = set()
    for code, value in members:
        first, last = value if code is op.RANGE else (value, value)
        if code not in (op.LITERAL, op.RANGE) or last - first > MOST_CHARACTERS:
            return ANYTHING  # [^…], \d
        found |= {chr(character) for character in range(first, last + 1)}
    return _Part(frozenset(found)) if len(found) <= MOST_CHARACTERS else ANYTHING


def _either(parts: list[_Part]) -> _Part:
    plain = [part for part in parts if part.words is not None and part.ways == ALWAYS]
    words = frozenset().union(*(part.words for part in plain))
    if len(plain) == len(parts) and len(words) <= MOST_WORDS:
        return _Part(words)
    # Words stay together as one way; each other alternative has its own.
    ways = [way for part in parts if part not in plain for way in _ways(part)]
    ways = tuple(dict.fromkeys([*(_ways(_Part(words)) if plain else ()), *ways]))
    return _Part(None, ways if len(ways) <= MOST_WAYS else _one_way(ways))


def _repeated(least: int, most, items) -> _Part:
    part = _sequence(items)
    if least == most == 1:
        return part
    if least == 0:
        once = most == 1 and part.words is not None and part.ways == ALWAYS
        return _Part(part.words | EMPTY) if once else ANYTHING
    return _Part(None, _ways(part))


# What tells the end of a line from the end of the text.
BLIND_PLACES = (op.AT_BEGINNING, op.AT_END, op.AT_BOUNDARY, op.AT_NON_BOUNDARY)
BREAK_CATEGORIES = (op.CATEGORY_SPACE, op.CATEGORY_NOT_DIGIT, op.CATEGORY_NOT_WORD)
BREAK = ord("\n")


def stays_in_line(pattern: re.Pattern) -> bool:
    """Whether no part of a pattern can match or look at a line break.

    Such a pattern finds in a line by itself what it finds in that line of a longer text, if
    ``^`` and ``$`` hold for lines (`re.MULTILINE`).
    """
    tree = _parser.parse(pattern.pattern, pattern.flags)
    return bool(pattern.flags & re.MULTILINE) and not pattern.flags & re.DOTALL and _blind(tree)


def _blind(items) -> bool:
    return all(_sees_no_break(code, value) for code, value in items)


def _sees_no_break(code, value) -> bool:
    if code is op.LITERAL:
        return value != BREAK
    if code is op.NOT_LITERAL:
        return value == BREAK
    if code is op.ANY:
        return True
    if code is op.IN:
        return not _holds_break(value)
    if code is op.AT:
        return value in BLIND_PLACES
    if code in (op.ASSERT, op.ASSERT_NOT):
        return _blind(value[1])
    if code is op.SUBPATTERN:
        return not value[1] and not value[2] and _blind(value[3])
    if code is op.BRANCH:
        return all(map(_blind, value[1]))
    return code in REPEATS and _blind(value[2])


def _holds_break(members) -> bool:
    """Whether a class [……] has the line break among its members."""
    kept = [(code, value) for code, value in members if code is not op.NEGATE]
    inside = any(
        (code is op.LITERAL and value == BREAK)
        or (code is op.RANGE and value[0] <= BREAK <= value[1])
        or (code is op.CATEGORY and value in BREAK_CATEGORIES)
        for code, value in kept
    )
    return inside != (len(kept) < len(members))
