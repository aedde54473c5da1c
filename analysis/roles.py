"""Give every sentence its role: problem, cause, countermeasure, practice, background, heading.

Two linear models decide, one behind the other, both plain tables of the codebook. The first reads
the sentence's own words (:mod:`analysis.textmodel`); the second adds up what they say, the wording
of ``role_patterns.csv``, the headings above (:mod:`analysis.sections`), the neighbouring sentences
and the place (:mod:`analysis.role_features`). What decided stands in ``role_basis``;
``role_margin`` is the difference between the two most probable roles, 0 to 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby

import pandas as pd

from analysis.codebook import Codebook
from analysis.role_decisions import decide_roles, own_shares
from analysis.role_features import Place, list_features
from analysis.schema import as_lists, check
from analysis.sections import (
    HEADING_NUMBER,
    TEXT_ROLES,
    Section,
    asks_for_something,
    find_sections,
    list_rows,
    names_a_section,
    opening_label,
    score_patterns,
    select_patterns,
)
from analysis.structure.wording import select_wording
from analysis.vocabulary import GENRES

DEFAULT_GENRE = "report"
# Of roles with equally many characters the first is that of the passage.
RANK = {role: number for number, role in enumerate((*TEXT_ROLES, "heading", "noise"))}
TOPIC_LENGTH = 8  # characters without number: a heading so short names a topic, no claim


def tag_roles(
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    book: Codebook,
    *,
    genre: str | None | Mapping[str, str | None],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tag the sentences and passages of reports with roles.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        Tables of :mod:`analysis.structure`, reports below each other; ``role`` may be preset to
        ``noise``.
    book : Codebook
        Gives the wording of roles and headings, and what was learned.
    genre : str, None or mapping
        A value of ``reports.genre``, of all reports or by report; missing counts as ``report``.

    Returns
    -------
    sentences : pandas.DataFrame
        The same rows with ``role``, ``role_basis`` and ``role_margin`` (0 to 1).
    passages : pandas.DataFrame
        The same rows with ``role`` (majority by characters) and the numbers
        ``problem_sentences`` and ``countermeasure_sentences``.
    """
    results, places = find_places(sentences, passages, book)
    if not isinstance(genre, Mapping):
        genre = dict.fromkeys(sentences["report"], genre)
    genres = {r: own if own in GENRES else DEFAULT_GENRE for r, own in genre.items()}
    placed, headings = [*places.values()], select_patterns(book, "heading")
    made = decide_roles(placed, list_features(placed, genres, headings), book)
    results |= zip(places, made, strict=True)
    preset = zip(*as_lists(sentences[["role", "role_basis", "role_margin"]]).values(), strict=True)
    rows = [results.get(at, row) for at, row in enumerate(preset)]
    role, basis, margin = zip(*rows, strict=True) if rows else ((), (), ())
    sentences = sentences.assign(role=role, role_basis=basis, role_margin=margin)
    return check("sentences", sentences), count_passages(sentences, passages)


def find_places(
    sentences: pd.DataFrame, passages: pd.DataFrame, book: Codebook
) -> tuple[dict[int, tuple], dict[int, Place]]:
    """Split the sentences into bare headings and those that a model must judge.

    Returns
    -------
    bare : dict of int to tuple
        Position → (``heading``, basis, margin).
    places : dict of int to Place
        Position → the sentence in its surroundings, in order.
    """
    paths = as_lists(passages[["report", "passage", "heading_path"]])
    of_report: dict[str, dict] = {report: {} for report in paths["report"]}
    for report, passage, path in zip(*paths.values(), strict=True):
        of_report[report][passage] = path
    rows = list_rows(sentences)
    texts = [row.text for row in rows]
    own = own_shares(texts, book).tolist()
    headings, signpost = select_patterns(book, "heading"), select_wording(book).signpost
    wording = select_patterns(book, "sentence").on(texts)
    bare, places = {}, {}
    for report, group in groupby(enumerate(rows), lambda numbered: numbered[1].report):
        members = list(group)
        own_rows = [row for _, row in members]
        sections = find_sections(own_rows, of_report[report], headings, wording)
        label = None
        for at, row in members:
            if row.role == "noise":
                continue
            label = _carry_label(label, row, headings)
            section = label or sections[row.passage]
            reason = _bare_heading(row, headings, signpost, section)
            if reason:
                bare[at] = ("heading", reason, 1.0)
                continue
            path, hits = of_report[report][row.passage], wording.hits(row.text)
            is_heading = row.heading_level is not None
            where = (report, row.text, row.passage, path, section)
            places[at] = Place(*where, own[at], is_heading, hits)
    return bare, places


def _carry_label(label: Section | None, row, headings) -> Section | None:
    """A label such as 【成因】 holds until the next one or the next heading without one."""
    opening = opening_label(row.text, headings)
    if opening:
        name, role = opening
        return Section(role, f"标签“{name}”")
    return label if row.heading_level is None else None


def _bare_heading(row, headings, signpost, section: Section) -> str | None:
    """Whether a heading has no claim of its own: it only names the kind of section it opens."""
    if row.heading_level is None:
        return None
    text, level = row.text.strip(), row.heading_level
    if level == 0:
        return "题目"
    if signpost.fullmatch(text):
        return "只说明下面讲什么"
    if text[-1:] in "？?":
        return "标题只提出问题"
    if text[-1:] in "。！；":
        return None
    scores = score_patterns(text, headings)
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
    columns = as_lists(sentences[["passage", "role", "start", "end"]])
    characters: dict[tuple, int] = {}
    counts = {role: Counter() for role in ("problem", "countermeasure")}
    for passage, role, start, end in zip(*columns.values(), strict=True):
        characters[passage, role] = characters.get((passage, role), 0) + end - start
        if role in counts:
            counts[role][passage] += 1
    majority: dict[str, tuple] = {}
    for (passage, role), length in characters.items():
        if role is not None:
            found = (-length, RANK[role], role)
            majority[passage] = min(majority.get(passage, found), found)
    keys = passages["passage"].tolist()
    result = passages.assign(
        role=[majority[key][-1] if key in majority else None for key in keys],
        problem_sentences=[counts["problem"][key] for key in keys],
        countermeasure_sentences=[counts["countermeasure"][key] for key in keys],
    )
    return check("passages", result)
