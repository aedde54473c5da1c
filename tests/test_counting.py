import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys_compare import toy_tables

from analysis.counting import UNJUDGED_SECTIONS, can_be_unknown, find_occurrences, group_reports
from analysis.vocabulary import SECTION_STATES

ASSERTED = {"two_skins": "asserted"}


def test_occurrences_of_one_sentence():
    tables = toy_tables([{"report": "a", "passages": [[("problem", "staffing", ASSERTED, 3)]]}])
    found = find_occurrences(tables["sentences"], tables["mentions"])
    assert found[["kind", "key", "stance", "mention"]].fillna("-").values.tolist() == [
        ["issue", "two_skins", "asserted", "a-m0000"],
        ["issue", "two_skins", "any", "a-m0000"],
        ["theme", "staffing", "asserted", "-"],
        ["theme", "staffing", "any", "-"],
        ["role", "problem", "any", "-"],
    ]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["county", "district", "city", None]), min_size=1, max_size=6))
def test_every_report_is_in_one_group(levels):
    tables = toy_tables([{"report": f"r{i}", "level": v} for i, v in enumerate(levels)])
    groups = group_reports(tables["reports"], "level")
    assert groups.astype(str).tolist() == [
        {"county": "county", "district": "county", "city": "city", None: "unstated"}[v]
        for v in levels
    ]


@pytest.mark.parametrize("genre", ["report", "speech", None])
def test_groups_by_another_column_put_unstated_last(genre):
    facts = [("b", genre), ("a", None), ("c", "speech")]
    tables = toy_tables([{"report": r, "genre": g} for r, g in facts])
    groups = group_reports(tables["reports"], "genre")
    assert groups.cat.categories[-1] == "unstated"
    assert groups["b"] == (genre or "unstated")


def test_failed_reports_are_in_no_group():
    tables = toy_tables([{"report": "a"}, {"report": "b", "status": "failed"}])
    assert group_reports(tables["reports"], "all").to_dict() == {"a": "all"}


def test_what_a_missing_problem_section_leaves_open():
    assert set(SECTION_STATES) - set(UNJUDGED_SECTIONS) == {"found"}
    assert can_be_unknown("issue", "asserted")
    assert can_be_unknown("theme", "any")
    assert not can_be_unknown("issue", "addressed")
    assert not can_be_unknown("role", "any")
