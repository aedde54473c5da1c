import argparse
import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.__main__ import build_parser, main
from analysis.mistakes import ERROR_NAMES
from analysis.score_tables import IN_SAMPLE, LEFT_OUT, NOTES
from analysis.summary import summarise
from analysis.workspace import make_workspace

COMMANDS = ("diff", "run", "evaluate", "trace", "suggest", "train", "init")
HEAVY = ("pandas", "numpy", "matplotlib", "sklearn", "jieba", "rjieba", "opencc", "tqdm")
HELP_SECONDS = 0.3


@pytest.fixture(autouse=True)
def argparse_speaks_english_again(monkeypatch):
    monkeypatch.setattr(argparse, "_", argparse._)


def words_of(text):
    """English words of a message that are neither options nor names of things."""
    text = re.sub(r"python -m analysis|--?[\w-]+|[A-Z]{3,}|\S+/\S*|'\w+'|“\w+”", " ", text)
    return set(re.findall(r"[A-Za-z]{2,}", text)) - set(COMMANDS) - {"SVG", "PNG"}


# --- help ---------------------------------------------------------------------------------------


def test_help_is_quick_and_loads_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "analysis", "--help"]
    times = []
    for _ in range(5):
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        times.append(time.perf_counter() - started)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "argparse" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert min(times) <= HELP_SECONDS


def test_importing_the_package_costs_nothing():
    code = f"import sys, analysis; print([n for n in {HEAVY} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_is_in_chinese(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("用法：python -m analysis")
    assert words_of(shown.out) == set()
    assert shown.err == ""


def test_help_names_every_command():
    text = build_parser().format_help()
    assert all(re.search(rf"^    {name} +\S", text, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "缺少：命令"),
        ("walk", "命令：没有“walk”，可用："),
        ("run --frsh", "不认识的参数：--frsh"),
        ("run extra", "不认识的参数：extra"),
        ("run --workspace", "--workspace：后面应有一个值"),
        ("trace", "缺少：编号；说明见 python -m analysis trace --help"),
        ("init", "缺少：文件夹"),
        ("run --fresh=1", "--fresh：后面不能带值（写了 '1'）"),
        ("evaluate --l", "--l 不明确：--labels, --left-out"),
        ("evaluate 甲 --labels 乙", "--labels：不能和“标注文件夹”一起用"),
    ],
)
def test_wrong_use_is_told_in_chinese_and_exits_with_2(capsys, line, message):
    with pytest.raises(SystemExit) as caught:
        main(shlex.split(line))
    assert caught.value.code == 2
    shown = capsys.readouterr()
    *usage, error = shown.err.splitlines()
    assert usage[0].startswith("用法：python -m analysis")
    assert error.startswith(f"命令有误：{message}")
    assert shown.out == ""


# --- commands -----------------------------------------------------------------------------------


