"""Give every sentence its role: problem, cause, countermeasure, practice, background, heading.

Two linear models decide, one behind the other, both plain tables of the codebook. The first reads
the sentence's own words (:mod:`analysis.textmodel`); the second adds up what they say, the wording
of ``role_patterns.csv``, the headings above (:mod:`analysis.sections`), the neighbouring sentences
and the place (:mod:`analysis.role_features`). What decided stands in ``role_basis``;
``role_margin`` is the difference between the two most probable roles, 0 to 1.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import softmax

from analysis.codebook import Codebook
from analysis.role_features import Place, list_features
from analysis.schema import check
from analysis.sections import (
    HEADING_NUMBER,
    TEXT_ROLES,
    Section,
    asks_for_something,
    find_sections,
    names_a_section,
    opening_label,
    score_patterns,
    select_patterns,
)
from analysis.structure.wording import select_wording
from analysis.textmodel import text_model
from analysis.vocabulary import GENRES

DEFAULT_GENRE = "report"
TOPIC_LENGTH = 8  # characters without number: a heading so short names a topic, no claim
# What a group of features is called in `role_basis`; own words and headings are quoted instead.
GROUP_NAMES = {
    "before": "随上文",
    "before2": "随上文",
    "above": "随上文",
    "behind": "随下文",
    "passage": "同段以此类表述为主",
    "section": "同一部分以此类表述为主",
}
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
        self._weights = dict(zip(table.index, table.to_numpy(), strict=True))

    def add_up(self, features: dict[str, float]) -> dict[str, np.ndarray]:
        """Return what each group of features adds to the log-odds of :data:`TEXT_ROLES`."""
        parts: dict[str, np.ndarray] = {"none": np.zeros(len(TEXT_ROLES))}
        for name, value in features.items():
            if name in self._weights:
                group = name.split(":")[0]
                parts[group] = parts.get(group, 0.0) + value * self._weights[name]
        return parts


@lru_cache(maxsize=8)
def _context_model(book: Codebook) -> ContextModel:
    return ContextModel(book)


def tag_roles(
    sentences: pd.DataFrame, passages: pd.DataFrame, book: Codebook, *, genre: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tag the sentences and passages of one report with roles.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        Tables of :mod:`analysis.structure`; ``role`` may be preset to ``noise``.
    genre : str or None
        A value of ``reports.genre``; missing counts as ``report``.

    Returns
    -------
    sentences, passages : pandas.DataFrame
        With ``role``, ``role_basis``, ``role_margin``, and for passages ``role`` (majority by
        characters), ``problem_sentences`` and ``countermeasure_sentences``.
    """
    genre = genre if genre in GENRES else DEFAULT_GENRE
    bare, places, words = find_places(sentences, passages, book, genre)
    features = list_features(list(places.values()), genre, select_patterns(book, "heading"))
    decided = {
        at: _decide(place, row, words[at], book)
        for (at, place), row in zip(places.items(), features, strict=True)
    }
    columns = ("role", "role_basis", "role_margin")
    results = [
        tuple(row[c] for c in columns) if row["role"] == "noise" else bare.get(at) or decided[at]
        for at, row in enumerate(sentences[list(columns)].to_dict("records"))
    ]
    made = {c: [row[at] for row in results] for at, c in enumerate(columns)}
    sentences = sentences.assign(**made)
    return check("sentences", sentences), count_passages(sentences, passages)


def find_places(sentences, passages, book: Codebook, genre: str):
    """Split one report's sentences into bare headings and those that a model must judge.

    Returns
    -------
    bare : dict of int to tuple
        Position → (``heading``, basis, margin).
    places : dict of int to Place
        Position → the sentence in its surroundings, in order.
    words : dict of int to dict
        Position → role → words of ``role_patterns.csv`` that it holds.
    """
    headings, wording = select_patterns(book, "heading"), select_patterns(book, "sentence")
    signpost, paths = select_wording(book).signpost, passages.set_index("passage")["heading_path"]
    sections = find_sections(sentences, paths, headings, wording)
    bare, places, words, label = {}, {}, {}, None
    own = text_model(book, TEXT_ROLES).shares(sentences["text"])
    for at, row in enumerate(sentences.itertuples()):
        if row.role == "noise":
            continue
        label = _carry_label(label, row, headings)
        section = label or sections[row.passage]
        reason = _bare_heading(row, headings, signpost, section)
        if reason:
            bare[at] = ("heading", reason, 1.0)
            continue
        scores, words[at] = score_patterns(row.text, wording)
        path, is_heading = paths[row.passage], row.heading_level is not pd.NA
        path = path if isinstance(path, str) else None
        places[at] = Place(row.text, row.passage, path, section, own[at], is_heading, scores)
    return bare, places, words


