import shutil

import pandas as pd
import pytest

import analysis as an
from analysis.export.pictures import read_index
from analysis.figures import NO_LABELS, accuracy_note
from analysis.results import read_manifest
from analysis.study import run
from analysis.workspace import CHECKOUT, make_workspace


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    workspace = make_workspace(tmp_path_factory.mktemp("figures"))
    for name in ("county-organs", "hubei-problem-led", "city-speech"):
        shutil.copy(CHECKOUT / "data" / "reports" / f"{name}.txt", workspace.reports)
    return run(workspace)


def test_a_run_saves_every_standard_chart_as_png_svg_and_csv(study):
    index = read_index(study.workspace.figures)
    assert list(index["名称"]) == [
        *("issues_by_level", "focus_two_skins", "focus_thin_staffing", "composition")
    ]
    for name in index["名称"]:
        for kind in ("png", "svg", "csv"):
            assert (study.workspace.figures / f"{name}.{kind}").stat().st_size > 500
    recorded = read_manifest(study.workspace.results)["figures"]
    assert set(recorded) == {f"{n}.{k}" for n in index["名称"] for k in ("png", "svg", "csv")}


def test_a_deleted_or_changed_chart_is_drawn_again(study):
    picture = study.workspace.figures / "composition.png"
    before = picture.read_bytes()
    picture.unlink()
    run(study.workspace)
    assert picture.read_bytes() == before
    picture.write_bytes(b"changed")
    run(study.workspace)
    assert picture.read_bytes() == before


def test_the_numbers_of_the_chart_are_those_of_the_rates(study):
    data = an.plot_issues(study, by="level").data.set_index("数字编号")
    rates = study.tables["rates"].set_index("rate").loc[data.index]
    pairs = {
        "提到的报告数": "reports_with",
        "能判断的报告数": "reports",
        "无从判断的报告数": "reports_unknown",
        "提到的段数": "passages_with",
        "段数": "passages",
    }
    assert len(data) >= 20 * 3 * 2  # issues × reports × stances
    for column, name in pairs.items():
        assert data[column].astype(int).tolist() == rates[name].astype(int).tolist()


def test_charts_can_be_grouped_by_another_column(study):
    chart = an.plot_issues(study, by="genre")
    assert {"报告", "讲话"} <= set(chart.data["组"].dropna())
    assert "讲话只有 1 份，不能代表所在分组" in chart.caption


def test_save_chart_keeps_an_own_name_and_prints_the_path(study, capsys):
    paths = an.save_chart(an.plot_focus(study, "two_skins"), "我的两张皮", study=study)
    assert str(paths[0]) in capsys.readouterr().out
    assert "我的两张皮" in set(read_index(study.workspace.figures)["名称"])
    run(study.workspace, fresh=True)
    assert "我的两张皮" in set(read_index(study.workspace.figures)["名称"])


def test_captions_say_how_far_to_trust_the_tagging(study):
    assert accuracy_note(study) == NO_LABELS  # this workspace has no labels
    gold = study.workspace.gold
    shutil.copytree(CHECKOUT / "data" / "gold", gold)
    shutil.copytree(CHECKOUT / "data" / "reports", gold.parent / "reports", dirs_exist_ok=True)
    try:
        note, role_note = accuracy_note(study), accuracy_note(study, of="role")
    finally:
        shutil.rmtree(gold)
    assert note.startswith("与 3 份人工标注报告对照")
    assert "查准率" in note
    assert "查全率" in note
    assert "宏平均 F1" in role_note


def test_index_rates_lead_to_evidence(study):
    index = read_index(study.workspace.figures)
    evidence = set(study.tables["evidence"]["rate"])
    named = " ".join(index.loc[index["名称"] == "focus_two_skins", "数字编号"]).split()
    assert named
    rates = study.tables["rates"].set_index("rate")
    counted = [rate for rate in named if rates.loc[rate, "reports_with"] > 0]
    assert counted
    assert set(counted) <= evidence
    assert isinstance(study.quotes(counted[0]), pd.DataFrame)
