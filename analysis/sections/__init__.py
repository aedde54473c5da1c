"""Which role its headings give to each passage, and whether the report has a problem section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from analysis.schema import as_lists
from analysis.sections.cues import (
    CLEAR_HEADING,
    HEADING_NUMBER,
    TEXT_ROLES,
    Wording,
    asks_for_something,
    heading_role,
    names_a_section,
    opening_label,
    score_patterns,
    select_patterns,
    sum_hits,
    total_scores,
    words_hit,
)
from analysis.sections.found import find_problem_sections
from analysis.structure import PATH_SEPARATOR

__all__ = [
    "BARE_VERB_WEIGHT",
    "HEADING_NUMBER",
    "TEXT_ROLES",
    "Row",
    "Section",
    "Wording",
    "asks_for_something",
    "find_problem_sections",
    "find_sections",
    "heading_role",
    "list_rows",
    "names_a_section",
    "opening_label",
    "score_patterns",
    "select_patterns",
    "sum_hits",
    "total_scores",
    "words_hit",
]

LABEL_LENGTH = 12  # characters without number: longer sub-headings name a topic, not a section
INTRODUCTION_PASSAGES = 5  # with the title: whatever comes later above a heading is no introduction
# A verb at the head of a sentence, up to this weight, tells deeds and demands alike.
BARE_VERB_WEIGHT = 1.0
# Content outweighs a heading that promises measures when words of result are this many times the
# words of demand below it, and at least this much in sum.
CONTRADICTION, CONTRADICTION_SUM = 2.0, 4.0
OTHER_SHARE = 0.6  # a heading that leans to a role gives it up for another with this share only


class Row(NamedTuple):
    """What counts of a sentence: columns of ``sentences``, None where there is nothing."""

    report: str
    passage: str
    role: str | None
    heading_level: int | None
    text: str


def list_rows(sentences: pd.DataFrame) -> list[Row]:
    """The sentences as rows."""
    return [*map(Row._make, zip(*as_lists(sentences[[*Row._fields]]).values(), strict=True))]


@dataclass(frozen=True)
class Section:
    """What a sentence's place says about its role."""

    role: str | None
    basis: str
    named: bool = True  # by its heading or a label; otherwise by what stands in it or by its place


def find_sections(
    sentences: list[Row], paths: Mapping[str, str | None], headings, wording
) -> dict[str, Section]:
    """Decide for each passage of one report which role its headings give it."""
    by_heading: dict[str, Section] = {}
    contents = _texts_by_section(sentences, paths)
    seen: list[str | None] = []
    for text in contents:
        role, score = heading_role(text, headings)
        basis, named = f"标题“{_short(text)}”", role is not None and score >= CLEAR_HEADING
        if not named or role == "countermeasure":
            role, basis = _role_by_content(role, contents[text], wording, seen, basis, named)
        by_heading[text] = Section(role, basis, named)
        seen.append(role)
    found, known, above = {}, {}, 0
    for passage, path in paths.items():
        above += path is None
        if path is None or path not in known:
            known[path] = _passage_section(path, above, by_heading, headings)
        found[passage] = known[path]
    return found


def _passage_section(path, above, by_heading, headings) -> Section:
    if path is None:
        early = by_heading and above <= INTRODUCTION_PASSAGES
        return Section("background" if early else None, "正文开头" if early else "", named=False)
    parts = path.split(PATH_SEPARATOR)
    for text in reversed(parts[1:]):
        role, score = heading_role(text, headings)
        label = len(HEADING_NUMBER.sub("", text)) <= LABEL_LENGTH and role != "background"
        if role is not None and score >= CLEAR_HEADING and label:
            return Section(role, f"标题“{_short(text)}”")
    return by_heading[parts[0]]


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _texts_by_section(sentences, paths) -> dict[str, list[str]]:
    sections = {path: path.split(PATH_SEPARATOR)[0] for path in {*paths.values()} if path}
    contents: dict[str, list[str]] = {}
    for row in sentences:
        section = sections.get(paths[row.passage])
        if row.role != "noise" and section is not None:
            texts = contents.setdefault(section, [])
            if row.heading_level != 1:
                texts.append(row.text)
    return contents


def _role_by_content(role, texts, wording, seen, basis, named):
    """A heading that names no section is judged by what stands below it.

    So is one that promises measures when nearly all below it is told as done.

    Verbs at the head of a heading (“强化责任落实”) open practice and countermeasures alike: words
    of demand or of result in the section decide, then whether problems came before it.
    """
    totals = loud = total_scores(texts, wording, above=BARE_VERB_WEIGHT)
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
        demands = best == "countermeasure" and loud["countermeasure"] > totals["practice"]
        best = "countermeasure" if "problem" in seen or demands else "practice"
    if role is not None and share < (0.5 if best == role else OTHER_SHARE):
        return role, basis
    return (best, f"{basis}下以此类表述为主") if share >= 0.4 else (role, basis)
