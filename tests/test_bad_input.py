"""Bad input from end to end: one clear line in Chinese each, and the other reports are analysed."""

import os
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from analysis.reading import name_reports
from analysis.results import folder_hashes, load_results
from analysis.schema import check, empty
from analysis.study import analyse, runs
from analysis.workspace import make_workspace

REPORTS = Path(__file__).parents[1] / "data" / "reports"
GOOD = "county-organs.txt"
HEADER = "file,title,level,region,issuer,date,genre,note"


def command(*arguments, cwd):
    """Run the command line as a person does; return exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def run(work, *, cwd=None):
    return command("run", "--no-charts", "--workspace", str(work.root), cwd=cwd or work.root)


def lines_of(out, start):
    """Lines of the summary that begin with a mark, without it."""
    return [line.strip().removeprefix(start) for line in out.splitlines() if start in line]


def spoil(raw):
    """Take a byte out and put some in, as a broken disk or transfer does."""
    return raw[:3001] + b"\xff\xfe\xfa" + raw[3001:9000] + raw[9001:]


READ = {
    GOOD: "county-organs",
    "旧编码.txt": "旧编码",
    "损坏.txt": "损坏",
    "=1+1.txt": "=1+1",
    "a.txt": "a.txt",
    "a.md": "a.md",
    "a.txt.txt": "a.txt（2）",
    "长" * 83 + ".md": "长" * 83,
}
FAILED = {
    "二进制.txt": "是二进制文件，不是文本",
    "子文件夹": "是文件夹，不是报告",
    "文档.txt": "扩展名是 .txt，内容却是Word 文档（.docx）",
    "旧文档.doc": "文件已损坏",
    "扫描件.pdf": "扫描件，没有文字层",
    "图片.docx": "扩展名是 .docx，内容却是JPEG 图片",
    "无扩展名": "文件名没有扩展名",
    "空.txt": "文件是空的（0 字节）",
    "空白.txt": "文件里只有空白",
    "网页.md": "扩展名是 .md，内容却是网页（HTML）",
    "表格.xlsx": "是表格，不能读取",
}
ODD_NAMES = sys.platform == "linux"  # other systems refuse such names, or links
if ODD_NAMES:
    READ |= {
        "换\n行 '引号\".txt": "换\n行 '引号\"",
        "CON.txt": "CON",
        os.fsdecode("党建.txt".encode("gb18030")): "党建",
    }
    FAILED |= {
        "党群.txt": "文件是空的（0 字节）",
        "坏 '名\".pdf": "PDF 文件已损坏",
        "外.txt": "是指向 reports 文件夹之外的链接",
        "悬空.txt": "找不到文件",
    }


# A page that shows a picture of one dot, and no text.
SCAN = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R
/Resources<</XObject<</I 5 0 R>>>>>> endobj
4 0 obj <</Length 5>>stream
/I Do
endstream endobj
5 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8
/Length 1>>stream
x
endstream endobj
trailer <</Root 1 0 R/Size 6>>
"""


