import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compare import CORPUS
from toys_compare import ISSUES, THEMES, analysed, four

from analysis.cells import SchemaError
from analysis.evidence import find_evidence, list_evidence
from analysis.schema import check
from analysis.vocabulary import LEVELS, ROLES, STANCES


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
