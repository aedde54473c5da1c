"""Which role its headings give to each passage, and whether the report has a problem section."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from analysis.codebook import Codebook, for_patterns
from analysis.structure import PATH_SEPARATOR

TEXT_ROLES = ("problem", "cause", "countermeasure", "practice", "background")
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
# A heading whose best role does not lead by this much names no section (“问题与对策”).
HEADING_LEAD = 1.0
CLEAR_HEADING = 3.5  # a heading that scores this much names the kind of its section outright
LABEL_LENGTH = 12  # characters without number: longer sub-headings name a topic, not a section
# 【表现】 that runs into its sentence names the kind of what follows, however long the sentence.
OPENING_LABEL = re.compile(r"[【\[［][^】\]］]{1,14}[】\]］]")
# How much of a hit is shown as a reason, without punctuation at its edges.
HIT_LENGTH, EDGES = 8, "，。、；： “”（）"
INTRODUCTION_WEIGHT = 1.5  # text above the first heading is background unless its words object
INTRODUCTION_PASSAGES = 5  # with the title: whatever comes later above a heading is no introduction
INTRODUCTION_FACTOR = 0.7  # at least, in every genre: speeches open with greetings and occasions
INFERRED_FACTOR = 0.7  # a section known by its content only is less sure than one with a name
# Content outweighs a heading that promises measures when words of result are this many times the
# words of demand below it, and at least this much in sum.
CONTRADICTION, CONTRADICTION_SUM = 2.0, 4.0


@dataclass(frozen=True)
class Section:
    """What a sentence's place says about its role."""

    role: str | None
    weight: float
    basis: str
    damps: bool = True  # whether wording of other roles counts less here


def score_patterns(text: str, patterns) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Sum the weights of the patterns that hit, by role, and keep what they hit.

    Parameters
    ----------
    patterns : list of (role, weight, compiled)
        From :func:`select_patterns`.
    """
    text = for_patterns(text)
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for role, weight, compiled in patterns:
        match = compiled.search(text)
        if match:
            scores[role] += weight
            if weight > 0:
                words[role].append(match[0].strip(EDGES)[:HIT_LENGTH])
    for role in scores:  # patterns of negative weight take back, but never accuse
        scores[role] = max(scores[role], 0.0)
    return scores, words


def select_patterns(book: Codebook, scope: str) -> list[tuple]:
    """Return (role, weight, compiled) of the rows of ``role_patterns.csv`` with this scope."""
    table = book["role_patterns"]
    rows = table[table["scope"] == scope]
    return list(zip(rows["role"], rows["weight"], rows["compiled"], strict=True))


def heading_role(text: str, patterns) -> tuple[str | None, float]:
    """Return the role that a heading's wording gives to its section, and how clearly."""
    scores, _ = score_patterns(text, patterns)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return None, 0.0
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if ranked[0][1] - second < HEADING_LEAD:
        return None, ranked[0][1]
    return ranked[0][0], ranked[0][1]


def names_a_section(text: str, patterns) -> bool:
    """Whether one pattern alone says that a heading names a kind of section.

    Headings that say what is to be done or what is wrong add up weaker patterns: they are claims.
    """
    text = for_patterns(text)
    return any(w >= CLEAR_HEADING and compiled.search(text) for _, w, compiled in patterns)


HEADING_NUMBER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、．.，,：:\s]*|[◎●■◆★▲▶]\s*|第[一二三四五六七八九十]+[章部分，、\s]*)+"
)


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
        by_heading[text] = Section(role, weight if named else weight * INFERRED_FACTOR, basis)
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
        opening = OPENING_LABEL.match(text)
        text = opening[0] if opening else text
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
    totals: dict[str, float] = defaultdict(float)
    for text in texts:
        for key, score in score_patterns(text, wording)[0].items():
            totals[key] += score
    if not totals:
        return role, basis
    if named:
        done, asked = totals["practice"], totals["countermeasure"]
        if done >= max(CONTRADICTION * asked, CONTRADICTION_SUM) and done > totals["problem"]:
            return "practice", f"{basis}下多是已做的事"
        return role, basis
    best = max(TEXT_ROLES, key=lambda key: totals[key])
    share = totals[best] / sum(totals.values())
    if best in ("countermeasure", "practice") and role in (None, "countermeasure", "practice"):
        best = "countermeasure" if "problem" in seen or best == "countermeasure" else "practice"
    if role is not None and share < 0.5:
        return role, basis
    return (best, f"{basis}下以此类表述为主") if share >= 0.4 else (role, basis)


def find_problem_section(
    sentences: pd.DataFrame, passages: pd.DataFrame, book: Codebook, *, genre: str | None
) -> tuple[str, str | None]:
    """Say whether one report's problem section is there: ``found``, ``none`` or ``lost``.

    ``found``: a heading opens a section of problems and problem sentences stand in it; in a report
    without headings, a paragraph that is mostly problems. ``lost``: the report says above its first
    heading that it went through the problems, goes on to countermeasures, and has no such section
    (the source lost it). Otherwise ``none``, as in most speeches.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        One report, tagged by :func:`analysis.roles.tag_roles`.

    Returns
    -------
    state : str
        A value of ``reports.problem_section``.
    basis : str or None
        For ``lost``, a line of Chinese that quotes the announcement.
    """
    headings = select_patterns(book, "heading")
    problems = sentences.loc[sentences["role"] == "problem", "passage"]
    with_problems = passages[passages["passage"].isin(problems)]
    paths = with_problems["heading_path"].dropna()
    if any(_names_problems(path, headings) for path in paths):
        return "found", None
    headless = passages["heading_path"].isna().all()
    if headless or genre != "speech":
        content = passages[passages["role"].isin(TEXT_ROLES)]
        by_section = content.groupby("passage" if headless else "section", dropna=False)["role"]
        if by_section.agg(lambda roles: (roles == "problem").mean() > 0.5).any():
            return "found", None
    return _announced(sentences, passages, book)


def _names_problems(path: str, headings) -> bool:
    for text in path.split(PATH_SEPARATOR):
        role, score = heading_role(text, headings)
        if role == "problem" and score >= CLEAR_HEADING:
            return True
    return False


def _announced(sentences, passages, book) -> tuple[str, str | None]:
    paths = sentences["passage"].map(passages.set_index("passage")["heading_path"])
    opening = sentences[paths.isna() & (sentences["role"] != "noise")]
    answers = (sentences["role"] == "countermeasure") & paths.notna()
    for _, _, pattern in select_patterns(book, "announcement"):
        for text in opening["text"]:
            match = pattern.search(for_patterns(text))
            if match and answers.any():
                return "lost", f"问题部分来源缺失：正文称“{match[0]}”，但没有问题部分"
    return "none", None
