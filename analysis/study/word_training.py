"""Train the word models of roles, themes, issues and stances on labelled texts."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, hstack

from analysis.codebook import Codebook
from analysis.issue_scores import ANY_ISSUE, FINDING_ROLES
from analysis.labels import split_keys
from analysis.schema import check
from analysis.sections import TEXT_ROLES
from analysis.textmodel import INTERCEPT, format_weights, make_vectorizer, mark_of, normal
from analysis.vocabulary import STANCES

# Inverse strength of the penalty. On reports kept apart half or twice of each moves no figure by
# more than .01.
STRENGTH = {"role": 4.0, "theme": 4.0, "issue": 8.0, "stance": 4.0}
# Roles and themes are as unequal as the texts happen to be; an issue's share is what it is.
BALANCED = {"role": "balanced", "theme": "balanced", "issue": None, "stance": None}
LEAST_TEXTS = 4  # fewer: half as many n-grams again for nothing (F1 of issues .742 against .746)
LEAST_WEIGHT = 0.3  # nearer to zero: two thirds of the weights; without them F1 falls by .005
ROUNDS = 4000  # of the solver; it ends long before
ISSUE_ROLES = (*TEXT_ROLES, "heading")  # whose sentences can name an issue: all but noise
WRITABLE = re.compile("[\u4e00-\u9fff#，。、：；？！“”（）]+")  # n-grams a CSV keeps as they are


class WordTraining:
    """Labelled texts made ready, so that models of any part of them are quickly trained.

    Parameters
    ----------
    texts : pandas.DataFrame
        ``text`` and the labels ``role``, ``theme``, ``issues``, ``stances``.
    book : Codebook
        Its themes and issues are learned.
    """

    def __init__(self, texts: pd.DataFrame, book: Codebook):
        self.texts, self.book = texts.reset_index(drop=True), book
        self._vectorizer = _fit_vectorizer(texts["text"])
        self._matrix = self._vectorizer.transform(map(normal, texts["text"]))

    def train(self, rows: np.ndarray | None = None) -> Codebook:
        """Return the codebook with ``learned_ngrams`` from the texts where ``rows`` holds."""
        rows = np.full(len(self.texts), True) if rows is None else rows
        matrix, texts = self._matrix[rows], self.texts[rows]
        fitted = _fit_roles(matrix, texts) | _fit_themes(matrix, texts, self.book)
        fitted |= _fit_issues(matrix, texts, self.book) | _fit_stances(matrix, texts)
        table = _ngram_table(fitted, self._vectorizer)
        return Codebook(self.book.tables | {"learned_ngrams": check("learned_ngrams", table)})


def _fit_vectorizer(texts: pd.Series):
    seen = make_vectorizer(min_df=LEAST_TEXTS).fit(map(normal, texts)).get_feature_names_out()
    kept = sorted(ngram for ngram in seen if WRITABLE.fullmatch(ngram))
    return make_vectorizer(vocabulary=kept).fit(map(normal, texts))


def _regression(task: str):
    from sklearn.linear_model import LogisticRegression  # a second to import; a run trains nothing

    return LogisticRegression(
        C=STRENGTH[task],
        class_weight=BALANCED[task],
        solver="liblinear",
        dual=True,
        random_state=0,
        max_iter=ROUNDS,
    )


def _fit_keys(task: str, matrix, rows, has: dict[str, np.ndarray]) -> dict[str, tuple]:
    """Fit each key against all others; a key that all or no texts have cannot be learned."""
    fitted = {}
    for key, values in has.items():
        if values[rows].any() and not values[rows].all():
            model = _regression(task).fit(matrix[rows], values[rows])
            fitted[key] = (model.coef_[0], model.intercept_[0])
    return fitted


def _fit_roles(matrix, texts):
    rows = texts["role"].isin(TEXT_ROLES).to_numpy()
    has = {role: (texts["role"] == role).to_numpy() for role in TEXT_ROLES}
    return _fit_keys("role", matrix, rows, has)


def _fit_themes(matrix, texts, book):
    themes = book["theme_names"]["theme"]
    rows = texts["theme"].isin(themes).to_numpy()
    has = {theme: (texts["theme"] == theme).to_numpy(bool) for theme in themes}
    return _fit_keys("theme", matrix, rows, has)


def _fit_issues(matrix, texts, book):
    """Issues are learned from sentences of every role, with the role known."""
    rows = texts["role"].isin(ISSUE_ROLES).to_numpy()
    matrix = _add_marks(matrix, texts["role"])
    named = [set(split_keys(cell)) for cell in texts["issues"]]
    has = {issue: np.array([issue in n for n in named]) for issue in book["issues"]["issue"]}
    # Where no faults are told the topic alone is no issue: 优化考核评价 names no defect.
    elsewhere = rows & ~texts["role"].isin(FINDING_ROLES).to_numpy()
    any_issue = {ANY_ISSUE: np.array([bool(n) for n in named])}
    return _fit_keys("issue", matrix, rows, has) | _fit_keys("issue", matrix, elsewhere, any_issue)


def _fit_stances(matrix, texts):
    """Stances are learned from one row for each issue that a sentence names."""
    pairs = [
        (row, stance)
        for row, cell in enumerate(texts["stances"])
        for stance in split_keys(cell)
        if texts["role"].iloc[row] in ISSUE_ROLES
    ]
    rows, stances = [row for row, _ in pairs], np.array([stance for _, stance in pairs])
    matrix = _add_marks(matrix, texts["role"])[rows]
    has = {stance: stances == stance for stance in STANCES}
    return _fit_keys("stance", matrix, np.full(len(rows), True), has)


def _add_marks(matrix, roles: pd.Series):
    marks = [(roles == role).to_numpy(float) for role in ISSUE_ROLES]
    return hstack([matrix, csr_matrix(np.array(marks).T)]).tocsr()


def _ngram_table(fitted: dict[str, tuple], vectorizer) -> pd.DataFrame:
    ngrams = vectorizer.get_feature_names_out()
    names = [*map(mark_of, ISSUE_ROLES), *ngrams]
    cells: list[dict] = [{} for _ in names]
    for key, (weights, _) in fitted.items():
        marks = weights[len(ngrams) :] if len(weights) > len(ngrams) else [0] * len(ISSUE_ROLES)
        for at, weight in enumerate([*marks, *weights[: len(ngrams)]]):
            if abs(weight) >= LEAST_WEIGHT:
                cells[at][key] = weight
    start = {key: intercept for key, (_, intercept) in fitted.items()}
    return pd.DataFrame(
        {
            "ngram": [INTERCEPT, *names],
            "idf": [0.0] * (1 + len(ISSUE_ROLES)) + [*vectorizer.idf_.round(3)],
            "weights": [format_weights(cell) for cell in (start, *cells)],
        }
    )
