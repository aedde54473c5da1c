"""Give every sentence its role: problem, cause, countermeasure, practice, background, heading.

The role is a sum of reasons: the section the sentence stands in (:mod:`analysis.sections`), the
wording of the sentence itself, all from ``role_patterns.csv``, and what it follows: the sentence
that opens its list, the one it is an example of, in speeches and plans the rest of its passage.
The reasons that decided stand in ``role_basis``; ``role_margin`` is the difference between the two
best roles on a scale of 0 to 1 (softmax).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import check
from analysis.sections import (
    BARE_VERB_WEIGHT,
    DEFAULT_GENRE,
    GENRE_FACTOR,
    HEADING_NUMBER,
    TEXT_ROLES,
    Section,
    asks_for_something,
    find_sections,
    names_a_section,
    score_patterns,
    select_patterns,
    total_scores,
)
from analysis.structure.headings import POINT_KINDS, find_marker
from analysis.structure.wording import select_wording

# Wording of another role than the section's that is common there without meaning that role:
# verbs of demand open practice sentences too, and remedies name the defect they remove.
DAMPING = {
    ("countermeasure", "problem"): 0.5,
    ("practice", "countermeasure"): 0.3,
    ("practice", "problem"): 0.5,
    ("problem", "countermeasure"): 0.4,
    ("cause", "countermeasure"): 0.4,
    ("cause", "problem"): 0.5,
    ("background", "countermeasure"): 0.4,
    ("background", "practice"): 0.4,
    ("background", "problem"): 0.5,
}
TOPIC_LENGTH = 8  # characters without number: a heading so short names a topic, no claim
CARRY_WEIGHT = 0.6  # a sentence without any reason of its own goes with the one before it
# In these genres a sentence that claims nothing goes with its passage; without any clue there, too,
# it is more often a demand.
PRIOR_GENRES = {"speech": "讲话中以要求为主", "plan": "方案中以要求为主"}
PRIOR_WEIGHT = 0.8
# An example goes with what it is an example of.
EXAMPLE, EXAMPLE_WEIGHT = re.compile("(?:例如|比如|譬如|再如|又如)"), 1.5
LEAD_WEIGHT = 1.2  # items of a list go with the sentence that opens it
LEAD_LENGTH = 80  # characters: longer sentences before a first item do not open a list
LEADING_ROLES = frozenset({"problem", "cause", "countermeasure", "practice"})
ITEM_KINDS = frozenset(POINT_KINDS) - {"part", "cn", "label", "pair"}


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
    factor = GENRE_FACTOR[genre if genre in GENRE_FACTOR else DEFAULT_GENRE]
    headings, wording = select_patterns(book, "heading"), select_patterns(book, "sentence")
    signpost = select_wording(book).signpost
    paths = passages.set_index("passage")["heading_path"]
    sections = find_sections(sentences, paths, headings, wording, factor)
    priors = _priors(sentences, sections, wording) if genre in PRIOR_GENRES else {}
    roles, bases, margins = [], [], []
    context = Context(None, None, None, "")
    for row in sentences.itertuples():
        if row.role == "noise":
            result = ("noise", row.role_basis, row.role_margin)
        else:
            context = context.enter(row)
            section, prior = sections[row.passage], priors.get(row.passage)
            result = _judge(row, section, context, headings, wording, genre, prior, signpost)
            context = replace(context, previous=result[0], text=row.text)
        for values, value in zip((roles, bases, margins), result, strict=True):
            values.append(value)
    sentences = sentences.assign(role=roles, role_basis=bases, role_margin=margins)
    return check("sentences", sentences), _count_passages(sentences, passages)


@dataclass(frozen=True)
class Context:
    """What a sentence follows: the role and text before it, its passage, the list it is in."""

    previous: str | None
    passage: str | None
    lead: str | None
    text: str

    def enter(self, row) -> Context:
        """Return the context of the next sentence."""
        if row.passage == self.passage:
            return self
        marker, lead = find_marker(row.text), self.lead
        if marker is None or marker.kind not in ITEM_KINDS:
            lead = None
        elif marker.number in (1, None) and lead is None:
            opens = self.text[-1:] in "：:" or len(self.text) <= LEAD_LENGTH
            lead = self.previous if opens and self.previous in LEADING_ROLES else None
        return Context(None, row.passage, lead, self.text)


def _priors(sentences, sections, wording) -> dict[str, dict[str, float]]:
    """Share of each role in the wording of each passage, for genres without sections by role."""
    plain = [p for p in wording if abs(p[1]) > BARE_VERB_WEIGHT]
    priors = {}
    for passage, rows in sentences[sentences["role"].isna()].groupby("passage", sort=False):
        totals = total_scores(rows["text"], plain)
        whole = sum(totals.values())
        if whole:
            priors[passage] = {role: value / whole for role, value in totals.items()}
        elif sections[passage].damps or not sections[passage].weight:
            priors[passage] = {"countermeasure": 1.0}
    return priors


def _judge(row, section: Section, context, headings, wording, genre, prior, signpost):
    level = None if row.heading_level is pd.NA else int(row.heading_level)
    if level == 0:
        return "heading", "题目", 1.0
    if level is not None:
        bare = _bare_heading(row.text, level, headings, signpost, section)
        if bare:
            return "heading", bare, 1.0
    scores, words = score_patterns(row.text, wording)
    if genre != "speech" and section.damps:
        for role in scores:
            scores[role] *= DAMPING.get((section.role, role), 1.0)
    if level is not None:
        heading_scores, heading_words = score_patterns(row.text, headings)
        for role, score in heading_scores.items():
            scores[role] += score / 2  # a run-in heading is judged by its section first
            words[role] += heading_words[role]
    if section.role and section.weight:
        scores[section.role] += section.weight
    if context.lead and (section.role in (None, "background") or genre in PRIOR_GENRES):
        scores[context.lead] += LEAD_WEIGHT
        words[context.lead].append("随列举的引句")
    if context.previous in TEXT_ROLES and EXAMPLE.match(row.text):
        scores[context.previous] += EXAMPLE_WEIGHT
        words[context.previous].append("举例随上句")
    if not any(scores.values()) and context.previous in TEXT_ROLES:
        scores[context.previous] += CARRY_WEIGHT
        words[context.previous].append("随上句")
    for role, share in (prior or {}).items():
        scores[role] += PRIOR_WEIGHT * share
    return _decide(scores, words, section, genre)


def _decide(scores, words, section: Section, genre) -> tuple[str, str, float]:
    values = {role: scores.get(role, 0.0) for role in TEXT_ROLES}
    if not any(values.values()):
        return "background", "没有可判断的词句", 0.0
    # Ties go to the section's role, then to the order of TEXT_ROLES reversed (the weaker claim).
    order = [section.role, *reversed(TEXT_ROLES)]
    ranked = sorted(values, key=lambda role: (-values[role], order.index(role)))
    best, second = ranked[:2]
    total = sum(math.exp(v) for v in values.values())
    margin = (math.exp(values[best]) - math.exp(values[second])) / total
    reasons = [section.basis] if section.role == best and section.weight else []
    if words[best]:
        reasons.append("用语：" + "、".join(dict.fromkeys(words[best])))
    by_genre = PRIOR_GENRES.get(genre) if best == "countermeasure" else None
    return best, "；".join(reasons) or by_genre or "同段以此类表述为主", round(margin, 4)


def _bare_heading(text: str, level: int, headings, signpost, section: Section) -> str | None:
    """Whether a heading has no claim of its own: it only names the kind of section it opens."""
    if signpost.fullmatch(text.strip()):
        return "只说明下面讲什么"
    if text.rstrip()[-1:] in "。！？；":
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


def _count_passages(sentences: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
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
