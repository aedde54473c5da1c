"""Mentions: span, mapping to the source, one per issue, agreement with the gold labels."""

import csv
from dataclasses import replace
from pathlib import Path

import opencc
import pandas as pd
import pytest

from analysis import schema
from analysis.codebook import load_codebook
from analysis.issues import IssueRules, find_hits, find_mentions, source_positions

ROOT = Path(__file__).parents[1]
BOOK = load_codebook(ROOT / "data" / "codebook")
RULES = IssueRules.of(BOOK)
# Measured on the five with gold roles: F1 .99, stance 1.0, forecast .91. The project's floors with
# predicted roles are .86 and .90; the forecast may fall by .03 before somebody has to look.
FLOOR_F1, FLOOR_STANCE, FLOOR_FORECAST = 0.95, 0.95, 0.88


def frame(*rows, report="demo"):
    columns = ["sentence", "passage", "report", "start", "end", "text", "role"]
    ids = [[f"{report}-s{n:04d}", f"{report}-p0001", report] for n in range(1, len(rows) + 1)]
    return pd.DataFrame([a + list(b) for a, b in zip(ids, rows, strict=True)], columns=columns)


def edits(*rows):
    columns = ["report", "start", "end", "replacement"]
    return pd.DataFrame([("demo", *row) for row in rows], columns=columns)


def issues_of(text: str, role: str = "problem") -> set[str]:
    return {hit.issue for hit in find_hits(text, role, RULES)}


# --- spans ---
def test_source_positions_through_edits():
    # source “ab\ncXYd”, sentence 0–7: the line end is deleted, XY becomes one character
    assert source_positions(0, 7, [(4, 6, "Z"), (2, 3, "")]) == [
        (0, 1),
        (1, 2),
        (3, 4),
        (4, 6),
        (6, 7),
    ]
    assert source_positions(5, 8, [(5, 7, "PQ"), (0, 2, ""), (9, 10, "")]) == [
        (5, 6),
        (6, 7),
        (7, 8),
    ]
    assert source_positions(3, 5, []) == [(3, 4), (4, 5)]


def test_mention_is_the_source_as_printed():
    source = "序。有的存在「兩張\n皮」，經費不足。"
    sentence = (2, len(source), "有的存在「两张皮」，经费不足。", "problem")
    found = find_mentions(frame(sentence), edits((9, 10, None)), {"demo": source}, BOOK)
    assert list(found["issue"]) == ["two_skins", "resource_shortage"]
    assert list(found["quote"]) == ["兩張\n皮", "經費不足"]
    assert list(found["mention"]) == ["demo-m0001", "demo-m0002"]
    assert list(found["role"]) == ["problem", "problem"] and not found["corrected"].any()
    for row in found.itertuples():
        assert row.quote == source[row.start : row.end]


def test_one_mention_per_issue_and_none_in_noise():
    text = "有的流于形式、走过场、敷衍应付。"
    rows = frame((0, 16, text, "problem"), (16, 32, text, "noise"))
    found = find_mentions(rows, edits(), {"demo": text * 2}, BOOK)
    assert list(found["issue"]) == ["formalism"]
    assert list(found["sentence"]) == ["demo-s0001"]


def test_no_mentions_give_an_empty_table():
    found = find_mentions(
        frame((0, 4, "党建好。", "practice")), edits(), {"demo": "党建好。"}, BOOK
    )
    assert found.empty and list(found.columns) == schema.TABLES["mentions"].names


def test_text_that_does_not_fit_its_span_is_refused():
    with pytest.raises(ValueError, match="demo-s0001：正文 5 字"):
        find_mentions(frame((0, 9, "走过场了。", "problem")), edits(), {"demo": "x" * 9}, BOOK)


# --- wording ---
RULINGS = [
    ("责任意识不强。", {"weak_awareness"}),
    ("主体责任未落实落细。", {"responsibility_gap"}),
    ("第一责任人意识淡薄。", {"responsibility_gap"}),
    ("党建与业务结合不紧。", {"two_skins"}),
    ("围绕中心、服务大局不够。", {"self_circulation"}),
    ("年度计划随意性大。", {"poor_planning"}),
    ("会议记录随意、不规范。", {"weak_standardisation"}),
    ("年底突击补资料。", {"assessment_flaws", "formalism"}),
    ("持之以恒纠“四风”。", set()),
    ("组织领导不够有力。", set()),
    ("服务群众意识不强。", {"weak_service"}),
    ("创新意识不强。", {"weak_innovation"}),
    ("面临不会管、不敢管、不常管的困境。", {"responsibility_gap", "staff_capability"}),
    ("一手硬、一手软。", {"business_first"}),
    ("抓党建压力层层递减。", {"responsibility_gap"}),
    ("对党务不了解、理解不深不透。", set()),
    ("党务干部认识不深不透。", {"weak_awareness"}),
]


@pytest.mark.parametrize(("text", "expected"), RULINGS)
def test_rulings(text, expected):
    assert issues_of(text) == expected


GOOD_NEWS = [
    "不断提高机关党建质量，规范化水平明显提升。",
    "持续补短板、强弱项，党务干部能力素质不断提高。",
    "建立同谋划、同部署、同落实、同考核机制，推动党建与业务深度融合。",
    "建强专兼职党务干部队伍。",
    "进一步查找不足和差距。",
    "问题抓得准不准、责任压得实不实，看考核结果。",
    "加大经费保障力度，完善活动场所。",
    "清醒认识到工作中的不足。",
    "一名组织员联系十二个支部，每周到支部半小时，问题随到随办。",
    "各支部各展所长，走进车间听意见，党员报名踊跃。",
    "领导班子成员带头到支部讲党课，党建要点和业务要点同时印发。",
    "制度执行不走样，落实不打折扣。",
]