@pytest.fixture(scope="module")
def poor(tmp_path_factory):
    """A folder with one good report under many names and everything that is none, run once."""
    folder = tmp_path_factory.mktemp("bad") / "党建 '课题' “二”"
    work = make_workspace(folder)
    good = (REPORTS / GOOD).read_bytes()
    contents = {
        "旧编码.txt": good.decode("utf-8").encode("gb18030"),
        "损坏.txt": spoil(good),
        "空.txt": b"",
        "空白.txt": "  \n\u3000\n".encode(),
        "二进制.txt": bytes(range(256)) * 40,
        "文档.txt": b"PK\x03\x04 word/document.xml",
        "网页.md": b"<!DOCTYPE html><html></html>",
        "表格.xlsx": b"PK\x03\x04",
        "旧文档.doc": b"\xd0\xcf\x11\xe0",
        "扫描件.pdf": SCAN,
        "图片.docx": b"\xff\xd8\xff\xe0",
        "无扩展名": good,
        ".隐藏.txt": good,
        "~$锁.txt": b"",
        "README.txt": b"x",
    }
    for number, name in enumerate([*READ, *contents]):  # no two alike to the byte
        (work.reports / name).write_bytes(contents.get(name, good + b"\n" * number))
    (work.reports / "子文件夹").mkdir()
    if ODD_NAMES:
        (work.reports / os.fsdecode("党群.txt".encode("gb18030"))).write_bytes(b"")
        (work.reports / "坏\n'名\".pdf").write_bytes(b"%PDF-1.4")
        (work.reports / "外.txt").symlink_to("/etc/hostname")
        (work.reports / "悬空.txt").symlink_to("没有.txt")
    rows = ["没有.txt,,county,,,,,", f"{GOOD},,countty,,,,,", "旧编码.txt,,乡镇,,,2024-13,,"]
    rows += ["损坏.txt,,市,,,2024/3/5,,", "损坏.txt,,县,,,,,", "a.md,标题,一,,,,,,,"]
    text = "\r\n".join([HEADER, *rows, ""])
    work.catalogue.write_bytes(text.encode("gb18030"))  # as Excel saves “CSV”
    before = folder_hashes(work.reports)
    answer = run(work)
    assert folder_hashes(work.reports) == before
    return work, answer


def test_files_that_cannot_be_read_are_named_in_one_line_each(poor):
    code, out, err = poor[1]
    assert code == 0
    assert "Traceback" not in err  # on a slow machine a progress bar
    assert out.startswith(f"已分析 {len(READ)} 份报告。\n")
    told = dict(line.split("：", 1) for line in lines_of(out, "✗ "))
    assert set(told) == set(FAILED)
    for name, reason in FAILED.items():
        assert told[name].startswith(reason)
        assert told[name].endswith("。")
    assert f"有 {len(FAILED)} 份未能读取，其余不受影响：" in out


def test_the_other_reports_are_analysed_all_the_same(poor):
    tables, sources, _ = load_results(poor[0].results)
    reports = tables["reports"].set_index("report")
    assert set(reports.index[reports["status"] == "ok"]) == {*READ.values()} == {*sources}
    assert len(reports) == len(READ) + len(FAILED)
    counts = tables["mentions"]["report"].value_counts()
    assert all(counts[name] == counts["county-organs"] for name in {*READ.values()} - {"损坏"})
    assert counts["损坏"] > 0


def test_damage_is_told_with_the_number_of_places(poor):
    tables, _, _ = load_results(poor[0].results)
    messages = tables["reports"].set_index("report")["message"]
    assert messages["损坏"] == "按 UTF-8 读取，有 2 处无法识别的字节，请核对原文件。"
    assert f"损坏.txt：{messages['损坏']}" in lines_of(poor[1][1], "· ")


def test_the_catalogue_is_told_row_by_row_and_its_good_rows_are_used(poor):
    work, (_, out, _) = poor
    told = [line for line in lines_of(out, "· ") if line.startswith("reports.csv")]
    starts = {
        2: "file “没有.txt” 不在 data/reports 中，现有：",
        3: "level “countty” 不在允许的取值中：central、province、",
        4: "date “2024-13” 不是日期，应写作 2024、2024-03 或 2024-03-05。",
        6: "file “损坏.txt” 与第5行重复，请删去或改名。",
        7: "level “一” 不在允许的取值中：",
    }
    assert len(told) == len(starts)
    for row, start in starts.items():
        (line,) = [line for line in told if line.startswith(f"reports.csv 第{row}行：")]
        assert start in line
        assert row == 2 or line.endswith("本次未采用这一行。")
    reports = load_results(work.results)[0]["reports"].set_index("report")
    assert reports.loc["损坏", ["level", "level_basis", "date"]].tolist() == [
        "city",
        "catalogue",
        "2024-03-05",
    ]
    assert reports.loc[["county-organs", "旧编码"], "level_basis"].ne("catalogue").all()


