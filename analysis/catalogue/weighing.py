"""Clues weighed against each other: the value with the most evidence, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from analysis.catalogue.clues import Clue

# Title, by-line and opening say who the author is; further down others are spoken of as well.
PROMINENT_FACTOR = 2.0
MAX_CONFIDENCE = 0.99  # 1 is a person's


class Finding(NamedTuple):
    """A value with its evidence; value None: nothing was found.

    ``confidence`` = ``support`` (how much speaks for the value) × how little speaks for another.
    """

    value: str | None
    basis: str | None
    confidence: float
    support: float = 0.0
    rival: str | None = None  # the second-best value
    rival_basis: str | None = None


def weigh(clues: Iterable[Clue]) -> Finding:
    """Choose the value with the most evidence.

    A clue of confidence *c* weighs −ln(1 − *c*), so that independent clues add up as chances of
    error multiply. A pattern that hits *n* times weighs 1 + ln *n* times as much, since the hits of
    one author are not independent; twice that when it hits in title, by-line or opening. The
    confidence is (1 − exp(−*w*)) · (1 − *v* / *w*), *w* and *v* the weights of the best and the
    second value: low when the evidence is thin, and low when it is disputed.
    """
    groups: dict[tuple[str, str], list[Clue]] = {}
    for clue in clues:
        groups.setdefault((clue.value, clue.pattern), []).append(clue)
    weights: dict[str, float] = {}
    best: dict[str, tuple[float, Clue]] = {}
    for (value, _), hits in groups.items():
        prominent = [clue for clue in hits if clue.prominent]
        weight = -math.log(1 - hits[0].confidence) * (1 + math.log(len(hits)))
        weight *= PROMINENT_FACTOR if prominent else 1
        weights[value] = weights.get(value, 0) + weight
        if value not in best or weight > best[value][0]:
            best[value] = (weight, (prominent or hits)[0])
    if not weights:
        return Finding(None, None, 0.0)
    ranked = sorted(weights, key=lambda value: (-weights[value], value))
    top = ranked[0]
    rival = ranked[1] if len(ranked) > 1 else None
    support = 1 - math.exp(-weights[top])
    undisputed = 1 - weights.get(rival, 0) / weights[top]
    return Finding(
        top,
        best[top][1].quote,
        min(MAX_CONFIDENCE, round(support * undisputed, 3)),
        support,
        rival,
        best[rival][1].quote if rival else None,
    )
