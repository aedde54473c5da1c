import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.codebook import (
    FILE_NAMES,
    NEEDED_CLASSES,
    PATTERN_TABLES,
    CodebookError,
    for_patterns,
    load_codebook,
)
from analysis.issue_scores import ANY_ISSUE, FEATURES, KEY
from analysis.schema import TABLES
from analysis.sections import TEXT_ROLES
from analysis.tables import CODEBOOK_TABLES
from analysis.vocabulary import LINK_STATES, ROLES, STANCES

ROOT = Path(__file__).resolve().parents[1]

TOY = {
    "roles": [f"{role},角色,定义" for role in ROLES],
    "themes": ["integration,党建业务融合,范围", "staffing,党务队伍,范围"],
    "issues": [
        "two_skins,两张皮,两张皮,integration,定义",
        "thin_staffing,党务力量薄弱,力量弱,staffing,定义",
    ],
    "word_classes": [*(f"{name},不足|不强," for name in NEEDED_CLASSES), "lack,<hard>|缺乏,欠缺"],
    "patterns": ["skins,two_skins,两张皮,是两张皮,融为一体,", "thin,thin_staffing,力量<lack>,,,"],
    "stance_patterns": ["not,negated,before,没有,没有【两张皮】,有【两张皮】,"],
    "role_patterns": ["problem,problem,heading,1,问题$,主要问题,成效,"],
    "noise_patterns": ["page,line,^第.+页$,第1页,正文,"],
    "catalogue_patterns": ["county,level,county,title,0.5,县,某县,某市,"],
    "theme_terms": ["integration,融合,1,", "staffing,专职,1.0,"],
    "idf": ["融合,2.5"],
    "learned_ngrams": ["（截距）,0,problem=-0.5 two_skins=-4.0", "“,1.5,two_skins=1.2", "的,1.1,"],
    "learned_context": ["heading:problem,problem,2.5", "issue:words,issue,1.1"],
    "segmentation": ["两张皮,1000"],
}
TOY["patterns"][1] = "thin,thin_staffing,力量<lack>,力量不足,力量强,"


@pytest.fixture
def folder(tmp_path):
    for name in CODEBOOK_TABLES:
        file = FILE_NAMES[name]
        lines = [",".join(TABLES[name].names), *TOY[file.removesuffix(".csv")]]
        (tmp_path / file).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return tmp_path


