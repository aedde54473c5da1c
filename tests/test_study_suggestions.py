"""The command `suggest` from end to end: propose, judge, accept, run again."""

import pytest

from analysis.__main__ import main
from analysis.accept import DECISION, YES, read_proposals
from analysis.results import folder_hashes
from analysis.schema import write_table
from analysis.study import run
from analysis.suggest import NOTHING
from analysis.workspace import make_workspace

SAME = "不少同志抱着算盘珠子打瞌睡。"
FAULTS = [
    "考场漏雨",
    "考卷泛黄",
    "粮仓空着",
    "渡口停摆",
    "钟楼失修",
    "井水干涸",
    "墙皮剥落",
    "砚台干裂",
]
RESULTS = [
    "春耕结束",
    "道路通车",
    "渔船返港",
    "果园挂果",
    "老街亮灯",
    "水渠通水",
    "学校开学",
    "医院开诊",
]


def report(town):
    """Faults of which the codebook knows no wording, one of them in all towns' reports."""
    faults = "".join(f"党员反映，{town}{fault}，问题突出。" for fault in FAULTS)
    results = "".join(f"党支部带领群众，{town}{result}，党员受到好评。" for result in RESULTS * 2)
    parts = [
        f"关于{town}机关党建的调研报告",
        "一、主要做法",
        results,
        "二、存在的主要问题",
        faults,
        SAME,
    ]
    return "\n".join([*parts, ""])


@pytest.fixture
def work(tmp_path):
    made = make_workspace(tmp_path / "课题")
    for town in ("东", "西", "南"):
        (made.reports / f"{town}.txt").write_text(report(f"{town}镇"), encoding="utf-8")
    run(made, charts=False)
    return made


def command(work, *options):
    return main(["suggest", *options, "--workspace", str(work.root)])


def test_proposals_are_judged_accepted_and_used_by_the_next_run(work, capsys):
    before, folder = folder_hashes(work.codebook), work.results / "suggestions"
    assert command(work) == 0
    assert "条问题表现的写法" in capsys.readouterr().out
    assert folder_hashes(work.codebook) == before
    rows = read_proposals(folder)["proposed_patterns"]
    wanted = rows["regex"].str.contains("算盘|瞌睡")
    assert wanted.sum() == 1
    row = rows[wanted].iloc[0]
    assert (row["reports"], row["passages"]) == (3, 3)
    rows.loc[wanted, DECISION] = YES
    write_table("proposed_patterns", rows, folder / "proposed_patterns.csv")

    assert command(work) == 0
    assert "有 1 条填了“是”，还没有写入编码手册" in capsys.readouterr().out
    assert command(work, "--accept") == 0
    assert "patterns.csv 1 行，theme_terms.csv 0 行" in capsys.readouterr().out
    mentions = run(work, charts=False).mentions
    assert set(mentions.loc[mentions["pattern"] == row["pattern"], "report"]) == {"东", "西", "南"}
    assert command(work, "--accept") == 0
    assert capsys.readouterr().out == "没有填“是”的建议，编码手册没有改动。\n"


def test_a_row_that_is_not_fit_is_told_in_one_line(work, capsys):
    folder = work.results / "suggestions"
    command(work)
    rows = read_proposals(folder)["proposed_patterns"]
    rows.loc[0, [DECISION, "regex"]] = [YES, "(算盘"]
    write_table("proposed_patterns", rows, folder / "proposed_patterns.csv")
    capsys.readouterr()
    assert command(work, "--accept") == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("未能完成：proposed_patterns.csv 第2行：“(算盘” 不是合法的")
    assert shown.err.count("\n") == 1


def test_where_there_is_too_little_nothing_is_proposed(tmp_path, capsys):
    made = make_workspace(tmp_path / "课题")
    (made.reports / "东.txt").write_text(report("东镇"), encoding="utf-8")
    run(made, charts=False)
    assert command(made) == 0
    assert capsys.readouterr().out == f"{NOTHING}\n"
    assert all(rows.empty for rows in read_proposals(made.results / "suggestions").values())
