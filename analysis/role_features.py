"""What decides a sentence's role, as named numbers: own words, headings, neighbours, place.

The weights of these features stand in ``learned_context.csv``. Names are ``group:what``; the group
says in ``role_basis`` where the decision comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.sections import TEXT_ROLES, Section, Wording, score_patterns, sum_hits
from analysis.structure import PATH_SEPARATOR

# A sentence's own words are never certain: shares are clipped here before logarithms are taken.
LEAST_SHARE = 0.01
PATTERN_CAP = 3.0  # sum of pattern weights above which more of them say nothing new
HEADING_SCALE = 4.0  # weight of a pattern that names a section outright (role_patterns.csv)
LENGTH_CAP = 120  # characters
OPENING, CLOSING = 0.08, 0.95  # shares of the report counted as its opening and its end
# Features that there are for each role.
BY_ROLE = ("own", "before", "before2", "behind", "above", "passage", "section")
NAMES = {name: [f"{name}:{role}" for role in TEXT_ROLES] for name in BY_ROLE}


class Place(NamedTuple):
    """One sentence in its surroundings.

    Attributes
    ----------
    report, text, passage, path : str
        ``path`` is the passage's heading path, missing above the first heading.
    section : Section
        What the headings (or a label such as 【成因】) say.
    own : sequence of float
        Shares of :data:`TEXT_ROLES` by the sentence's own words.
    heading : bool
        Whether it is a heading that makes a claim.
    hits : tuple of (role, weight, match)
        The patterns for sentences that hit it.
    """

    report: str
    text: str
    passage: str
    path: str | None
    section: Section
    own: Sequence[float]
    heading: bool
    hits: tuple


def list_features(
    places: Sequence[Place], genres: Mapping[str, str], headings: Wording
) -> pd.DataFrame:
    """Return the features of every sentence of some reports: a row each, a column per feature.

    Parameters
    ----------
    places : sequence of Place
        All sentences but noise and bare headings, in order, reports behind each other.
    genres : mapping of str to str
        A value of ``reports.genre`` for each report.
    headings : Wording
        Heading patterns of :func:`analysis.sections.select_patterns`.
    """
    if not places:
        return pd.DataFrame()
    own = np.array([place.own for place in places], dtype=float)
    logs = np.log(np.clip(own, LEAST_SHARE, 1))
    report = _numbered(place.report for place in places)
    passage = _numbered((place.report, place.passage) for place in places)
    section = _numbered((place.report, _section_key(place)) for place in places)
    same = passage[1:] == passage[:-1]
    blocks = {
        "own": logs - logs.mean(axis=1, keepdims=True),
        "before": _moved(own, 1, same),
        "before2": _moved(own, 2, passage[2:] == passage[:-2]),
        "behind": _moved(own[::-1], 1, same[::-1])[::-1],
        "above": _moved(own, 1, ~same & (report[1:] == report[:-1])),
        "passage": _others(own, passage),
        "section": _others(own, section),
    }
    features = _spread([{f"genre:{genres[place.report]}": 1.0} for place in places])
    for name, values in blocks.items():
        features |= zip(NAMES[name], values.T, strict=True)
    features |= _spread([_pattern_features(place) for place in places])
    keys = [(place.path, place.section.role, place.section.named) for place in places]
    kinds = dict(zip(keys, places, strict=True))
    by_kind = _spread([_heading_features(place, headings) for place in kinds.values()])
    kind = _numbered(keys)
    features |= {name: values[kind] for name, values in by_kind.items()}
    features |= _place_features(report, np.r_[True, ~same], places)
    return pd.DataFrame(features)


def _numbered(keys: Iterable) -> np.ndarray:
    """Equal keys as equal numbers, from 0 in order of appearance."""
    numbers: dict = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def _section_key(place: Place) -> str:
    return place.path.split(PATH_SEPARATOR)[0] if place.path else ""


def _moved(values: np.ndarray, step: int, kept: np.ndarray) -> np.ndarray:
    """Each row's values so many rows further down where they are kept, else 0."""
    moved = np.zeros_like(values)
    moved[step:] = values[:-step] * kept[:, None]
    return moved


def _others(own: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Mean of the other rows of each row's group; 0 where there is none."""
    count = np.bincount(group)[group]
    sums = np.zeros((group.max() + 1, own.shape[1]))
    np.add.at(sums, group, own)
    return (sums[group] - own) / np.maximum(count - 1, 1)[:, None]


def _spread(rows: list[dict[str, float]]) -> dict[str, np.ndarray]:
    """Rows as columns; 0 where a row has no such feature."""
    columns: dict[str, np.ndarray] = {}
    for at, row in enumerate(rows):
        for name, value in row.items():
            if name not in columns:
                columns[name] = np.zeros(len(rows))
            columns[name][at] = value
    return columns


def _pattern_features(place: Place) -> dict[str, float]:
    return {f"pattern:{role}": min(s, PATTERN_CAP) for role, s in sum_hits(place.hits).items()}


def _heading_features(place: Place, headings) -> dict[str, float]:
    kind = place.section.role or "none"
    row = {f"heading:{kind}" if place.section.named else f"heading:{kind}?": 1.0}
    if place.path is None:
        row["heading:above_all"] = 1.0
        return row
    parts = place.path.split(PATH_SEPARATOR)
    for name, texts in (("nearest", parts[-1:]), ("outer", parts[:-1])):
        for text in texts:
            for role, score in score_patterns(text, headings).items():
                key = f"heading:{name}_{role}"
                row[key] = max(row.get(key, 0.0), score / HEADING_SCALE)
    return row


def _place_features(report: np.ndarray, first: np.ndarray, places) -> dict[str, np.ndarray]:
    """Where in its report a sentence stands, and what it looks like."""
    begin = np.flatnonzero(np.diff(report, prepend=-1))[report]
    share = (np.arange(len(report)) - begin) / np.bincount(report)[report]
    texts = [place.text.strip() for place in places]
    return {
        "place:share": share,
        "place:opening": (share < OPENING).astype(float),
        "place:closing": (share > CLOSING).astype(float),
        "place:first": first.astype(float),
        "place:heading": np.array([place.heading for place in places], dtype=float),
        "shape:length": np.array([min(len(text), LENGTH_CAP) / LENGTH_CAP for text in texts]),
        "shape:question": np.array([text[-1:] in "？?" for text in texts], dtype=float),
        "shape:call": np.array([text[-1:] in "！!" for text in texts], dtype=float),
        "shape:figure": np.array([any(map(str.isdigit, t)) for t in texts], dtype=float),
        "shape:quote": np.array(["“" in text for text in texts], dtype=float),
    }
