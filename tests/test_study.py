import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analysis.codebook import CodebookError
from analysis.reading import find_reports
from analysis.results import MANIFEST, folder_hashes
from analysis.schema import check
from analysis.study import Analysis, Study, StudyError, analyse, inputs, load, run, runs
from analysis.tables import RESULT_TABLES
from analysis.workspace import make_workspace

FIVE = ["city-speech", "city-systems-view", "county-organs", "hubei-problem-led", "quality-study"]


def assert_same(first, second, names=RESULT_TABLES):
    for name in names:
        pd.testing.assert_frame_equal(first[name], second[name], obj=name)


# --- one run ------------------------------------------------------------------------------------


def test_every_table_is_there_and_fits(study):
    assert set(study.tables) == {*RESULT_TABLES, "changes", "stale_corrections"}
    for name, table in study.tables.items():
        pd.testing.assert_frame_equal(check(name, table), table, obj=name)
    assert study.reports["report"].tolist() == FIVE
    assert set(study.reports["status"]) == {"ok"}
    assert set(study.sources) == set(FIVE)
    assert {"all", "level", "report"} == set(study.tables["rates"]["by"])


def test_what_is_written_is_what_was_computed(study):
    again = load(study.workspace)
    assert_same(again.tables, study.tables)
    assert again.sources == study.sources
    assert (again.remarks, again.notes) == (study.remarks, study.notes)
    written = folder_hashes(study.workspace.results)  # .cache: matplotlib's list of fonts
    assert {name for name in written if not name.startswith(".cache/")} == {
        *(f"{name}.csv" for name in RESULT_TABLES),
        *(f"texts/{name}.txt" for name in FIVE),
        *(MANIFEST, "run.log", "changes.csv", "changes.md", "digest.npz"),
    }


def test_the_reports_are_never_written(study):
    for path in find_reports(study.workspace.reports):
        assert path.read_bytes().decode("utf-8-sig") == study.sources[path.stem]


def test_the_order_of_the_files_is_irrelevant(study):
    files = find_reports(study.workspace.reports)
    assert_same(analyse(files[::-1], study.book).tables, study.tables)


def test_another_process_in_another_folder_writes_the_same_bytes(study, tmp_path):
    work = make_workspace(tmp_path / "党建 '课题' “二”")
    for path in [*find_reports(study.workspace.reports), study.workspace.catalogue]:
        shutil.copy(path, work.root / path.relative_to(study.workspace.root))
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "run", "--no-charts"],
        cwd=work.reports,  # found from any folder inside
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith("已分析 5 份报告。\n")
    first, second = folder_hashes(study.workspace.results), folder_hashes(work.results)
    del first["run.log"], second["run.log"]
    assert first == second
    assert not any(work.figures.iterdir())


def test_another_report_changes_no_label_of_the_old_ones(study):
    files = [path for path in find_reports(study.workspace.reports) if path.stem != FIVE[2]]
    four = analyse(files, study.book).tables
    for name in ("reports", "edits", "sentences", "mentions"):
        old = study.tables[name][study.tables[name]["report"] != FIVE[2]]
        pd.testing.assert_frame_equal(four[name], old.reset_index(drop=True), obj=name)
    # The cluster of a passage is a cross-check of all passages with each other; it may change.
    passages = study.passages[study.passages["report"] != FIVE[2]].drop(columns="cluster")
    pd.testing.assert_frame_equal(
        four["passages"].drop(columns="cluster"), passages.reset_index(drop=True)
    )


# --- nothing changed, something changed ---------------------------------------------------------


