"""Train how far to trust the words: the models that see a sentence in its surroundings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.issue_hits import IssueRules, find_hits
from analysis.issue_scores import FEATURES, KEY, list_evidence
from analysis.labels import LabelError, split_keys
from analysis.role_features import list_features
from analysis.roles import find_places
from analysis.sections import TEXT_ROLES, select_patterns
from analysis.study.word_training import ISSUE_ROLES, ROUNDS

STRENGTH = 1.0  # inverse strength of the penalty; .3 and 3 are .003 and .01 worse
COLUMNS = ["feature", "key", "weight"]


def list_role_rows(example, book: Codebook) -> list[tuple[dict, str]]:
    """Features and labelled role of each sentence of a labelled report.

    ``book`` has word models that were trained without it.
    """
    _, places = find_places(example.sentences, example.passages, book)
    genres, headings = {example.report: example.genre}, select_patterns(book, "heading")
    rows = list_features([*places.values()], genres, headings).to_dict("records")
    roles = example.sentences["label_role"].iloc[list(places)]
    return [pair for pair in zip(rows, roles, strict=True) if pair[1] in TEXT_ROLES]


def list_issue_rows(example, book: Codebook) -> list[tuple[np.ndarray, bool]]:
    """Evidence and label of each sentence and issue where no pattern finds the issue."""
    sentences = example.sentences.assign(role=example.sentences["label_role"])
    sentences = sentences[sentences["role"].isin(ISSUE_ROLES)].reset_index(drop=True)
    evidence, rules, pairs = list_evidence(sentences, book), IssueRules.of(book), []
    columns = sentences[["text", "role", "label_issues"]].itertuples(index=False)
    for at, (text, role, labels) in enumerate(columns):
        found = {hit.issue for hit in find_hits(text, role, rules)}
        for place, issue in enumerate(book["issues"]["issue"]):
            if issue not in found and np.isfinite(evidence[at, place]).all():
                pairs.append((evidence[at, place], issue in split_keys(labels)))
    return pairs


def train_context(role_rows: list, issue_rows: list) -> pd.DataFrame:
    """Return the table ``learned_context``: role → features → weight, and the key ``issue``."""
    parts = [_train_roles(role_rows), _train_issues(issue_rows)]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return table.assign(weight=table["weight"].round(3))


def _train_roles(rows: list) -> pd.DataFrame:
    if len({role for _, role in rows}) <= 2:
        raise LabelError("用来训练的标注里只有一两种角色，学不出差别；请补上问题、对策、做法等。")
    from sklearn.feature_extraction import DictVectorizer  # a second to import

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([features for features, _ in rows])
    model = _regression().fit(matrix, [role for _, role in rows])
    names, roles = vectorizer.get_feature_names_out(), model.classes_
    pairs = [(n, r) for n in range(len(names)) for r in range(len(roles))]
    cells = [(names[n], roles[r], model.coef_[r, n]) for n, r in pairs]
    return pd.DataFrame(cells, columns=COLUMNS)


def _train_issues(rows: list) -> pd.DataFrame:
    """One model for all issues: a row is a sentence and an issue."""
    named = [label for _, label in rows]
    if not any(named) or all(named):
        return pd.DataFrame(columns=COLUMNS)
    model = _regression().fit(np.array([evidence for evidence, _ in rows]), named)
    names = [f"{KEY}:{name}" for name in FEATURES]
    return pd.DataFrame({"feature": names, "key": KEY, "weight": model.coef_[0]})


def _regression():
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=ROUNDS)