def test_nothing_is_written_outside_the_workspace(poor):
    folder = poor[0].root.parent
    assert [path.name for path in folder.iterdir()] == [poor[0].root.name]
    assert {path.name for path in poor[0].root.iterdir()} <= {"data", "figures", "notebooks"}


def test_from_any_folder_inside_and_at_once(poor):
    """Found from a sub-folder; nothing changed, so the answer is the same word for word."""
    work, (code, out, _) = poor
    written = (work.results / "run.log").read_bytes()
    assert command("run", "--no-charts", cwd=work.codebook) == (code, out, "")
    assert (work.results / "run.log").read_bytes() == written


# --- what stops a run ---------------------------------------------------------------------------


@pytest.fixture
def work(tmp_path):
    made = make_workspace(tmp_path / "课题")
    shutil.copy(REPORTS / GOOD, made.reports)
    return made


def test_an_empty_folder_is_told_in_one_line(work):
    (work.reports / GOOD).unlink()
    code, out, err = run(work)
    assert (code, out) == (1, "")
    expected = runs.NO_REPORTS.format(folder=work.reports)
    assert str(work.reports) in expected
    assert err == f"未能完成：{expected}\n"


def test_a_broken_codebook_is_told_in_one_line_and_mended_without_a_trace(work):
    patterns = work.codebook / "patterns.csv"
    before = patterns.read_bytes()
    rows = len(before.decode("utf-8-sig").splitlines())
    patterns.write_bytes(before + "新,two_skin,两张(皮,两张皮,无,\n".encode())
    code, out, err = run(work)
    assert (code, out) == (1, "")
    assert err == (
        f"未能完成：patterns.csv 第{rows + 1}行：issue “two_skin” 不在 issues.csv 中；"
        "是否想写 two_skins？\n"
    )
    assert not [*work.results.glob("*.*")] or [p.name for p in work.results.iterdir()] == [".cache"]
    patterns.write_bytes(before)
    assert run(work)[0] == 0


def test_reports_that_are_all_bad_are_told_and_leave_tables(work):
    (work.reports / GOOD).write_bytes(b"")
    code, out, _ = run(work)
    assert code == 0
    assert out.startswith("已分析 0 份报告。\n")
    assert lines_of(out, "✗ ") == [f"{GOOD}：文件是空的（0 字节），请换成有内容的文件或移走它。"]
    tables, sources, _ = load_results(work.results)
    assert (len(tables["reports"]), sources) == (1, {})


def test_a_file_that_may_not_be_read_does_not_stop_the_others(work, monkeypatch, capsys):
    """In this process: the administrator, who runs some tests, may read everything."""
    from analysis.__main__ import main

    shutil.copy(REPORTS / GOOD, work.reports / "锁.txt")
    real = Path.read_bytes

    def read_bytes(path):
        if path.name == "锁.txt":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert main(["run", "--no-charts", "--workspace", str(work.root)]) == 0
    (told,) = lines_of(capsys.readouterr().out, "✗ ")
    assert told == "锁.txt：没有读取权限，请关闭占用它的程序，或在文件属性中允许读取。"


# --- text that is no report ---------------------------------------------------------------------

POEM = "山居秋暝\n\n空山新雨后，天气晚来秋。\n明月松间照，清泉石上流。\n随意春芳歇，王孙自可留。\n"
PRICES = """春季价目表
品名\t规格\t单价\t库存
铅笔\tHB 12支\t6.50元\t库存不足
一、文具类
1. 橡皮 1.0元，数量不够请提前预订。
二、办公类
1. 打印纸 25元，存在问题可退换。
"""
RECIPE = """红烧肉的做法调研报告
一、准备材料
五花肉500克，生姜三片。
二、存在的主要问题
一是火候不够，肉质不烂。二是调料单一，缺乏新意。
三、对策建议
要小火慢炖，必须防止烧焦。
"""
ENGLISH = """About our company（公司简介）

Our main problems are lack of staff and poor funding. We should improve our training.
"""
OUTLINE = """关于机关党建工作的调研
一、基本情况
二、存在的主要问题
（一）党建业务“两张皮”
（二）党务力量薄弱
三、对策建议
（一）压实党建责任
"""
NO_REPORTS = {
    "诗": POEM,
    "价目": PRICES,
    "菜谱": RECIPE,
    "英文": ENGLISH,
    "只有标题": OUTLINE,
    "两兆一行": "库存不足，" * 133_000,
    "两兆不断句": "党建与业务结合不够紧密，" * 55_000,
    "无标点": "春眠不觉晓处处闻啼鸟" * 1000,
}
TWO_MEGABYTES = 60  # CPU seconds for two of them; on one core of 2020 it takes about 10


