import numpy as np
import pandas as pd
import pytest
from toys_compare import four, toy_book, toy_tables

from analysis.cells import SchemaError
from analysis.compare import cell_states, compare_rates
from analysis.vocabulary import LINK_STATES, ROLES

ASSERTED, ADDRESSED = {"two_skins": "asserted"}, {"two_skins": "addressed"}
# a (county) and b (district) are one group; c lost its problem section and only proposes; d has
# none and no level; e asserts the issue in the background, nowhere else; f could not be read.
CORPUS = [
    {
        "report": "a",
        "level": "county",
        "genre": "report",
        "passages": [
            [
                ("problem", "integration", ASSERTED, 10),
                ("problem", "integration", ASSERTED, 20),
                ("cause", "integration", {}, 5),
            ],
            [("problem", "staffing", {}, 30)],
            [("countermeasure", "integration", ADDRESSED, 40)],
        ],
    },
    {
        "report": "b",
        "level": "district",
        "genre": "speech",
        "passages": [
            [("problem", "staffing", {}, 7), ("countermeasure", "staffing", {}, 8)],
            [("background", "integration", {"two_skins": "quoted"}, 9)],
        ],
    },
    {
        "report": "c",
        "level": "province",
        "problem_section": "lost",
        "passages": [[("countermeasure", "integration", ADDRESSED, 11)]],
    },
    {"report": "d", "problem_section": "none", "passages": [[("practice", None, {}, 12)]]},
    {
        "report": "e",
        "level": "city",
        "passages": [
            [("background", "integration", ASSERTED, 13)],
            [("problem", "staffing", {}, 14)],
        ],
    },
    {"report": "f", "level": "city", "status": "failed", "problem_section": None},
]
COUNTS = [
    *("reports_with", "reports", "reports_unknown", "passages_with", "passages"),
    *("sentences_with", "sentences", "characters"),
]


@pytest.fixture(scope="module")
def tables():
    return toy_tables(CORPUS)


@pytest.fixture(scope="module")
def rates(tables):
    return compare_rates(*four(tables), toy_book()).set_index("rate")


