import pytest
from toys_compare import four, toy_book, toy_tables

from analysis.compare import compare_rates
from analysis.dispersion import find_dispersion, leave_one_out

ASSERTED = {"two_skins": "asserted"}


def corpus():
    """a: 3 of 4 problem passages name the issue; b: 1 of 2; c: none of 4; d cannot be judged."""
    counts = {"a": (3, 4), "b": (1, 2), "c": (0, 4)}
    reports = [
        {
            "report": name,
            "level": "city",
            "passages": [[("problem", "staffing", ASSERTED if i < k else {}, 9)] for i in range(n)],
        }
        for name, (k, n) in counts.items()
    ]
    lost = {"report": "d", "level": "city", "problem_section": "lost"}
    return [*reports, lost | {"passages": [[("practice", None, {}, 9)]]}]


def rates(reports, by):
    table = compare_rates(*four(toy_tables(reports)), toy_book(), by=by)
    return table[(table["kind"] == "issue") & (table["stance"] == "asserted")]


def test_dispersion_by_hand():
    table = find_dispersion(rates(corpus(), "report")).set_index("key")
    row = table.loc["two_skins"]
    # d stands outside: it cannot be judged. Shares of the key ¾, ¼, 0; of passages .4, .2, .4.
    assert row[["reports_with", "reports", "passages_with", "passages"]].tolist() == [2, 3, 4, 10]
    assert row["deviation"] == pytest.approx((0.35 + 0.05 + 0.4) / 2)
    assert row["says"] == ("3 份中 2 份、10 个问题段中 4 段；其中 3 段出自同一份（a），分布不均")
    assert "thin_staffing" not in table.index


def test_evenly_spread_is_zero_and_says_no_more():
    reports = [report | {"passages": report["passages"][:2]} for report in corpus()[:2]]
    reports[0]["passages"] = reports[1]["passages"]
    row = find_dispersion(rates(reports, "report")).iloc[0]
    assert row["deviation"] == 0
    assert row["says"] == "2 份中 2 份、4 个问题段中 2 段"


def test_leaving_one_report_out_by_hand():
    reports = corpus()
    without = {
        report["report"]: rates([r for r in reports if r is not report], "level")
        for report in reports
    }
    row = leave_one_out(rates(reports, "level"), without).set_index("key").loc["two_skins"]
    assert (row["reports_with"], row["reports"]) == (2, 3)
    assert (row["least"], row["largest"]) == ("1/2", "2/2")
    assert row.isna()["flips"]


def test_what_rests_on_one_report_flips_without_it():
    reports = [corpus()[0], corpus()[2]]
    without = {"a": rates(reports[1:], "level"), "c": rates(reports[:1], "level")}
    row = leave_one_out(rates(reports, "level"), without).set_index("key").loc["two_skins"]
    assert row["flips"] == "a"
