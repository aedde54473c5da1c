"""Scores of every theme for every sentence and passage: the codebook's terms in context.

A theme's score adds four kinds of evidence: the sentence's own terms, the headings it stands
under, the issues it names and the other sentences of its point. All weights are data of the
codebook or constants here; nothing is estimated from the study. So a label depends on its own
report alone: it does not move when another report is added.
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

# The constants were chosen by random search over 560 settings on the five reports, with the terms
# that stand in one report only switched off for that report, half of the issues removed and false
# ones added, with headings and without. The optimum is flat: half or twice any of them moves the
# macro-F1 by .02 at most; without the point it falls by .05 where there are no headings.
OWN_HALF = 4.0  # sum of term weights at which a sentence's own words count half of their maximum 1
HEADING_HALF = 2.0  # the same for a heading, which is shorter
HEADING_WEIGHT = 0.25  # the nearest heading, against at most 1 for the sentence's own words
HEADING_DECAY = 0.3  # each further heading counts this much of the one below it
LEARNED_WEIGHT = 2.0  # the learned word model; on reports kept apart 1 is .01 worse, 4 no better
LEARNED_HEADING_WEIGHT = 0.5  # the same in a heading
ISSUE_WEIGHT = 0.15  # each issue of a sentence, for the issue's usual theme
POINT_WEIGHT = 0.6  # the passage's other sentences; see POOL_EXPONENT
SUBPOINT_WEIGHT = 0.2  # once more those under the same heading inside the passage
# Pooled evidence is the sum over n sentences divided by n ** POOL_EXPONENT: between their mean
# (exponent 1) and their sum (0), since the agreement of many says more than one sentence does.
POOL_EXPONENT = 0.7
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


def _scaled(sums: np.ndarray, half: float) -> np.ndarray:
    """Summed term weights of texts × themes, scaled so that their total stays below 1."""
    return sums / (sums.sum(axis=1, keepdims=True) + half)


def members_of(groups: np.ndarray, count: int) -> csr_matrix:
    """Groups × rows: 1 for each row of a group, so that a product adds the rows up."""
    rows = np.arange(len(groups))
    return csr_matrix((np.ones(len(groups)), (groups, rows)), (count, len(groups)))


def _others(groups: np.ndarray, values: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Pooled values of the other sentences of each sentence's group."""
    count = int(groups.max()) + 1 if len(groups) else 0
    number = np.bincount(groups, weights=content, minlength=count)[groups] - content
    others = (members_of(groups, count) @ values)[groups] - values
    return others / np.maximum(number, 1)[:, None] ** POOL_EXPONENT


@dataclass(frozen=True)
class Scores:
    """Scores of rows × themes; ``own`` is the part of each sentence's or passage's own words."""

    sentences: np.ndarray
    passages: np.ndarray
    own_sentences: np.ndarray
    own_passages: np.ndarray


def score_themes(evidence: Evidence, weights: np.ndarray, kept: np.ndarray | None = None) -> Scores:
    """Score every theme for every sentence and passage.

    Parameters
    ----------
    evidence : Evidence
    weights : numpy.ndarray
        Terms × themes, as :attr:`Lexicon.weights`; a row of zeros switches a term off.
    kept : numpy.ndarray of bool, optional
        The n-grams of the word model that count; by default all.
    """
    e = evidence
    own, pooled, path, passages = _score_passages(e, weights, kept)
    sentences = own + HEADING_WEIGHT * _score_headings(e, weights, path)
    sentences = sentences + POINT_WEIGHT * _others(e.passage, own, e.content)
    sentences = sentences + SUBPOINT_WEIGHT * _others(e.subpoint, own, e.content)
    # Rounded, so that a tie is a tie whatever the order in which it was summed.
    return Scores(*(values.round(9) for values in (sentences, passages, own, pooled)))


def score_passages(evidence: Evidence, weights: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Score the passages alone, as :func:`score_themes` does: all that a resample asks for."""
    return _score_passages(evidence, weights, kept)[-1].round(9)


def _score_passages(e: Evidence, weights: np.ndarray, kept) -> tuple[np.ndarray, ...]:
    """Own words of sentences and of passages, what the paths say, and the passages' scores."""
    own = _scaled(e.found @ weights, OWN_HALF)
    own = own + LEARNED_WEIGHT * e.model.shares_of(e.ngrams, kept) + ISSUE_WEIGHT * e.issues
    own = own * e.content[:, None]
    headings = _scaled(e.heading_found @ weights, HEADING_HALF)
    headings = headings + LEARNED_HEADING_WEIGHT * e.model.shares_of(e.heading_ngrams, kept)
    path = e.paths @ headings
    count = e.paths.shape[0]
    pooled = members_of(e.passage, count) @ own
    number = np.bincount(e.passage, weights=e.content, minlength=count)
    pooled = pooled / np.maximum(number, 1)[:, None] ** POOL_EXPONENT
    return own, pooled, path, pooled + HEADING_WEIGHT * path


def _score_headings(e: Evidence, weights: np.ndarray, path: np.ndarray) -> np.ndarray:
    """What the headings say for each sentence, those inside its passage too."""
    inner = _scaled(e.found @ weights, HEADING_HALF)[e.local]
    has_inner = (e.local >= 0)[:, None] & (inner.sum(axis=1, keepdims=True) > 0)
    outer = path[e.passage]
    return np.where(has_inner, inner + HEADING_DECAY * outer, outer)
