from pathlib import Path

import opencc
import pandas as pd
import pytest

from analysis.catalogue import (
    apply_catalogue,
    check_catalogue,
    describe_report,
    load_catalogue,
)
from analysis.catalogue.clues import Clue
from analysis.catalogue.dates import format_date, to_number
from analysis.catalogue.script import find_script
from analysis.catalogue.weighing import weigh
from analysis.codebook import load_codebook
from analysis.reading import find_reports, read_source
from analysis.schema import TABLES, check, empty
from analysis.structure import split_report, to_simplified
from analysis.vocabulary import GENRES, LEVELS

DATA = Path(__file__).parents[1] / "data"
FIELDS = ("title", "level", "region", "issuer", "date", "genre")


@pytest.fixture(scope="module")
def book():
    return load_codebook(DATA / "codebook")


def sentences(*rows):
    """Toy sentences, a line each: (text, role, heading level); and their source."""
    source, table = "", []
    for text, role, level in rows:
        table.append((len(source), len(source) + len(text), text, role, level))
        source += text + "\n"
    frame = pd.DataFrame(table, columns=["start", "end", "text", "role", "heading_level"])
    frame["role"] = frame["role"].astype("str")
    frame["heading_level"] = frame["heading_level"].astype("Int64")
    return source, frame


def describe(book, title, *body, head=(), tail=()):
    rows = [(title, None, 0)] if title else []
    rows += [(text, "noise", None) for text in head]
    rows += [(text, None, None) for text in body]
    rows += [(text, "noise", None) for text in tail]
    source, frame = sentences(*rows)
    return describe_report("甲", "甲.txt", source, frame, book)


# --- the patterns -------------------------------------------------------------------------------


def test_every_pattern_hits_its_example_and_misses_its_counterexample(book):
    wrong = [
        row.pattern
        for row in book["catalogue_patterns"].itertuples()
        if not row.compiled.search(row.example) or row.compiled.search(row.counterexample)
    ]
    assert wrong == []


def test_values_exist_and_what_is_caught_has_a_group(book):
    allowed = {"level": LEVELS, "genre": GENRES}
    for row in book["catalogue_patterns"].itertuples():
        if row.field in allowed:
            assert row.value in allowed[row.field], row.pattern
        else:
            group = "year" if row.field == "date" else row.field
            assert group in row.compiled.groupindex, row.pattern


# --- weighing -----------------------------------------------------------------------------------


def clue(value, confidence, *, pattern=None, prominent=False):
    return Clue(pattern or value, value, confidence, "body", prominent, f"“{value}”", 0)


def test_weights_by_hand():
    assert weigh([]).value is None
    # one clue: its own confidence
    assert weigh([clue("city", 0.5)]).confidence == 0.5
    # two patterns of .5: 1 − .5 · .5; in the opening twice the weight, so the same
    assert weigh([clue("city", 0.5), clue("city", 0.5, pattern="b")]).confidence == 0.75
    assert weigh([clue("city", 0.5, prominent=True)]).confidence == 0.75
    # .75 against .5: weights 2 ln 2 and ln 2, so .75 · (1 − 1/2)
    found = weigh([clue("city", 0.75), clue("county", 0.5)])
    assert (found.value, found.rival) == ("city", "county")
    assert found.confidence == pytest.approx(0.375)
    assert found.support == pytest.approx(0.75)


def test_repeating_one_pattern_counts_less_than_new_ones():
    same = weigh([clue("city", 0.5)] * 2).confidence
    assert 0.5 < same < 0.75


def test_a_tie_is_no_decision():
    assert weigh([clue("city", 0.9), clue("county", 0.9)]).confidence == 0


# --- level --------------------------------------------------------------------------------------

