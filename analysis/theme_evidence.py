"""What the themes are judged by: the codebook's terms in sentences and headings, issues, the point.

Every term is matched once; :mod:`analysis.theme_scores` and its resamples only add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.codebook import Codebook
from analysis.terms import TermFinder, term_weights
from analysis.textmodel import TextModel, text_model

# Each further heading counts this much of the one below it; chosen with the constants of
# :mod:`analysis.theme_scores`.
HEADING_DECAY = 0.3
CONTENTLESS_ROLES = ("noise", "heading")
PATH_SEPARATOR = " › "


class Lexicon:
    """The codebook's terms made ready for matching.

    Attributes
    ----------
    themes : list of str
        Keys of the themes in the codebook's order.
    terms : list of str
        The terms in the codebook's order.
    weights : numpy.ndarray
        Terms × themes: weight × idf. Not to be changed.
    speaks : list of list of bool
        Whether a weight is above 0.
    issue_themes : dict of str to int
        Position of each issue's usual theme.
    terms_of : callable
        The terms found in a text, as often as they stand there.
    """

    def __init__(self, book: Codebook):
        self.themes = list(book["theme_names"]["theme"])
        place = {theme: i for i, theme in enumerate(self.themes)}
        weights = term_weights(book)
        self.terms = list(weights)
        self.weights = np.zeros((len(self.terms), len(self.themes)))
        for row, by_theme in enumerate(weights.values()):
            for theme, weight in by_theme.items():
                self.weights[row, place[theme]] = weight
        self.speaks = (self.weights > 0).tolist()
        issues = book["issues"]
        pairs = zip(issues["issue"], issues["theme"], strict=True)
        self.issue_themes = {issue: place[theme] for issue, theme in pairs}
        self.learned = text_model(book, tuple(self.themes))
        self._row = {term: i for i, term in enumerate(self.terms)}
        self._finder = TermFinder(self.terms)
        self.terms_of = self._finder.words

    def find(self, texts) -> csr_matrix:
        """Texts × terms: 1 for each term of a text, in the order in which they stand there."""
        ends, columns = [0], []
        for terms in self._finder.words_of(texts):
            columns.extend(self._row[term] for term in dict.fromkeys(terms))
            ends.append(len(columns))
        return csr_matrix((np.ones(len(columns)), columns, ends), (len(ends) - 1, len(self.terms)))


@lru_cache(maxsize=4)
def read_lexicon(book: Codebook) -> Lexicon:
    """Return the lexicon of a codebook, made once."""
    return Lexicon(book)


@dataclass(frozen=True)
class Evidence:
    """What the scores are made of, for sentences in order of report and place.

    Attributes
    ----------
    order : numpy.ndarray
        Positions of the sentences in the caller's table.
    passage : numpy.ndarray
        Position of each sentence's passage.
    content : numpy.ndarray of bool
        Whether the sentence has a theme (neither noise nor heading).
    subpoint : numpy.ndarray
        Number of the stretch of a passage that stands under one heading inside it.
    local : numpy.ndarray
        Position of that heading's sentence, −1 where there is none.
    paths : scipy.sparse.csr_matrix
        Passages × ``heading_texts``, the nearest first: how much each heading counts.
    found, heading_found : scipy.sparse.csr_matrix
        Sentences, or ``heading_texts``, × terms.
    model : TextModel
        The learned word model of the themes.
    ngrams, heading_ngrams : scipy.sparse.csr_matrix
        Its vectors of the sentences and of ``heading_texts``.
    issues : numpy.ndarray
        Sentences × themes: number of distinct issues whose usual theme it is.
    named : list of (int, str)
        Pairs (sentence, issue), each once.
    """

    order: np.ndarray
    passage: np.ndarray
    content: np.ndarray
    subpoint: np.ndarray
    local: np.ndarray
    paths: csr_matrix
    heading_texts: list[str]
    found: csr_matrix
    heading_found: csr_matrix
    model: TextModel
    ngrams: csr_matrix
    heading_ngrams: csr_matrix
    issues: np.ndarray
    named: list[tuple[int, str]]


def collect_evidence(sentences, passages, mentions, lexicon: Lexicon, titles=None) -> Evidence:
    """Match every term once; scoring and its resamples only add up afterwards.

    Sentences and mentions are those of the passages; where these are not whole reports, ``titles``
    are those of :func:`find_titles`.
    """
    place = {p: i for i, p in enumerate(passages["passage"].tolist())}
    in_passage = np.array([place[p] for p in sentences["passage"].tolist()], dtype=int)
    start = sentences["start"].to_numpy(dtype=int)
    order = np.lexsort((start, in_passage))
    texts = sentences["text"].to_numpy(dtype=object)[order].tolist()
    passage = in_passage[order]
    is_heading = sentences["heading_level"].notna().to_numpy()[order]
    subpoint, local = _subpoints(passage, is_heading)
    titles = find_titles(sentences) if titles is None else titles
    paths, heading_texts = _headings(passages, titles)
    ids = sentences["sentence"].to_numpy(dtype=object)[order].tolist()
    issues, named = _issues(ids, mentions, lexicon)
    return Evidence(
        order=order,
        passage=passage,
        content=~sentences["role"].isin(CONTENTLESS_ROLES).to_numpy()[order],
        subpoint=subpoint,
        local=local,
        paths=paths,
        heading_texts=heading_texts,
        found=lexicon.find(texts),
        heading_found=lexicon.find(heading_texts),
        model=lexicon.learned,
        ngrams=lexicon.learned.vectors(texts),
        heading_ngrams=lexicon.learned.vectors(heading_texts),
        issues=issues,
        named=named,
    )


def _subpoints(passage: np.ndarray, is_heading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stretches under a heading inside a passage; the passage's first sentence opens none."""
    first = np.r_[True, passage[1:] != passage[:-1]]
    opens = is_heading & ~first
    subpoint = np.cumsum(first | opens) - 1
    position = np.where(opens, np.arange(len(passage)), -1)
    begins = np.flatnonzero(first | opens)
    return subpoint, position[begins][subpoint] if len(begins) else position


