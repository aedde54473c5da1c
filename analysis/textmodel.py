"""What a sentence's own characters say: linear models over character n-grams, weights as data.

Roles, themes and issues each have such a model. They are trained by ``python -m analysis train``
only (:mod:`analysis.study.training`), never by a run, and stand in the codebook as one plain table:
``learned_ngrams.csv`` with the idf of every n-gram and its weights by key.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import expit, softmax
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.codebook import Codebook, for_patterns

# Shortest and longest n-gram in characters. On reports kept apart 1–2 and 1–3 find issues equally
# well (F1 .74 to .75), 2–4 (.70) and words with pairs of words (.66) less; 1–2 are a third as many.
NGRAM = (1, 2)
INTERCEPT = "（截距）"
# Rows in brackets are no n-grams but something known of the sentence: 1 where it holds.
MARK = re.compile("（..+）")
# Numbers differ in every report: what matters is that there is one.
DIGIT = re.compile(r"[0-9０-９]")
BREAKS = re.compile(r"[，,；;：:。！？!?]")
EDGES = "“”‘’（）《》【】 "  # left out at both ends of a stretch that is shown
SHOWN = 3  # stretches named as the reason of a label


def normal(text: str) -> str:
    """Return the text as the models see it: the same length, one sign for every digit."""
    return DIGIT.sub("#", for_patterns(text))


def mark_of(name: str) -> str:
    """Return the name of the row for a mark."""
    return f"（{name}）"


def make_vectorizer(**options) -> TfidfVectorizer:
    """Return the vectoriser that training and use share: sublinear TF-IDF of length one."""
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

    def __init__(self, book: Codebook, keys):
        self.keys = list(keys)
        table = book["learned_ngrams"]
        parsed = pd.Series([_parse(cell) for cell in table["weights"]], index=table["ngram"])
        columns = [[row.get(key, 0.0) for row in parsed] for key in self.keys]
        weights = pd.DataFrame(dict(enumerate(columns)), index=parsed.index, dtype=float)
        is_mark = np.array([bool(MARK.fullmatch(name)) for name in parsed.index], dtype=bool)
        values, names = weights.to_numpy(), np.array(parsed.index, dtype=object)
        self.marks = dict(zip(names[is_mark], values[is_mark], strict=True))
        has_weights = [any(key in row for row in parsed) for key in self.keys]
        start = self.marks.get(INTERCEPT, np.zeros(len(self.keys)))
        self.intercepts = np.where(has_weights, start, -np.inf)
        self.weights = values[~is_mark]
        self._row = {ngram: row for row, ngram in enumerate(names[~is_mark])}
        self._idf = table["idf"].to_numpy(float)[~is_mark]
        self._vectorizer = make_vectorizer(vocabulary=self._row or None)
        if self._row:
            self._vectorizer.idf_ = self._idf

    @property
    def ngrams(self) -> list[str]:
        """The n-grams in the order of ``weights``."""
        return list(self._row)

    def vectors(self, texts) -> csr_matrix:
        """TF-IDF of every text: texts × n-grams, rows of length one."""
        if not len(texts) or not self._row:
            return csr_matrix((len(texts), len(self._row)))
        return self._vectorizer.transform(map(normal, texts))

    def scores(self, texts, marks=()) -> np.ndarray:
        """Log-odds of every key for every text; ``marks``: one name, such as a role, per text."""
        scores = self.vectors(texts) @ self.weights + self.intercepts
        none = np.zeros(len(self.keys))
        added = [self.marks.get(mark_of(name), none) for name in marks]
        return scores + np.array(added) if added else scores

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
        text, column = normal(text), self.keys.index(key)
        parts = np.zeros(len(text))
        for size in range(NGRAM[0], NGRAM[1] + 1):
            for at in range(len(text) - size + 1):
                row = self._row.get(text[at : at + size])
                if row is not None:
                    value = self._idf[row] * self.weights[row, column]
                    parts[at : at + size] += value / size
        return parts

    def reasons(self, text: str, key: str) -> list[str]:
        """Return the stretches of the text that speak most for a key, strongest first."""
        parts, found, at = self.weigh(text, key), [], 0
        while at < len(text):
            if parts[at] <= 0 or BREAKS.match(text[at]):
                at += 1
                continue
            end = at
            while end < len(text) and parts[end] > 0 and not BREAKS.match(text[end]):
                end += 1
            words = text[at:end].strip(EDGES)
            if len(words) >= 2:
                found.append((parts[at:end].sum(), words))
            at = end
        ranked: list[str] = []
        for _, words in sorted(found, key=lambda item: -item[0]):
            if not any(words in other or other in words for other in ranked):
                ranked.append(words)
        return ranked[:SHOWN]

    def clause(self, text: str, key: str) -> tuple[int, int]:
        """Return the clause (start, end) that speaks most for a key."""
        parts, cuts = self.weigh(text, key), [match.start() for match in BREAKS.finditer(text)]
        spans, start = [], 0
        for cut in [*cuts, len(text)]:
            if cut > start:
                spans.append((start, cut))
            start = cut + 1
        return max(
            spans,
            key=lambda span: (parts[span[0] : span[1]].sum(), -span[0]),
            default=(0, len(text)),  # nothing but punctuation
        )


def _parse(cell) -> dict[str, float]:
    pairs = (part.partition("=") for part in cell.split()) if isinstance(cell, str) else ()
    return {key: float(weight) for key, _, weight in pairs}


def format_weights(weights: dict[str, float]) -> str | None:
    """Write weights by key as a cell of ``learned_ngrams.csv``; no weight: a missing cell."""
    return " ".join(f"{key}={weight:.1f}" for key, weight in weights.items()) or None
