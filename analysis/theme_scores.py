"""Scores of every theme for every sentence and passage: the codebook's terms in context.

A theme's score adds four kinds of evidence: the sentence's own terms, the headings it stands
under, the issues it names and the other sentences of its point. All weights are data of the
codebook or constants here; nothing is estimated from the study. So a label depends on its own
report alone: it does not move when another report is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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
        Terms × themes: weight × idf.
    issue_themes : dict of str to int
        Position of each issue's usual theme.
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
        issues = book["issues"]
        pairs = zip(issues["issue"], issues["theme"], strict=True)
        self.issue_themes = {issue: place[theme] for issue, theme in pairs}
        self.learned = text_model(book, tuple(self.themes))
        self._row = {term: i for i, term in enumerate(self.terms)}
        self._find = TermFinder(self.terms).words

    def find(self, texts) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (text, term): each term of a text once, in the order in which it stands there."""
        rows, columns = [], []
        for position, text in enumerate(texts):
            found = dict.fromkeys(self._find(text))
            rows.extend([position] * len(found))
            columns.extend(self._row[term] for term in found)
        return np.array(rows, dtype=int), np.array(columns, dtype=int)


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
    headings : list of list of int
        Per passage: positions in ``heading_texts``, the nearest first.
    found, heading_found : tuple of numpy.ndarray
        Pairs (text, term) of the sentences and of ``heading_texts``.
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
    headings: list[list[int]]
    heading_texts: list[str]
    found: tuple[np.ndarray, np.ndarray]
    heading_found: tuple[np.ndarray, np.ndarray]
    model: TextModel
    ngrams: csr_matrix
    heading_ngrams: csr_matrix
    issues: np.ndarray
    named: list[tuple[int, str]]


def collect_evidence(sentences, passages, mentions, lexicon: Lexicon) -> Evidence:
    """Match every term once; scoring and its resamples only add up afterwards."""
    place = {p: i for i, p in enumerate(passages["passage"].tolist())}
    in_passage = np.array([place[p] for p in sentences["passage"].tolist()], dtype=int)
    start = sentences["start"].to_numpy(dtype=int)
    order = np.lexsort((start, in_passage))
    texts = sentences["text"].to_numpy(dtype=object)[order].tolist()
    passage = in_passage[order]
    is_heading = sentences["heading_level"].notna().to_numpy()[order]
    subpoint, local = _subpoints(passage, is_heading)
    headings, heading_texts = _headings(sentences, passages)
    ids = sentences["sentence"].to_numpy(dtype=object)[order].tolist()
    issues, named = _issues(ids, mentions, lexicon)
    return Evidence(
        order=order,
        passage=passage,
        content=~sentences["role"].isin(CONTENTLESS_ROLES).to_numpy()[order],
        subpoint=subpoint,
        local=local,
        headings=headings,
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


def _headings(sentences, passages) -> tuple[list[list[int]], list[str]]:
    """Heading texts of each passage's path, nearest first, without the report's title.

    The title names the whole report's subject: it says nothing about one passage of it.
    """
    is_title = (sentences["heading_level"] == 0).fillna(False).to_numpy(dtype=bool)
    titles = set(zip(sentences["report"][is_title], sentences["text"][is_title], strict=True))
    numbers: dict[str, int] = {}
    rows = []
    reports, paths = passages["report"].tolist(), passages["heading_path"].tolist()
    for report, path in zip(reports, paths, strict=True):
        parts = path.split(PATH_SEPARATOR) if isinstance(path, str) else []
        parts = [part for part in parts if (report, part) not in titles]
        rows.append([numbers.setdefault(part, len(numbers)) for part in reversed(parts)])
    return rows, list(numbers)


def _issues(ids, mentions, lexicon: Lexicon) -> tuple[np.ndarray, list[tuple[int, str]]]:
    place = {sentence: i for i, sentence in enumerate(ids)}
    pairs = dict.fromkeys(zip(mentions["sentence"], mentions["issue"], strict=True))
    number = {issue: i for i, issue in enumerate(lexicon.issue_themes)}
    named = [(place[sentence], issue) for sentence, issue in pairs]
    named.sort(key=lambda pair: (pair[0], number[pair[1]]))  # whatever the order of mentions
    counts = np.zeros((len(ids), len(lexicon.themes)))
    for row, issue in named:
        counts[row, lexicon.issue_themes[issue]] += 1
    return counts, named


def _sum_terms(found, weights: np.ndarray, texts: int, half: float) -> np.ndarray:
    """Texts × themes: summed term weights, scaled so that their total stays below 1."""
    rows, columns = found
    sums = _add_up(rows, weights[columns], texts)
    return sums / (sums.sum(axis=1, keepdims=True) + half)


def _add_up(groups: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    columns = [np.bincount(groups, weights=v, minlength=count) for v in values.T]
    return np.stack(columns, axis=1)


def _others(groups: np.ndarray, values: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Pooled values of the other sentences of each sentence's group."""
    count = int(groups.max()) + 1 if len(groups) else 0
    number = np.bincount(groups, weights=content, minlength=count)[groups] - content
    others = _add_up(groups, values, count)[groups] - values
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
    e, count = evidence, len(evidence.headings)
    own = _sum_terms(e.found, weights, len(e.order), OWN_HALF)
    own = own + LEARNED_WEIGHT * e.model.shares_of(e.ngrams, kept) + ISSUE_WEIGHT * e.issues
    own = own * e.content[:, None]
    context, path = _score_headings(e, weights, kept)
    sentences = own + HEADING_WEIGHT * context
    sentences = sentences + POINT_WEIGHT * _others(e.passage, own, e.content)
    sentences = sentences + SUBPOINT_WEIGHT * _others(e.subpoint, own, e.content)
    pooled = _add_up(e.passage, own, count)
    number = np.bincount(e.passage, weights=e.content, minlength=count)
    pooled = pooled / np.maximum(number, 1)[:, None] ** POOL_EXPONENT
    passages = pooled + HEADING_WEIGHT * path
    # Rounded, so that a tie is a tie whatever the order in which it was summed.
    return Scores(*(values.round(9) for values in (sentences, passages, own, pooled)))


def _score_headings(e: Evidence, weights: np.ndarray, kept) -> tuple[np.ndarray, np.ndarray]:
    """What the headings say for each sentence and, without those inside it, for each passage."""
    texts = _sum_terms(e.heading_found, weights, len(e.heading_texts), HEADING_HALF)
    texts = texts + LEARNED_HEADING_WEIGHT * e.model.shares_of(e.heading_ngrams, kept)
    path = np.zeros((len(e.headings), weights.shape[1]))
    for row, parts in enumerate(e.headings):
        for depth, part in enumerate(parts):
            path[row] += HEADING_DECAY**depth * texts[part]
    inner = _sum_terms(e.found, weights, len(e.order), HEADING_HALF)[e.local]
    has_inner = (e.local >= 0)[:, None] & (inner.sum(axis=1, keepdims=True) > 0)
    outer = path[e.passage]
    return np.where(has_inner, inner + HEADING_DECAY * outer, outer), path
