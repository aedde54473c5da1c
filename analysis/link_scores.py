"""How well a countermeasure answers a problem: five numbers, and what each counts.

Three tell what the two are about, two where they stand. The models are the codebook's; nothing is
learned from the study.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import expit, softmax

from analysis.codebook import Codebook
from analysis.structure import PATH_SEPARATOR
from analysis.terms import Tokenizer
from analysis.textmodel import text_model

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

    ``issues`` are shares less their mean over all the sentences: what sets a sentence apart.
    ``words`` are TF-IDF weights, ``terms`` the names of their columns.
    """

    issues: np.ndarray
    themes: np.ndarray
    words: csr_matrix
    terms: np.ndarray

    def shared_words(self, group: np.ndarray, answer: int) -> list[str]:
        """Words that stand in the group and in the answer, the most telling first."""
        both = self.words[group].sum(axis=0).A1 * self.words[answer].toarray()[0]
        ranked = sorted(np.flatnonzero(both), key=lambda at: (-round(both[at], 9), self.terms[at]))
        return [str(self.terms[at]) for at in ranked]


def find_topics(texts: Sequence[str], book: Codebook, tokenizer: Tokenizer) -> Topics:
    """Return the topics of sentences: issues and themes by the learned word models, TF-IDF words.

    The words' idf is of these very sentences: what a report repeats everywhere (机关党建) says
    nothing about which of its countermeasures answers which of its problems.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    issues = text_model(book, tuple(book["issues"]["issue"]))
    themes = text_model(book, tuple(book["theme_names"]["theme"]))
    scores = issues.scores(texts, [TELLING] * len(texts))
    shares = softmax(np.where(np.isfinite(scores), scores, UNKNOWN) / SOFTENED, axis=1)
    words = [[w for w in tokenizer.words(t) if not ORDINAL.fullmatch(w)] for t in texts]
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    try:
        weights, terms = vectorizer.fit_transform(words), vectorizer.get_feature_names_out()
    except ValueError:  # not one word
        weights, terms = csr_matrix((len(texts), 1)), np.array([""])
    return Topics(shares - shares.mean(axis=0), themes.shares(texts), weights, terms)


def pool_points(groups: list[np.ndarray], count: int) -> csr_matrix:
    """Return problem points × ``count`` sentences: 1 where a sentence belongs to the point."""
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    columns = np.concatenate(groups)
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(groups), count))


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


def compare_topics(topics: Topics, points: csr_matrix, answers: csr_matrix) -> dict:
    """Cosines of pooled sentences in three respects: name → points × answers."""
    from sklearn.preprocessing import normalize

    parts = {"issue": topics.issues, "theme": topics.themes, "words": topics.words}
    found = {}
    for name, part in parts.items():
        product = normalize(points @ part) @ normalize(answers @ part).T
        found[name] = product.toarray() if hasattr(product, "toarray") else product
    return found


def compare_places(points: np.ndarray, answers: np.ndarray) -> dict:
    """Say how the places fit: name → points × answers, from the heading paths of both in order.

    ``order`` is 0 where both stand equally far in their lists, nearly −1 for the first and the
    last; ``together`` is 1 under the same heading. A missing path is the same as none.
    """
    ours, theirs = ((np.arange(len(n)) + 0.5) / max(len(n), 1) for n in (points, answers))
    same = (points[:, None] == answers) & pd.notna(points)[:, None]
    return {"order": -np.abs(ours[:, None] - theirs), "together": same.astype(float)}


def drop_labels(paths: pd.Series) -> pd.Series:
    """Return heading paths of one report without labels such as （2）问题 or 【处方】 at their end.

    A label is what ends the paths under several headings, whatever its number and brackets: what
    follows it still belongs to the heading above.
    """
    parts = paths.astype("str").str.extract(f"^(?:(?P<above>.+){PATH_SEPARATOR})?(?P<last>.+)$")
    names = parts["last"].str.replace(NUMBERING, "", regex=True)
    headings = parts["above"].groupby(names).transform("nunique")
    return paths.mask(headings > 1, parts["above"])


def score_pairs(evidence: dict[str, np.ndarray]) -> np.ndarray:
    """Probability, 0 to 1, that the countermeasure answers the problem, by :data:`WEIGHTS`.

    Without places (two reports) the order counts :data:`ANY_ORDER`.
    """
    evidence = {"order": ANY_ORDER} | evidence
    return expit(START + sum(WEIGHTS[name] * value for name, value in evidence.items()))
