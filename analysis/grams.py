"""Find one- and two-character strings of a list in many texts at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

LONGEST = 2  # characters of a gram
ABSENT = -1


class Grams(NamedTuple):
    """Which grams of a table stand at which character of the texts, one behind the other.

    Attributes
    ----------
    lengths : numpy.ndarray
        Characters of each text.
    single, pair : numpy.ndarray
        For each character the number of the gram that it is, and of the one that it makes with the
        next character of the same text; :data:`ABSENT` where there is none.
    """

    lengths: np.ndarray
    single: np.ndarray
    pair: np.ndarray

    @property
    def text(self) -> np.ndarray:
        """Which text each character belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


class GramTable:
    """A list of grams, each with its number.

    Parameters
    ----------
    numbers : mapping of str to int
        Grams that are not one or two characters long are never found.
    read_as : mapping of str to str
        Characters of the texts that are read as others.
    """

    def __init__(self, numbers: Mapping[str, int], read_as: Mapping[str, str]):
        characters = sorted({character for gram in numbers for character in gram})
        self._code = np.zeros(sys.maxunicode + 1, dtype=np.int32)  # 0: in no gram
        self._code[[*map(ord, characters)]] = range(1, len(characters) + 1)
        self._code[[*map(ord, read_as)]] = self._code[[*map(ord, read_as.values())]]
        size = len(characters) + 1
        dtype = np.int16 if len(numbers) < np.iinfo(np.int16).max else np.int32
        self._single = np.full(size, ABSENT, dtype)
        self._pair = np.full((size, size), ABSENT, dtype)
        for gram, number in numbers.items():
            codes = [self._code[ord(character)] for character in gram]
            if len(gram) == 1:
                self._single[codes[0]] = number
            elif len(gram) == LONGEST:
                self._pair[codes[0], codes[1]] = number

    def read(self, texts: Sequence[str]) -> Grams:
        """Find the grams of all texts."""
        codes = self._code[code_points(texts)]
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        pair = np.full(len(codes), ABSENT, self._pair.dtype)
        pair[:-1] = self._pair[codes[:-1], codes[1:]]
        pair[np.cumsum(lengths)[lengths > 0] - 1] = ABSENT  # no pair goes on into the next text
        return Grams(lengths, self._single[codes], pair)


def code_points(texts: Iterable[str]) -> np.ndarray:
    """Return the code points of all texts, one behind the other."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