OWN_WORDS = {
    "province": "省直机关党组织共有三千个，我省机关党建工作取得新进展，各市州也作了探索。",
    "city": "市直机关工委围绕机关党建进行专题调研，全市各级机关认真落实工作要求。",
    "county": "我县机关党组织共有一百个，县直单位普遍重视，县委多次研究机关党建工作。",
    "district": "区直机关工委对八十个区直部门开展调研，我区机关党建总体平稳，各镇街参与。",
    "township": "我镇下辖十二个村，镇党委每季度专题研究党建，全镇共有党支部三十二个。",
    "unit": "近年来，我局党组坚持围绕中心抓党建，局机关党委督促各处室党支部落实责任。",
}
SUPERIORS = {
    "province": "落实中央要求。",
    "city": "省委巡视、省委督查都曾指出这一问题，全省会议作了部署，省直机关也有类似情况。",
    "county": "市委、市直机关工委多次来调研指导，全市会议作了部署，省委也提出要求。",
    "district": "市委、市直机关工委多次来调研指导，全市会议作了部署，省委也提出要求。",
    "township": "县委组织部给予肯定，全县现场会在这里召开，县直机关结对帮扶，市委也提出要求。",
    "unit": "市直机关工委列为试点，全市系统会议多次部署，市委巡察反馈问题已整改。",
}


@pytest.mark.parametrize("level", OWN_WORDS)
def test_own_office_decides_not_the_superior(book, level):
    row = describe(book, "机关党建工作调研报告", OWN_WORDS[level], SUPERIORS[level])
    assert row["level"] == level
    assert row["level_confidence"] >= 0.25
    assert row["level_basis"] in OWN_WORDS[level] + SUPERIORS[level]


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("在省直机关党的工作会议上的讲话", "province"),
        ("2024年全市机关党的建设工作要点", "city"),
        ("州直机关党建工作存在的问题及对策", "city"),
        ("关于X市机关党建工作的调研报告", "city"),
        ("湖南省岳阳市机关党建调研", "city"),
        ("关于岳阳市岳阳楼区机关党建的调研", "district"),
        ("在市委党校春季班开班式上的讲话", "unstated"),
        ("关于做好新形势下县直机关党建工作的调研报告", "county"),
        ("旗直机关基层党建调研报告", "county"),
        ("在全区机关党建工作推进会上的讲话", "district"),
        ("街道党工委书记在党建观摩讲评会上的讲话", "township"),
        ("某镇基层党建工作情况汇报", "township"),
        ("乡镇在全县党建引领基层治理推进会上的汇报发言", "township"),
        ("公司党委抓基层党建工作情况报告", "unit"),
        ("市财政局机关党建工作调研报告", "unit"),
        ("医院党建与业务融合研究", "unit"),
        ("新时代机关党建高质量发展的思考", "unstated"),
        ("在全市机关党建工作会议上的交流发言", "unstated"),
        ("服务全局、健全区域化党建机制研究", "unstated"),
    ],
)
def test_level_from_the_title(book, title, level):
    assert describe(book, title, "有的党组织重业务轻党建。")["level"] == level


@pytest.mark.parametrize(
    ("byline", "level", "region"),
    [
        ("中央和国家机关工委课题组", "central", None),
        ("自然资源部机关党委", "central", None),
        ("湖北省委直属机关工委课题组", "province", "湖北省"),
        ("广西壮族自治区直属机关工委", "province", "广西壮族自治区"),
        ("北京市委市直机关工委课题组", "province", "北京市"),
        ("中共岳阳市委市直机关工作委员会", "city", "岳阳市"),
        ("中共杭州市余杭区委直属机关工作委员会", "district", "杭州市余杭区"),
        ("中共某县委直属机关工作委员会", "county", None),
        ("某市财政局机关党委", "unit", None),
        ("岳阳市财政局机关党委", "unit", "岳阳市"),
    ],
)
def test_level_region_and_issuer_from_the_byline(book, byline, level, region):
    row = describe(book, "机关党建质量研究", "有的党组织重业务轻党建。", head=[byline])
    assert row["level"] == level
    assert row["issuer"] == byline
    assert row["region"] == region


def test_whole_region_of_an_autonomous_region_is_a_province(book):
    row = describe(
        book,
        "区直机关党组织建设年工作汇报",
        "自治区党委召开大会后，区直机关各级党组织积极响应，区直工委下发意见，全区上下行动起来。",
    )
    assert row["level"] == "province"


