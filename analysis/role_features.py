"""What decides a sentence's role, as named numbers: own words, headings, neighbours, place.

The weights of these features stand in ``learned_context.csv``. Names are ``group:what``; the group
says in ``role_basis`` where the decision comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.sections import TEXT_ROLES, Section, score_patterns
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


@dataclass(frozen=True)
class Place:
    """One sentence in its surroundings.

    Attributes
    ----------
    text, passage, path : str
        ``path`` is the passage's heading path, missing above the first heading.
    section : Section
        What the headings (or a label such as 【成因】) say.
    own : numpy.ndarray
        Shares of :data:`TEXT_ROLES` by the sentence's own words.
    heading : bool
        Whether it is a heading that makes a claim.
    scores : dict
        Sums of pattern weights by role.
    """

    text: str
    passage: str
    path: str | None
    section: Section
    own: np.ndarray
    heading: bool
    scores: dict


def list_features(places: list[Place], genre: str, headings) -> list[dict[str, float]]:
    """Return the features of every sentence of one report, in order.

    Parameters
    ----------
    places : list of Place
        All sentences but noise and bare headings.
    genre : str
        A value of ``reports.genre``.
    headings : list
        Heading patterns of :func:`analysis.sections.select_patterns`.
    """
    owns = [place.own.tolist() for place in places]
    logs = np.log(np.clip(np.reshape(owns, (-1, len(TEXT_ROLES))), LEAST_SHARE, 1))
    logs = (logs - logs.mean(axis=1, keepdims=True)).tolist()
    firsts = [_section_key(place) for place in places]
    passages = _sums([place.passage for place in places], owns)
    sections = _sums(firsts, owns)
    by_path: dict[tuple, dict[str, float]] = {}
    rows = []
    for at, place in enumerate(places):
        row: dict[str, float] = {f"genre:{genre}": 1.0}
        _put(row, "own", logs[at])
        row |= {f"pattern:{role}": min(score, PATTERN_CAP) for role, score in place.scores.items()}
        for name, step in (("before", -1), ("before2", -2), ("behind", 1)):
            other = at + step
            if 0 <= other < len(places) and places[other].passage == place.passage:
                _put(row, name, owns[other])
        if at and places[at - 1].passage != place.passage:
            _put(row, "above", owns[at - 1])
        _put_others(row, "passage", passages[place.passage], owns[at])
        _put_others(row, "section", sections[firsts[at]], owns[at])
        key = (place.path, place.section.role, place.section.named)
        if key not in by_path:
            by_path[key] = _heading_features(place, headings)
        row |= by_path[key]
        row |= _place_features(at, places)
        rows.append(row)
    return rows


def _section_key(place: Place) -> str:
    return place.path.split(PATH_SEPARATOR)[0] if place.path else ""


def _sums(keys: list[str], owns: list[list[float]]) -> dict[str, tuple[list[float], int]]:
    """Sum of shares and number of sentences of each passage or section."""
    sums: dict = {}
    for key, own in zip(keys, owns, strict=True):
        total, count = sums.get(key, ([0.0] * len(TEXT_ROLES), 0))
        sums[key] = [t + o for t, o in zip(total, own, strict=True)], count + 1
    return sums


def _put(row, name: str, values: list[float]) -> None:
    row.update(zip(NAMES[name], values, strict=True))


def _put_others(row, name: str, group, own: list[float]) -> None:
    total, count = group
    if count > 1:
        others = [(t - o) / (count - 1) for t, o in zip(total, own, strict=True)]
        _put(row, name, others)


def _heading_features(place: Place, headings) -> dict[str, float]:
    kind = place.section.role or "none"
    row = {f"heading:{kind}" if place.section.named else f"heading:{kind}?": 1.0}
    if place.path is None:
        row["heading:above_all"] = 1.0
        return row
    parts = place.path.split(PATH_SEPARATOR)
    for name, texts in (("nearest", parts[-1:]), ("outer", parts[:-1])):
        for text in texts:
            for role, score in score_patterns(text, headings)[0].items():
                key = f"heading:{name}_{role}"
                row[key] = max(row.get(key, 0.0), score / HEADING_SCALE)
    return row


def _place_features(at: int, places: list[Place]) -> dict[str, float]:
    place, share = places[at], at / len(places)
    text = place.text.strip()
    return {
        "place:share": share,
        "place:opening": float(share < OPENING),
        "place:closing": float(share > CLOSING),
        "place:first": float(at == 0 or places[at - 1].passage != place.passage),
        "place:heading": float(place.heading),
        "shape:length": min(len(text), LENGTH_CAP) / LENGTH_CAP,
        "shape:question": float(text[-1:] in "？?"),
        "shape:call": float(text[-1:] in "！!"),
        "shape:figure": float(any(map(str.isdigit, text))),
        "shape:quote": float("“" in text),
    }
