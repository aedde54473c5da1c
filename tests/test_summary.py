import shutil

from analysis.study import run
from analysis.summary import summarise
from analysis.workspace import CHECKOUT, make_workspace


def test_a_run_says_in_chinese_what_it_found_where_and_what_it_could_not_read(tmp_path):
    workspace = make_workspace(tmp_path / "工作 文件夹")
    for name in ("county-organs", "hubei-problem-led"):
        shutil.copy(CHECKOUT / "data" / "reports" / f"{name}.txt", workspace.reports)
    (workspace.reports / "空.txt").write_text("", encoding="utf-8")
    text = summarise(run(workspace, charts=False))
    assert text.startswith("已分析 2 份报告。")
    assert "县级《关于做好新形势下县直机关党建工作的调研报告》：问题段 5" in text
    assert "来源缺问题部分" in text
    assert "有 1 份未能读取，其余不受影响：" in text
    assert "空.txt" in text
    assert "份可判断的报告中" in text
    assert "个问题段中" in text
    assert str(workspace.root) in text
    assert "python -m analysis trace level/county/issue/two_skins/asserted" in text


def test_when_nothing_could_be_read_it_says_so_and_no_counts(tmp_path):
    workspace = make_workspace(tmp_path / "w")
    (workspace.reports / "空.txt").write_text("", encoding="utf-8")
    text = summarise(run(workspace, charts=False))
    assert text.startswith("已分析 0 份报告。")
    assert "份可判断" not in text
