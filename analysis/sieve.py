"""Say which of many patterns may match in which of many texts, long before any is searched.

A report asks some two hundred patterns about each of its sentences, and nearly all searches find
nothing. The sieve looks up the grams that each pattern needs (:mod:`analysis.literals`) in all
texts at once and leaves the few pairs of text and pattern for which a search can succeed. It never
drops a pair that matches, whatever the patterns are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from analysis.codebook import FULL_WIDTH
from analysis.grams import GramTable
from analysis.literals import cost, needs

BITS = 64
# Both kinds of punctuation are read as one, so that it does not matter which of them a text has.
READ_AS = {chr(half): chr(full) for half, full in FULL_WIDTH.items()}
AS_READ = str.maketrans(READ_AS)


@lru_cache(maxsize=64)
def make_sieve(patterns: tuple[re.Pattern, ...], ignored: str = "") -> Sieve:
    """Return the sieve of some patterns, made once."""
    return Sieve(patterns, ignored)


class Sieve:
    """What a number of patterns need.

    Parameters
    ----------
    patterns : sequence of re.Pattern
        Any that `re` compiles.
    ignored : str
        Characters that the searched text may have where the text given to :meth:`candidates` has
        none.
    """

    def __init__(self, patterns: Sequence[re.Pattern], ignored: str = ""):
        found = [(at, _read(way, ignored)) for at, p in enumerate(patterns) for way in needs(p)]
        self._pattern = np.array([at for at, _ in found], dtype=np.int64)
        self._always = [number for number, (_, way) in enumerate(found) if not way]
        conditions = list(dict.fromkeys(c for _, way in found for c in way))
        bit = {condition: number for number, condition in enumerate(conditions)}
        grams = {g: n for n, g in enumerate(sorted({g for c in conditions for g in c}))}
        self._table = GramTable(grams, READ_AS)
        # The last row is that of no gram: ABSENT is -1.
        self._meets = _masks(len(grams) + 1, len(conditions))
        for condition in conditions:
            _set(self._meets, [grams[gram] for gram in condition], bit[condition])
        self._asks = _masks(len(found), len(conditions))
        # The condition of a way that is hardest to meet: where it fails the others are not asked.
        first: dict[str, list[int]] = {gram: [] for gram in grams}
        for number, (_, way) in enumerate(found):
            for condition in way:
                _set(self._asks, [number], bit[condition])
            for gram in min(way, key=cost, default=()):
                first[gram].append(number)
        self._first = np.array([n for gram in grams for n in first[gram]], dtype=np.int64)
        self._count = np.array([*(len(first[gram]) for gram in grams), 0], dtype=np.int64)
        self._start = np.cumsum(self._count) - self._count

    def candidates(self, texts: Sequence[str]) -> list[list[int]]:
        """Return for each text the places of the patterns that may match in it, ascending."""
        if not len(texts) or not len(self._pattern):
            return [[] for _ in texts]
        grams = self._table.read(texts)
        some = np.flatnonzero((grams.single >= 0) | (grams.pair >= 0))
        text, single, pair = grams.text[some], grams.single[some], grams.pair[some]
        open_ways = np.zeros((len(texts), len(self._asks)), dtype=bool)
        for gram in (single, pair):
            count = self._count[gram]
            behind = np.cumsum(count)
            place = np.arange(behind[-1] if len(behind) else 0) - np.repeat(behind - count, count)
            way = self._first[np.repeat(self._start[gram], count) + place]
            open_ways[np.repeat(text, count), way] = True
        open_ways[:, self._always] = True
        met = _masks(len(texts), self._asks.shape[1] * BITS)
        if len(some):
            begins = np.flatnonzero(np.diff(text, prepend=-1))
            masks = self._meets[single] | self._meets[pair]
            met[text[begins]] = np.bitwise_or.reduceat(masks, begins, axis=0)
        text, way = np.nonzero(open_ways)
        for asks, has in zip(self._asks.T, met.T, strict=True):
            kept = (asks[way] & ~has[text]) == 0
            text, way = text[kept], way[kept]
        pattern = self._pattern[way]
        # Ways of one pattern stand behind each other: it is named once.
        new = (np.diff(text, prepend=-1) != 0) | (np.diff(pattern, prepend=-1) != 0)
        numbers, ends = pattern[new].tolist(), np.searchsorted(text[new], range(len(texts) + 1))
        return [numbers[start:end] for start, end in pairwise(ends.tolist())]


def _read(way: Iterable[frozenset[str]], ignored: str) -> frozenset[frozenset[str]]:
    """Conditions in the characters that the table knows, without those that cannot be tested."""
    return frozenset(
        frozenset(gram.translate(AS_READ) for gram in condition)
        for condition in way
        if not any(character in ignored for gram in condition for character in gram)
    )


def _masks(rows: int, bits: int) -> np.ndarray:
    return np.zeros((rows, -(-bits // BITS)), dtype=np.uint64)


def _set(masks: np.ndarray, rows: list[int], bit: int) -> None:
    masks[rows, bit // BITS] |= np.uint64(1 << bit % BITS)
