"""Roles of sentences and passages, with their reasons and margins.

First the mechanism, with hand-made models; then the codebook's models on a whole report and speech.
"""

import csv
from math import exp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score
from toys_structure import BODY, DEFECT, DEMAND, PLAIN, TITLE, genre_of, split, tag, tagged
from toys_themes import with_learned

from analysis.role_decisions import UNREASONED, ContextModel
from analysis.roles import find_places
from analysis.sections import TEXT_ROLES
from analysis.textmodel import INTERCEPT
from analysis.vocabulary import ROLES

GOLD = Path(__file__).parents[1] / "data" / "gold" / "sentences.tsv"
PROBLEMS = f"{TITLE}一、存在的问题\n"
SIGNPOST = "一级标题"

# --- the mechanism ---
EVEN = (INTERCEPT, 0.0, " ".join(f"{role}=0.0" for role in TEXT_ROLES))


def weights(**by_feature):
    """Rows of ``learned_context.csv``: ``group_what={role: weight}``."""
    return [
        (name.replace("_", ":", 1), role, weight)
        for name, by_role in by_feature.items()
        for role, weight in by_role.items()
    ]


def share(sums, role):
    """Softmax by hand; roles not named have the sum 0."""
    total = sum(exp(sums.get(other, 0.0)) for other in TEXT_ROLES)
    return exp(sums.get(role, 0.0)) / total


def test_the_parts_of_each_group_are_added_up(book):
    rows = weights(
        heading_problem={"problem": 2.0, "cause": 0.5},
        heading_outer_problem={"problem": 1.0},
        place_share={"practice": -1.0},
        issue_words={"issue": 9.0},
    )
    features = {"heading:problem": 1.0, "heading:outer_problem": 0.5, "place:share": 0.25, "x:y": 3}
    model = ContextModel(with_learned(book, context=rows))
    rows = pd.DataFrame([{}, features]).fillna(0)
    parts = dict(zip(model.groups, model.add_up(rows)[:, :, 1].tolist(), strict=True))
    assert parts.pop("heading") == [2.5, 0.5, 0, 0, 0]
    assert parts.pop("place") == [0, 0, 0, -0.25, 0]
    assert not np.any([*parts.values()])
    assert not model.add_up(rows.iloc[:1]).any()


def test_the_role_with_the_larger_sum_wins_by_the_difference_of_the_shares(book):
    rows = weights(
        heading_problem={"problem": 2.0, "countermeasure": 0.5},
        genre_report={"countermeasure": 1.0},
    )
    row = tagged(f"{PROBLEMS}{PLAIN}\n", with_learned(book, context=rows))[0].loc[PLAIN]
    sums = {"problem": 2.0, "countermeasure": 1.5}
    margin = share(sums, "problem") - share(sums, "countermeasure")
    assert row["role"] == "problem"
    assert row["role_margin"] == pytest.approx(margin, abs=1e-4)
    assert row["role_basis"] == "标题“一、存在的问题”"


def test_genre_and_place_are_no_reason_that_can_be_quoted(book):
    rows = weights(genre_report={"practice": 3.0}, heading_problem={"problem": 2.0})
    row = tagged(f"{PROBLEMS}{PLAIN}\n", with_learned(book, context=rows))[0].loc[PLAIN]
    assert row[["role", "role_basis"]].tolist() == ["practice", UNREASONED]


def test_words_of_the_wording_are_quoted(book):
    rows = weights(pattern_problem={"problem": 2.0}, heading_problem={"problem": 2.0})
    row = tagged(f"{PROBLEMS}{DEFECT}\n", with_learned(book, context=rows))[0].loc[DEFECT]
    assert row["role_basis"] == "用语：不强；标题“一、存在的问题”"


def test_weak_reasons_are_not_quoted(book):
    rows = weights(pattern_problem={"problem": 2.0}, heading_problem={"problem": 0.1})
    row = tagged(f"{PROBLEMS}{DEFECT}\n", with_learned(book, context=rows))[0].loc[DEFECT]
    assert row["role_basis"] == "用语：不强"


