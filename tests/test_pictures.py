import hashlib
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from toys_charts import FIVE, book, study

from analysis.charts import Chart, ChartError, plot_standard
from analysis.export import pictures
from analysis.export.pictures import (
    index_row,
    read_index,
    safe_name,
    save_chart,
    save_index,
    save_picture,
    standard_name,
)

DRAW = """
import hashlib, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from toys_charts import FIVE, book, study
from analysis.charts import plot_standard
from analysis.export.pictures import save_picture
toy = study(FIVE)
for name, chart in plot_standard(toy, toy["sources"], book()):
    for path in save_picture(chart, Path(sys.argv[1]), name):
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def standard():
    toy = study(FIVE)
    return dict(plot_standard(toy, toy["sources"], book()))


CHARTS = standard()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    for name, chart in CHARTS.items():
        save_picture(chart, folder, name)
    return folder


def plain(words="字"):
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, words)
    return figure


def test_png_svg_and_csv_are_written_and_nothing_else(folder):
    expected = {f"{name}.{kind}" for name in CHARTS for kind in ("png", "svg", "csv")}
    assert {path.name for path in folder.iterdir()} == expected


def test_png_has_the_size_of_a_slide_and_no_program_name(folder):
    data = (folder / "issues_by_level.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (2667, 1500)
    assert b"Software" not in data


def test_svg_needs_no_font_and_has_no_date(folder):
    text = (folder / "focus_two_skins.svg").read_text(encoding="utf-8")
    assert "<text" not in text
    assert "dc:date" not in text
    assert CHARTS["focus_two_skins"].title in text


def test_csv_opens_in_excel_and_gives_the_numbers(folder):
    data = (folder / "issues_by_level.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    table = pd.read_csv(folder / "issues_by_level.csv", encoding="utf-8-sig")
    row = table[table["数字编号"] == "report/county/issue/two_skins/asserted"].iloc[0]
    assert (row["提到的段数"], row["段数"], row["状态"]) == (1, 2, "提到")
    assert list(table.columns) == list(CHARTS["issues_by_level"].data.columns)


def test_two_runs_give_the_same_bytes(folder, tmp_path):
    here = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
    tests = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(tmp_path), tests],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    there = dict(line.split() for line in done.stdout.splitlines())
    assert there == here


def test_a_missing_glyph_is_an_error_and_the_old_picture_stays(tmp_path):
    save_picture(plain(), tmp_path, "focus_x")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(ChartError, match=r"“focus_x” 中的字 “\ue7ad”（U\+E7AD）不在字库中"):
        save_picture(plain("\ue7ad"), tmp_path, "focus_x")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_run_and_an_analyst_never_overwrite_each_other(tmp_path):
    with pytest.raises(ValueError, match="begins with none"):
        save_picture(plain(), tmp_path, "两张皮")
    for name in ("issues_by_level", "Composition", "index", "focus_two_skins.png"):
        with pytest.raises(ChartError, match="是标准图的名称"):
            save_chart(plain(), name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_analysts_chart_is_saved_printed_and_listed(tmp_path, capsys):
    chart = CHARTS["focus_two_skins"]
    paths = save_chart(chart, "两张皮/分级", tmp_path)
    assert [p.name for p in paths] == ["两张皮_分级.png", "两张皮_分级.svg", "两张皮_分级.csv"]
    assert str(paths[0]) in capsys.readouterr().out
    save_chart(chart, "两张皮/分级", tmp_path)
    row = read_index(tmp_path).iloc[0]
    assert len(read_index(tmp_path)) == 1
    assert (row["名称"], row["类别"], row["标题"]) == ("两张皮_分级", "自存图", chart.title)
    assert row["数字编号"].split() == chart.rates


def test_axes_are_saved_by_their_figure_and_nonsense_is_told(tmp_path):
    figure = plain()
    assert [p.suffix for p in save_chart(figure.add_axes((0, 0, 1, 1)), "轴", tmp_path)] == [
        ".png",
        ".svg",
    ]
    with pytest.raises(ChartError, match="第一个参数应是一张图"):
        save_chart("图", "名称", tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("两张皮_分级", "两张皮_分级"),
        ("a/b\\c:d*e", "a_b_c_d_e"),
        ("..", None),
        (" 图一.png ", "图一"),
        ("NUL", "NUL_"),
        ("尾点.", "尾点"),
        ("", None),
        ("???", None),
        ("长" * 200, "长" * 70),
    ],
)
def test_names_are_safe_on_every_system(name, expected):
    if expected is None:
        with pytest.raises(ChartError, match="不能用作文件名"):
            safe_name(name)
    else:
        assert safe_name(name) == expected


def test_names_of_the_set_are_safe_and_stay_apart():
    assert standard_name("profile_县直机关") == "profile_县直机关"
    names = {standard_name(f"profile_{'长' * 80}{number}") for number in (1, 2)}
    assert len(names) == 2
    assert all(name.startswith("profile_长") and len(name) < 60 for name in names)
    assert re.fullmatch(r"profile_a_b-[0-9a-f]{12}", standard_name("profile_a?b"))


def test_the_index_lists_the_set_and_keeps_own_pictures_that_exist(tmp_path):
    save_chart(plain(), "留下", tmp_path)
    save_chart(plain(), "删去", tmp_path)
    (tmp_path / "删去.png").unlink()
    listed = [index_row(name, chart) for name, chart in CHARTS.items()]
    path = save_index(listed, tmp_path)
    index = read_index(tmp_path)
    assert index["名称"].tolist() == [*CHARTS, "留下"]
    assert index["类别"].tolist() == ["标准图"] * len(CHARTS) + ["自存图"]
    assert (index["说明"][: len(CHARTS)].str.contains("份报告")).all()
    assert (index["替代文字"][: len(CHARTS)] != "").all()
    first = path.read_bytes()
    assert save_index(listed, tmp_path).read_bytes() == first


def test_an_index_that_is_not_ours_is_not_believed(tmp_path):
    (tmp_path / "index.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert read_index(tmp_path).empty
    assert read_index(tmp_path / "nowhere").empty


def test_a_cell_that_looks_like_a_formula_is_harmless(tmp_path):
    chart = Chart(figsize=(2, 1))
    chart.title, chart.data = "=1+1", pd.DataFrame({"列": ["=1+1", "平常"]})
    save_picture(chart, tmp_path, "profile_a")
    assert (tmp_path / "profile_a.csv").read_text(encoding="utf-8-sig") == "列\n'=1+1\n平常\n"
    save_index([index_row("profile_a", chart)], tmp_path)
    assert "'=1+1" in (tmp_path / "index.csv").read_text(encoding="utf-8-sig")
    assert read_index(tmp_path)["标题"].tolist() == ["=1+1"]


def test_a_file_in_use_is_told_and_leaves_nothing_behind(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pictures.Path, "replace", refuse)
    with pytest.raises(ChartError, match="不能写入 .*focus_x.png.*请先关闭"):
        save_picture(plain(), tmp_path, "focus_x")
    assert list(tmp_path.iterdir()) == []


def test_an_apostrophe_at_the_beginning_survives_the_index(tmp_path):
    chart = Chart(figsize=(2, 1))
    chart.title = "'平常'"
    save_index([index_row("profile_a", chart)], tmp_path)
    assert read_index(tmp_path)["标题"].tolist() == ["'平常'"]
