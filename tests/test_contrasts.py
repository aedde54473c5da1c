from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys_compare import four, toy_book, toy_tables

from analysis.compare import compare_rates
from analysis.contrasts import FALSE_CLAIMS, find_contrasts, least_gap, say_contrasts

CLAIMS = ("高于", "低于")


def rows(counts, by="level", groups=("province", "city", "county", "township")):
    """Rows of one key in several groups; ``counts``: (reports_with, reports) of each."""
    frame = pd.DataFrame(counts, columns=["reports_with", "reports"])
    cell = {"by": by, "kind": "issue", "key": "two_skins", "stance": "asserted"}
    return frame.assign(group=groups[: len(counts)], **cell)


def test_eight_against_eight_by_hand():
    # Equal groups of 8 with a share of ½: X − Y + 8 is binomial (16, ½). At least 5 apart either
    # way: 2 · (560 + 120 + 16 + 1) / 65536 = .021; at least 4 apart: .077, too often.
    assert least_gap(8, 8) == 0.625
    # 5 and 5: 4 apart, 2 · (10 + 1) / 1024 = .021; 3 apart: 2 · 56 / 1024 = .109.
    assert least_gap(5, 5) == 0.8


def test_large_groups_take_the_normal_approximation_without_a_jump():
    assert least_gap(121, 121) == pytest.approx(least_gap(120, 120), abs=0.01)


def test_what_is_said_and_of_whom():
    says, fragile = say_contrasts(rows([(8, 8), (2, 8), (5, 9)]))
    assert says.tolist() == [
        "；份数占比高于市级（8 份中 2 份）",
        "；份数占比低于省级（8 份中 8 份）",
        "",
    ]
    assert not fragile.any()
    says, fragile = say_contrasts(rows([(12, 12), (1, 12), (0, 12)]))
    assert says[0] == "；份数占比高于市级（12 份中 1 份）、县（市、区）级（12 份中 0 份）"
    assert not fragile.any()


@given(st.lists(st.integers(0, 4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))))
def test_below_five_reports_nothing_is_claimed(counts):
    says, fragile = say_contrasts(rows(counts[:4]))
    assert not any(says) and not fragile.any()


def test_reports_without_a_value_are_compared_with_nothing():
    groups = ("city", "unstated")
    assert find_contrasts(rows([(9, 9), (0, 9)], groups=groups)).empty
    assert len(find_contrasts(rows([(9, 9), (0, 9)]))) == 1


def claims(shares, sizes, draws, seed):
    """Share of rows that claim a difference."""
    chance = np.random.default_rng(seed)
    said = 0
    for _ in range(draws):
        counts = [(chance.binomial(n, p), n) for p, n in zip(shares, sizes, strict=True)]
        said += sum(map(bool, say_contrasts(rows(counts))[0]))
    return said / (draws * len(shares))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("sizes", [(5, 5), (8, 8), (6, 20), (7, 9, 30), (12, 12, 12, 12)])
def test_without_a_difference_one_row_in_twenty_claims_one_at_most(share, sizes):
    assert claims([share] * len(sizes), sizes, 300, 7) <= FALSE_CLAIMS


def test_a_planted_difference_is_told():
    assert claims([1 / 8, 7 / 8], [8, 8], 500, 11) >= 0.8


def report(name, level, has):
    issues = {"two_skins": "asserted"} if has else {}
    return {"report": name, "level": level, "passages": [[("problem", "staffing", issues, 9)]]}


def says_of(counts, size):
    """Sentences about one issue by level, through the whole counting."""
    reports = [
        report(f"{level}{i}", level, i < k)
        for level, k in zip(("city", "county"), counts, strict=True)
        for i in range(size)
    ]
    rates = compare_rates(*four(toy_tables(reports)), toy_book(), by="level")
    rates = rates.set_index("rate")
    return rates.loc[[f"level/{g}/issue/two_skins/asserted" for g in ("city", "county")]]


@pytest.mark.parametrize("size", range(1, 7))
def test_a_sweep_over_small_numbers_shows_no_forbidden_percentage_or_claim(size):
    told = partial(says_of, size=size)
    for counts in [(0, 0), (size, 0), (size, size), (size // 2, size)]:
        for row in told(counts).itertuples():
            assert "显著" not in row.says
            assert ("%" in row.says) == (size >= 5 and row.reports_with > 0)
            assert any(c in row.says for c in CLAIMS) == (size >= 5 and counts == (size, 0))


def test_the_sentence_of_a_rate_ends_with_the_claim_and_its_fragility():
    rows = says_of((5, 1), 6)
    assert rows["says"].iloc[0] == (
        "市级：6 份中 5 份（83%）提到（认定存在），6 个问题段中 5 段（83%）"
        "；份数占比高于县（市、区）级（6 份中 1 份）（去掉一份报告就说不准）"
    )
    assert rows["fragile"].tolist() == ["yes", "yes"]