@pytest.fixture
def copy(study, tmp_path, monkeypatch):
    """A copy of the study's workspace whose next analysis is counted, not made."""
    root = shutil.copytree(study.workspace.root, tmp_path / "copy")
    work = type(study.workspace)(root)
    work.gold.mkdir()
    (work.gold / "labels.tsv").write_text("report\n", encoding="utf-8")
    calls = []

    def counted(files, book, catalogue, **options):
        calls.append([path.name for path in files])
        return Analysis(study.tables, study.sources, [])

    monkeypatch.setattr(runs, "analyse", counted)
    code = tmp_path / "code"  # so that the program's own files may be edited while tests run
    code.mkdir()
    (code / "roles.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(inputs, "CODE", code)
    run(work, charts=False)
    assert len(calls) == 1  # labels and code are new
    calls.clear()
    return work, calls


def test_when_nothing_changed_the_last_run_is_returned_at_once(copy, study):
    work, calls = copy
    again = run(work, charts=False)
    assert calls == []
    assert_same(again.tables, study.tables)
    run(work.root, charts=False)
    run(str(work.root), charts=False)
    assert calls == []


def append(path, content):
    path.write_bytes(path.read_bytes() + content)


@pytest.mark.parametrize(
    "change",
    [
        lambda work: append(work.reports / "county-organs.txt", b"\n"),
        lambda work: append(work.codebook / "issues.csv", b"\n"),
        lambda work: append(work.catalogue, b"\n"),
        lambda work: append(work.gold / "labels.tsv", b"\n"),
        lambda work: (work.reports / "county-organs.txt").unlink(),
        lambda work: shutil.copy(work.reports / "county-organs.txt", work.reports / "新.txt"),
        lambda work: (work.reports / "county-organs.txt").rename(work.reports / "改.txt"),
        lambda work: append(work.results / "rates.csv", b"\n"),
        lambda work: (work.results / "texts" / "county-organs.txt").unlink(),
        lambda work: (work.results / MANIFEST).write_bytes(b"{"),
        lambda work: shutil.rmtree(work.results),
    ],
)
def test_one_byte_is_enough_to_analyse_again(copy, change):
    work, calls = copy
    change(work)
    run(work, charts=False)
    assert len(calls) == 1
    run(work, charts=False)
    assert len(calls) == 1


def test_other_code_other_packages_and_fresh_analyse_again(copy, tmp_path, monkeypatch):
    work, calls = copy
    monkeypatch.setattr(inputs, "_version", lambda package: "0")
    run(work, charts=False)
    assert len(calls) == 1
    append(tmp_path / "code" / "roles.py", b"\n")
    run(work, charts=False)
    assert len(calls) == 2
    run(work, charts=False, fresh=True)
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda work: (work.reports / "county-organs.txt").rename(work.reports / "新.txt"),
            "报告新增了 新.txt；报告 county-organs.txt 已不在",
        ),
        (
            lambda work: append(work.reports / "city-speech.txt", b"\n"),
            "报告 city-speech.txt 有改动",
        ),
        (lambda work: append(work.codebook / "issues.csv", b"\n"), "编码手册 issues.csv 有改动"),
        (lambda work: append(work.catalogue, b"\n"), "报告目录 reports.csv 有改动"),
        (lambda work: append(work.gold / "labels.tsv", b"\n"), "人工标注 labels.tsv 有改动"),
        (lambda work: append(inputs.CODE / "roles.py", b"\n"), "程序有更新"),
    ],
)
def test_results_older_than_their_inputs_say_what_changed(copy, change, said):
    work, _ = copy
    assert load(work).stale == ""
    change(work)
    old = load(work)
    assert old.stale == f"注意：上次分析之后，{said}。以下仍是上次的结果，请先运行笔记本 01。"
    assert old.stale in repr(old)
    assert old.stale in old._repr_html_()
    assert run(work, charts=False).stale == ""


def test_many_changes_are_told_in_short(copy):
    work, _ = copy
    for number in range(7):
        shutil.copy(work.reports / "city-speech.txt", work.reports / f"新{number}.txt")
    assert (
        "报告新增了 新0.txt、新1.txt、新2.txt、新3.txt、新4.txt 等 7 个文件。" in load(work).stale
    )


def test_files_that_are_no_input_change_nothing(copy):
    work, calls = copy
    (work.root / "备忘.txt").write_text("x", encoding="utf-8")
    (work.reports / ".DS_Store").write_bytes(b"\0")
    (work.codebook / "说明.md").write_text("x", encoding="utf-8")
    run(work, charts=False)
    assert calls == []