def test_where_no_pattern_hits_the_stretches_of_the_word_model_are_quoted(book):
    ngrams = [EVEN, ("季", 1.0, "practice=4.0"), ("度", 1.0, "practice=4.0")]
    model = with_learned(book, ngrams, weights(own_practice={"practice": 1.0}))
    row = tagged(f"{PROBLEMS}{PLAIN}\n", model)[0].loc[PLAIN]
    assert row[["role", "role_basis"]].tolist() == ["practice", "用语：季度"]


@pytest.mark.parametrize(
    ("feature", "source", "basis"),
    [
        ("before_problem", f"{DEFECT}{PLAIN}\n", "随上文"),
        ("before2_problem", f"{DEFECT}{DEMAND}{PLAIN}\n", "随上文"),
        ("above_problem", f"{DEFECT}\n{PLAIN}\n", "随上文"),
        ("behind_problem", f"{PLAIN}{DEFECT}\n", "随下文"),
        ("passage_problem", f"{DEFECT}{DEMAND}{DEMAND}{PLAIN}\n", "同段以此类表述为主"),
        ("section_problem", f"{DEFECT}\n{DEMAND}\n{PLAIN}\n", "同一部分以此类表述为主"),
        # a neighbour in another paragraph is none
        ("before_problem", f"{DEFECT}\n{PLAIN}\n", UNREASONED),
        ("behind_problem", f"{PLAIN}\n{DEFECT}\n", UNREASONED),
    ],
)
def test_neighbours_decide_and_are_named(book, feature, source, basis):
    strong = [EVEN, ("强", 1.0, "problem=20.0")]  # of these sentences only DEFECT holds it
    context = weights(**{feature: {"problem": 6.0}}, genre_report={"background": 1.0})
    row = tagged(f"{PROBLEMS}{source}", with_learned(book, strong, context))[0].loc[PLAIN]
    assert row["role"] == ("background" if basis == UNREASONED else "problem")
    assert row["role_basis"] == basis


def test_a_label_holds_until_the_next_label_or_heading(book):
    source = (
        f"{TITLE}一、存在的问题\n【表现】甲支部{PLAIN}乙支部{PLAIN}\n丙支部{PLAIN}\n"
        f"【成因】丁支部{PLAIN}\n戊支部{PLAIN}\n二、对策建议\n己支部{PLAIN}\n"
    )
    parts = split(source, book)
    _, places = find_places(parts.sentences, parts.passages, book)
    found = {
        place.text.removeprefix("【表现】").removeprefix("【成因】")[0]: place.section.role
        for place in places.values()
    }
    assert found == dict.fromkeys("甲乙丙", "problem") | dict.fromkeys("丁戊", "cause") | {
        "己": "countermeasure"
    }
    bases = [place.section.basis for place in places.values()]
    assert bases == ["标签“表现”"] * 3 + ["标签“成因”"] * 2 + ["标题“二、对策建议”"]


def test_a_missing_genre_counts_as_a_report(book):
    source = f"{PROBLEMS}{DEMAND}\n"
    missing, report, speech = (tag(source, book, genre)[0] for genre in (None, "report", "speech"))
    pd.testing.assert_frame_equal(missing, report)
    assert not missing["role_margin"].equals(speech["role_margin"])


@pytest.mark.parametrize(
    ("source", "heading", "basis"),
    [
        (f"一、存在的问题\n{DEFECT}\n", "一、存在的问题", SIGNPOST),
        (f"一、展望未来\n{PLAIN}\n", "一、展望未来", SIGNPOST),
        (f"一、队伍建设情况\n（一）存在问题\n{DEFECT}\n", "（一）存在问题", "标题只说明部分的性质"),
        ("", TITLE.strip(), "题目"),
    ],
)
def test_bare_headings(book, source, heading, basis):
    rows, _ = tagged(f"{TITLE}{source}{BODY}\n", book)
    row = rows.loc[heading]
    assert (row["role"], row["role_basis"], row["role_margin"]) == ("heading", basis, 1.0)


@pytest.mark.parametrize("heading", ["（一）责任落实不到位", "（一）思想认识方面的突出问题和不足"])
def test_a_heading_that_claims_something_is_no_bare_heading(book, heading):
    rows, _ = tagged(f"{TITLE}一、存在的问题\n{heading}\n{DEFECT}\n", book)
    assert rows.loc[heading, "role"] == "problem"