@pytest.fixture
def done(capsys):
    """Run a command; return exit code and what it said."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_run_says_what_it_found(study, done):
    code, out, err = done("run", "--no-charts", "--workspace", study.workspace.root)
    assert (code, err) == (0, "")
    assert out.startswith(summarise(study) + "\n")
    assert out.endswith("本次没有画图：figures/ 中若有图，可能是以前的，请勿引用。\n")


def test_trace_prints_the_sentences(study, done):
    rate = "level/county/issue/two_skins/asserted"
    code, out, err = done("trace", rate, "--workspace", study.workspace.root)
    assert (code, err) == (0, "")
    assert out == study.trace(rate) + "\n"


def test_trace_of_an_unknown_number_suggests_near_ones(study, done):
    rate = "level/county/issue/two_skin/asserted"
    code, out, err = done("trace", rate, "--workspace", study.workspace.root)
    assert (code, out) == (1, "")
    assert err.startswith(
        f"未能完成：没有编号为 “{rate}” 的数字；是否想写：level/county/issue/two_skins/asserted、"
    )
    assert err.count("\n") == 1


def test_before_the_first_run(tmp_path, done):
    make_workspace(tmp_path)
    message = (
        "未能完成：还没有分析结果：请先运行笔记本 01（或在命令行运行 python -m analysis run）。\n"
    )
    assert done("trace", "x", "--workspace", tmp_path) == (1, "", message)


def test_evaluate_without_labels(tmp_path, done):
    make_workspace(tmp_path)
    for arguments in ([], [tmp_path / "无"]):
        code, out, err = done("evaluate", *arguments, "--workspace", tmp_path)
        assert (code, out) == (1, "")
        assert re.fullmatch("未能完成：找不到标注文件夹 .+\n", err)


@pytest.fixture
def labelled_folder(tmp_path):
    """Two reports of one sentence each, of which one is labelled as another thing than it is."""
    folder = tmp_path / "标注"
    folder.mkdir()
    texts = {"甲": "有的单位党建与业务“两张皮”。", "乙": "要选优配强党务干部。"}
    rows = ["report\tstart\tend\trole\tissues\tstances\ttext"]
    for (report, text), role in zip(texts.items(), ("problem", "noise"), strict=True):
        (folder / f"{report}.txt").write_text(text, encoding="utf-8")
        rows.append(f"{report}\t0\t{len(text)}\t{role}\t\t\t{text}")
    (folder / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_evaluate_prints_the_scores(tmp_path, done, request):
    data = request.config.rootpath / "data"
    make_workspace(tmp_path)
    shutil.copytree(data / "reports", tmp_path / "data" / "reports", dirs_exist_ok=True)
    shutil.copytree(data / "gold", tmp_path / "data" / "gold")
    code, out, err = done("evaluate", "--workspace", tmp_path)
    assert (code, err) == (0, "")
    assert "两张皮" in out
    assert re.search(r"\b0?\.\d\d", out)
    assert NOTES[IN_SAMPLE] in out
    assert NOTES[LEFT_OUT] not in out


def test_evaluate_left_out_writes_the_errors(tmp_path, done, labelled_folder):
    errors = tmp_path / "错误.csv"
    code, out, err = done("evaluate", "--left-out", "--labels", labelled_folder, "--errors", errors)
    assert (code, err) == (0, "")
    assert NOTES[LEFT_OUT] in out
    assert NOTES[IN_SAMPLE] not in out
    said = re.search(r"(\d+) 处不一致，逐条写在 (.+)\n", out)
    header, *rows = csv.reader(errors.read_text(encoding="utf-8-sig").splitlines())
    assert header == list(ERROR_NAMES.values())
    assert (len(rows), str(errors)) == (int(said[1]), said[2])


def test_init_says_what_to_do_next_and_it_works(tmp_path, done):
    folder = tmp_path / "党建 '课题' “二”"
    code, out, err = done("init", folder)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"已建好工作文件夹 {folder}"
    command = shlex.split(lines[-1])
    assert command[:4] == ["python", "-m", "analysis", "run"]
    assert build_parser().parse_args(command[3:]).workspace == folder
    code, out, err = done(*command[3:])
    assert (code, out) == (1, "")
    assert err.startswith(f"未能完成：{folder / 'data' / 'reports'} 中没有报告：")


def test_init_keeps_what_is_there(tmp_path, done):
    assert done("init", tmp_path)[0] == 0
    issues = tmp_path / "data" / "codebook" / "issues.csv"
    issues.write_text("我的", encoding="utf-8")
    assert done("init", tmp_path)[0] == 0
    assert issues.read_text(encoding="utf-8") == "我的"


def test_init_on_a_file(tmp_path, done):
    (tmp_path / "占").write_text("x", encoding="utf-8")
    code, out, err = done("init", tmp_path / "占")
    assert (code, out) == (1, "")
    assert err.startswith("未能完成：") and err.count("\n") == 1


def test_a_workspace_that_is_none(tmp_path, done):
    for command in (["run"], ["trace", "x"], ["evaluate"]):
        code, out, err = done(*command, "--workspace", tmp_path)
        assert (code, out) == (1, "")
        assert err.startswith(f"未能完成：{tmp_path}：不是工作文件夹")
        assert err.count("\n") == 1


# --- when something breaks ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "\n已中断；上一次的结果仍可使用。\n"),
        (
            PermissionError(13, "Permission denied", "图.png"),
            1,
            "未能完成：图.png：没有写入权限；请关闭占用它的程序，或换个位置。\n",
        ),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_interruptions_and_held_files_leave_no_traceback(monkeypatch, done, error, code, message):
    def broken(*arguments, **options):
        raise error

    monkeypatch.setattr("analysis.study.run", broken)
    try:
        answer = done("run")
    except KeyboardInterrupt:  # would end all tests
        pytest.fail("an interruption is not caught")
    assert answer == (code, "", message)


def test_a_console_that_cannot_show_chinese(study):
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "trace", "all/all/issue/two_skins/any"],
        cwd=study.workspace.root,
        env={k: v for k, v in os.environ.items() if k != "PYTHONUTF8"}
        | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"????")


@pytest.mark.parametrize(
    ("words", "folders"),
    [
        (["x"], (Path("x"), None)),
        (["--labels", "x"], (None, [Path("x")])),
        (["--labels", "x", "--labels", "y"], (None, [Path("x"), Path("y")])),
        ([], (None, None)),
    ],
)
def test_evaluate_takes_label_folders_either_way(words, folders):
    options = build_parser().parse_args(["evaluate", *words])
    assert (options.folder, options.labels) == folders


def test_evaluate_scores_the_folder_named(done, tmp_path):
    missing = tmp_path / "没有"
    for words in (["--labels", missing], [missing]):
        code, out, err = done("evaluate", *words)
        assert (code, out) == (1, "")
        assert "找不到标注文件夹" in err
