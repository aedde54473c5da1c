"""Add up what speaks for each role of many sentences, decide, and name the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import softmax

from analysis.codebook import Codebook
from analysis.role_features import Place
from analysis.sections import TEXT_ROLES, words_hit
from analysis.textmodel import text_model

# What a group of features is called in `role_basis`; own words and headings are quoted instead.
GROUP_NAMES = {
    "before": "随上文",
    "before2": "随上文",
    "above": "随上文",
    "behind": "随下文",
    "passage": "同段以此类表述为主",
    "section": "同一部分以此类表述为主",
}
# Groups in the order in which they are added up; any other stands behind them.
GROUPS = ("genre", "own", "pattern", "before", "before2", "behind", "above")
GROUPS = (*GROUPS, "passage", "section", "heading", "place", "shape")
UNREASONED = "没有明显的词句，由文种和位置推断"
REASON_SHARE = 0.3  # of what the strongest group adds: weaker groups are not named as reasons
WORDS_SHOWN = 3


class ContextModel:
    """``learned_context.csv``, ready for use: weights of features for each role."""

    def __init__(self, book: Codebook):
        table = book["learned_context"]
        table = table[table["key"].isin(TEXT_ROLES)]
        table = table.pivot(index="feature", columns="key", values="weight")
        table = table.reindex(columns=list(TEXT_ROLES)).fillna(0.0)
        self._weights = table.to_numpy(float)
        self._names = table.index.tolist()
        groups = [name.split(":")[0] for name in self._names]
        self.groups = tuple(dict.fromkeys([*GROUPS, *groups]))
        self._group = [self.groups.index(group) for group in groups]

    def add_up(self, features: pd.DataFrame) -> np.ndarray:
        """Return what each group adds to the log-odds of each role: groups × roles × rows."""
        parts = np.zeros((len(self.groups), len(TEXT_ROLES), len(features)))
        for name, group, weights in zip(self._names, self._group, self._weights, strict=True):
            if name in features:
                parts[group] += weights[:, None] * features[name].to_numpy(float)
        return parts


@lru_cache(maxsize=8)
def _context_model(book: Codebook) -> ContextModel:
    return ContextModel(book)


def own_shares(texts: Iterable[str], book: Codebook) -> np.ndarray:
    """Return what the own words of each text say: shares of :data:`TEXT_ROLES`."""
    return text_model(book, TEXT_ROLES).shares(texts)


def decide_roles(
    places: Sequence[Place], features: pd.DataFrame, book: Codebook
) -> list[tuple[str, str, float]]:
    """Return role, basis and margin of many sentences, of one report or of several.

    Parameters
    ----------
    places : sequence of Place
        Each sentence in its surroundings.
    features : pandas.DataFrame
        From :func:`analysis.role_features.list_features`.
    """
    if not places:
        return []
    model = _context_model(book)
    parts = model.add_up(features).swapaxes(1, 2)
    total = np.zeros(parts.shape[1:])
    for part in parts:  # one after the other, so that the sum never depends on how many there are
        total += part
    shares = softmax(total, axis=1)
    order, at = np.argsort(-shares, axis=1, kind="stable"), np.arange(len(places))
    best, second = order[:, 0], order[:, 1]
    lead = (parts[:, at, best] - parts[:, at, second]).T
    margins = (shares[at, best] - shares[at, second]).tolist()
    roles = [TEXT_ROLES[number] for number in best.tolist()]
    words = [words_hit(place.hits, role) for place, role in zip(places, roles, strict=True)]
    telling = _telling(lead, model.groups)
    silent = [
        number
        for number, groups in enumerate(telling)
        if {"own", "pattern"} & {*groups} and not words[number]
    ]
    texts, keys = [places[n].text for n in silent], [roles[n] for n in silent]
    said = dict(zip(silent, text_model(book, TEXT_ROLES).reasons_of(texts, keys), strict=True))
    return [
        (
            role,
            _basis(places[n], role, telling[n], words[n] or said.get(n)),
            round(margins[n], 4),
        )
        for n, role in enumerate(roles)
    ]


def _telling(lead: np.ndarray, groups: Sequence[str]) -> list[list[str]]:
    """Groups that speak for the role rather than the second, strongest first, without weak ones."""
    least = np.maximum(lead.max(axis=1, keepdims=True) * REASON_SHARE, 0)
    count = (lead > least).sum(axis=1).tolist()
    order = np.argsort(-lead, axis=1, kind="stable").tolist()
    return [[groups[at] for at in row[:n]] for row, n in zip(order, count, strict=True)]


def _basis(place: Place, role: str, groups: Sequence[str], said: list[str] | None) -> str:
    reasons = []
    for group in groups:
        if group == "heading" and place.section.role == role:
            reasons.append(place.section.basis)
        elif group in ("own", "pattern"):
            if said:
                reasons.append("用语：" + "、".join(dict.fromkeys(said[:WORDS_SHOWN])))
        elif group in GROUP_NAMES:
            reasons.append(GROUP_NAMES[group])
    return "；".join(dict.fromkeys(reasons)) or UNREASONED
