import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from toys_labels import predicted, write_labels

from analysis.labels import load_labels, split_keys
from analysis.scoring import SCORE_COLUMNS, find_ranges, score


def rows_of(scores: pd.DataFrame) -> dict:
    return {(row["report"], row["measure"], row["key"]): row for row in scores.to_dict("records")}


@pytest.fixture
def labels(tmp_path):
    return load_labels(write_labels(tmp_path / "labels"))


@pytest.fixture
def rows(labels):
    tables = predicted()
    scores = score(labels, tables["sentences"], tables["mentions"], tables["reports"])
    assert scores.columns.tolist() == SCORE_COLUMNS
    return rows_of(scores)


def figures(row: dict) -> tuple:
    return tuple(round(row[name], 4) for name in ("precision", "recall", "f1"))


def test_roles(rows):
    # Labelled problem: 2 (r2, r3). Predicted for the seven: r2 and q1. Right: r2.
    assert figures(rows["all", "role", "problem"]) == (0.5, 0.5, 0.5)
    # Labelled 1 (r4), predicted 2 (r3, as 6 of its characters lie there, and r4), right 1.
    assert figures(rows["all", "role", "countermeasure"]) == (0.5, 1.0, 0.6667)
    # r6 has no predicted sentence: missing, wrong.
    noise = rows["all", "role", "noise"]
    assert math.isnan(noise["precision"])
    assert (noise["recall"], noise["f1"], noise["n"]) == (0, 0, 1)
    # heading 1, problem 1/2, countermeasure 2/3, practice 1, noise 0, cause 0
    macro = rows["all", "role_macro", "all"]
    assert (macro["f1"], macro["n"]) == (pytest.approx((1 + 1 / 2 + 2 / 3 + 1 + 0 + 0) / 6), 6)
    without = rows["all", "role_macro", "without_cause"]
    assert (without["f1"], without["n"]) == (pytest.approx((1 + 1 / 2 + 2 / 3 + 1 + 0) / 5), 5)
    # r1, r2, r4, r5 of seven
    assert rows["all", "role_accuracy", "all"]["value"] == pytest.approx(4 / 7)


def test_roles_of_one_report(rows):
    # In r alone problem is predicted once: P 1, R 1/2, F1 2/3.
    assert figures(rows["r", "role", "problem"]) == (1.0, 0.5, 0.6667)
    assert rows["q", "role_accuracy", "all"]["value"] == 0


def test_themes_whatever_the_role(rows):
    # r2 staffing right; r3 integration right though its role is wrong; r4 wrong. q1 has no label.
    micro = rows["all", "theme_micro", "all"]
    assert figures(micro) == (0.6667, 0.6667, 0.6667)
    assert (micro["value"], micro["n"]) == (pytest.approx(2 / 3), 3)
    assert figures(rows["all", "theme", "staffing"]) == (1.0, 0.5, 0.6667)
    assert figures(rows["all", "theme", "integration"]) == (0.5, 1.0, 0.6667)
    # No theme has ten labels.
    assert math.isnan(rows["all", "theme_macro", "all"]["f1"])
    assert rows["all", "theme_macro", "all"]["n"] == 0


def test_theme_macro_takes_themes_with_ten_labels(labels):
    tables = predicted()
    one = labels.sentences[labels.sentences["theme"] == "integration"]
    ten = pd.concat([one] * 10 + [labels.sentences], ignore_index=True)
    repeated = replace(labels, sentences=ten)
    rows = rows_of(score(repeated, tables["sentences"], tables["mentions"], tables["reports"]))
    # integration: 11 labelled and found, r4 beside them: P 11/12, R 1; staffing has 2 labels only.
    macro = rows["all", "theme_macro", "all"]
    assert (macro["f1"], macro["n"]) == (pytest.approx(22 / 23), 1)


