"""Which role its headings give to each passage, and whether the report has a problem section."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.sections.cues import (
    CLEAR_HEADING,
    HEADING_NUMBER,
    TEXT_ROLES,
    asks_for_something,
    heading_role,
    names_a_section,
    opening_label,
    score_patterns,
    select_patterns,
    total_scores,
)
from analysis.sections.found import find_problem_section
from analysis.structure import PATH_SEPARATOR

__all__ = [
    "BARE_VERB_WEIGHT",
    "DEFAULT_GENRE",
    "GENRE_FACTOR",
    "HEADING_NUMBER",
    "INTRODUCTION_WEIGHT",
    "SECTION_WEIGHT",
    "TEXT_ROLES",
    "Section",
    "asks_for_something",
    "find_problem_section",
    "find_sections",
    "heading_role",
    "names_a_section",
    "opening_label",
    "score_patterns",
    "select_patterns",
    "total_scores",
]

# How much the section counts beside the wording (role_patterns.csv gives 1 to 2 a pattern). A
# countermeasure section counts less: doctrine and results stand in it undisturbed by any demand.
SECTION_WEIGHT = {
    "problem": 3.0,
    "cause": 3.0,
    "countermeasure": 1.5,
    "practice": 3.0,
    "background": 3.0,
}
# In a speech the words decide, not the section.
GENRE_FACTOR = {"report": 1.0, "plan": 0.7, "other": 1.0, "speech": 0.35}
DEFAULT_GENRE = "report"
LABEL_LENGTH = 12  # characters without number: longer sub-headings name a topic, not a section
INTRODUCTION_WEIGHT = 2.0  # text above the first heading is background unless its words object
INTRODUCTION_PASSAGES = 5  # with the title: whatever comes later above a heading is no introduction
INTRODUCTION_FACTOR = 0.7  # at least, in every genre: speeches open with greetings and occasions
INFERRED_FACTOR = 0.5  # a section known by its content only is less sure than one with a name
# A verb at the head of a sentence, up to this weight, tells deeds and demands alike.
BARE_VERB_WEIGHT = 1.0
# Content outweighs a heading that promises measures when words of result are this many times the
# words of demand below it, and at least this much in sum.
CONTRADICTION, CONTRADICTION_SUM = 2.0, 4.0
OTHER_SHARE = 0.6  # a heading that leans to a role gives it up for another with this share only


@dataclass(frozen=True)
class Section:
    """What a sentence's place says about its role."""

    role: str | None
    weight: float
    basis: str
    damps: bool = True  # whether wording of other roles counts less here


def find_sections(sentences, paths, headings, wording, factor) -> dict[str, Section]:
    """Decide for each passage which role its headings give it."""
    by_heading: dict[str, Section] = {}
    contents = _texts_by_section(sentences, paths)
    seen: list[str | None] = []
    for text in contents:
        role, score = heading_role(text, headings)
        basis, named = f"标题“{_short(text)}”", role is not None and score >= CLEAR_HEADING
        if not named or role == "countermeasure":
            role, basis = _role_by_content(role, contents[text], wording, seen, basis, named)
        weight = SECTION_WEIGHT.get(role, 0.0) * factor
        if not named:
            weight *= INFERRED_FACTOR
        by_heading[text] = Section(role, weight, basis, damps=named)
        seen.append(role)
    found, above = {}, 0
    for passage, path in paths.items():
        above += not isinstance(path, str)
        found[passage] = _passage_section(path, above, by_heading, headings, factor)
    return found


def _passage_section(path, above, by_heading, headings, factor) -> Section:
    if not isinstance(path, str):
        early = by_heading and above <= INTRODUCTION_PASSAGES
        weight = INTRODUCTION_WEIGHT * max(factor, INTRODUCTION_FACTOR) if early else 0.0
        return Section("background", weight, "正文开头", damps=False)
    parts = path.split(PATH_SEPARATOR)
    for text in reversed(parts[1:]):
        role, score = heading_role(text, headings)
        label = len(HEADING_NUMBER.sub("", text)) <= LABEL_LENGTH and role != "background"
        if role is not None and score >= CLEAR_HEADING and label:
            return Section(role, SECTION_WEIGHT[role] * factor, f"标题“{_short(text)}”")
    return by_heading[parts[0]]


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _texts_by_section(sentences, paths) -> dict[str, list[str]]:
    contents: dict[str, list[str]] = {}
    for row in sentences.itertuples():
        path = paths[row.passage]
        if row.role != "noise" and isinstance(path, str):
            section = path.split(PATH_SEPARATOR)[0]
            contents.setdefault(section, [])
            if row.heading_level is pd.NA or row.heading_level != 1:
                contents[section].append(row.text)
    return contents


def _role_by_content(role, texts, wording, seen, basis, named):
    """A heading that names no section is judged by what stands below it.

    So is one that promises measures when nearly all below it is told as done.

    Verbs at the head of a heading (“强化责任落实”) open practice and countermeasures alike: words
    of demand or of result in the section decide, then whether problems came before it.
    """
    plain = [p for p in wording if abs(p[1]) > BARE_VERB_WEIGHT]
    totals = total_scores(texts, plain)
    if not any(totals.values()):
        totals = total_scores(texts, wording)
    if not any(totals.values()):
        return role, basis
    if named:
        done, asked = totals["practice"], totals["countermeasure"]
        if done >= max(CONTRADICTION * asked, CONTRADICTION_SUM) and done > totals["problem"]:
            return "practice", f"{basis}下多是已做的事"
        return role, basis
    best = max(TEXT_ROLES, key=lambda key: totals[key])
    share = totals[best] / sum(totals.values())
    if best in ("countermeasure", "practice") and role in (None, "countermeasure", "practice"):
        asked = total_scores(texts, plain)["countermeasure"]
        demands = best == "countermeasure" and asked > totals["practice"]
        best = "countermeasure" if "problem" in seen or demands else "practice"
    if role is not None and share < (0.5 if best == role else OTHER_SHARE):
        return role, basis
    return (best, f"{basis}下以此类表述为主") if share >= 0.4 else (role, basis)