def refusal(folder):
    with pytest.raises(CodebookError) as caught:
        load_codebook(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def rewrite(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


def test_tables_names_and_compiled_patterns(folder):
    book = load_codebook(folder)
    assert set(book.tables) == set(CODEBOOK_TABLES)
    assert book.names["two_skins"] == "两张皮"
    assert book.names["staffing"] == "党务队伍"
    assert book.names["cause"] == "角色"
    assert book["patterns"]["compiled"][1].pattern == "力量(?:(?:不足|不强)|缺乏)"
    for name in CODEBOOK_TABLES:
        assert ("compiled" in book[name]) == (name in PATTERN_TABLES)
        assert book[name].index.equals(pd.RangeIndex(len(book[name])))


def test_the_codebook_of_the_checkout_loads():
    book = load_codebook(ROOT / "data" / "codebook")
    assert len(book["issues"]) == 20
    assert list(book["roles"]["role"]) == list(ROLES)


def test_files_saved_by_excel_in_gb18030_say_the_same(folder):
    before = load_codebook(folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8-sig").replace("\n", "\r\n")
        path.write_bytes(text.encode("gb18030"))
    after = load_codebook(folder)
    for name in CODEBOOK_TABLES:
        pd.testing.assert_frame_equal(before[name], after[name])


def test_what_the_program_asks_for_by_name_is_what_it_needs():
    asked = set()
    for path in (ROOT / "analysis").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for call in re.findall(r'expand\("([^"]+)"', text):
            asked.update(re.findall(r"<(\w+)>", call))
        if "select_wording" in text:
            asked.update(re.findall(r"\bwords\[['\"](\w+)['\"]\]", text))
    assert asked == set(NEEDED_CLASSES)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "patterns.csv",
            "thin_staffing,力量",
            "thin_stafing,力量",
            "patterns.csv 第3行：issue “thin_stafing” 不在 issues.csv 中；是否想写 thin_staffing？",
        ),
        (
            "patterns.csv",
            "thin_staffing,力量",
            "别的,力量",
            "patterns.csv 第3行：issue “别的” 不在 issues.csv 中，可用：two_skins、thin_staffing。",
        ),
        (
            "issues.csv",
            "staffing,定义",
            "staff,定义",
            "issues.csv 第3行：theme “staff” 不在 themes.csv 中；是否想写 staffing？",
        ),
        (
            "theme_terms.csv",
            "integration,融合",
            "integrating,融合",
            "theme_terms.csv 第2行：theme “integrating” 不在 themes.csv 中；是否想写 integration？",
        ),
        (
            "issues.csv",
            "thin_staffing,",
            "two_skins,",
            "issues.csv 第3行：issue “two_skins” 与第2行重复，请删去或改名。",
        ),
        (
            "theme_terms.csv",
            "staffing,专职",
            "integration,融合",
            "theme_terms.csv 第3行：theme “integration”、term “融合” 与第2行重复，请删去或改名。",
        ),
        (
            "patterns.csv",
            ",两张皮,",
            ",两张(皮,",
            "patterns.csv 第2行：“两张(皮” 不是合法的正则表达式"
            "（左括号多于右括号，第 3 个字符附近），请检查括号与特殊符号。",
        ),
        (
            "noise_patterns.csv",
            "^第.+页$",
            "^(第.+页)?",
            "noise_patterns.csv 第2行：regex “^(第.+页)?” 连空白也会命中，请让它至少命中一个字。",
        ),
        (
            "patterns.csv",
            "力量<lack>",
            "力量<lacks>",
            "patterns.csv 第3行：词类 <lacks> 不在 word_classes.csv 中；是否想写 lack？",
        ),
        (
            "patterns.csv",
            "力量<lack>",
            "力量<欠缺>",
            "patterns.csv 第3行：词类 <欠缺> 不在 word_classes.csv 中，请先在其中加上它。",
        ),
        (
            "patterns.csv",
            "力量<lack>",
            "力量|<lack",
            "patterns.csv 第3行：“力量|<lack” 中的 < 没有写成词类：词类写作 <名称>；"
            "要找的就是这个符号，请写作 \\<。",
        ),
        (
            "word_classes.csv",
            "lack,<hard>",
            "lack,<hrad>",
            "word_classes.csv 第11行：词类 <hrad> 不在 word_classes.csv 中；是否想写 hard？",
        ),
        (
            "word_classes.csv",
            "hard,不足",
            "hard,<lack>",
            "word_classes.csv 第7行：词类不能包含自己：<hard> → <lack> → <hard>，请去掉其中一处。",
        ),
        (
            "word_classes.csv",
            "lack,<hard>",
            "Lack,<hard>",
            "word_classes.csv 第11行：word_class “Lack” 只能用英文小写字母、数字和下划线，"
            "并以字母开头。",
        ),
        (
            "word_classes.csv",
            "soft,不足|不强",
            "soft,不足|不强|",
            "word_classes.csv 第8行：words 的首尾不能是 |，也不能有两个 | 连在一起"
            "（等于什么字都算命中），请删去多余的 |。",
        ),
        (
            "word_classes.csv",
            "soft,不足",
            "soft,不足)",
            "word_classes.csv 第8行：“<soft>” 不是合法的正则表达式（右括号多于左括号），"
            "请检查括号与特殊符号。",
        ),
        (
            "word_classes.csv",
            "soft,",
            "softer,",
            "word_classes.csv：缺少 word_class “soft” 一行，程序要用到它，请补上。",
        ),
        (
            "roles.csv",
            "cause,角色,定义\n",
            "",
            "roles.csv：缺少 role “cause” 一行，程序要用到它，请补上。",
        ),
        (
            "stance_patterns.csv",
            "negated",
            "denied",
            "stance_patterns.csv 第2行：stance “denied” 不在允许的取值中："
            "asserted、addressed、negated、improved、supposed、quoted；请改正。",
        ),
        (
            "catalogue_patterns.csv",
            "county,title",
            "countty,title",
            "catalogue_patterns.csv 第2行：level 的 value “countty” 不在允许的取值中："
            "central、province、city、county、district、township、unit、unstated"
            "；是否想写 county？",
        ),
        (
            "catalogue_patterns.csv",
            "0.5",
            "1",
            "catalogue_patterns.csv 第2行：confidence “1” 应大于 0、小于 1（1 只用于人工填写）。",
        ),
        (
            "segmentation.csv",
            "1000",
            "很多",
            "segmentation.csv 第2行：frequency “很多” 应为整数，请改正。",
        ),
        ("issues.csv", "issue,name", "issue,nmae", None),
    ],
)
def test_one_line_with_file_row_value_what_is_allowed_and_the_fix(folder, file, old, new, message):
    rewrite(folder, file, old, new)
    expected = message or (
        "issues.csv 第1行：不认识的列 “nmae”；"
        "可用的列：issue、name、short、theme、definition；是否想写 name？"
    )
    assert refusal(folder) == expected