def test_a_heading_that_ends_a_sentence_is_no_bare_heading(book):
    rows, _ = tagged(f"{TITLE}一、存在的问题。{DEFECT}\n", book)
    assert rows.loc["一、存在的问题。", ["heading_level", "role"]].tolist() == [1, "problem"]


@pytest.mark.parametrize(
    ("section", "expected"), [("三、原因分析", "heading"), ("二、存在问题", "problem")]
)
def test_a_short_topic_line_is_a_heading_but_a_claim_among_problems(book, section, expected):
    source = f"{TITLE}{BODY}\n{section}\n（一）认知维度\n{PLAIN}{PLAIN}\n（二）制度维度\n{PLAIN}\n"
    rows, _ = tagged(source, book)
    assert rows.loc["（一）认知维度", "role"] == expected


def test_noise_keeps_its_reason(book):
    rows, passages = tagged(f"{TITLE}某市直机关工委\n{BODY}\n", book)
    assert rows.loc["某市直机关工委", ["role", "role_basis"]].tolist() == [
        "noise",
        "署名、日期或来源",
    ]
    assert passages["role"].tolist()[:2] == ["heading", "noise"]


def test_a_passage_has_the_role_of_most_of_its_characters_and_counts_its_sentences(book):
    rows = {f"pattern_{role}": {role: 3.0} for role in TEXT_ROLES}
    source = f"{TITLE}{DEFECT}{DEMAND}必须把责任扛起来，务必抓出成效。\n"
    rows, passages = tagged(source, with_learned(book, context=weights(**rows)))
    last = passages.iloc[-1]
    assert rows["role"].tolist()[1:] == ["problem", "countermeasure", "countermeasure"]
    assert last["role"] == "countermeasure"
    assert (last["problem_sentences"], last["countermeasure_sentences"]) == (1, 2)
    assert passages["problem_sentences"].tolist()[:-1] == [0] * (len(passages) - 1)


def test_an_empty_report(book):
    sentences, passages = tag("", book)
    assert sentences.empty and passages.empty


# --- the codebook's models on a whole report and a whole speech ---
REPORT = """\
关于全县机关党建工作情况的调研报告
为摸清全县机关党建工作的底数，近期，县直机关工委采取座谈交流、问卷调查、实地走访等方式，对58个县直单位开展了专题调研。现将有关情况报告如下。
一、主要做法
（一）抓实理论武装。各单位坚持把政治学习摆在首位，全年组织集中学习和专题研讨三百余场次。建立党组书记领学、支部书记导学的制度，党员参学率明显提升。{practice}
（二）建强基层组织。先后整顿软弱涣散支部6个，打造示范支部12个。县委连续三年表彰先进支部，党员的归属感不断增强。
二、存在的主要问题
（一）思想认识不到位。有的单位负责同志认为党建是虚功，工作上说起来重要、做起来次要。个别支部书记对自己的职责说不清楚。{problem}
（二）组织生活质量不高。一些支部学习就是念文件，讨论发言照着稿子读。主题党日形式单一，对年轻党员缺乏吸引力。
（三）党务力量薄弱。58个单位中专职党务干部只有9人，其余都是兼职。有的党务干部几年没有参加过培训。
三、原因分析
（一）责任没有压实。上级部署多、检查少，压力传到支部就减弱了。一些党组书记没有把党建当作主业来抓。{cause}
（二）考核导向有偏差。考核主要看台账厚不厚，很少看群众认不认可，支部自然把功夫下在材料上。
四、对策建议
（一）压实主体责任。健全党组书记抓党建述职评议制度，把评议结果与干部使用挂钩。要层层签订责任清单，推动责任落到支部。{countermeasure}
（二）提升组织生活质量。推行主题党日菜单制，让党员自己点题。加强分类指导，防止一个模式套到底。
（三）建强党务队伍。按照不低于编制百分之一的比例配备专职党务干部。定期组织轮训，把党务岗位作为培养干部的重要平台。
"""
SPEECH = """\
在全市机关党建工作推进会上的讲话
（2024年3月5日）
同志们：
今天召开这次会议，主要任务是总结去年工作，部署今年任务。刚才，三个单位作了交流发言，讲得都很好。
一、充分肯定成绩，认清机关党建的新形势
去年以来，各级机关党组织认真落实市委部署，新建示范支部40个，党员志愿服务时长超过三万小时。习近平总书记强调，机关党建是机关建设的根本保证。{practice}
二、正视存在的问题，增强抓党建的紧迫感
调研中也看到，有的单位把党建当成软任务，年初开个会、年底写个总结。有的支部组织生活不严肃，批评和自我批评蜻蜓点水。{problem}这些问题必须引起高度重视。
三、突出工作重点，推动机关党建再上台阶
一要强化政治引领。要把学习贯彻党的创新理论作为首要任务，学深悟透、真信笃行。二要夯实基层基础。要抓好支部书记这个关键，选优配强，从严管理。{countermeasure}
同志们，做好机关党建工作责任重大。让我们更加紧密地团结起来，真抓实干，为全市高质量发展作出新的贡献！
"""
SECTIONS = ("practice", "problem", "cause", "countermeasure")
OPEN = [  # sentences whose words leave the role open
    "支部党员大会每季度召开一次，由支部书记主持。",
    "党员教育的课程由机关工委统一安排。",
    "支部书记由业务科室负责人担任，每人联系两三个项目。",
    "各支部的党费按月收缴，每半年公示一次。",
]
DEMANDS = [DEMAND, "各单位要把责任扛起来，一件一件抓出成效。"]


