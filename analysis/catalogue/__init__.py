"""What is known about each report: inferred with quoted evidence; a person's entry wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pandas as pd

from analysis.catalogue.clues import Clue, ClueRule, clue_rules, find_clues
from analysis.catalogue.entries import apply_catalogue, check_catalogue, load_catalogue
from analysis.catalogue.lines import Line, Row, read_lines, rows_of
from analysis.catalogue.places import MUNICIPALITIES, find_region, name_places, read_as_levels
from analysis.catalogue.register import register_reports
from analysis.catalogue.script import find_script
from analysis.catalogue.subject import set_aside
from analysis.catalogue.weighing import Finding, weigh
from analysis.codebook import Codebook
from analysis.vocabulary import GENRES, LEVELS

__all__ = [
    "apply_catalogue",
    "check_catalogue",
    "describe_report",
    "describe_reports",
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
    """Describe one report, see :func:`describe_reports`."""
    sentences = sentences.assign(report=report)
    return describe_reports({report: file}, {report: source_text}, sentences, book)[report]


def describe_reports(
    files: Mapping[str, str], sources: Mapping[str, str], sentences: pd.DataFrame, book: Codebook
) -> dict[str, dict]:
    """Infer title, level, region, issuer, date, genre and script of each report.

    Parameters
    ----------
    files : mapping of str to str
        Name of each report's file.
    sources : mapping of str to str
        The source of each report, for quotations.
    sentences : pandas.DataFrame
        Of these reports below each other; ``role`` may be missing but for noise.
    book : Codebook
        ``catalogue_patterns`` says which words tell what.

    Returns
    -------
    dict of str to dict
        By report columns of ``reports``: ``report``, ``file``, each field with ``…_basis`` (a slice
        of the source, or “文件名：…”; where nothing is decided, the reason) and ``…_confidence``,
        and ``script``. Level is ``unstated`` and genre ``other`` where the evidence is thin or
        disputed; other fields are None. The file's name is asked only where the text says nothing.
    """
    rules, rows = clue_rules(book, FIELDS_INFERRED), rows_of(sentences)
    pages = [(read_lines(rows.get(report, [])), sources[report]) for report in files]
    clues = find_clues(pages, rules)
    named = _clues_of_names([*files.values()], rules)
    return {
        report: {"report": report, "file": file}
        | _describe(*of_one, rows.get(report, []), sources[report])
        for (report, file), *of_one in zip(files.items(), clues, named, strict=True)
    }


def _describe(clues: dict, named: dict, rows: list[Row], source: str) -> dict:
    """The same of one report by the clues of its text and of its file's name."""
    places, spare = name_places(clues["region"]), name_places(named["region"])
    region = _decide(find_region, places, spare)
    clues["level"] += read_as_levels(places)
    named["level"] += read_as_levels(spare)
    level = _decide(lambda found: _find_level(found, region.value), clues["level"], named["level"])
    found = {
        "title": _find_title(rows, source),
        "level": level,
        "region": _decide(lambda found: find_region(found, level.value), places, spare),
        "issuer": _pick(clues["issuer"]),
        "date": _decide(_pick, clues["date"], named["date"]),
        "genre": _decide(_find_genre, clues["genre"], named["genre"]),
    }
    row = {"script": find_script(source)}
    for field, finding in found.items():
        row[field] = finding.value
        row[f"{field}_basis"] = finding.basis
        row[f"{field}_confidence"] = finding.confidence
    return row


def _clues_of_names(files: list[str], rules: tuple[ClueRule, ...]) -> list[dict[str, list[Clue]]]:
    """What the files' names tell, read like titles but less prominent."""
    stems = [Path(file).stem for file in files]
    pages = [([Line(stem, 0, len(stem), "title", False)], stem) for stem in stems]
    found = find_clues(pages, rules)
    for clues in chain.from_iterable(page.values() for page in found):
        clues[:] = [replace(clue, quote=f"{FILE_NAME}{clue.quote}") for clue in clues]
    return found


def _decide(find: Callable, clues: list[Clue], named: list[Clue]) -> Finding:
    """Ask the text; the file's name as well where the text alone does not decide."""
    found = find(clues)
    return find(clues + named) if named and not found.support else found


def _find_title(rows: list[Row], source: str) -> Finding:
    titles = [row for row in rows if row.heading_level == 0]
    if not titles:
        return Finding(None, NO_TITLE, 0.0)
    basis = source[titles[0].start : titles[-1].end].strip()
    return Finding("".join(row.text.strip() for row in titles), basis, TITLE_CONFIDENCE)


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