def test_a_missing_and_an_empty_file(folder):
    (folder / "idf.csv").unlink()
    assert refusal(folder) == f"找不到文件 idf.csv（应在 {folder}）。"
    (folder / "idf.csv").write_bytes(b"")
    assert refusal(folder) == "idf.csv：文件是空的，至少应有表头一行。"


@pytest.mark.parametrize("file", ["themes.csv", "issues.csv", "patterns.csv", "theme_terms.csv"])
def test_tables_that_may_not_be_empty(folder, file):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0], encoding="utf-8")
    assert refusal(folder) == f"{file}：只有表头，至少应有一行。"


def test_rows_are_named_as_in_excel_below_blank_lines(folder):
    rewrite(folder, "patterns.csv", "skins,", ",,,,,\n\nskins,")
    rewrite(folder, "patterns.csv", "thin,thin_staffing", "thin,thick_staffing")
    assert refusal(folder).startswith("patterns.csv 第5行：issue “thick_staffing”")


def test_patterns_see_chinese_punctuation_of_the_same_length():
    text = "一,二;三:四?(五!)6.5"
    assert for_patterns(text) == "一，二；三：四？（五！）6.5"
    assert len(for_patterns(text)) == len(text)


def test_a_folder_with_other_files_in_it(folder):
    shutil.copy(folder / "idf.csv", folder / "~$idf.csv")
    (folder / "说明.txt").write_text("看", encoding="utf-8")
    assert len(load_codebook(folder)["idf"]) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "learned_ngrams.csv",
            "的,1.1",
            "“,1.1",
            "learned_ngrams.csv 第4行：ngram ““” 与第3行重复，请删去或改名。",
        ),
        (
            "learned_ngrams.csv",
            "的,1.1",
            "的,很大",
            "learned_ngrams.csv 第4行：idf “很大” 应为数字，请改正。",
        ),
        (
            "learned_context.csv",
            "issue:words,issue",
            "heading:problem,problem",
            "learned_context.csv 第3行：feature “heading:problem”、key “problem” 与第2行重复，"
            "请删去或改名。",
        ),
        (
            "learned_context.csv",
            "problem,2.5",
            "problem,",
            "learned_context.csv 第2行：weight 不能为空，请填写（分量，可为负）。",
        ),
    ],
)
def test_learned_tables_are_checked_like_the_others(folder, file, old, new, message):
    rewrite(folder, file, old, new)
    assert refusal(folder) == message


def test_a_codebook_whose_models_are_not_trained_loads(folder):
    for name in ("learned_ngrams", "learned_context"):
        path = folder / FILE_NAMES[name]
        path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0], encoding="utf-8")
    book = load_codebook(folder)
    assert book["learned_ngrams"].empty and book["learned_context"].empty


def test_the_models_of_the_checkout_know_every_role_theme_issue_and_stance():
    book = load_codebook(ROOT / "data" / "codebook")
    cells = book["learned_ngrams"]["weights"].dropna().str.split().explode()
    known = {*book.names, *STANCES, ANY_ISSUE} - {"heading", "noise", *LINK_STATES}
    assert set(cells.str.partition("=")[0]) == known
    context = book["learned_context"]
    assert set(context["key"]) == {*TEXT_ROLES, KEY}
    issue = context.loc[context["key"] == KEY, "feature"]
    assert set(issue) == {f"{KEY}:{name}" for name in FEATURES}