def in_report(book, added=None, old="", new=""):
    """The report with sentences added at the end of the first point of their section."""
    source = REPORT.format_map(dict.fromkeys(SECTIONS, "") | (added or {}))
    assert old in source
    return tagged(source.replace(old, new, 1) if old else source, book)[0]


def in_speech(book, **added):
    source = SPEECH.format_map(dict.fromkeys(("practice", "problem", "countermeasure"), "") | added)
    return tagged(source, book, "speech")[0]


def expected_roles(rows):
    """By section; the introduction is background."""
    role, found = "background", []
    kinds = dict(zip("一二三四", SECTIONS, strict=True))
    for text, level in zip(rows.index, rows["heading_level"].fillna(9), strict=True):
        role = kinds[text[0]] if level == 1 else role
        found.append("heading" if level < 2 else role)
    return found


def test_a_report_with_clear_sections(book):
    rows = in_report(book)
    expected = expected_roles(rows)
    assert len(rows) >= 30 and set(expected) == {*TEXT_ROLES, "heading"}
    assert (rows["role"] != expected).sum() <= 1


@pytest.mark.parametrize("sentence", [*OPEN, DEFECT])
@pytest.mark.parametrize("section", SECTIONS)
def test_the_section_decides_where_words_leave_it_open(book, section, sentence):
    row = in_report(book, {section: sentence}).loc[sentence]
    assert row["role"] == section
    assert "标题“" in row["role_basis"]


def test_a_demand_and_a_deed_follow_their_section_in_a_report(book):
    for section in ("practice", "countermeasure"):
        assert in_report(book, {section: DEMAND}).loc[DEMAND, "role"] == section


def test_strong_words_object_to_the_section(book):
    cause, quote = (
        "究其根源，主要原因是认识不到位。",
        "习近平总书记强调，机关党建是机关建设的根本保证。",
    )
    rows = in_report(book, {"problem": cause, "countermeasure": quote})
    assert rows.loc[[cause, quote], "role"].tolist() == ["cause", "background"]
    assert "究其根源" in rows.loc[cause, "role_basis"]
    assert "标题" not in rows.loc[cause, "role_basis"]


@pytest.mark.parametrize(
    "heading", ["（一）强化责任落实。", "（一）支部党员大会。", "（一）队伍建设。"]
)
@pytest.mark.parametrize(
    ("section", "old"),
    [
        ("practice", "（一）抓实理论武装。"),
        ("problem", "（一）思想认识不到位。"),
        ("countermeasure", "（一）压实主体责任。"),
    ],
)
def test_a_run_in_heading_takes_the_role_of_its_section(book, section, old, heading):
    row = in_report(book, old=old, new=heading).loc[heading]
    assert row[["heading_level", "role"]].tolist() == [2, section]


