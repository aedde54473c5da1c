"""What is known about each report: inferred with quoted evidence; a person's entry wins."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from analysis.catalogue.clues import Clue, Finding, find_clues, read_lines, weigh
from analysis.catalogue.entries import apply_catalogue, check_catalogue, load_catalogue
from analysis.catalogue.script import find_script
from analysis.catalogue.subject import set_aside
from analysis.codebook import Codebook
from analysis.vocabulary import GENRES, LEVELS

__all__ = [
    "apply_catalogue",
    "check_catalogue",
    "describe_report",
    "load_catalogue",
    "set_aside",
]

# Set by hand on 33 short texts of all levels (tests/toys_catalogue.tsv), checked on the five
# reports. The best level or genre needs a third more evidence than the second,
MIN_CONFIDENCE = 0.25
# and more than a superior's office named in passing.
MIN_SUPPORT = 0.5
MIN_REGION_CONFIDENCE = 0.45  # one province named once in mid-text is an example, not the author's
# In these the Party's city committee is of provincial rank.
MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
LEVEL_OF_PLACE = dict.fromkeys("市州盟", "city") | dict.fromkeys("县旗", "county")
LEVEL_OF_PLACE |= {"区": "district"}
PLACE_CONFIDENCE = 0.6  # an office of that place may be meant, or a bureau or company in it
PROVINCE_RANK = re.compile("省$|(?:壮族|回族|维吾尔)?自治区$")
TITLE_CONFIDENCE = 0.9  # structure found 5 titles of 5; web pages can mislead it
NO_TITLE = "未识别出题目"


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
        source; where nothing is decided, the reason) and ``…_confidence``, and ``script``. Level is
        ``unstated`` and genre ``other`` where the evidence is thin or disputed; other fields are
        None.
    """
    lines = read_lines(sentences)
    patterns = book["catalogue_patterns"]
    clues = {
        field: find_clues(field, lines, source_text, patterns)
        for field in ("level", "region", "issuer", "date", "genre")
    }
    region = _find_region(clues["region"])
    found = {
        "title": _find_title(sentences, source_text),
        "level": _find_level(clues["level"] + _read_as_levels(clues["region"]), region.value),
        "region": region,
        "issuer": _pick(clues["issuer"]),
        "date": _pick(clues["date"]),
        "genre": _find_genre(clues["genre"]),
    }
    row = {"report": report, "file": file}
    for field, finding in found.items():
        row[field] = finding.value
        row[f"{field}_basis"] = finding.basis
        row[f"{field}_confidence"] = finding.confidence
    return row | {"script": find_script(source_text)}


def _find_title(sentences: pd.DataFrame, source: str) -> Finding:
    titles = sentences[(sentences["heading_level"] == 0).fillna(False)]
    if titles.empty:
        return Finding(None, NO_TITLE, 0.0)
    basis = source[int(titles["start"].iloc[0]) : int(titles["end"].iloc[-1])].strip()
    return Finding("".join(titles["text"].str.strip()), basis, TITLE_CONFIDENCE)


def _find_level(clues: list[Clue], region: str | None) -> Finding:
    clues = _read_by_region(clues, region)
    best = weigh(clues)
    if best.value is None:
        return Finding("unstated", "文中未见说明本单位层级的词语", 0.0)
    if best.confidence >= MIN_CONFIDENCE and best.support >= MIN_SUPPORT:
        return best
    return Finding("unstated", _doubt(best, LEVELS), best.confidence)


def _read_as_levels(regions: list[Clue]) -> list[Clue]:
    """A place in title or by-line tells a level by its last character: 岳阳市, 浦东新区."""
    return [
        replace(
            clue,
            value=LEVEL_OF_PLACE[clue.value[-1]],
            pattern="region",
            confidence=PLACE_CONFIDENCE,
        )
        for clue in regions
        if clue.scope != "body" and clue.value[-1] in LEVEL_OF_PLACE and "自治区" not in clue.value
    ]


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


def _find_region(clues: list[Clue]) -> Finding:
    shortened = [replace(clue, value=_short_name(clue.value)) for clue in clues]
    best = weigh(shortened)
    return best if best.confidence >= MIN_REGION_CONFIDENCE else Finding(None, None, 0.0)


def _short_name(region: str) -> str:
    """湖北省, 北京市 and 广西壮族自治区 as 湖北, 北京 and 广西; other places as they are."""
    if region.removesuffix("市") in MUNICIPALITIES:
        return region.removesuffix("市")
    return PROVINCE_RANK.sub("", region)


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
    return Finding(best.value, best.quote, best.confidence) if best else Finding(None, None, 0.0)
