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

from analysis.theme_evidence import HEADING_DECAY, Evidence

# The constants were chosen by random search over 560 settings on the five reports, with the terms
# that stand in one report only switched off for that report, half of the issues removed and false
# ones added, with headings and without. The optimum is flat: half or twice any of them moves the
# macro-F1 by .02 at most; without the point it falls by .05 where there are no headings.
OWN_HALF = 4.0  # sum of term weights at which a sentence's own words count half of their maximum 1
HEADING_HALF = 2.0  # the same for a heading, which is shorter
HEADING_WEIGHT = 0.25  # the nearest heading, against at most 1 for the sentence's own words
LEARNED_WEIGHT = 2.0  # the learned word model; on reports kept apart 1 is .01 worse, 4 no better
LEARNED_HEADING_WEIGHT = 0.5  # the same in a heading
ISSUE_WEIGHT = 0.15  # each issue of a sentence, for the issue's usual theme
POINT_WEIGHT = 0.6  # the passage's other sentences; see POOL_EXPONENT
SUBPOINT_WEIGHT = 0.2  # once more those under the same heading inside the passage
# Pooled evidence is the sum over n sentences divided by n ** POOL_EXPONENT: between their mean
# (exponent 1) and their sum (0), since the agreement of many says more than one sentence does.
POOL_EXPONENT = 0.7


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
