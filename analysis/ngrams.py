"""The n-grams of ``learned_ngrams.csv``, found in many texts at once, and their weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from analysis.codebook import FULL_WIDTH, Codebook
from analysis.grams import Grams, GramTable

# Rows in brackets are no n-grams but something known of the sentence: 1 where it holds.
MARK = re.compile("（..+）")
DIGITS = "0123456789０１２３４５６７８９"
# The same as :func:`analysis.textmodel.normal`, character by character.
READ_AS = {chr(half): chr(full) for half, full in FULL_WIDTH.items()} | dict.fromkeys(DIGITS, "#")
BLANKS = re.compile(r"\s\s+")  # scikit-learn counts as one blank


class Weights(NamedTuple):
    """``learned_ngrams.csv`` taken apart: row, key and value of every weight."""

    names: list[str]
    row: np.ndarray
    key: np.ndarray
    value: np.ndarray
    numbers: dict[str, int]  # of the keys

    def of(self, keys: Sequence[str]) -> np.ndarray:
        """Rows of the table × keys; 0 where none is given."""
        column = np.full(len(self.numbers), -1)
        for at, key in enumerate(keys):
            if key in self.numbers:
                column[self.numbers[key]] = at
        place = column[self.key]
        some = place >= 0
        values = np.zeros((len(self.names), len(keys)))
        values[self.row[some], place[some]] = self.value[some]
        return values


@lru_cache(maxsize=4)
def read_weights(book: Codebook) -> Weights:
    """Take ``learned_ngrams.csv`` apart, once for all models of a codebook."""
    table = book["learned_ngrams"]
    cells = table["weights"].fillna("").tolist()
    parts = " ".join(cells).replace("=", " ").split()
    keys, values = parts[::2], parts[1::2]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    floats = {value: float(value) for value in set(values)}
    return Weights(
        table["ngram"].tolist(),
        np.repeat(np.arange(len(cells)), [cell.count("=") for cell in cells]),
        np.array([numbers[key] for key in keys], dtype=np.int64),
        np.array([floats[value] for value in values], dtype=float),
        numbers,
    )


class Ngrams:
    """The n-grams of a codebook, which all of its models share: finds them in texts."""

    def __init__(self, book: Codebook):
        table, names = book["learned_ngrams"], read_weights(book).names
        self.is_mark = np.array([bool(MARK.fullmatch(name)) for name in names], dtype=bool)
        kept = [name for name, mark in zip(names, self.is_mark, strict=True) if not mark]
        self.numbers = {ngram: number for number, ngram in enumerate(kept)}
        self.idf = table["idf"].to_numpy(float)[~self.is_mark]
        self._table = GramTable(self.numbers, READ_AS)

    def find(self, texts: Sequence[str]) -> Grams:
        """Say which n-grams stand where."""
        return self._table.read(texts)

    def vectors(self, texts: Sequence[str]) -> csr_matrix:
        """TF-IDF of each text, to the last bit as scikit-learn makes it: texts × n-grams."""
        if BLANKS.search("".join(texts)):
            texts = [BLANKS.sub(" ", text) for text in texts]
        grams, size = self.find(texts), len(self.idf)
        row = grams.text
        found = [(row[at >= 0], at[at >= 0]) for at in (grams.single, grams.pair)]
        cells, counts = np.unique(
            np.concatenate([row * size + number for row, number in found]), return_counts=True
        )
        rows, columns = np.divmod(cells, max(size, 1))
        values = np.log(counts.astype(float))
        values += 1.0
        values *= self.idf[columns]
        ends = np.cumsum(np.bincount(rows, minlength=len(texts)))
        matrix = csr_matrix((values, columns, [0, *ends]), shape=(len(texts), size))
        squares = csr_matrix((values * values, columns, matrix.indptr), shape=matrix.shape)
        lengths = np.sqrt(squares @ np.ones(size))  # one after the other, as scikit-learn adds
        matrix.data /= np.where(lengths > 0, lengths, 1.0)[rows]
        return matrix


@lru_cache(maxsize=4)
def read_ngrams(book: Codebook) -> Ngrams:
    """Return the n-grams of a codebook, made once."""
    return Ngrams(book)


@lru_cache(maxsize=1)
def make_vectors(ngrams: Ngrams, texts: tuple[str, ...]) -> csr_matrix:
    """The same texts are asked about roles, issues and stances, one after the other."""
    return ngrams.vectors(texts)