@pytest.mark.parametrize(
    "body",
    [
        "习近平总书记在中央和国家机关党的建设工作会议上强调，机关党建要走在前、作表率。",
        "结合省委巡视、市委巡察情况看，各级机关党建仍有薄弱环节。",
        "江苏省委、浙江省委出台意见，可以借鉴；某机关利用浙江红色资源举办讲座。",
        "各单位党组要站在全局高度，健全市场监管、社区委员会、自治区域等各项机制。",
    ],
)
def test_superiors_and_examples_do_not_decide(book, body):
    row = describe(book, "新时代机关党建质量研究", body)
    assert row["level"] == "unstated"
    assert row["level_basis"].startswith(("文中未见", "线索太少"))
    assert row["region"] is None


def test_contradiction_is_said_with_both_quotes(book):
    row = describe(book, "调研报告", "市直机关要落实责任。", "县直机关要落实责任。")
    assert row["level"] == "unstated"
    assert "线索不一致" in row["level_basis"]
    assert "市直机关" in row["level_basis"]
    assert "县直机关" in row["level_basis"]


# --- genre --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("在全县机关党建工作会议上的讲话", "speech"),
        ("2024年机关党的建设工作会议讲话二", "speech"),
        ("在调研座谈会上的发言提纲", "speech"),
        ("党课：坚定理想信念 永葆政治本色", "speech"),
        ("关于加强机关党建的意见落实情况的调研报告", "report"),
        ("抓基层党建工作述职报告", "report"),
        ("机关党建工作经验材料", "report"),
        ("关于机关党建的几点思考", "report"),
        ("市直机关党的建设工作要点", "plan"),
        ("关于印发《模范机关创建工作实施方案》的通知", "plan"),
        ("加强机关党建调研工作的实施意见", "plan"),
        ("学习党的二十大精神心得体会", "other"),
    ],
)
def test_genre_from_the_title(book, title, genre):
    row = describe(book, title, "机关党建要走在前、作表率。")
    assert row["genre"] == genre
    assert row["genre_basis"] == title


def test_genre_from_the_words_of_the_text(book):
    speech = ["同志们：", "今天我们召开机关党建工作会议。", "下面，我讲三点意见。"]
    assert describe(book, None, *speech)["genre"] == "speech"
    report = ["课题组采取问卷、座谈等方式开展调研，现将有关情况报告如下。"]
    assert describe(book, None, *report)["genre"] == "report"
    plan = ["为加强机关党的建设，结合工作实际，制定本方案。"]
    assert describe(book, None, *plan)["genre"] == "plan"
    row = describe(book, None, "机关党建是机关建设的根本保证。")
    assert (row["genre"], row["genre_basis"]) == ("other", "题目和正文未见说明文种的词语")


def test_a_salutation_alone_does_not_outweigh_the_title(book):
    row = describe(book, "机关党建质量研究报告", "机关党建要走在前。", head=["同志们："])
    assert row["genre"] == "report"
    assert row["genre_confidence"] < 0.9  # but it is felt


# --- date, title, script ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "tail", "date"),
    [
        (["（2024年3月5日）"], [], "2024-03-05"),
        (["2024-03-03 03:14湖北省委直属机关工委课题组"], [], "2024-03-03"),
        (["发布时间：2023/11/2"], [], "2023-11-02"),
        ([], ["二〇二三年十月"], "2023-10"),
        ([], ["二○二三年十一月二十八日"], "2023-11-28"),
        (["党员生活·下 2024年2期"], [], "2024"),
        ([], [], None),
    ],
)
def test_date_from_byline_and_signature(book, head, tail, date):
    body = "2019年7月9日，习近平总书记在中央和国家机关党的建设工作会议上对调研提出要求，意义重大。"
    assert describe(book, "机关党建研究", body, head=head, tail=tail)["date"] == date


def test_date_from_the_title_and_from_the_survey(book):
    assert describe(book, "2024年机关党建工作要点")["date"] == "2024"
    body = "2023年以来，工委聚焦机关党建开展课题调研。"
    row = describe(book, "机关党建研究", body)
    assert (row["date"], row["date_confidence"]) == ("2023", 0.45)


