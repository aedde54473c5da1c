"""Stance of a mention, marked 【…】, from its words and the role of its sentence."""

from pathlib import Path

import pytest

from analysis.codebook import load_codebook
from analysis.stance import StanceRules, default_stance, find_cue

BOOK = load_codebook(Path(__file__).parents[1] / "data" / "codebook")
RULES = StanceRules.of(BOOK)


def stance(marked: str, role: str) -> str:
    start, end = marked.index("【"), marked.index("】") - 1
    text = marked.replace("【", "").replace("】", "")
    return find_cue(text, start, end, role, RULES) or default_stance(role)


CASES = [
    ("有的支部【走过场】。", "problem", "asserted"),
    ("至今没能找到化解“【两张皮】”的有效办法。", "problem", "asserted"),
    ("“【两张皮】”问题仍未得到根本解决。", "problem", "asserted"),
    ("41.3%的受访者选择了“【活动形式单一】”。", "problem", "asserted"),
    ("究其原因，主要是【责任压得不实】。", "cause", "asserted"),
    ("有的【找不准切入点】，劲使不到一处。", "problem", "asserted"),
    ("个别支部【走过场】，群众看在眼里。", "countermeasure", "asserted"),
    ("整治【形式主义】，为基层松绑。", "practice", "addressed"),
    ("要坚决防止【朝令夕改】、主观随意。", "countermeasure", "addressed"),
    ("主题宜小，【形式单一】不行。", "countermeasure", "addressed"),
    ("对【责任缺失】的严肃问责。", "countermeasure", "addressed"),
    ("坚决不搞【表面文章】。", "background", "addressed"),
    ("“【灯下黑】”问题必然解决。", "background", "addressed"),
    ("针对【人手不足】的实际，招录专职人员。", "practice", "addressed"),
    ("有效解决了【人手不足】的问题。", "practice", "improved"),
    ("【走过场】现象基本绝迹。", "practice", "improved"),
    ("活动由【形式单一】变为丰富多样。", "practice", "improved"),
    ("推动活动由【形式单一】变为丰富多样。", "countermeasure", "addressed"),
    ("确保【走过场】问题得到有效解决。", "countermeasure", "addressed"),
    ("抽查中未发现【走过场】的情况。", "practice", "negated"),
    ("如果还是【老三样】，党员容易厌倦。", "countermeasure", "supposed"),
    ("离开党建抓党务，就容易出现“【两张皮】”问题。", "problem", "supposed"),
    ("巡察组指出，该局【党务力量薄弱】。", "background", "quoted"),
    ("书记强调：“要坚决整治机关“【灯下黑】”问题。”", "background", "quoted"),
    ("一名支部书记坦言，【人手不足】是实情。", "problem", "quoted"),
    ("对照巡视反馈的问题，还存在【走过场】现象。", "problem", "asserted"),
]


@pytest.mark.parametrize(("marked", "role", "expected"), CASES)
def test_stance(marked, role, expected):
    assert stance(marked, role) == expected


def test_precedence_quoted_before_addressed_before_supposed():
    assert stance("书记强调：“要防止【走过场】。”", "background") == "quoted"
    assert stance("一旦松懈，就要防止【走过场】反弹。", "background") == "addressed"


def test_rulings_come_first_and_words_of_a_finding_last():
    scopes = [(stance_, scope) for stance_, scope, _ in RULES.rows]
    assert scopes[0][0] == "asserted" and scopes[0][1] != "sentence"
    assert scopes[-1] == ("asserted", "sentence")
    assert len(RULES.rows) == len(BOOK["stance_patterns"])


def test_printed_brackets_are_not_taken_for_the_mark():
    text = "【摘要】防止走过场现象。"
    start = text.index("走过场")
    assert find_cue(text, start, start + 3, "background", RULES) == "addressed"