def find_titles(sentences: pd.DataFrame) -> set[tuple[str, str]]:
    """Report and text of every title.

    It names the whole report's subject: it says nothing about one passage of it.
    """
    is_title = (sentences["heading_level"] == 0).fillna(False).to_numpy(dtype=bool)
    return set(zip(sentences["report"][is_title], sentences["text"][is_title], strict=True))


def _headings(passages: pd.DataFrame, titles) -> tuple[csr_matrix, list[str]]:
    """Headings of each passage's path, nearest first, without the report's title."""
    numbers: dict[str, int] = {}
    ends, columns, depths = [0], [], []
    reports, paths = passages["report"].tolist(), passages["heading_path"].tolist()
    for report, path in zip(reports, paths, strict=True):
        parts = path.split(PATH_SEPARATOR) if isinstance(path, str) else []
        parts = [part for part in reversed(parts) if (report, part) not in titles]
        columns.extend(numbers.setdefault(part, len(numbers)) for part in parts)
        depths.extend(range(len(parts)))
        ends.append(len(columns))
    counts = HEADING_DECAY ** np.array(depths, dtype=float)
    return csr_matrix((counts, columns, ends), (len(reports), len(numbers))), list(numbers)


def _issues(ids, mentions, lexicon: Lexicon) -> tuple[np.ndarray, list[tuple[int, str]]]:
    place = {sentence: i for i, sentence in enumerate(ids)}
    named = (mentions[column].tolist() for column in ("sentence", "issue"))
    pairs = dict.fromkeys(zip(*named, strict=True))
    number = {issue: i for i, issue in enumerate(lexicon.issue_themes)}
    named = [(place[sentence], issue) for sentence, issue in pairs]
    named.sort(key=lambda pair: (pair[0], number[pair[1]]))  # whatever the order of mentions
    counts = np.zeros((len(ids), len(lexicon.themes)))
    for row, issue in named:
        counts[row, lexicon.issue_themes[issue]] += 1
    return counts, named
