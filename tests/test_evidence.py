import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compare import CORPUS
from toys_compare import ISSUES, THEMES, four, toy_book, toy_tables

from analysis.compare import compare_rates
from analysis.evidence import RateError, find_evidence, list_evidence, mark, quotes, trace
from analysis.schema import SchemaError, check
from analysis.vocabulary import LEVELS, ROLES, STANCES

BYS = ("level", "report", "all")


def analysed(corpus: list[dict]) -> dict:
    tables = toy_tables(corpus)
    rates = [compare_rates(*four(tables), toy_book(), by=by) for by in BYS]
    tables["rates"] = pd.concat(rates, ignore_index=True)
    tables["evidence"] = find_evidence(tables["rates"], *four(tables))
    return tables


def recount(row: dict, tables: dict[str, list[dict]]) -> dict[str, float]:
    """Every count of one rate from evidence, reports, passages and sentences, in plain loops."""
    group = {"district": "county"} if row["by"] == "level" else {}
    members = []
    for report in tables["reports"]:
        value = "all" if row["by"] == "all" else report[row["by"]]
        value = "unstated" if pd.isna(value) else group.get(value, value)
        if report["status"] == "ok" and value == row["group"]:
            members.append(report)
    items = [item for item in tables["evidence"] if item["rate"] == row["rate"]]
    having = {item["report"] for item in items}
    unknown = set()
    if row["kind"] != "role" and row["stance"] != "addressed":
        for report in members:
            if report["problem_section"] in ("none", "lost") and report["report"] not in having:
                unknown.add(report["report"])
    judged = {report["report"] for report in members} - unknown
    wanted = {
        "asserted": {"problem"},
        "addressed": {"countermeasure"},
        "any": {"problem", "countermeasure"},
    }[row["stance"]]
    passages, sentences, characters = set(), set(), 0
    for passage in tables["passages"]:
        full = any(passage[f"{role}_sentences"] > 0 for role in wanted)
        if passage["report"] in judged and (full or row["kind"] == "role"):
            passages.add(passage["passage"])
    for sentence in tables["sentences"]:
        if sentence["report"] in judged and (sentence["role"] in wanted or row["kind"] == "role"):
            sentences.add(sentence["sentence"])
            characters += sum(1 for character in sentence["text"] if not character.isspace())
    sentences_with = len({item["sentence"] for item in items} & sentences)
    return {
        "reports_with": len(having),
        "reports": len(judged),
        "reports_unknown": len(unknown),
        "passages_with": len({item["passage"] for item in items} & passages),
        "passages": len(passages),
        "sentences_with": sentences_with,
        "sentences": len(sentences),
        "characters": characters,
        "per_1000_characters": 1000 * sentences_with / characters if characters else None,
    }


def expected_items(row: dict, tables: dict[str, list[dict]], inside: set[str]) -> set[tuple]:
    """What must stand behind a rate, from the tables of the analysis, in plain loops."""
    if row["kind"] == "issue":
        return {
            (m["sentence"], m["mention"])
            for m in tables["mentions"]
            if m["report"] in inside
            and m["issue"] == row["key"]
            and row["stance"] in ("any", m["stance"])
        }
    roles = {"asserted": {"problem", "cause"}, "addressed": {"countermeasure"}}
    roles["any"] = roles["asserted"] | roles["addressed"]
    found = set()
    for s in tables["sentences"]:
        if row["kind"] == "role":
            fits = s["role"] == row["key"]
        else:
            fits = s["theme"] == row["key"] and s["role"] in roles[row["stance"]]
        if fits and s["report"] in inside:
            found.add((s["sentence"], None))
    return found


def check_all_counts(tables: dict) -> int:
    """Recount every rate; also used on the tables of a real run."""
    rows = {
        name: frame.astype(object).where(frame.notna(), None).to_dict("records")
        for name, frame in tables.items()
        if name in ("reports", "passages", "sentences", "mentions", "evidence", "rates")
    }
    for row in rows["rates"]:
        counted = recount(row, rows)
        per = counted.pop("per_1000_characters")
        assert {name: row[name] for name in counted} == counted, row["rate"]
        assert row["per_1000_characters"] == (None if per is None else pytest.approx(per))
    return len(rows["rates"])


