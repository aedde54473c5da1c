"""What a sentence's own characters say: linear models over character n-grams, weights as data.

Roles, themes and issues each have such a model. They are trained by ``python -m analysis train``
only (:mod:`analysis.study.training`), never by a run, and stand in the codebook as one plain table:
``learned_ngrams.csv`` with the idf of every n-gram and its weights by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit, softmax

from analysis.codebook import Codebook, for_patterns
from analysis.grams import code_points
from analysis.ngrams import make_vectors, read_ngrams, read_weights

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

# Shortest and longest n-gram in characters. On reports kept apart 1–2 and 1–3 find issues equally
# well (F1 .74 to .75), 2–4 (.70) and words with pairs of words (.66) less; 1–2 are a third as many.
NGRAM = (1, 2)
INTERCEPT = "（截距）"
# Numbers differ in every report: what matters is that there is one.
DIGIT = re.compile(r"[0-9０-９]")
BREAKS = "，,；;：:。！？!?"
BREAK_CODES = code_points(BREAKS)
CLAUSE = re.compile(f"[^{BREAKS}]+")
EDGES = "“”‘’（）《》【】 "  # left out at both ends of a stretch that is shown
SHOWN = 3  # stretches named as the reason of a label


def normal(text: str) -> str:
    """Return the text as the models see it: the same length, one sign for every digit."""
    return DIGIT.sub("#", for_patterns(text))


def mark_of(name: str) -> str:
    """Return the name of the row for a mark."""
    return f"（{name}）"


def make_vectorizer(**options) -> TfidfVectorizer:
    """Return the vectoriser of the training: sublinear TF-IDF of length one."""
    # Only the training needs it: its import takes as long as reading thirty reports.
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer="char", ngram_range=NGRAM, sublinear_tf=True, lowercase=False, **options
    )


@lru_cache(maxsize=32)
def text_model(book: Codebook, keys: tuple[str, ...]) -> TextModel:
    """Return the model of some keys of a codebook, made once."""
    return TextModel(book, keys)


class TextModel:
    """The models of some keys.

    Parameters
    ----------
    book : Codebook
        Its table ``learned_ngrams`` is used.
    keys : sequence of str
        Roles, themes or issues: the columns of the scores, in this order. A key without weights
        scores minus infinity.
    """

    def __init__(self, book: Codebook, keys: Sequence[str]):
        self.keys = list(keys)
        self._ngrams, table = read_ngrams(book), read_weights(book)
        is_mark, values = self._ngrams.is_mark, table.of(self.keys)
        names = (name for name, mark in zip(table.names, is_mark, strict=True) if mark)
        self.marks = dict(zip(names, values[is_mark], strict=True))
        start = self.marks.get(INTERCEPT, np.zeros(len(self.keys)))
        self.intercepts = np.where([key in table.numbers for key in self.keys], start, -np.inf)
        self.weights = values[~is_mark]
        # How much an n-gram speaks for each key where it stands; the last row is that of none.
        parts = self._ngrams.idf[:, None] * self.weights
        self._parts = np.vstack([parts, np.zeros(len(self.keys))])

    @property
    def ngrams(self) -> list[str]:
        """The n-grams in the order of ``weights``."""
        return [*self._ngrams.numbers]

    def vectors(self, texts: Iterable[str]) -> csr_matrix:
        """TF-IDF of every text: texts × n-grams, rows of length one; not to be changed."""
        return make_vectors(self._ngrams, tuple(texts))

    def scores(self, texts, marks=()) -> np.ndarray:
        """Log-odds of every key for every text; ``marks``: one name, such as a role, per text."""
        scores = self.vectors(texts) @ self.weights + self.intercepts
        if not len(marks):
            return scores
        numbers = {name: number for number, name in enumerate(dict.fromkeys(marks))}
        none = np.zeros(len(self.keys))
        added = np.array([self.marks.get(mark_of(name), none) for name in numbers])
        return scores + added[[numbers[name] for name in marks]]

    def shares(self, texts, marks=()) -> np.ndarray:
        """Probabilities of keys that exclude each other: rows add up to 1; 0 without weights."""
        return self._as_shares(self.scores(texts, marks))

    def shares_of(self, vectors: csr_matrix, kept: np.ndarray | None = None) -> np.ndarray:
        """The same from :meth:`vectors`; where ``kept`` is False an n-gram is switched off."""
        weights = self.weights if kept is None else self.weights * kept[:, None]
        return self._as_shares(vectors @ weights + self.intercepts)

    def _as_shares(self, scores: np.ndarray) -> np.ndarray:
        if not np.isfinite(self.intercepts).any():
            return np.zeros(scores.shape)
        return softmax(scores, axis=1)

    def chances(self, texts, marks=()) -> np.ndarray:
        """Probability of each key by itself."""
        return expit(self.scores(texts, marks))

    def weigh(self, text: str, key: str) -> np.ndarray:
        """Say how much each character of a text speaks for a key (negative: against it)."""
        return self.weigh_all([text], [self.keys.index(key)])

    def weigh_all(self, texts: Sequence[str], columns: Sequence[int]) -> np.ndarray:
        """The same for many texts, each with the place of its key; one text behind the other."""
        grams = self._ngrams.find(texts)
        column = np.repeat(np.asarray(columns, dtype=np.int64), grams.lengths)
        # A pair of characters adds half to each of the two.
        halves = self._parts[grams.pair, column] / 2
        parts = self._parts[grams.single, column]
        parts[1:] += halves[:-1]
        parts += halves
        return parts

    def reasons(self, text: str, key: str) -> list[str]:
        """Return the stretches of the text that speak most for a key, strongest first."""
        return self.reasons_of([text], [key])[0]

    def reasons_of(self, texts: Sequence[str], keys: Sequence[str]) -> list[list[str]]:
        """The same for many texts, each with its key."""
        parts = self.weigh_all(texts, [self.keys.index(key) for key in keys])
        speaks = (parts > 0) & ~np.isin(code_points(texts), BREAK_CODES)
        found, whole = [[] for _ in texts], "".join(texts)
        for text, start, end, weight in _stretches(speaks, parts, [*map(len, texts)]):
            words = whole[start:end].strip(EDGES)
            if len(words) >= 2:
                found[text].append((weight, words))
        return [_strongest(stretches) for stretches in found]

    def clause(self, text: str, key: str) -> tuple[int, int]:
        """Return the clause (start, end) that speaks most for a key."""
        return self.clauses_of([text], [key])[0]

    def clauses_of(self, texts: Sequence[str], keys: Sequence[str]) -> list[tuple[int, int]]:
        """The same for many texts, each with its key."""
        parts = self.weigh_all(texts, [self.keys.index(key) for key in keys])
        behind, found = 0, []
        for text in texts:
            start, behind = behind, behind + len(text)
            found.append(_clause(text, parts[start:behind]))
        return found


def _stretches(speaks: np.ndarray, parts: np.ndarray, lengths: list[int]) -> Iterable[tuple]:
    """Runs of characters that speak: number of the text, start, end, and what they add up to."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    turns = np.diff(speaks, prepend=False) | (np.diff(text, prepend=-1) != 0)
    starts = np.flatnonzero(turns)
    if not len(starts):
        return ()
    sums = np.add.reduceat(parts, starts)
    kept = speaks[starts]
    columns = (text[starts], starts, np.append(starts[1:], len(speaks)), sums)
    return zip(*(column[kept].tolist() for column in columns), strict=True)


def _strongest(stretches: list[tuple[float, str]]) -> list[str]:
    ranked: list[str] = []
    for _, words in sorted(stretches, key=lambda item: -item[0]):
        if not any(words in other or other in words for other in ranked):
            ranked.append(words)
            if len(ranked) == SHOWN:
                break
    return ranked


def _clause(text: str, parts: np.ndarray) -> tuple[int, int]:
    spans = [match.span() for match in CLAUSE.finditer(text)]
    if len(spans) < 2:
        return spans[0] if spans else (0, len(text))  # nothing but punctuation
    sums = [parts[start:end].sum() for start, end in spans]
    return spans[sums.index(max(sums))]  # the first of equals


def format_weights(weights: dict[str, float]) -> str | None:
    """Write weights by key as a cell of ``learned_ngrams.csv``; no weight: a missing cell."""
    return " ".join(f"{key}={weight:.1f}" for key, weight in weights.items()) or None
