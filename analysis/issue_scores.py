"""How probable it is that a sentence names an issue, where no pattern of the codebook fits.

The learned word model (:mod:`analysis.textmodel`) gives log-odds for each issue; five further
facts correct them. Their weights stand in ``learned_context.csv`` under the key ``issue``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.codebook import Codebook
from analysis.schema import as_lists
from analysis.textmodel import text_model

KEY = "issue"
# Roles whose sentences say what is deficient: there the topic alone tells the issue.
FINDING_ROLES = ("problem", "cause")
# The model of “names some defect”, for sentences of other roles: 优化考核评价 names none.
ANY_ISSUE = "any_issue"
# Below this probability of naming any defect a sentence of another role names no issue, whatever
# its topic: on the five reports, left out, issue F1 .83 instead of .80 (precision .87, not .79).
LEAST_ANY = 0.4
FEATURES = ("start", "words", "others", "finding", "any", "before", "behind")
ANY = FEATURES.index("any")


def list_evidence(sentences: pd.DataFrame, book: Codebook) -> np.ndarray:
    """Return what speaks for each issue in each sentence: sentences × issues × FEATURES.

    Parameters
    ----------
    sentences : pandas.DataFrame
        Columns ``text``, ``role`` and ``passage``, in order.

    Notes
    -----
    ``words``: log-odds by the word model; ``others``: by how much the best issue of the sentence
    leads (one sentence seldom names several); ``finding``: whether its role tells faults; ``any``:
    probability that it names some defect, in other roles; ``before``, ``behind``: probability of
    the issue in the neighbouring sentences of the passage.
    """
    issues = tuple(book["issues"]["issue"])
    texts, roles = as_lists(sentences[["text", "role"]]).values()
    words = text_model(book, issues).scores(texts, roles)
    words = np.where(np.isfinite(words), words, -np.inf)
    some = text_model(book, (ANY_ISSUE,)).chances(texts, roles)
    finding = sentences["role"].isin(FINDING_ROLES).to_numpy(float)[:, None]
    chances, none = expit(words), np.zeros((1, len(issues)))
    same = (sentences["passage"] == sentences["passage"].shift()).to_numpy(float)[1:, None]
    with np.errstate(invalid="ignore"):  # no issue was learned
        others = words.max(axis=1, keepdims=True, initial=-np.inf) - words
    columns = {
        "start": np.ones_like(words),
        "words": words,
        "others": others,
        "finding": np.broadcast_to(finding, words.shape),
        "any": np.broadcast_to(some * (1 - finding), words.shape),
        "before": np.vstack([none, chances[:-1] * same])[: len(words)],
        "behind": np.vstack([chances[1:] * same, none])[: len(words)],
    }
    return np.stack([columns[name] for name in FEATURES], axis=-1)


def find_chances(sentences: pd.DataFrame, book: Codebook) -> np.ndarray:
    """Return the probability of each issue in each sentence: sentences × issues; 0 in noise."""
    table = book["learned_context"]
    table = table[table["key"] == KEY]
    weights = dict(zip(table["feature"], table["weight"], strict=True))
    if not weights:
        return np.zeros((len(sentences), len(book["issues"])))
    evidence = list_evidence(sentences, book)
    with np.errstate(invalid="ignore"):
        total = evidence @ np.array([weights.get(f"{KEY}:{name}", 0.0) for name in FEATURES])
    total[~np.isfinite(total)] = -np.inf  # an issue that no label taught
    roles = sentences["role"]
    telling = roles.isin(FINDING_ROLES).to_numpy() | (evidence[:, 0, ANY] >= LEAST_ANY)
    total[~telling | (roles == "noise").to_numpy()] = -np.inf
    return expit(total)