@pytest.mark.parametrize(
    ("section", "old", "new"),
    [
        ("problem", "二、存在的主要问题", "二、灵魂与根基"),
        ("countermeasure", "四、对策建议", "四、展望未来"),
    ],
)
def test_content_decides_where_the_heading_does_not(book, section, old, new):
    rows = in_report(book, old=old, new=new)
    below = np.array(expected_roles(rows)) == section
    assert below.sum() >= 8
    assert (rows.loc[below, "role"] == section).mean() >= 0.85


def test_without_any_heading_the_words_and_the_neighbours_decide(book):
    headed = in_report(book)
    kept = [text for text, level in headed["heading_level"].items() if pd.isna(level)]
    rows = tagged(TITLE + "".join(kept), book)[0]
    same = rows.loc[kept, "role"].to_numpy() == headed.loc[kept, "role"].to_numpy()
    assert not rows["heading_level"].iloc[1:].notna().any()
    assert same.mean() >= 0.75


def test_words_that_decide_are_named(book):
    row = in_report(book).loc["主题党日形式单一，对年轻党员缺乏吸引力。"]
    assert "标题“二、存在的主要问题”" in row["role_basis"]
    assert "单一" in row["role_basis"]


def test_reasons_that_agree_give_a_greater_margin(book):
    margins = [
        in_report(book, {"problem": text}).loc[text, "role_margin"]
        for text in (DEFECT, OPEN[0], DEMAND)
    ]
    assert margins == sorted(margins, reverse=True)
    assert margins[0] > margins[2] + 0.1


@pytest.mark.parametrize("sentence", DEMANDS)
@pytest.mark.parametrize("section", ["practice", "problem", "countermeasure"])
def test_in_a_speech_a_plain_demand_is_a_countermeasure_wherever_it_stands(book, section, sentence):
    row = in_speech(book, **{section: sentence}).loc[sentence]
    assert row["role"] == "countermeasure"
    assert "用语：" in row["role_basis"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("累计培训党务干部三千人次，取得明显成效。", "practice"),
        ("习近平总书记强调，要抓基层、打基础。", "background"),
    ],
)
@pytest.mark.parametrize("section", ["practice", "problem"])
def test_in_a_speech_the_words_decide(book, section, sentence, expected):
    assert in_speech(book, **{section: sentence}).loc[sentence, "role"] == expected


def test_in_a_speech_what_claims_nothing_is_a_demand(book):
    row = in_speech(book, countermeasure=OPEN[0]).loc[OPEN[0]]
    assert row["role"] == "countermeasure"


def test_a_speech_opens_with_its_occasion_and_tells_its_problems(book):
    roles = in_speech(book)["role"]
    opening = roles[roles.index.str.startswith(("今天", "刚才"))]
    assert opening.tolist() == ["background", "background"]
    assert (roles[roles.index.str.contains("有的单位|有的支部")] == "problem").all()
    assert roles[roles.index.str.startswith("让我们")].tolist() == ["countermeasure"]
    assert set(roles[roles.index.str.contains("^同志们：$|年3月")]) == {"noise"}


# --- the five ---
@pytest.fixture(scope="module")
def of_the_five(book, reports):
    return {name: tag(source, book, genre_of(name)) for name, source in reports.items()}


def test_every_sentence_of_the_five_has_role_reason_and_margin(of_the_five):
    rows = pd.concat(sentences for sentences, _ in of_the_five.values())
    assert rows["role"].isin(ROLES).all()
    assert rows["role_basis"].str.len().gt(0).all()
    assert rows["role_margin"].between(0, 1).all()


def test_agreement_with_the_reader_of_the_five(of_the_five):
    gold = pd.read_csv(GOLD, sep="\t", quoting=csv.QUOTE_NONE)
    assert len(gold) == 507
    found = [_overlapping(of_the_five[row.report][0], row) for row in gold.itertuples()]
    by_role = dict(
        zip(ROLES, f1_score(gold["role"], found, labels=ROLES, average=None), strict=True)
    )
    assert by_role["problem"] >= 0.95
    assert by_role["countermeasure"] >= 0.93
    del by_role["cause"]  # one sentence of 507: no target can rest on it
    assert sum(by_role.values()) / len(by_role) >= 0.92


def _overlapping(rows, gold):
    """Role of the sentence that overlaps a labelled one most."""
    shared = rows["end"].clip(upper=gold.end) - rows["start"].clip(lower=gold.start)
    return rows.loc[shared.idxmax(), "role"]