@pytest.mark.parametrize("role", ["practice", "background", "countermeasure"])
@pytest.mark.parametrize("text", GOOD_NEWS)
def test_good_news_names_no_issue(text, role):
    assert issues_of(text, role) == set()


def test_plain_facts_count_in_findings_or_beside_a_cue():
    fact = "支部书记大多兼职。"
    assert issues_of(fact, "problem") == {"thin_staffing"}
    assert issues_of(fact, "background") == set()
    assert issues_of("针对支部书记大多兼职的实际，配专职干事。", "practice") == {"thin_staffing"}


def test_numbers_and_habits_are_faults_only_where_faults_are_told():
    fact = "一名组织员要管四十多个支部。"
    assert issues_of(fact, "cause") == {"thin_staffing"}
    assert issues_of(fact, "practice") == set()


def test_what_is_asserted_after_a_denial_decides():
    turned = "没有发现支部成摆设的；但也有支部软弱涣散。"
    assert [hit.stance for hit in find_hits(turned, "problem", RULES)] == ["asserted"]
    denied = "没有发现支部成摆设的。"
    assert [hit.stance for hit in find_hits(denied, "problem", RULES)] == ["negated"]


def test_asserted_wins_over_quoted_and_a_gap_hides_no_cue():
    said = "有的走过场，一名书记坦言：“搞形式主义的不少。”"
    assert {hit.stance for hit in find_hits(said, "problem", RULES)} == {"asserted"}
    swallowed = find_hits("党日活动要防止形式单一。", "countermeasure", RULES)
    assert [hit.stance for hit in swallowed] == ["addressed"]
    turned = find_hits("主题党日从过去的形式单一变为沉浸体验。", "practice", RULES)
    assert [hit.stance for hit in turned] == ["improved"]


# --- agreement with the gold labels, their roles given ---
def load_gold() -> pd.DataFrame:
    path = ROOT / "data" / "gold" / "sentences.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = pd.DataFrame(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    convert = opencc.OpenCC("tw2s").convert
    rows["text"] = [convert(text.replace("⏎", "\n")) for text in rows["text"]]
    rows["labels"] = [
        dict(zip(i.split(";"), s.split(";"), strict=True)) if i else {}
        for i, s in zip(rows["issues"], rows["stances"], strict=True)
    ]
    return rows[rows["role"] != "noise"]


GOLD = load_gold()


def score(rows: pd.DataFrame, rules: IssueRules) -> tuple[int, int, int, int]:
    """Return issues found rightly, found wrongly, missed, and found with the right stance."""
    right = wrong = missed = stance = 0
    for text, role, labels in zip(rows["text"], rows["role"], rows["labels"], strict=True):
        found = {hit.issue: hit.stance for hit in find_hits(text, role, rules)}
        right += len(found.keys() & labels)
        wrong += len(found.keys() - labels)
        missed += len(labels.keys() - found)
        stance += sum(found[issue] == labels[issue] for issue in found.keys() & labels)
    return right, wrong, missed, stance


def f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed)


def test_agreement_with_gold():
    right, wrong, missed, stance = score(GOLD, RULES)
    figures = f"F1 {f1(right, wrong, missed):.3f}, P {right / (right + wrong):.3f}, "
    print(figures + f"R {right / (right + missed):.3f}, stance {stance / right:.3f}")
    assert f1(right, wrong, missed) >= FLOOR_F1
    assert stance / right >= FLOOR_STANCE


def test_forecast_without_the_patterns_that_only_the_report_itself_confirms():
    """Score each report with the patterns off that no other report's gold labels confirm.

    A cheap forecast of unseen reports; too kind, since a saying in a list stays while another
    saying of the same row is confirmed elsewhere.
    """
    confirmed: dict[str, set[str]] = {}
    for report, text, labels in zip(GOLD["report"], GOLD["text"], GOLD["labels"], strict=True):
        for issue, pattern, compiled in RULES.patterns:
            if issue in labels and compiled.search(text):
                confirmed.setdefault(pattern, set()).add(report)
    total = [0, 0, 0]
    for report, rows in GOLD.groupby("report"):
        kept = tuple(row for row in RULES.patterns if confirmed.get(row[1]) != {report})
        parts = score(rows, replace(RULES, patterns=kept))[:3]
        total = [a + b for a, b in zip(total, parts, strict=True)]
    print(f"forecast F1 {f1(*total):.3f}")
    assert f1(*total) >= FLOOR_FORECAST


def test_every_gold_mention_slices_from_the_reports():
    sources = {
        path.stem: path.read_bytes().decode("utf-8")
        for path in (ROOT / "data/reports").glob("*.txt")
    }
    rows = GOLD.rename(columns={"id": "sentence"}).assign(passage="p")
    rows = rows.astype({"start": int, "end": int})
    found = find_mentions(rows, edits(), sources, BOOK)
    assert len(found) > 100
    assert all(sources[r.report][r.start : r.end] == r.quote for r in found.itertuples())
    again = find_mentions(rows[::-1], edits(), sources, BOOK).sort_values("mention")
    assert again.reset_index(drop=True).equals(found.sort_values("mention").reset_index(drop=True))
