"""Which passages share wording: strings of five characters, hashed, looked up in all at once."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.grams import code_points

WORDLESS = ("heading", "noise")  # roles of sentences whose wording is nobody's
LENGTH = 5  # characters of a shingle
# Every second shingle, by its hash, is looked up: half the time, and copies are found all the same
# (tests/test_duplicates.py).
ONE_OF = 2
OWNER_BITS = np.uint64(24)  # of a sorted number: 16 million passages
OWNER_MASK = np.uint64((1 << 24) - 1)
# Below this a passage is a set phrase, a list of names or a line that many write alike.
MIN_CHARACTERS = 30
# What stands in more places than this is compared with its next place only, not with all: a
# passage that hundreds of reports repeat is found all the same, and time stays linear.
PLACES = 50
MIXER, SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)  # Fibonacci hashing (Knuth 6.4)


class Plain(NamedTuple):
    """Letters and figures of passages, one behind the other; punctuation and headings left out.

    Attributes
    ----------
    passages, reports : numpy.ndarray
        Name of each passage and, as a code of ``names``, its report.
    names : pandas.Index
        The reports.
    code : numpy.ndarray
        Code point of each character: full-width as half-width, capitals as small letters.
    shingle : numpy.ndarray
        Hash of the shingle that begins at each character; 0 where the passage ends before it.
    at, ends : numpy.ndarray
        Place of each character, and end of each of the ``sentences``, in all their texts.
    begin : numpy.ndarray
        Where the characters of each passage begin; one more at the end.
    sentences : pandas.DataFrame
        Rows of the table, without headings and noise.
    """

    passages: np.ndarray
    reports: np.ndarray
    names: pd.Index
    code: np.ndarray
    shingle: np.ndarray
    at: np.ndarray
    ends: np.ndarray
    begin: np.ndarray
    sentences: pd.DataFrame

    @property
    def size(self) -> np.ndarray:
        """Characters of each passage."""
        return np.diff(self.begin)

    def text(self, passage: int) -> str:
        """The characters of a passage."""
        return self.slice(self.begin[passage], self.begin[passage + 1])

    def slice(self, start: int, end: int) -> str:
        """The characters from ``start`` to ``end``."""
        codes = self.code[start:end].astype("<u4")
        return codes.tobytes().decode("utf-32-le", "surrogatepass")

    def sentence(self, character) -> np.ndarray:
        """Row of ``sentences`` in which a character stands, or each of several."""
        return np.searchsorted(self.ends, self.at[character], side="right")

    def printed(self, start: int, end: int) -> str:
        """The characters from ``start`` to ``end`` with the punctuation between them."""
        first, last = self.sentence(start), self.sentence(end - 1)
        text = "".join(self.sentences["text"].iloc[first : last + 1])
        before = self.ends[first - 1] if first else 0
        return text[self.at[start] - before : self.at[end - 1] + 1 - before]


class Pairs(NamedTuple):
    """Passages of different reports that share shingles: their numbers, and how many of each."""

    first: np.ndarray
    second: np.ndarray
    shared: np.ndarray
    of: np.ndarray  # shingles looked up, of every passage


def read_plain(sentences: pd.DataFrame) -> Plain:
    """Take the wording out of the table ``sentences``, whose rows stand in the order of texts."""
    rows = sentences[~sentences["role"].isin(WORDLESS)]
    texts, owner = rows["text"].tolist(), pd.factorize(rows["passage"])[0]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    passages = rows["passage"].to_numpy(object)[first]
    reports, names = pd.factorize(rows["report"].iloc[first])
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    code = code_points(texts)
    code = _letters(code)[code]
    at = np.flatnonzero(code)
    code = code[at]
    last = np.append(first[1:], len(texts))[: len(first)] - 1
    begin = np.append(0, np.searchsorted(at, ends[last]))
    names, shingle = pd.Index(names, dtype="str"), _hash(code, begin)
    return Plain(passages, reports, names, code, shingle, at, ends, begin, rows)


def _letters(codes: np.ndarray) -> np.ndarray:
    """What each code point that occurs is read as; 0 where it is no letter and no figure."""
    table = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.uint32)
    for code in np.flatnonzero(np.bincount(codes)):
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        if len(plain) == 1 and plain.isalnum():
            table[code] = ord(plain)
    return table


def _hash(code: np.ndarray, begin: np.ndarray) -> np.ndarray:
    count = max(len(code) - LENGTH + 1, 0)
    hashes = np.zeros(len(code), dtype=np.uint64)
    for offset in range(LENGTH):
        hashes[:count] += code[offset : count + offset]
        hashes *= MIXER
        hashes ^= hashes >> SHIFT
    cut = (begin[1:, None] - np.arange(1, LENGTH)).ravel()  # these would reach into the next
    hashes[cut[cut >= 0]] = 0
    return hashes


def find_pairs(plain: Plain) -> Pairs:
    """Find the passages of different reports that share shingles.

    Passages of fewer than :data:`MIN_CHARACTERS` are left out.
    """
    size, number = plain.size, len(plain.passages)
    long = np.repeat(size >= MIN_CHARACTERS, size)
    at = np.flatnonzero(long & (plain.shingle != 0) & (plain.shingle % np.uint64(ONE_OF) == 0))
    owner = np.repeat(np.arange(number, dtype=np.uint64), size)[at]
    # One number for shingle and passage sorts ten times as fast as two.
    postings = np.sort(plain.shingle[at] >> OWNER_BITS << OWNER_BITS | owner)
    postings = postings[np.append(True, postings[1:] != postings[:-1])[: len(postings)]]
    hashes, owner = postings >> OWNER_BITS, (postings & OWNER_MASK).astype(np.int64)
    begins = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))[: len(hashes)]
    places = np.diff(np.append(begins, len(hashes)))
    places = np.repeat(places, places)
    found = []
    rows = np.flatnonzero(places > 1)
    for distance in range(1, PLACES):
        rows = rows[rows + distance < len(hashes)]
        rows = rows[hashes[rows] == hashes[rows + distance]]
        if not len(rows):
            break
        first, second = owner[rows], owner[rows + distance]
        apart = plain.reports[first] != plain.reports[second]
        found.append(first[apart] * number + second[apart])
        if distance == 1:
            rows = rows[places[rows] <= PLACES]
    keys, shared = np.unique(np.concatenate([np.empty(0, np.int64), *found]), return_counts=True)
    first, second = np.divmod(keys, max(number, 1))
    return Pairs(first, second, shared, np.bincount(owner, minlength=number))