def test_a_run_that_fails_leaves_the_last_results(copy, study):
    work, calls = copy
    patterns = work.codebook / "patterns.csv"
    append(patterns, "x,two_skin,两张皮,两张皮,无,\n".encode())
    with pytest.raises(CodebookError, match="patterns.csv .+ “two_skin” 不在 issues.csv 中"):
        run(work, charts=False)
    assert calls == []
    patterns.write_bytes((study.workspace.codebook / "patterns.csv").read_bytes())
    assert_same(load(work).tables, study.tables)


def test_no_reports(tmp_path):
    work = make_workspace(tmp_path / "空")
    (work.reports / "readme.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        run(work, charts=False)
    assert str(caught.value) == runs.NO_REPORTS.format(folder=work.reports)
    assert not work.results.exists()


# --- few and poor reports -----------------------------------------------------------------------


def write(tmp_path, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return sorted(tmp_path.iterdir())


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"甲": ""},
        {"甲": "好"},
        {"甲": "，。"},
        {"甲": "关于机关党建的调研报告"},
        {"甲": "关于机关党建的调研报告\n", "乙": ""},
        {"甲": "一、存在问题\n有的单位党建与业务“两张皮”。\n", "乙": "一、对策建议\n加强党建。\n"},
        {"甲": "党建工作很重要。" * 2000},
    ],
)
def test_tables_fit_however_little_there_is(book, tmp_path, texts):
    tables = analyse(write(tmp_path, **texts), book).tables
    for name in RESULT_TABLES:
        pd.testing.assert_frame_equal(check(name, tables[name]), tables[name], obj=name)
    failed = [name for name, text in texts.items() if text in ("", "，。")]
    reports = tables["reports"]
    assert reports.loc[reports["status"] == "failed", "report"].tolist() == failed
    assert len(reports) == len(texts)


def test_a_persons_level_moves_the_counts(book, tmp_path):
    files = write(tmp_path, 甲="一、存在问题\n有的单位党建与业务“两张皮”。\n")
    catalogue = pd.DataFrame({"file": ["甲.txt"], "level": ["township"]})
    catalogue = catalogue.reindex(
        columns=["file", "title", "level", "region", "issuer", "date", "genre"]
    )
    result = analyse(files, book, catalogue)
    assert result.tables["reports"].loc[0, "level_basis"] == "catalogue"
    rates = result.tables["rates"].set_index("rate")
    assert rates.loc["level/township/issue/two_skins/asserted", "reports_with"] == 1


# --- what an analyst asks of it -----------------------------------------------------------------


def test_tables_as_attributes(study):
    assert study.reports is study.tables["reports"]
    assert study.mentions is study.tables["mentions"]
    with pytest.raises(AttributeError, match="^Study 没有“report”；表有：reports、edits、"):
        _ = study.report


def test_a_study_describes_itself_in_chinese(study):
    assert repr(study).splitlines()[:2] == [
        "已分析 5 份报告。",
        "层级：省级 1 份、市级 2 份、县（市、区）级 1 份、层级未注明 1 份；文种：报告4、讲话1。",
    ]
    for text in (repr(study), study._repr_html_()):
        assert "请留意：hubei-problem-led.txt：问题部分来源缺失" in text
        assert "注意" not in text  # nothing changed since


def test_a_table_in_chinese(study):
    html = study.show("reports").to_html()
    assert "层级" in html
    assert "县级" in html


def test_a_study_can_be_made_from_tables(study):
    other = Study(study.workspace, study.book, study.tables, study.sources, ["留意"])
    assert other.remarks == ["留意"]
    assert other.trace("all/all/issue/two_skins/any") == study.trace("all/all/issue/two_skins/any")


def test_the_notes_on_the_clusters_stand_above_them(study):
    assert study.notes
    html = study.show("clusters").to_html()
    assert all(note in html for note in study.notes)