@pytest.fixture(scope="module")
def no_reports(tmp_path_factory, book):
    folder = tmp_path_factory.mktemp("none")
    for name, text in NO_REPORTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    start = time.process_time()
    tables = analyse(sorted(folder.iterdir()), book).tables
    return tables, time.process_time() - start


@pytest.mark.parametrize("name", NO_REPORTS)
def test_text_that_is_no_report_is_told_and_never_counted(no_reports, name):
    tables, _ = no_reports
    row = tables["reports"].set_index("report").loc[name]
    assert row["status"] == "ok"
    assert row["message"].startswith("不像党建调研报告：")
    assert "请在 data/reports.csv 填写它的文种（genre）" in row["message"]
    assert row["problem_section"] == "none"
    sentences = tables["sentences"][tables["sentences"]["report"] == name]
    assert set(sentences["role"]) <= {"background", "noise"}
    assert sentences["role_margin"].max() <= 0.1
    passages = tables["passages"][tables["passages"]["report"] == name]
    counts = passages[["problem_sentences", "countermeasure_sentences"]]
    assert counts.sum().tolist() == [0, 0]
    assert tables["mentions"].empty
    assert tables["unexplained"].empty


def test_two_megabytes_on_one_line_take_bounded_time(no_reports):
    assert no_reports[1] < TWO_MEGABYTES


def test_a_person_who_names_the_genre_has_it_analysed(tmp_path, book):
    """The outline again, entered as a report: its headings are judged as any report's are."""
    path = tmp_path / "提纲.txt"
    path.write_text(OUTLINE, encoding="utf-8")
    entry = {"file": "提纲.txt", "genre": "report"}
    catalogue = check("catalogue", empty("catalogue").reindex([0]).assign(**entry))
    tables = analyse([path], book, catalogue).tables
    assert tables["reports"]["message"].isna().all()
    assert {"two_skins", "thin_staffing"} <= set(tables["mentions"]["issue"])


def test_in_a_report_only_the_endless_sentence_is_set_aside(tmp_path, book):
    text = (REPORTS / GOOD).read_text(encoding="utf-8")
    long = "党建与业务结合不够紧密，" * 300
    for name, content in (("甲", text), ("乙", f"{text.rstrip()}\n{long}\n")):
        (tmp_path / f"{name}.txt").write_text(content, encoding="utf-8")
    tables = analyse(sorted(tmp_path.iterdir()), book).tables
    told = tables["reports"].set_index("report")["message"].fillna("")
    assert "有 1 处超过 3000 字没有句号，没有分析" in told["乙"]
    assert "超过" not in told["甲"]
    counts = tables["mentions"]["report"].value_counts()
    assert counts["甲"] == counts["乙"] > 0


# --- names --------------------------------------------------------------------------------------


def test_no_two_reports_get_one_name():
    files = ["b.txt", "a.txt.txt", "a.txt", "A.txt", "a.md", "a.txt（2）.txt"]
    files += [unicodedata.normalize(form, "é.txt") for form in ("NFD", "NFC")]
    names = name_reports(Path(name) for name in files)
    assert len({name.casefold() for name in names.values()}) == len(files)
    assert names == name_reports(Path(name) for name in reversed(files))
    assert names[Path("b.txt")] == "b"


def test_names_that_are_no_utf_8_become_readable():
    path = Path(os.fsdecode("关于党建.txt".encode("gb18030")))
    assert name_reports([path]) == {path: "关于党建"}
