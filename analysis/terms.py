"""Words of a text: segmentation for TF-IDF, codebook terms for the themes, and their idf.

Two ways of finding words stand side by side. :class:`Tokenizer` cuts a text into all its words, for
the clusters. :class:`TermFinder` looks only for given terms; the themes use it, because a term of
the codebook (“一起谋划”) may be several words and must be found whatever stands around it.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.grams import LONGEST, GramTable

# The characters jieba's own dictionary knows; its handling of Latin letters differs from rjieba's.
NOT_HAN = re.compile(r"[^\u4e00-\u9fd5]+")
# A shorter line is a marker, a by-line or page chrome.
MIN_HAN = 10
ENGINES = ("auto", "rjieba", "jieba")


class Tokenizer:
    """Cuts Chinese text into words, with the codebook's terms kept whole.

    Parameters
    ----------
    book : Codebook
        Its table ``segmentation`` names the terms that are not cut, with a frequency each.
    engine : {"auto", "rjieba", "jieba"}
        ``auto`` takes rjieba where it is installed. jieba is the reference; both give the same
        words, rjieba about thirty times as fast.

    Notes
    -----
    Nothing is written to disk or to standard error: jieba's dictionary is read into a tokenizer of
    our own instead of its global one with its cache file. A tokenizer cannot be pickled; a worker
    process makes its own.
    """

    def __init__(self, book: Codebook, engine: str = "auto"):
        if engine not in ENGINES:
            raise ValueError(f"engine “{engine}” 不在允许的取值中：{'、'.join(ENGINES)}")
        if engine == "auto":
            engine = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
        self.engine = engine
        add_word, self._cut = _load_rjieba() if engine == "rjieba" else _load_jieba()
        terms = book["segmentation"]
        for term, frequency in zip(terms["term"], terms["frequency"], strict=True):
            # Without a frequency, the two engines choose different ones.
            add_word(term, int(frequency), None)

    def words(self, text: str) -> list[str]:
        """Words of the Han runs of ``text`` in order; everything else only separates them."""
        return [word for word in self._cut(NOT_HAN.sub(" ", text)) if word != " "]


@lru_cache(maxsize=2)
def load_tokenizer(book: Codebook) -> Tokenizer:
    """Return the tokenizer of a codebook, made once: its dictionary takes a fifth of a second."""
    return Tokenizer(book)


def _load_rjieba() -> tuple[Callable, Callable]:
    import rjieba

    engine = rjieba.Jieba()
    return engine.add_word, engine.cut


def _load_jieba() -> tuple[Callable, Callable]:
    import jieba

    engine = jieba.Tokenizer()
    # What initialize() does, without its cache file in the temporary folder and its log.
    engine.FREQ, engine.total = engine.gen_pfdict(engine.get_dict_file())
    engine.initialized = True
    return engine.add_word, engine.cut


class TermFinder:
    """Finds given terms in texts: at each place the longest one, none overlapping another.

    Parameters
    ----------
    terms : iterable of str
        Terms to look for. Only where the first two characters of one stand in a text is anything
        compared, so their number hardly matters.
    """

    def __init__(self, terms: Iterable[str]):
        begun: dict[str, list[str]] = {}
        for term in sorted(dict.fromkeys(terms), key=len, reverse=True):
            begun.setdefault(term[:LONGEST], []).append(term)
        self._begun = [*begun.values(), []]  # the last is that of no gram: ABSENT is -1
        self._table = GramTable({gram: number for number, gram in enumerate(begun)}, {})

    def words(self, text: str) -> list[str]:
        """Terms found in ``text``, in order, as often as they stand there."""
        return self.words_of([text])[0]

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """The same for many texts."""
        found: list[list[str]] = [[] for _ in texts]
        grams, whole, behind = self._table.read(texts), "".join(texts), 0
        at = np.flatnonzero((grams.pair >= 0) | (grams.single >= 0))
        numbers, ends = grams.text[at], np.cumsum(grams.lengths)
        columns = (at, grams.pair[at], grams.single[at], numbers, ends[numbers])
        for start, pair, single, number, end in zip(*(c.tolist() for c in columns), strict=True):
            if start < behind:
                continue
            for term in self._begun[pair] + self._begun[single]:
                if whole.startswith(term, start, end):
                    found[number].append(term)
                    behind = start + len(term)
                    break
        return found


def split_paragraphs(text: str) -> list[str]:
    """Lines of ``text`` with at least :data:`MIN_HAN` Chinese characters: the documents of idf."""
    return [line for line in text.splitlines() if len(NOT_HAN.sub("", line)) >= MIN_HAN]


def build_idf(texts: Iterable[str], tokenizer: Tokenizer | TermFinder) -> pd.DataFrame:
    """Inverse document frequency of every word that stands in ``texts``.

    Parameters
    ----------
    texts : iterable of str
        One document each: a paragraph or a passage.
    tokenizer : Tokenizer or TermFinder
        Its ``words`` are counted, each once per document. ``data/codebook/idf.csv`` was made with
        a TermFinder of all theme terms; see the recipe in the README beside it.

    Returns
    -------
    pandas.DataFrame
        Table ``idf``: ``term``, ``idf`` = ln((1 + N) / (1 + df)) + 1 with N documents, df of which
        hold the term (the smoothed idf of scikit-learn's ``TfidfVectorizer``), rounded to four
        digits; by idf, then by term.
    """
    texts = list(texts)
    counts = Counter(word for text in texts for word in set(tokenizer.words(text)))
    rows = [(t, round(math.log((1 + len(texts)) / (1 + n)) + 1, 4)) for t, n in counts.items()]
    rows.sort(key=lambda row: (row[1], row[0]))
    return pd.DataFrame(
        {
            "term": pd.array([term for term, _ in rows], dtype="str"),
            "idf": pd.array([value for _, value in rows], dtype="float64"),
        }
    )


def term_weights(book: Codebook) -> dict[str, dict[str, float]]:
    """Weight of every theme term: its weight in ``theme_terms.csv`` × its idf in ``idf.csv``.

    A term that is not in ``idf.csv`` has never been seen, so it is taken to be as rare as the
    rarest one there: the greatest idf of the file.

    Returns
    -------
    dict of str to dict of str to float
        Term → theme → weight. A term may stand under several themes.
    """
    idf = dict(zip(book["idf"]["term"], book["idf"]["idf"], strict=True))
    rarest = max(idf.values(), default=1.0)
    weights: dict[str, dict[str, float]] = {}
    table = book["theme_terms"]
    for theme, term, weight in zip(table["theme"], table["term"], table["weight"], strict=True):
        weights.setdefault(term, {})[theme] = weight * idf.get(term, rarest)
    return weights