SENTENCES = st.tuples(
    st.sampled_from([*ROLES, "problem", "countermeasure"]),
    st.sampled_from([*THEMES, None]),
    st.dictionaries(st.sampled_from([*ISSUES]), st.sampled_from([*STANCES]), max_size=2),
    st.integers(1, 4),
)
REPORTS = st.fixed_dictionaries(
    {
        "level": st.sampled_from([*LEVELS, None]),
        "genre": st.sampled_from(["report", "speech", None]),
        "problem_section": st.sampled_from(["found", "none", "lost"]),
        "status": st.sampled_from(["ok", "ok", "ok", "failed"]),
        "passages": st.lists(st.lists(SENTENCES, min_size=1, max_size=3), max_size=3),
    }
)
CORPORA = st.lists(REPORTS, max_size=4).map(
    lambda reports: [
        {"report": f"r{i}", **r, "passages": r["passages"] if r["status"] == "ok" else []}
        for i, r in enumerate(reports)
    ]
)


@settings(max_examples=40, deadline=None)
@given(CORPORA)
def test_every_count_follows_from_evidence(corpus):
    check_all_counts(analysed(corpus))


def test_every_count_of_the_toy_corpus_follows_from_evidence():
    # all, 5 reports that were read, 4 levels; 2 issues and 2 themes × 3 stances, 7 roles,
    # 3 states of links.
    assert check_all_counts(analysed(CORPUS)) == (1 + 5 + 4) * (2 * 3 + 2 * 3 + 7 + 3)


@settings(max_examples=30, deadline=None)
@given(CORPORA)
def test_evidence_is_what_the_definition_says(corpus):
    tables = analysed(corpus)
    rows = {
        n: tables[n].to_dict("records") for n in ("reports", "sentences", "mentions", "evidence")
    }
    behind: dict[str, list] = {}
    for item in rows["evidence"]:
        mention = None if pd.isna(item["mention"]) else item["mention"]
        behind.setdefault(item["rate"], []).append((item["sentence"], mention))
    members: dict[str, set] = {}
    for report in rows["reports"]:
        if report["status"] == "ok":
            level = "unstated" if pd.isna(report["level"]) else report["level"]
            level = "county" if level == "district" else level
            for group in (f"level/{level}", f"report/{report['report']}", "all/all"):
                members.setdefault(group, set()).add(report["report"])
    for row in tables["rates"].to_dict("records"):
        inside = members[f"{row['by']}/{row['group']}"]
        found = behind.get(row["rate"], [])
        assert len(found) == len(set(found))
        assert set(found) == expected_items(row, rows, inside), row["rate"]


def test_evidence_is_in_the_order_of_rates_and_of_the_text():
    tables = analysed(CORPUS)
    order = {rate: place for place, rate in enumerate(tables["rates"]["rate"])}
    line = {sentence: place for place, sentence in enumerate(tables["sentences"]["sentence"])}
    places = [
        (order[rate], line[sentence])
        for rate, sentence in tables["evidence"][["rate", "sentence"]].itertuples(index=False)
    ]
    assert places == sorted(places)
    check("evidence", tables["evidence"])


def test_pieces_are_the_same_table(monkeypatch):
    tables = analysed(CORPUS)
    monkeypatch.setattr("analysis.evidence.ROWS_AT_ONCE", 3)
    pieces = list(list_evidence(tables["rates"], *four(tables)))
    assert max(map(len, pieces)) == 3
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), tables["evidence"])


def test_passage_that_does_not_exist_is_an_error():
    tables = analysed(CORPUS)
    reports, passages, sentences, mentions = four(tables)
    with pytest.raises(SchemaError, match="a-p0001"):
        find_evidence(tables["rates"], reports, passages.iloc[1:], sentences, mentions)


# One report: 「三、问题」 above 「党务干部多为兼职，与业务“两张皮”。」 with a line break inside.
SOURCE = "党务干部多为兼职，与业\r\n务“两张皮”。要坚决破解“两张皮”。"


@pytest.fixture
def real():
    passage = [
        ("problem", "staffing", {"thin_staffing": "asserted", "two_skins": "asserted"}, 20),
        ("countermeasure", "integration", {"two_skins": "addressed"}, len(SOURCE) - 20),
    ]
    corpus = [
        {"report": "某县", "title": "某县调研", "level": "county", "passages": [passage]},
        {"report": "某省", "level": "county", "problem_section": "lost"},
        {"report": "某区", "level": "district", "passages": [[("problem", "staffing", {}, 4)]]},
    ]
    tables = analysed(corpus)
    mentions = tables["mentions"]
    mentions["start"] = pd.array([2, 14, 25], dtype="Int64")
    mentions["end"] = pd.array([8, 19, 30], dtype="Int64")
    tables["sources"] = {"某县": SOURCE, "某省": "", "某区": "字字字。"}
    return tables


