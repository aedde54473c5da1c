"""The corpus of the measurements is like real reports, and no sentence stands in it twice."""

import re
from collections import Counter

import pytest
from corpus import DATA, MIN_CLAUSES, split_clauses, write_corpus

from analysis.labels import load_labels
from analysis.study import analyse

LONG = 12  # characters; shorter ones are rests of headings and by-lines


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    return [path.read_text(encoding="utf-8") for path in write_corpus(folder, 1_000)]


@pytest.mark.slow
def test_sentences_are_distinct(corpus):
    lines = (line for text in corpus for line in text.splitlines())
    found = (one for line in lines for one in re.findall("[^。！？]+[。！？]", line))
    counts = Counter(one for one in found if len(one) > LONG)
    assert sum(counts.values()) > 60_000
    assert sum(count == 1 for count in counts.values()) >= 0.99 * sum(counts.values())


@pytest.mark.slow
def test_a_thousand_reports_have_the_size_that_is_asked_for(corpus):
    assert sum(len(text.encode()) for text in corpus) == pytest.approx(14.5e6, rel=0.05)


def test_a_report_depends_on_its_number_and_the_seed_alone(tmp_path):
    some = write_corpus(tmp_path / "some", 20)
    (alone,), (other,) = (write_corpus(tmp_path / f"{n}", 1, first=17, seed=n) for n in (0, 1))
    assert alone.name == some[17].name == "r00017.txt"
    assert alone.read_bytes() == some[17].read_bytes() != other.read_bytes()


def test_clauses_are_cut_outside_quotations_and_behind_the_mark_of_a_point():
    assert split_clauses("一是认识不够，有的说“先业务，后党建”；力量也弱。") == [
        *("认识不够，", "有的说“先业务，后党建”；", "力量也弱。"),
    ]
    assert split_clauses("（三）没有逗号的一句。") == ["没有逗号的一句。"]
    assert split_clauses("引号“没有收住，后面照样分开。")[-1] == "后面照样分开。"
    assert MIN_CLAUSES == 3


@pytest.mark.slow
def test_roles_headings_and_issues_are_about_as_frequent_as_in_the_reports_it_is_made_of(
    tmp_path, book
):
    made = analyse(write_corpus(tmp_path, 14), book).tables
    kept = [load_labels(DATA / "gold"), load_labels(DATA / "training")]
    files = {r: path for one in kept for r, path in one.files.items() if not r.startswith("t")}
    real = analyse(files.values(), book).tables
    for role in ("problem", "countermeasure", "practice", "background", "heading", "noise"):
        shares = [(one["sentences"]["role"] == role).mean() for one in (made, real)]
        assert shares[0] == pytest.approx(shares[1], abs=0.08), role
    rates = [len(one["mentions"]) / len(one["sentences"]) for one in (made, real)]
    assert 0.5 < rates[0] / rates[1] < 3
    assert made["reports"]["problem_section"].eq("found").mean() > 0.5