def test_format_date():
    assert format_date(2024, 3, 5) == "2024-03-05"
    assert format_date(2024, 13, 5) == "2024"
    assert format_date(2024, 3, 32) == "2024-03"
    assert format_date(None, 3, 5) is None
    assert to_number("十十") == 10  # no number, but no crash either
    assert [to_number(text) for text in ("2024", "二〇二四", "二十八", "十", "三十", None)] == [
        2024,
        2024,
        28,
        10,
        30,
        None,
    ]


def test_no_title(book):
    row = describe(book, None, "机关党建是机关建设的根本保证。")
    assert (row["title"], row["title_basis"], row["title_confidence"]) == (None, "未识别出题目", 0)


def test_quote_of_a_traditional_text_is_as_printed(book):
    source = "縣直機關黨建調研報告\n縣直機關黨務幹部以兼職為主。\n"
    frame = sentences(
        (to_simplified("縣直機關黨建調研報告"), None, 0),
        (to_simplified("縣直機關黨務幹部以兼職為主。"), None, None),
    )[1]
    row = describe_report("甲", "甲.txt", source, frame, book)
    assert row["script"] == "traditional"
    assert row["level_basis"] == "縣直機關黨建調研報告"
    assert row["title"] == "县直机关党建调研报告"


def test_quote_where_edits_changed_the_length(book):
    source = "县##m##直机关党务干部以兼职为主，全县情况相近。"
    frame = sentences(("县直机关党务干部以兼职为主，全县情况相近。", None, None))[1]
    frame["end"] = len(source)
    row = describe_report("甲", "甲.txt", source, frame, book)
    assert row["level"] == "county"
    assert row["level_basis"] in source


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("加强机关党建工作", "simplified"),
        ("加強機關黨建工作", "traditional"),
        ("加強機關黨建，党员", "traditional"),
        ("皇后在里面，干了", "simplified"),
        ("", "simplified"),
    ],
)
def test_script(text, script):
    assert find_script(text) == script


def test_columns_fit_the_table(book):
    row = describe(book, "机关党建研究", "县直机关党务干部以兼职为主。")
    rest = {"sha256", "characters", "noise_characters", "problem_section", "status", "message"}
    assert set(TABLES["reports"].names) - rest == set(row)


def test_empty_report(book):
    source, frame = sentences()
    row = describe_report("甲", "甲.txt", source, frame, book)
    assert (row["level"], row["genre"]) == ("unstated", "other")


# --- short texts in the wording of every level ------------------------------------------------