def test_quotes_are_slices_of_the_source(real):
    rate = "level/county/issue/two_skins/any"
    found = quotes(rate, real, real["sources"], names={"problem": "问题", "countermeasure": "对策"})
    assert found["quote"].tolist() == [SOURCE[:20], SOURCE[20:]]
    assert found["marked"].tolist() == [
        "党务干部多为兼职，与业\r\n务【“两张皮”】。",
        "要坚决破解【“两张皮”】。",
    ]
    columns = ["report", "title", "level", "heading_path", "role", "stance", "pattern"]
    assert found[columns].values.tolist() == [
        ["某县", "某县调研", "县级", "第1节", "问题", "认定", "p1"],
        ["某县", "某县调研", "县级", "第1节", "对策", "拟解决", "p1"],
    ]


def test_quotes_of_several_rates_and_of_none(real):
    rates = [f"level/county/issue/two_skins/{stance}" for stance in ("asserted", "addressed")]
    assert quotes(rates, real, real["sources"])["rate"].tolist() == rates
    none = quotes("level/county/issue/thin_staffing/addressed", real, real["sources"])
    assert none.empty
    assert "marked" in none


def test_trace_tells_number_reports_and_sentences(real):
    names = {"two_skins": "两张皮", "problem": "问题"}
    text = trace("level/county/issue/two_skins/asserted", real, real["sources"], names=names)
    assert text == "\n".join(
        [
            "问题表现：两张皮（认定）",
            "县（市、区）级：能够判断的 2 份中 1 份提到（认定存在），2 个问题段中 1 段；"
            "另有 1 份来源缺问题部分，无从判断；仅见于 1 份，去掉这一份说法就不成立",
            "提到 1 份：某县",
            "未提到 1 份：某区",
            "无从判断 1 份：某省（问题部分：来源缺失）",
            "出处：1 句",
            "",
            "[1] 某县 · 字符 0–20 · 第1节",
            "    党务干部多为兼职，与业⏎务【“两张皮”】。",
            "    （问题；认定；模式 p1）",
        ]
    )


def test_trace_of_themes_and_roles(real):
    theme = trace("report/某县/theme/integration/addressed", real, real["sources"])
    assert "要坚决破解“两张皮”。" in theme
    assert "出处：没有相应的句子" in trace("all/all/role/noise/any", real, real["sources"])


def test_unknown_rate_suggests_the_nearest(real):
    with pytest.raises(RateError, match="level/county/issue/two_skins/asserted"):
        trace("level/county/issue/two_skin/asserted", real, real["sources"])
    with pytest.raises(RateError, match="没有编号为 “xyz” 的数字。编号的写法是"):
        quotes("xyz", real, real["sources"])


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], "三四五六"),
        ([(3, 4)], "三【四】五六"),
        ([(2, 4), (3, 5)], "【三四五】六"),
        ([(5, 6), (2, 3)], "【三】四五【六】"),
        ([(0, 3)], "【三】四五六"),  # begins before the sentence
        ([(7, 9)], "三四五六"),
    ],
)
def test_mark(spans, marked):
    assert mark("一二三四五六七八九", 2, 6, spans) == marked


def test_every_count_of_the_five_follows_from_its_evidence(study):
    assert check_all_counts(study.tables) == len(study.tables["rates"]) >= 1000


def test_complete_with_zeros_and_the_three_states_on_the_five(study):
    rates = study.tables["rates"]
    issues = rates[(rates["kind"] == "issue") & (rates["by"] == "level")]
    groups = issues.groupby("group", sort=False)
    assert list(groups.groups) == ["province", "city", "county", "unstated"]
    assert set(groups.size()) == {20 * 3}  # issues × asserted, addressed, any
    lost = issues.set_index("rate").loc["level/province/issue/two_skins/asserted"]
    assert (lost["reports_with"], lost["reports"], lost["reports_unknown"]) == (0, 0, 1)
    assert lost["says"] == "省级：1 份来源缺问题部分，无从判断"
