"""How well a countermeasure answers a problem: five numbers, and what each counts.

Three tell what the two are about, two where they stand. The models are the codebook's; nothing is
learned from the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import expit, softmax

from analysis.codebook import Codebook
from analysis.structure import PATH_SEPARATOR
from analysis.terms import load_tokenizer
from analysis.textmodel import text_model
from analysis.tfidf import to_unit, weigh_words

# Sentences read at a time: more take more memory, and longer, for their n-grams are sorted.
AT_ONCE = 2_000
TELLING = "problem"  # both sides are read as if they told a fault: then only the topic differs
SOFTENED = 2.0  # log-odds of issues are divided by this, so that more than the best one speak
UNKNOWN = -20.0  # log-odds of an issue that no label taught
# The countermeasures of its passage together count this much beside a countermeasure's own words:
# 活形式。 says little without what follows. Left out, 43 of 64 first answers are right, 40 without.
CONTEXT = 0.6
# What differs between the labels of several points: 问题一：, 问题二：
NUMBERING = re.compile("[^\u4e00-\u9fff]|[一二三四五六七八九十]")
ORDINAL = re.compile(
    r"[一二三四五六七八九十]+[是要]|."
)  # 一是, 二要 and single characters are no words
# Weights of a logistic regression over all pairs of 90 labelled problem points and the
# countermeasures of their reports (the nine reports of data/gold and data/training that have
# links.tsv), judged by models that had not seen the report; rounded. Fitted without the report
# that they are tried on, they give the same figures to .04.
WEIGHTS = {"issue": 2.0, "theme": 2.5, "words": 21.5, "order": 2.6, "together": 1.4}
START = -3.9
ANY_ORDER = -1 / 3  # mean of `order` over all pairs: what it counts where it says nothing


@dataclass(frozen=True)
class Topics:
    """What sentences are about: sentences × issues, × themes, × words.

    ``issues`` are shares less their mean over the sentences of the group: what sets a sentence
    apart. ``words`` are TF-IDF weights, ``terms`` the names of their columns; each group has
    columns of its own, in the order of their names.
    """

    issues: np.ndarray
    themes: np.ndarray
    words: csr_matrix
    terms: np.ndarray

    def shared_words(self, points: csr_matrix, answers: np.ndarray, most: int) -> list[list[str]]:
        """Words that stand in a point (a row of :func:`pool_points`) and in its answer.

        At most so many for each of the pairs, the most telling first.
        """
        both = (points @ self.words).multiply(self.words[answers]).tocoo()
        order = np.lexsort((both.col, -np.round(both.data, 9), both.row))
        found: list[list[str]] = [[] for _ in answers]
        for pair, term in zip(both.row[order].tolist(), self.terms[both.col[order]], strict=True):
            if len(found[pair]) < most:
                found[pair].append(term)
        return found


def find_topics(texts: Sequence[str], groups: np.ndarray, book: Codebook) -> Topics:
    """Return the topics of sentences: issues and themes by the learned word models, TF-IDF words.

    ``groups`` has a number for each sentence, from 0 without gaps; no group changes another. The
    words' idf is of the sentences of the group: what a report repeats everywhere (机关党建) says
    nothing about which of its countermeasures answers which of its problems.
    """
    issues = text_model(book, tuple(book["issues"]["issue"]))
    themes = text_model(book, tuple(book["theme_names"]["theme"]))
    shares, kinds = [], []
    for at in range(0, len(texts), AT_ONCE):
        some = texts[at : at + AT_ONCE]
        scores = issues.scores(some, [TELLING] * len(some))
        scores = np.where(np.isfinite(scores), scores, UNKNOWN)
        shares.append(softmax(scores / SOFTENED, axis=1))
        kinds.append(themes.shares(some))
    shares, kinds = np.concatenate(shares), np.concatenate(kinds)
    inside = csr_matrix((np.ones(len(texts)), (groups, np.arange(len(texts)))))
    means = (inside @ shares) / np.bincount(groups)[:, None]
    words = map(load_tokenizer(book).words, texts)
    return Topics(shares - means[groups], kinds, *weigh_words(words, groups, ORDINAL))


def pool_points(first: np.ndarray, behind: np.ndarray, count: int) -> csr_matrix:
    """Return problem points × ``count`` sentences: 1 where a sentence belongs to the point.

    A point is the sentences from its first to the one before ``behind``.
    """
    lengths = behind - first
    ends = np.cumsum(lengths)
    columns = np.arange(lengths.sum()) + np.repeat(behind - ends, lengths)
    return csr_matrix((np.ones(len(columns)), columns, [0, *ends]), shape=(len(first), count))


def pool_answers(answers: np.ndarray, passages: np.ndarray) -> csr_matrix:
    """Return countermeasures × sentences: each with the others of its passage, :data:`CONTEXT`.

    ``passages`` names the passage of every sentence, ``answers`` the positions.
    """
    codes, _ = pd.factorize(passages[answers])
    at, ones = np.arange(len(answers)), np.ones(len(answers))
    shape = (len(answers), len(passages))
    own = csr_matrix((ones, (at, answers)), shape=shape)
    shares = CONTEXT / np.bincount(codes, minlength=1)[codes]
    inside = csr_matrix((ones, (at, codes)))
    return own + inside @ csr_matrix((shares, (codes, answers)), shape=(inside.shape[1], shape[1]))


def pool_topics(topics: Topics, pools: csr_matrix) -> dict:
    """What points or answers are about, in three respects: name → pools × columns of length one."""
    parts = {"issue": topics.issues, "theme": topics.themes, "words": topics.words}
    return {name: to_unit(pools @ part) for name, part in parts.items()}


def compare_topics(points: dict, answers: dict) -> dict:
    """Cosines of what :func:`pool_topics` gives of both: name → points × answers."""
    found = {}
    for name, part in points.items():
        product = part @ answers[name].T
        found[name] = product if isinstance(product, np.ndarray) else product.toarray()
    return found


def compare_places(points: np.ndarray, answers: np.ndarray) -> dict:
    """Say how the places fit: name → points × answers, from the heading paths of both in order.

    ``order`` is 0 where both stand equally far in their lists, nearly −1 for the first and the
    last; ``together`` is 1 under the same heading. A missing path is the same as none.
    """
    ours, theirs = ((np.arange(len(n)) + 0.5) / max(len(n), 1) for n in (points, answers))
    same = (points[:, None] == answers) & pd.notna(points)[:, None]
    return {"order": -np.abs(ours[:, None] - theirs), "together": same.astype(float)}


def drop_labels(paths: Iterable[str | None]) -> list[str | None]:
    """Return heading paths of one report without labels such as （2）问题 or 【处方】 at their end.

    A label is what ends the paths under several headings, whatever its number and brackets: what
    follows it still belongs to the heading above.
    """
    above, labels, headings = {}, {}, {}
    for path in {path for path in paths if isinstance(path, str)}:
        start, _, last = path.rpartition(PATH_SEPARATOR)
        above[path], labels[path] = start or None, NUMBERING.sub("", last)
        headings.setdefault(labels[path], set()).update([start] if start else [])
    return [above[p] if p in above and len(headings[labels[p]]) > 1 else p for p in paths]


def score_pairs(evidence: dict[str, np.ndarray]) -> np.ndarray:
    """Probability, 0 to 1, that the countermeasure answers the problem, by :data:`WEIGHTS`.

    Without places (two reports) the order counts :data:`ANY_ORDER`.
    """
    evidence = {"order": ANY_ORDER} | evidence
    return expit(START + sum(WEIGHTS[name] * value for name, value in evidence.items()))