def _carry_label(label: Section | None, row, headings) -> Section | None:
    """A label such as 【成因】 holds until the next one or the next heading without one."""
    opening = opening_label(row.text, headings)
    if opening:
        name, role = opening
        return Section(role, f"标签“{name}”")
    return label if row.heading_level is pd.NA else None


def _decide(place: Place, features, words, book: Codebook) -> tuple[str, str, float]:
    parts = _context_model(book).add_up(features)
    shares = softmax(sum(parts.values()))
    best, second = np.argsort(-shares, kind="stable")[:2]
    role = TEXT_ROLES[best]
    lead = {group: values[best] - values[second] for group, values in parts.items()}
    reasons = []
    least = max(lead.values()) * REASON_SHARE
    for group in sorted((g for g in lead if lead[g] > max(least, 0)), key=lambda g: -lead[g]):
        if group == "heading" and place.section.role == role:
            reasons.append(place.section.basis)
        elif group in ("own", "pattern"):
            said = words.get(role) or text_model(book, TEXT_ROLES).reasons(place.text, role)
            if said:
                reasons.append("用语：" + "、".join(dict.fromkeys(said[:WORDS_SHOWN])))
        elif group in GROUP_NAMES:
            reasons.append(GROUP_NAMES[group])
    basis = "；".join(dict.fromkeys(reasons)) or UNREASONED
    return role, basis, round(float(shares[best] - shares[second]), 4)


def _bare_heading(row, headings, signpost, section: Section) -> str | None:
    """Whether a heading has no claim of its own: it only names the kind of section it opens."""
    if row.heading_level is pd.NA:
        return None
    text, level = row.text.strip(), int(row.heading_level)
    if level == 0:
        return "题目"
    if signpost.fullmatch(text):
        return "只说明下面讲什么"
    if text[-1:] in "？?":
        return "标题只提出问题"
    if text[-1:] in "。！；":
        return None
    scores, _ = score_patterns(text, headings)
    body = HEADING_NUMBER.sub("", text)
    named = names_a_section(text, headings)
    asks = asks_for_something(text, headings)
    if level == 1 and (named and not asks or not any(scores.values())):
        return "一级标题"
    # In a problem section a short heading without a known word still names a fault.
    silent = not any(scores.values()) and section.role != "problem"
    if (named or silent) and len(body) <= TOPIC_LENGTH:
        return "标题只说明部分的性质"
    return None


def count_passages(sentences: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """The passages with ``role`` and the numbers of sentences that their sentences' roles give."""
    rows = sentences.assign(length=sentences["end"] - sentences["start"])
    rows = rows[["passage", "role", "length"]]
    by_role = rows.groupby(["passage", "role"], sort=False)["length"].sum().reset_index()
    rank = {role: n for n, role in enumerate((*TEXT_ROLES, "heading", "noise"))}
    by_role = by_role.assign(rank=by_role["role"].map(rank))
    by_role = by_role.sort_values(["passage", "length", "rank"], ascending=[True, False, True])
    majority = by_role.groupby("passage")["role"].first()
    count = {
        role: rows[rows["role"] == role].groupby("passage").size()
        for role in ("problem", "countermeasure")
    }
    key = passages["passage"]
    result = passages.assign(
        role=key.map(majority),
        problem_sentences=key.map(count["problem"]).fillna(0),
        countermeasure_sentences=key.map(count["countermeasure"]).fillna(0),
    )
    return check("passages", result)