@pytest.mark.parametrize(
    ("rate", "counts"),
    [
        # a and b can be judged, a has it. Problem passages: a1, a2, b1; with it: a1, once though
        # two sentences assert it. Problem sentences: 2 + 1 + 1; characters 10 + 20 + 30 + 7.
        ("level/county/issue/two_skins/asserted", [1, 2, 0, 1, 3, 2, 4, 67]),
        # Countermeasure passages: a3, b1; characters 40 + 8.
        ("level/county/issue/two_skins/addressed", [1, 2, 0, 1, 2, 1, 2, 48]),
        # Any stance: b quotes it in b2, outside. Passages a1, a2, a3, b1; with it a1, a3.
        ("level/county/issue/two_skins/any", [2, 2, 0, 2, 4, 3, 6, 115]),
        ("level/county/issue/thin_staffing/asserted", [0, 2, 0, 0, 3, 0, 4, 67]),
        # The cause of a1 is an item of the theme; it is no problem sentence, so 2 of 4 sentences.
        ("level/county/theme/integration/asserted", [1, 2, 0, 1, 3, 2, 4, 67]),
        ("level/county/theme/staffing/any", [2, 2, 0, 2, 4, 3, 6, 115]),
        # Roles: of all passages and sentences. 5 of each report's characters are the cause.
        ("level/county/role/cause/any", [1, 2, 0, 1, 5, 1, 8, 129]),
        # c lost its problem section and does not assert: it cannot be judged, nor its passages.
        ("level/province/issue/two_skins/asserted", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("level/province/issue/two_skins/addressed", [1, 1, 0, 1, 1, 1, 1, 11]),
        # With any stance it does have it: judged.
        ("level/province/issue/two_skins/any", [1, 1, 0, 1, 1, 1, 1, 11]),
        ("level/province/issue/thin_staffing/any", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("level/province/theme/staffing/addressed", [0, 1, 0, 0, 1, 0, 1, 11]),
        ("level/unstated/issue/two_skins/asserted", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("level/unstated/role/practice/any", [1, 1, 0, 1, 1, 1, 1, 12]),
        # e asserts it outside its problem passage: the report has it, no problem passage does.
        ("level/city/issue/two_skins/asserted", [1, 1, 0, 0, 1, 0, 1, 14]),
    ],
)
def test_counts_by_hand(rates, rate, counts):
    assert rates.loc[rate, COUNTS].tolist() == counts


def test_rate_per_1000_characters(rates):
    per = rates["per_1000_characters"]
    assert per["level/county/issue/two_skins/asserted"] == pytest.approx(1000 * 2 / 67)
    assert np.isnan(per["level/province/issue/two_skins/asserted"])


def test_grid_is_complete_and_ordered(rates):
    cells = 2 * 3 + 2 * 3 + len(ROLES) + len(LINK_STATES)
    assert rates["group"].drop_duplicates().tolist() == ["province", "city", "county", "unstated"]
    assert (rates.groupby("group").size() == cells).all()
    assert rates.index.is_unique


def test_all_and_report_and_other_columns(tables):
    everything = compare_rates(*four(tables), toy_book(), by="all").set_index("rate")
    # c and d cannot be judged; a and e assert it.
    row = everything.loc["all/all/issue/two_skins/asserted"]
    assert row[COUNTS[:5]].tolist() == [2, 3, 2, 1, 4]
    single = compare_rates(*four(tables), toy_book(), by="report").set_index("rate")
    assert single["group"].drop_duplicates().tolist() == ["a", "b", "c", "d", "e"]
    genre = compare_rates(*four(tables), toy_book(), by="genre")
    assert genre["group"].drop_duplicates().tolist() == ["report", "speech", "unstated"]


def test_sums_by_report_are_the_counts_of_all(tables):
    single = compare_rates(*four(tables), toy_book(), by="report")
    everything = compare_rates(*four(tables), toy_book(), by="all")
    for column in COUNTS:
        summed = single.groupby(["kind", "key", "stance"])[column].sum()
        whole = everything.set_index(["kind", "key", "stance"])[column]
        assert (summed.reindex(whole.index) == whole).all(), column


def test_several_groupings_stand_below_each_other(tables, book):
    arguments = tables["reports"], tables["passages"], tables["sentences"], tables["mentions"], book
    alone = [compare_rates(*arguments, by=by) for by in ("report", "all")]
    together = compare_rates(*arguments, by=("report", "all"))
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_three_states(tables):
    single = compare_rates(*four(tables), toy_book(), by="report")
    states = cell_states(single).set_axis(single["rate"])
    found = {r: states[f"report/{r}/issue/two_skins/asserted"] for r in "abcde"}
    assert found == {"a": "提到", "b": "未提到", "c": "无从判断", "d": "无从判断", "e": "提到"}
    assert states["report/d/issue/two_skins/addressed"] == "未提到"


def test_fragile(rates):
    fragile = rates["fragile"]
    assert fragile["level/county/issue/two_skins/asserted"] == "yes"  # only a
    assert fragile["level/county/issue/two_skins/any"] == "no"  # a and b
    assert fragile["level/county/issue/thin_staffing/any"] == "no"  # nobody
    assert fragile["level/city/issue/two_skins/asserted"] == "cannot_tell"  # one report
    assert fragile["level/province/issue/two_skins/asserted"] == "cannot_tell"  # none judged


def test_says_tells_the_whole_cell(rates):
    says = rates["says"]
    assert says["level/province/issue/two_skins/asserted"] == "省级：1 份来源缺问题部分，无从判断"
    assert says["level/county/issue/two_skins/any"] == (
        "县（市、区）级 2 份（报告1、讲话1）：2 份中 2 份提到（不论态度），"
        "4 个问题或对策段中 2 段，另有 1 处在问题或对策段之外"
    )
    assert says["level/city/issue/two_skins/asserted"] == (
        "市级：1 份中 1 份提到（认定存在），1 个问题段中 0 段，另有 1 处在问题段之外；"
        "只有 1 份，不能代表市级"
    )


def test_says_speaks_of_the_reports_judged():
    # The second report proposes a remedy, but cannot be judged: it is no “该报告”.
    silent = {"report": "a", "level": "city", "passages": [[("problem", "staffing", {}, 5)]]}
    lost = {**CORPUS[2], "level": "city"}
    rates = compare_rates(*four(toy_tables([silent, lost])), toy_book()).set_index("rate")
    assert rates["says"]["level/city/issue/two_skins/asserted"] == (
        "市级：能够判断的 1 份未提到，1 个问题段中 0 段；"
        "另有 1 份来源缺问题部分，无从判断；只有 1 份，不能代表市级"
    )


def corpus_of(n: int, k: int) -> list[dict]:
    def passages(i):
        return [[("problem", "staffing", ASSERTED if i < k else {}, 5)]]

    return [{"report": f"r{i}", "level": "city", "passages": passages(i)} for i in range(n)]


@pytest.mark.parametrize(
    ("n", "k", "low", "high"),
    [
        # Quantiles .025 and .975 of Beta(k + ½, 5 − k + ½); 0 and 1 where k is 0 or 5.
        (5, 2, 0.094, 0.791),
        (5, 0, 0.0, 0.379),
        (5, 5, 0.621, 1.0),
    ],
)
def test_intervals_on_request(n, k, low, high):
    tables = four(toy_tables(corpus_of(n, k)))
    rate = "level/city/issue/two_skins/asserted"
    plain = compare_rates(*tables, toy_book()).set_index("rate").loc[rate]
    assert plain[["low", "high"]].isna().all()
    asked = compare_rates(*tables, toy_book(), intervals=True).set_index("rate").loc[rate]
    assert (round(asked["low"], 3), round(asked["high"], 3)) == (low, high)


def test_no_interval_below_five_reports():
    rates = compare_rates(*four(toy_tables(corpus_of(4, 2))), toy_book(), intervals=True)
    assert rates[["low", "high"]].isna().all(axis=None)


def test_order_of_reports_is_irrelevant(tables, rates):
    turned = toy_tables(CORPUS[::-1])
    other = compare_rates(*four(turned), toy_book()).set_index("rate")
    pd.testing.assert_frame_equal(other, rates)


def test_many_groups():
    single = compare_rates(*four(toy_tables(corpus_of(200, 150))), toy_book(), by="report")
    found = single[single["rate"].str.endswith("/issue/two_skins/asserted")]
    assert found["passages_with"].sum() == found["reports_with"].sum() == 150
    assert (found["passages"] == 1).all()


def test_unknown_column_suggests(tables):
    with pytest.raises(SchemaError, match="不能按 “levle” 分组.*是否想写 level"):
        compare_rates(*four(tables), toy_book(), by="levle")


def test_unknown_issue_is_an_error_not_a_silent_zero(tables):
    reports, passages, sentences, mentions = four(tables)
    strange = mentions.assign(issue="three_skins")
    with pytest.raises(SchemaError, match="issue/three_skins/asserted"):
        compare_rates(reports, passages, sentences, strange, toy_book())


def test_no_readable_report_gives_an_empty_table(tables):
    reports = tables["reports"].assign(status="failed")
    assert compare_rates(reports, *four(tables)[1:], toy_book()).empty


def test_problems_with_and_without_an_answer_by_hand(tables):
    """a's first passage is answered, its second is not; b's is not; e's only one is."""
    sentences = tables["sentences"]
    link = sentences["sentence"].map(
        {"a-s0000": "answered", "a-s0001": "answered", "a-s0003": "unanswered"}
        | {"b-s0005": "unanswered", "c-s0008": "unasked", "e-s0011": "answered"}
    )
    linked = tables | {"sentences": sentences.assign(link=link.astype("str"))}
    rates = compare_rates(*four(linked), toy_book()).set_index("rate")
    row = rates.loc["level/county/link/unanswered/asserted"]
    assert row[COUNTS[:5]].tolist() == [2, 2, 0, 2, 3]
    assert row["says"] == (
        "县（市、区）级 2 份（报告1、讲话1）：2 份中 2 份有未见对策的问题，3 个问题段中 2 段"
    )
    row = rates.loc["level/province/link/unasked/addressed"]
    assert row[COUNTS[:5]].tolist() == [1, 1, 0, 1, 1]
    # c lost its problem section: whether its problems are answered cannot be said.
    assert rates.loc["level/province/link/unanswered/asserted", "reports_unknown"] == 1
    assert rates.loc["level/city/link/unanswered/asserted", "says"] == (
        "市级：1 份没有发现未见对策的问题，1 个问题段中 0 段；只有 1 份，不能代表市级"
    )
