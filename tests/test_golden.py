"""What the analysis makes of the five reports, kept as text and reviewed as a diff.

A change of rules or wording shows here as changed lines. When they are meant, write the files
anew with ``make test ARGS="-k golden --renew-golden"`` and review ``git diff tests/golden``.
"""

import difflib
from pathlib import Path

import pandas as pd
import pytest

GOLDEN = Path(__file__).parent / "golden"
RENEW = 'when the change is meant: make test ARGS="-k golden --renew-golden", then review the diff'
LINES_SHOWN = 60
OPENING = 12  # characters of a sentence, so that a reviewer need not look it up


def report_lines(study):
    columns = ["report", "title", "level", "region", "issuer", "date", "genre", "script"]
    return study.reports[[*columns, "problem_section"]]


def sentence_lines(study):
    """One line per sentence; issues with their stances in the order of the text."""
    mentions = study.mentions.assign(named=study.mentions["issue"] + ":" + study.mentions["stance"])
    issues = mentions.groupby("sentence", sort=False)["named"].agg(";".join)
    lines = study.sentences[["sentence", "role", "theme", "heading_level"]]
    opening = study.sentences["text"].str.split().str.join("").str[:OPENING]
    return lines.assign(issues=study.sentences["sentence"].map(issues), opening=opening)


def rate_lines(study):
    """One line per issue, level and stance that somebody mentions, and its counts."""
    rates = study.rates("issue", by="level")
    with_and_of = ["reports_with", "reports", "reports_unknown", "passages_with", "passages"]
    lines = rates[["rate", *with_and_of, "sentences_with", "sentences", "fragile"]]
    return lines[rates["reports_with"] > 0]


def copy_lines(study):
    """None: what the five have in common are set phrases and quotations."""
    return study.tables["copies"][["passage", "other_passage", "share"]]


TABLES = {
    "reports": report_lines,
    "sentences": sentence_lines,
    "rates": rate_lines,
    "copies": copy_lines,
}


def as_text(lines: pd.DataFrame) -> str:
    return lines.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("name", TABLES)
def test_the_five_reports_give_what_they_gave(study, name, pytestconfig):
    path, now = GOLDEN / f"{name}.csv", as_text(TABLES[name](study))
    if pytestconfig.getoption("--renew-golden"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8", newline="\n")
    assert path.is_file(), f"no {path.name}; make it: {RENEW}"
    before = path.read_text(encoding="utf-8")
    if now != before:
        lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "golden", "now", n=0)
        shown = [line for line in lines if not line.startswith("@@")]
        more = [f"… {len(shown) - LINES_SHOWN} more"] if len(shown) > LINES_SHOWN else []
        pytest.fail("\n".join([*shown[:LINES_SHOWN], *more, RENEW]), pytrace=False)


def test_golden_files_are_those_that_are_compared():
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.csv" for name in TABLES}


def test_the_lines_say_what_they_should(study):
    """So that a golden file can be read without this module."""
    sentences = sentence_lines(study).set_index("sentence")
    assert len(sentences) == len(study.sentences)
    named = sentences["issues"].dropna().str.split(";").explode()
    assert len(named) == len(study.mentions)
    assert set(named.str.split(":").str[0]) == set(study.mentions["issue"])
    rates = rate_lines(study)
    assert (rates["reports_with"] <= rates["reports"]).all()
    assert set(report_lines(study)["report"]) == set(study.sources)