TOYS = (Path(__file__).parent / "toys_catalogue.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("line", TOYS, ids=[str(n) for n in range(len(TOYS))])
def test_short_texts(book, line):
    level, genre, text = line.split("\t")
    text = text.replace("⏎", "\n")
    row = describe_report("甲", "甲.txt", text, split_report("甲", text, book).sentences, book)
    assert (row["level"], row["genre"]) == (level, genre)


# --- traps: each file, its level and place, its text ---------------------------------------------

TRAPS = {
    "a county's name in a city's report": (
        "甲.txt",
        "city",
        "岳阳市",
        "岳阳市机关党建工作调研报告\n"
        "岳阳市委市直机关工委课题组\n"
        "近期，市直机关工委到平江县、华容县和12家市直单位调研。平江县委高度重视，平江县直机关党组织按期换届。\n"
        "一、存在问题\n"
        "平江县机关党建重业务轻党建，华容县直单位党务干部少。县委书记抓机关党建不够。\n",
    ),
    "a province's inspection team in a county's report": (
        "甲.txt",
        "county",
        "平江县",
        "平江县县直机关党建工作情况报告\n"
        "今年3月，湖北省委第三巡视组反馈我县机关党建薄弱，省委巡视组指出县直单位重业务轻党建。\n"
        "一、存在问题\n"
        "省委督查组到平江县督查时发现，有的支部不换届，全省通报了我县。\n",
    ),
    "the inspectors' province is not the county's place": (
        "甲.txt",
        "county",
        None,
        "机关党建工作情况报告\n"
        "今年3月，湖北省委第三巡视组反馈我县机关党建薄弱，湖北省委巡视组指出县直单位重业务轻党建。\n"
        "一、存在问题\n"
        "湖北省委督查组到我县督查时发现，有的支部不换届，全省通报了我县。\n",
    ),
    "counties counted in a province's report": (
        "甲.txt",
        "province",
        "湖南省",
        "湖南省直机关党建工作调研报告\n"
        "湖南省委省直机关工委\n"
        "我省机关党建覆盖全省14个市州、122个县（市、区），课题组走访8个县、15个县直单位，县直机关党员20万名。\n"
        "一、问题\n"
        "有的县直单位无专职党务干部，个别县委书记抓党建不够，县直机关工委人手少，各县（市、区）发展不平衡。\n",
    ),
    "我市 of a municipality": (
        "甲.txt",
        "province",
        "重庆市",
        "机关党建工作调研报告\n"
        "重庆市委市直机关工委\n"
        "近年来，我市各级机关党组织认真落实市委部署，全市机关党建全面提升，市直机关党员5万名，各区县机关工委同步推进。\n"
        "一、问题\n"
        "有的市直单位重业务轻党建。\n",
    ),
    "我市 of a municipality that only the text names": (
        "甲.txt",
        "province",
        "重庆市",
        "机关党建工作调研报告\n"
        "近年来，重庆市委高度重视机关党建，我市各级机关党组织认真落实。重庆市直机关工委开展了调研。\n"
        "一、问题\n"
        "有的市直单位重业务轻党建，全市发展不平衡。\n",
    ),
    "a district of a municipality": (
        "甲.txt",
        "district",
        "北京市朝阳区",
        "区直机关党建工作调研报告\n"
        "中共北京市朝阳区委区直机关工委\n"
        "我区机关党建按照市委、市直机关工委部署推进，全区支部800个。\n"
        "一、问题\n"
        "有的区直单位重业务轻党建。\n",
    ),
    "only the by-line, run on from the title": (
        "甲.txt",
        "county",
        "平江县",
        "机关党建工作存在的问题及对策\n"
        "中共平江县委县直机关工委\n"
        "机关党建是党的建设的重要部分。\n"
        "一、问题\n"
        "有的单位重业务轻党建，有的支部不换届。\n",
    ),
    "only the file name": (
        "平江县-机关党建调研.docx",
        "county",
        "平江县",
        "机关党建工作存在的问题及对策\n"
        "机关党建是党的建设的重要部分。\n"
        "一、问题\n"
        "有的单位重业务轻党建，有的支部不换届。\n",
    ),
    "the level alone in the file name": (
        "市级-报告3.txt",
        "city",
        None,
        "机关党建工作存在的问题及对策\n"
        "机关党建是党的建设的重要部分。\n"
        "一、问题\n"
        "有的单位重业务轻党建，有的支部不换届。\n",
    ),
    "places named as examples": (
        "调研报告（定稿）.txt",
        "unstated",
        None,
        "机关党建工作存在的问题及对策\n"
        "机关党建是党的建设的重要部分，各地各级都有探索，岳阳市、平江县走在前列。\n"
        "一、问题\n"
        "有的单位重业务轻党建，有的支部不换届。\n",
    ),
    "the text decides before the file name": (
        "平江县-机关党建调研.docx",
        "city",
        "岳阳市",
        "机关党建工作存在的问题及对策研究\n"
        "\n"
        "岳阳市委市直机关工委课题组\n\n"
        "近期，市直机关工委到平江县调研，全市机关党建取得进展。\n"
        "一、问题\n"
        "有的市直单位重业务轻党建。\n",
    ),
    "own words against superiors": (
        "甲.txt",
        "county",
        None,
        "我县机关党建工作情况\n"
        "我县机关党建稳步提升，市委组织部、省委督导组来我县调研，县直单位落实。\n"
        "一、问题\n"
        "县直单位有的重业务轻党建。\n",
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_traps(book, trap):
    file, level, region, text = TRAPS[trap]
    frame = split_report("甲", text, book).sentences
    row = describe_report("甲", file, text, frame, book)
    assert (row["level"], row["region"]) == (level, region)
    for field in ("level", "region"):
        if row[field] not in (None, "unstated"):
            assert row[f"{field}_basis"].removeprefix("文件名：") in text + file


# --- the five reports ---------------------------------------------------------------------------

GOLDEN = {
    "city-speech": ("city", "speech", "simplified", None, None, "2024"),
    "city-systems-view": ("city", "report", "simplified", None, "市直机关工委", None),
    "county-organs": ("county", "report", "simplified", None, None, None),
    "hubei-problem-led": (
        "province",
        "report",
        "traditional",
        "湖北省",
        "湖北省委直属机关工委课题组",
        "2024-03-03",
    ),
    "quality-study": ("unstated", "report", "simplified", None, None, None),
}


@pytest.mark.parametrize("report", GOLDEN)
def test_the_five_reports(book, report):
    path = DATA / "reports" / f"{report}.txt"
    source = read_source(path).text
    row = describe_report(
        report, path.name, source, split_report(report, source, book).sentences, book
    )
    keys = ("level", "genre", "script", "region", "issuer", "date")
    assert tuple(row[key] for key in keys) == GOLDEN[report]
    for field in FIELDS:
        if row[field] is not None and row[field] != "unstated":
            assert row[f"{field}_basis"] in source
            assert 0 < row[f"{field}_confidence"] < 1


@pytest.mark.parametrize("report", GOLDEN)
def test_the_other_script_gives_the_same(book, report):
    path = DATA / "reports" / f"{report}.txt"
    source = read_source(path).text
    change = "tw2s" if GOLDEN[report][2] == "traditional" else "s2tw"
    rows = []
    for text in (source, opencc.OpenCC(change).convert(source)):
        frame = split_report(report, text, book).sentences
        rows.append(describe_report(report, path.name, text, frame, book))
    first, second = rows
    assert {first.pop("script"), second.pop("script")} == {"simplified", "traditional"}
    for key in [key for key in first if not key.endswith("_basis")]:
        assert first[key] == second[key], key


# --- the catalogue ------------------------------------------------------------------------------

HEADER = "file,title,level,region,issuer,date,genre,note\n"


def catalogue(tmp_path, *lines):
    path = tmp_path / "reports.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8-sig")
    table, remarks = load_catalogue(path)
    assert remarks == []
    return table


def refused(tmp_path, *lines):
    """Return the files of the rows kept, and the remarks on the others."""
    path = tmp_path / "reports.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8-sig")
    table, remarks = load_catalogue(path)
    return table["file"].tolist(), remarks


def test_a_missing_catalogue_is_an_empty_one(tmp_path):
    table, remarks = load_catalogue(tmp_path / "none.csv")
    pd.testing.assert_frame_equal(table, empty("catalogue"))
    assert remarks == []


def test_the_catalogue_in_the_checkout_names_the_five_and_decides_nothing():
    table, remarks = load_catalogue(DATA / "reports.csv")
    assert remarks == []
    assert table["file"].tolist() == [path.name for path in find_reports(DATA / "reports")]
    assert table.drop(columns="file").isna().all(axis=None)
    assert check_catalogue(table, find_reports(DATA / "reports")) == []


def test_a_row_that_does_not_fit_is_left_out_and_told(tmp_path):
    files, remarks = refused(
        tmp_path,
        "a.txt,,,,,,,",
        "b.txt,,countty,,,,,",
        "c.txt,,,,,,paper,",
        ",题目,,,,,,",
        "d.txt,题目,county,湖北，武汉,工委,2024,report,看过,再看",
        "A.TXT,,city,,,,,",
        "e.txt,,county,,,,,",
    )
    assert files == ["a.txt", "e.txt"]
    assert remarks == [
        "reports.csv 第3行：level “countty” 不在允许的取值中：central、province、city、county、"
        "district、township、unit、unstated；是否想写 county？本次未采用这一行。",
        "reports.csv 第4行：genre “paper” 不在允许的取值中：report、speech、plan、other；请改正。"
        "本次未采用这一行。",
        "reports.csv 第5行：file 不能为空，请填写（文件名）。本次未采用这一行。",
        "reports.csv 第6行：有 9 列，表头是 8 列；单元格里有逗号时请用英文双引号括起来。"
        "本次未采用这一行。",
        "reports.csv 第7行：file “A.TXT” 与第2行重复，请删去或改名。本次未采用这一行。",
    ]


@pytest.mark.parametrize("date", ["去年", "2024-13", "2024-02-40", "24-3-5"])
def test_a_date_that_is_none(tmp_path, date):
    files, remarks = refused(tmp_path, f"a.txt,,,,,{date},,", "b.txt,,,,,2024年3月,,")
    assert files == ["b.txt"]
    assert remarks == [
        f"reports.csv 第2行：date “{date}” 不是日期，应写作 2024、2024-03 或 2024-03-05。"
        "本次未采用这一行。"
    ]


def test_a_catalogue_that_is_none_is_told_in_one_line(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text("文件,层级\n甲.txt,县级\n", encoding="utf-8-sig")
    table, remarks = load_catalogue(path)
    pd.testing.assert_frame_equal(table, empty("catalogue"))
    assert remarks == [
        "reports.csv 第1行：缺少列 “file”（文件名），应有："
        "file、title、level、region、issuer、date、genre、same_as、note。本次未采用这个文件。"
    ]
    path.write_bytes(b"PK\x03\x04")
    (remark,) = load_catalogue(path)[1]
    assert remark.startswith("reports.csv：内容是 Excel 工作簿，不是 CSV；")
    assert remark.endswith("。本次未采用这个文件。")


def test_levels_and_genres_may_be_written_in_chinese(tmp_path):
    table = catalogue(
        tmp_path, "a.txt,,县级,,,,报告,", "b.txt,, city ,,,,,", "c.txt,,市,,,,,", "d.txt,,乡镇,,,,,"
    )
    assert table["level"].tolist() == ["county", "city", "city", "township"]
    assert table["genre"].tolist()[0] == "report"


def test_a_row_for_a_missing_file(tmp_path):
    table = catalogue(tmp_path, "city-speech.txt,,,,,,,", "county-organ.txt,,county,,,,,")
    assert check_catalogue(table, ["city-speech.txt", "county-organs.txt"]) == [
        "reports.csv 第3行：file “county-organ.txt” 不在 data/reports 中，"
        "现有：city-speech.txt、county-organs.txt；是否想写 county-organs.txt？"
        "请改正文件名或删去这一行。"
    ]
    assert check_catalogue(table.head(1), []) == [
        "reports.csv 第2行：file “city-speech.txt” 不在 data/reports 中，现有：（没有文件）；"
        "请改正文件名或删去这一行。"
    ]
    many = [f"{n}.txt" for n in range(30)]
    assert "等 30 个文件" in check_catalogue(table.head(1), many)[0]


def test_a_persons_entry_wins_and_an_empty_cell_does_not(tmp_path, book):
    inferred = pd.DataFrame(
        [
            describe(book, "关于县直机关党建的调研报告") | {"file": "A.txt", "report": "A"},
            describe(book, "机关党建研究") | {"file": "b.txt", "report": "b"},
        ]
    )
    table = catalogue(tmp_path, "a.TXT,,,,,2024/3/5,,", "b.txt,题目,city,湖南,工委,2023,other,看过")
    before = inferred.copy()
    result = apply_catalogue(inferred, table)
    pd.testing.assert_frame_equal(inferred, before)
    first, second = result.to_dict("records")
    assert (first["level"], first["level_basis"]) == ("county", "关于县直机关党建的调研报告")
    assert (first["date"], first["date_basis"], first["date_confidence"]) == (
        "2024-03-05",
        "catalogue",
        1,
    )
    assert [second[field] for field in FIELDS] == ["题目", "city", "湖南", "工委", "2023", "other"]
    assert {second[f"{field}_basis"] for field in FIELDS} == {"catalogue"}
    assert {second[f"{field}_confidence"] for field in FIELDS} == {1}


def test_apply_to_the_checked_table(tmp_path, book):
    row = describe(book, "机关党建研究") | {"status": "ok"}
    frame = pd.DataFrame([row]).reindex(columns=TABLES["reports"].names)
    table = catalogue(tmp_path, "甲.txt,,city,,,,,")
    result = check("reports", apply_catalogue(check("reports", frame), table))
    assert result["level"].tolist() == ["city"]
