"""Which groups differ so far that it may be said, and whether one report less would unsay it.

Passages of one report are not independent, so only reports are compared, and only where every
group has enough of them. The rule is one of counts: the shares must lie further apart than equal
groups of these sizes come to lie by the luck of the draw.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from math import comb, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.counting import MISSING
from analysis.says import PERCENT_FROM, value_name

# Share of rows that may claim a difference where there is none; over all groups of a row together.
FALSE_CLAIMS = 0.05
EXACT_UP_TO = 120  # reports of a group; beyond it the normal approximation is within .01
COMMON_SHARES = np.linspace(0.02, 0.98, 49)
NAMED = 3  # groups that a sentence compares with by name
COLUMNS = ["kind", "key", "stance"]


@lru_cache(maxsize=4096)
def least_gap(n: int, m: int, chance: float = FALSE_CLAIMS) -> float:
    """Smallest difference of two shares that may be spoken of.

    Two groups of ``n`` and ``m`` reports with the same true share, whichever it is, lie this far
    apart in at most ``chance`` of draws: the exact binomial probability, the largest over
    :data:`COMMON_SHARES`. 5 and 5 reports: .8; 8 and 8: .625; 20 and 20: .35.

    Returns
    -------
    float
        A difference of shares; above 1 where no difference can be large enough.
    """
    if max(n, m) > EXACT_UP_TO:
        return NormalDist().inv_cdf(1 - chance / 2) * sqrt(0.25 / n + 0.25 / m)
    gaps = np.abs(np.arange(n + 1)[:, None] / n - np.arange(m + 1)[None] / m)
    levels, place = np.unique(gaps.round(9), return_inverse=True)
    joint = _binomial(n)[:, :, None] * _binomial(m)[:, None, :]
    by_level = np.zeros((len(COMMON_SHARES), len(levels)))
    np.add.at(by_level.T, place.ravel(), joint.reshape(len(COMMON_SHARES), -1).T)
    worst = by_level[:, ::-1].cumsum(axis=1)[:, ::-1].max(axis=0)
    enough = np.flatnonzero(worst <= chance)
    return float(levels[enough[0]]) if enough.size else 2.0


@lru_cache(maxsize=EXACT_UP_TO)
def _binomial(n: int) -> np.ndarray:
    """Probability of every count of ``n`` for every share: shares × counts."""
    ways = np.array([comb(n, k) for k in range(n + 1)], dtype=float)
    k, share = np.arange(n + 1)[None], COMMON_SHARES[:, None]
    return ways * share**k * (1 - share) ** (n - k)


def find_contrasts(rates: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of groups that differ so far that it may be said.

    Parameters
    ----------
    rates : pandas.DataFrame
        Rows of ``rates`` of one grouping; groups of reports without a value and those with less
        than :data:`analysis.says.PERCENT_FROM` reports judged are compared with nothing.

    Returns
    -------
    pandas.DataFrame
        ``kind``, ``key``, ``stance``, ``higher``, ``lower`` (groups), ``fragile`` (boolean: with
        one report less of either group the pair would not be listed).
    """
    enough = (rates["reports"] >= PERCENT_FROM) & ~rates["group"].isin(MISSING)
    found = []
    for cell, rows in rates[enough].groupby(COLUMNS, sort=False):
        counts = zip(rows["group"], rows["reports_with"], rows["reports"], strict=True)
        chance = FALSE_CLAIMS / max(len(rows) - 1, 1)
        for (high, k, n), (low, j, m) in permutations(counts, 2):
            if _differ(k, n, j, m, chance):
                less = _differ(k - 1, n - 1, j, m, chance) and _differ(k, n, j, m - 1, chance)
                found.append((*cell, high, low, not less))
    table = pd.DataFrame(found, columns=[*COLUMNS, "higher", "lower", "fragile"])
    return table.astype({"fragile": bool})


def _differ(k: int, n: int, j: int, m: int, chance: float) -> bool:
    gap = k / n - j / m
    return gap > 0 and gap + 1e-9 >= least_gap(int(n), int(m), chance)


def say_contrasts(rates: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Tell each row of one grouping what it is higher and lower than.

    Returns
    -------
    says : pandas.Series
        To be put behind the row's own sentence; empty where nothing may be said.
    fragile : pandas.Series
        Whether one report less would unsay some of it.
    """
    says, fragile = pd.Series("", index=rates.index), pd.Series(False, index=rates.index)
    pairs = find_contrasts(rates)
    if pairs.empty:
        return says, fragile
    at = {row: i for i, row in zip(rates.index, _ids(rates, "group"), strict=True)}
    told: dict[object, dict[str, list[str]]] = {}
    for pair, high, low in zip(
        pairs.itertuples(), _ids(pairs, "higher"), _ids(pairs, "lower"), strict=True
    ):
        for one, other, word in ((high, low, "高于"), (low, high, "低于")):
            told.setdefault(at[one], {}).setdefault(word, []).append(_name(rates.loc[at[other]]))
            fragile[at[one]] |= pair.fragile
    for i, words in told.items():
        parts = [f"{word}{_listed(names)}" for word, names in words.items()]
        flips = "（去掉一份报告就说不准）" if fragile[i] else ""
        says[i] = f"；份数占比{'，'.join(parts)}{flips}"
    return says, fragile


def _ids(frame: pd.DataFrame, group: str) -> list[tuple]:
    return [*zip(*(frame[c] for c in (*COLUMNS, group)), strict=True)]


def _name(row: pd.Series) -> str:
    return (
        f"{value_name(row['by'], row['group'])}（{row['reports']} 份中 {row['reports_with']} 份）"
    )


def _listed(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等 {len(names)} 组" if len(names) > NAMED else "")
