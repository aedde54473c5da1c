"""What is known about each report: inferred with quoted evidence; a person's entry wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.catalogue.clues import (
    Clue,
    ClueRule,
    Finding,
    Line,
    clue_rules,
    find_clues,
    read_lines,
    weigh,
)
from analysis.catalogue.entries import apply_catalogue, check_catalogue, load_catalogue
from analysis.catalogue.places import MUNICIPALITIES, find_region, name_places, read_as_levels
from analysis.catalogue.register import register_reports
from analysis.catalogue.script import find_script
from analysis.catalogue.subject import set_aside
from analysis.codebook import Codebook
from analysis.vocabulary import GENRES, LEVELS

__all__ = [
    "apply_catalogue",
    "check_catalogue",
    "describe_report",
    "load_catalogue",
    "register_reports",
    "set_aside",
]

# Set by hand on 33 short texts of all levels (tests/toys_catalogue.tsv), checked on the five
# reports. The best level or genre needs a third more evidence than the second,
MIN_CONFIDENCE = 0.25
# and more than a superior's office named in passing.
MIN_SUPPORT = 0.5
TITLE_CONFIDENCE = 0.9  # structure found 5 titles of 5; web pages can mislead it
NO_TITLE = "未识别出题目"
FIELDS_INFERRED = ("level", "region", "issuer", "date", "genre")
FILE_NAME = "文件名："


def describe_report(
    report: str, file: str, source_text: str, sentences: pd.DataFrame, book: Codebook
) -> dict:
    """Infer title, level, region, issuer, date, genre and script of one report.

    Parameters
    ----------
    report, file : str
        Name of the report and of its file.
    source_text : str
        The source, for quotations.
    sentences : pandas.DataFrame
        Of this report; ``role`` may be missing but for noise.
    book : Codebook
        ``catalogue_patterns`` says which words tell what.

    Returns
    -------
    dict
        Columns of ``reports``: ``report``, ``file``, each field with ``…_basis`` (a slice of the
        source, or “文件名：…”; where nothing is decided, the reason) and ``…_confidence``, and
        ``script``. Level is ``unstated`` and genre ``other`` where the evidence is thin or
        disputed; other fields are None. The file's name is asked only where the text says nothing.
    """
    rules = clue_rules(book, FIELDS_INFERRED)
    clues = find_clues(read_lines(sentences), source_text, rules)
    named = _clues_of_name(file, rules)
    places, spare = name_places(clues["region"]), name_places(named["region"])
    region = _decide(find_region, places, spare)
    clues["level"] += read_as_levels(places)
    named["level"] += read_as_levels(spare)
    level = _decide(lambda found: _find_level(found, region.value), clues["level"], named["level"])
    found = {
        "title": _find_title(sentences, source_text),
        "level": level,
        "region": _decide(lambda found: find_region(found, level.value), places, spare),
        "issuer": _pick(clues["issuer"]),
        "date": _decide(_pick, clues["date"], named["date"]),
        "genre": _decide(_find_genre, clues["genre"], named["genre"]),
    }
    row = {"report": report, "file": file}
    for field, finding in found.items():
        row[field] = finding.value
        row[f"{field}_basis"] = finding.basis
        row[f"{field}_confidence"] = finding.confidence
    return row | {"script": find_script(source_text)}


def _clues_of_name(file: str, rules: tuple[ClueRule, ...]) -> dict[str, list[Clue]]:
    """What the file's name tells, read like a title but less prominent."""
    stem = Path(file).stem
    found = find_clues([Line(stem, 0, len(stem), "title", False)], stem, rules)
    for clues in found.values():
        clues[:] = [replace(clue, quote=f"{FILE_NAME}{clue.quote}") for clue in clues]
    return found


def _decide(find: Callable, clues: list[Clue], named: list[Clue]) -> Finding:
    """Ask the text; the file's name as well where the text alone does not decide."""
    found = find(clues)
    return find(clues + named) if named and not found.support else found


def _find_title(sentences: pd.DataFrame, source: str) -> Finding:
    columns = (sentences[c].tolist() for c in ("heading_level", "start", "end", "text"))
    titles = [row for row in zip(*columns, strict=True) if row[0] is not pd.NA and row[0] == 0]
    if not titles:
        return Finding(None, NO_TITLE, 0.0)
    basis = source[titles[0][1] : titles[-1][2]].strip()
    return Finding("".join(text.strip() for *_, text in titles), basis, TITLE_CONFIDENCE)


def _find_level(clues: list[Clue], region: str | None) -> Finding:
    clues = _read_by_region(clues, region)
    best = weigh(clues)
    if best.value is None:
        return Finding("unstated", "文中未见说明本单位层级的词语", 0.0)
    if best.confidence >= MIN_CONFIDENCE and best.support >= MIN_SUPPORT:
        return best
    return Finding("unstated", _doubt(best, LEVELS), best.confidence)


def _read_by_region(clues: list[Clue], region: str | None) -> list[Clue]:
    """Read 市 of the four municipalities and 区 of an autonomous region as the province's rank.

    An office of an autonomous region writes 全区 and 区直机关 as a district does, but its committee
    is 自治区党委, never 区委.
    """
    own = {}
    if region in MUNICIPALITIES:
        own["city"] = "province"
    names = {clue.pattern for clue in clues}
    quotes = "".join(clue.quote for clue in clues)
    if ("自治区党委" in quotes or "自治区直" in quotes or "自治区机关" in quotes) and (
        "level_district_committee" not in names
    ):
        own["district"] = "province"
    return [replace(clue, value=own.get(clue.value, clue.value)) for clue in clues]


def _find_genre(clues: list[Clue]) -> Finding:
    """The head of a Chinese title is its last noun, so only the rightmost hit in it counts."""
    titles = [clue for clue in clues if clue.scope == "title"]
    last = max(titles, key=lambda clue: (clue.position, clue.confidence), default=None)
    best = weigh([clue for clue in clues if clue.scope != "title" or clue is last])
    if best.value is None:
        return Finding("other", "题目和正文未见说明文种的词语", 0.0)
    if best.confidence >= MIN_CONFIDENCE and best.support >= MIN_SUPPORT:
        return best
    return Finding("other", _doubt(best, GENRES), best.confidence)


def _doubt(best: Finding, names: dict[str, str]) -> str:
    reason = f"{names[best.value]}（“{best.basis}”）"
    if best.rival is None or best.support < MIN_SUPPORT:
        return f"线索太少：仅有{reason}"
    return f"线索不一致：{reason}、{names[best.rival]}（“{best.rival_basis}”）"


def _pick(clues: list[Clue]) -> Finding:
    """The clue of the surest pattern; among equals the fullest, then the first."""
    best = max(clues, key=lambda c: (c.confidence, len(c.value), -c.position), default=None)
    if best is None:
        return Finding(None, None, 0.0)
    return Finding(best.value, best.quote, best.confidence, best.confidence)