def test_issues_each_once_and_stance_where_found(rows):
    # Labelled r2 thin, r2 two, r3 two, r4 two; found r2 thin (twice: once), r2 two and r3 two (one
    # mention across both), r4 weak_awareness. Right 3 of 4, of 4.
    assert figures(rows["all", "issue_micro", "all"]) == (0.75, 0.75, 0.75)
    assert figures(rows["all", "issue", "two_skins"]) == (1.0, 0.6667, 0.8)
    assert rows["all", "issue", "weak_awareness"]["n"] == 0
    # Of the 3 found: thin asserted (the longer mention counts) right, two_skins quoted twice wrong.
    stance = rows["all", "stance_accuracy", "all"]
    assert (stance["value"], stance["n"]) == (pytest.approx(1 / 3), 3)
    # Asserted are thin, r2 two, r3 two; said to be so is thin alone. Addressed was not found.
    assert figures(rows["all", "stance", "asserted"]) == (1.0, 0.3333, 0.5)
    assert rows["all", "stance", "asserted"]["n"] == 3
    assert figures(rows["all", "stance", "quoted"])[2] == 0
    assert ("all", "stance", "addressed") not in rows


def test_headings_by_half_of_their_characters(rows):
    # 3 labelled, 3 predicted. 0–10 found with its level; 20–26 shares 2 of 6: not found; 40–44
    # found with level 1 for 2.
    assert figures(rows["all", "heading", "all"]) == (0.6667, 0.6667, 0.6667)
    level = rows["all", "heading_level", "all"]
    assert figures(level) == (0.3333, 0.3333, 0.3333)
    assert (level["value"], level["n"]) == (0.5, 2)


def test_catalogue_fields_that_were_labelled(labels):
    tables = predicted()
    decided = pd.DataFrame(
        {"report": ["r", "q", "x"], "level": ["县级", "unstated", "city"], "date": [None] * 3}
    )
    known = replace(labels, reports=decided)
    rows = rows_of(score(known, tables["sentences"], tables["mentions"], tables["reports"]))
    # r county is right by its Chinese name; q has none, which is unstated; x is not labelled.
    assert rows["all", "catalogue", "level"]["value"] == 1
    assert rows["all", "catalogue", "level"]["n"] == 2
    assert ("all", "catalogue", "genre") not in rows


def test_headings_are_not_scored_where_none_is_labelled(rows, labels):
    assert ("r", "heading", "all") in rows
    assert ("q", "heading", "all") not in rows
    tables = predicted()
    none = replace(labels, headings=None)
    scores = score(none, tables["sentences"], tables["mentions"], tables["reports"])
    assert not scores["measure"].str.startswith("heading").any()


def test_ranges_are_of_the_reports_that_have_such_labels(labels):
    tables = predicted()
    scores = score(labels, tables["sentences"], tables["mentions"], tables["reports"])
    ranges = find_ranges(scores)
    # r: 4 of 6 right; q: the cause was taken for a problem.
    accuracy = ranges.loc[("role_accuracy", "all")]
    assert accuracy[["low", "lowest", "reports"]].tolist() == [0, "q", 2]
    assert accuracy["high"] == pytest.approx(4 / 6)
    # A problem is predicted in q too, but only r has labelled ones.
    problem = ranges.loc[("role", "problem")]
    assert problem[["low", "high", "lowest"]].tolist() == [
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
        "r",
    ]
    assert problem["reports"] == 1
    assert ("issue", "weak_awareness") not in ranges.index
    assert "theme_macro" not in ranges.index.get_level_values("measure")


def test_report_that_failed_is_all_missing(labels):
    tables = predicted()
    rows = rows_of(
        score(labels, tables["sentences"][:0], tables["mentions"][:0], tables["reports"])
    )
    assert rows["all", "role_accuracy", "all"]["value"] == 0
    assert rows["all", "issue_micro", "all"]["recall"] == 0
    assert rows["all", "heading", "all"]["recall"] == 0


def test_labels_predict_themselves():
    labels = load_labels(Path(__file__).parent.parent / "data" / "gold")
    sentences = labels.sentences.assign(heading_level=pd.array([pd.NA], dtype="Int64")[0])
    mentions = pd.DataFrame(
        [
            {"report": r.report, "start": r.start, "end": r.end, "issue": i, "stance": s}
            for r in sentences.itertuples()
            for i, s in zip(split_keys(r.issues), split_keys(r.stances), strict=True)
        ]
    )
    reports = pd.DataFrame({"report": list(labels.files)})
    rows = rows_of(score(labels, sentences, mentions, reports))
    assert rows["all", "role_accuracy", "all"]["n"] == 507
    for measure in ("role_macro", "theme_macro", "theme_micro", "issue_micro"):
        assert rows["all", measure, "all"]["f1"] == 1, measure
    assert rows["all", "stance_accuracy", "all"]["value"] == 1
    assert rows["all", "heading", "all"]["n"] == 152
