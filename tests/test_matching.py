import pandas as pd
import pytest
from toys_labels import predicted, write_labels

from analysis.labels import load_labels
from analysis.matching import match_headings, match_issues, match_sentences


@pytest.fixture
def labels(tmp_path):
    return load_labels(write_labels(tmp_path / "labels"))


def test_a_sentence_takes_what_overlaps_it_most(labels):
    matched = match_sentences(labels, predicted()["sentences"])
    # 20–30 shares 4 characters with 10–24 and 6 with 24–30; nothing is predicted for 50–60.
    assert matched["sentence"].fillna("–").tolist() == ["s1", "s2", "s3", "s4", "s5", "–", "s6"]
    assert matched["predicted_role"].iloc[2] == "countermeasure"
    assert pd.isna(matched["predicted_role"].iloc[5])


def test_every_issue_labelled_or_found_once(labels):
    pairs = match_issues(labels, predicted()["mentions"])
    pairs = pairs.assign(at=pairs["row"] - labels.sentences.index[0])
    found = pairs.set_index(["at", "issue"])[
        ["labelled", "predicted", "stance", "predicted_stance", "pattern"]
    ].fillna("–")
    assert found.loc[(1, "thin_staffing")].tolist() == [
        *(True, True, "asserted"),
        *("asserted", "thin_staffing_plain"),  # 4 characters against 1
    ]
    assert found.loc[(3, "two_skins")].tolist() == [True, False, "addressed", "–", "–"]
    assert found.loc[(3, "weak_awareness")].tolist()[:2] == [False, True]
    assert len(found) == 5


def test_headings_of_reports_with_labelled_ones(labels):
    counts = match_headings(labels, predicted()["sentences"])
    assert counts.index.tolist() == ["r"]
    assert counts.loc["r"].tolist() == [3, 3, 2, 1]  # labelled, predicted, found, right level
