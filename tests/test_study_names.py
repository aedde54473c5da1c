import pytest

import analysis as an
from analysis.errors import AnalysisError
from analysis.study.names import ChoiceError


@pytest.mark.parametrize(
    ("what", "typed", "key"),
    [
        ("issue", "two_skins", "two_skins"),
        ("issue", "两张皮", "two_skins"),
        ("issue", " “两张皮” ", "two_skins"),
        ("issue", "两张皮（党建业务脱节）", "two_skins"),
        ("issue", "党务力量薄弱(兼职、配备弱)", "thin_staffing"),
        ("theme", "党务干部队伍", "staffing"),
        ("role", "问题", "problem"),
        ("level", "county", "county"),
        ("level", "县级", "county"),
        ("level", "县", "county"),
        ("level", "县（市、区）级", "county"),
        ("level", "区级", "county"),
        ("level", "district", "county"),
        ("level", "层级未注明", "unstated"),
        ("level", "全部", "all"),
        ("by", "层级", "level"),
        ("by", "报告", "report"),
        ("by", "文种", "genre"),
        ("stance", "认定", "asserted"),
        ("stance", "不论态度", "any"),
        ("stance", "合计", "any"),
        ("kind", "问题表现", "issue"),
        ("report", "county-organs", "county-organs"),
        ("report", "COUNTY-organs.txt", "county-organs"),
        ("report", "《关于做好新形势下县直机关党建工作的调研报告》", "county-organs"),
        ("report", 3, "county-organs"),
        ("report", "3", "county-organs"),
    ],
)
def test_keys_and_chinese_names_mean_the_same(study, what, typed, key):
    assert study.key(what, typed) == key


@pytest.mark.parametrize(
    ("what", "typed", "message"),
    [
        ("issue", "two_skin", "没有叫“two_skin”的问题表现；是否想写 两张皮（two_skins）？"),
        ("issue", "两张", "没有叫“两张”的问题表现；是否想写 两张皮（two_skins）？"),
        ("theme", "队伍", "没有叫“队伍”的主题；是否想写 党务干部队伍（staffing）？"),
        ("stance", "赞成", "可用：认定（asserted）、拟解决（addressed）、不论态度（any）。"),
        ("level", "乡镇", "这批报告中没有乡镇（街道）级的；现有：省级（province）、市级（city）、"),
        ("level", "地级", "没有叫“地级”的层级；可用：省级（province）、"),
        ("by", "层次", "没有叫“层次”的分组；是否想写 层级（level）？"),
        ("by", "sha256", "没有叫“sha256”的分组；可用：层级（level）、报告（report）、"),
        ("report", "county-organ", "没有叫“county-organ”的报告；是否想写 county-organs？"),
        ("report", 6, "没有叫“6”的报告；可用：city-speech、"),
        ("report", 0, "没有叫“0”的报告；"),
        ("kind", "", "没有叫“”的种类；可用："),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_those_that_do(study, what, typed, message):
    with pytest.raises(ChoiceError) as caught:
        study.key(what, typed)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_two_share_is_not_guessed(study):
    reports = study.reports.assign(title="同名报告")
    with pytest.raises(ChoiceError):
        an.Study(study.workspace, study.book, {"reports": reports}, {}).key("report", "同名报告")


def test_a_report_that_was_not_read_says_why(study):
    reports = study.reports.copy()
    reports.loc[2, ["status", "message"]] = ["failed", "county-organs.txt：文件是空的。"]
    broken = an.Study(study.workspace, study.book, {"reports": reports}, {})
    with pytest.raises(ChoiceError, match="^county-organs.txt：文件是空的。$"):
        broken.key("report", "county-organs")
    assert broken.key("report", 3) == "hubei-problem-led"  # numbers are those of the overview


def test_where_nothing_was_read_it_says_so(study):
    nothing = an.Study(study.workspace, study.book, {"reports": study.reports[:0]}, {})
    with pytest.raises(ChoiceError, match="^没有叫“1”的报告：一份报告也没有读入。$"):
        nothing.key("report", 1)


def test_errors_render_as_one_line_in_a_notebook():
    assert AnalysisError("原因。")._render_traceback_() == ["未能完成：原因。"]
    for ask in (lambda: an.plot_issue, lambda: an.Study(None, None, {"reports": 1}, {}).report):
        with pytest.raises(AnalysisError, match="plot_issues|reports"):
            ask()
    assert not hasattr(an, "plot_issue")
