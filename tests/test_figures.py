import re
import shutil

import pandas as pd
import pytest

import analysis as an
from analysis.captions import accuracy_note
from analysis.export.pictures import read_index
from analysis.labels import NO_LABELS
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
        *("composition", "themes_by_level", "issues_by_level", "cooccurrence", "focus_two_skins"),
        *("focus_thin_staffing", "countermeasures_by_theme", "links_by_theme", "copies"),
        *("stability", "profile_city-speech", "profile_county-organs", "profile_hubei-problem-led"),
    ]
    for name in index["名称"]:
        for kind in ("png", "svg", "csv"):
            assert (study.workspace.figures / f"{name}.{kind}").stat().st_size > 300
    recorded = read_manifest(study.workspace.results)["figures"]
    pictures = {f"{n}.{k}" for n in index["名称"] for k in ("png", "svg", "csv")}
    assert set(recorded) == pictures | {"briefing.pptx", "workbook.xlsx", "annex.docx"}


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
        "可判断的报告数": "reports",
        "无从判断的报告数": "reports_unknown",
        "提到的段数": "passages_with",
        "段数": "passages",
    }
    assert len(data) >= 20 * 3 * 2  # issues × reports × stances
    for column, name in pairs.items():
        assert data[column].astype(int).tolist() == rates[name].astype(int).tolist()


def test_every_chart_can_be_called_by_itself(study):
    drawn = {
        "themes": an.plot_themes(study, by="level"),
        "cooccurrence": an.plot_cooccurrence(study),
        "countermeasures": an.plot_answers(study),
        "links": an.plot_links(study),
        "copies": an.plot_copies(study),
        "stability": an.plot_stability(study),
        "composition": an.plot_composition(study),
        "profile": an.plot_profile(study, "county-organs"),
    }
    index = read_index(study.workspace.figures).set_index("名称")
    saved = {name.split("_")[0]: row for name, row in index.iterrows() if "hubei" not in name}
    for name, chart in drawn.items():
        if name != "profile":
            assert (chart.title, chart.caption) == (saved[name]["标题"], saved[name]["说明"])
    assert drawn["profile"].title == index.loc["profile_county-organs", "标题"]
    assert an.plot_focus(study, "两张皮").title == an.plot_focus(study, "two_skins").title


@pytest.mark.slow
def test_the_page_of_a_report_that_is_gone_goes_too(tmp_path):
    workspace = make_workspace(tmp_path)
    for source, name in (("county-organs", "county-organs"), ("city-speech", "很长的名字" * 40)):
        file = CHECKOUT / "data" / "reports" / f"{source}.txt"
        shutil.copy(file, workspace.reports / f"{name[:80]}.txt")
    run(workspace)
    names = set(read_index(workspace.figures)["名称"])
    pages = {name for name in names if name.startswith("profile_")}
    assert len(pages) == 2
    (long,) = pages - {"profile_county-organs"}
    assert (workspace.figures / f"{long}.png").is_file()
    assert len(long.encode()) <= 200  # most file systems take 255 with what is added
    own = workspace.figures / "profile_我的.txt"
    own.write_text("不动", encoding="utf-8")
    next(workspace.reports.glob("很*.txt")).unlink()
    run(workspace)
    assert "profile_county-organs" in set(read_index(workspace.figures)["名称"])
    assert sorted(p.name for p in workspace.figures.glob("profile_*")) == [
        *(f"profile_county-organs.{kind}" for kind in ("csv", "png", "svg")),
        own.name,
    ]


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


@pytest.mark.slow
def test_add_slide_finds_the_workspace_and_a_run_leaves_the_copy_alone(study, capsys):
    path = an.add_slide(an.plot_issues(study), "提到最多的问题", study=study)
    assert str(path) in capsys.readouterr().out
    before = path.read_bytes()
    run(study.workspace, fresh=True)
    assert path.read_bytes() == before


def test_captions_say_how_far_to_trust_the_tagging(study):
    assert accuracy_note(study) == NO_LABELS  # this workspace has no labels
    gold = study.workspace.gold
    shutil.copytree(CHECKOUT / "data" / "gold", gold)
    shutil.copytree(CHECKOUT / "data" / "reports", gold.parent / "reports", dirs_exist_ok=True)
    try:
        note, role_note = accuracy_note(study), accuracy_note(study, of="role")
        theme_note = accuracy_note(study, of="theme")
    finally:
        shutil.rmtree(gold)
    assert note.startswith("与 3 份人工标注报告对照")
    assert "查准率" in note
    assert "查全率" in note
    assert "宏平均 F1" in role_note
    assert "主题判断一致的句子占 0." in theme_note


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


def test_docstrings_name_the_columns_of_each_chart(study):
    own = {
        "issues_by_level": an.plot_issues,
        "composition": an.plot_composition,
        "cooccurrence": an.plot_cooccurrence,
        "focus_two_skins": an.plot_focus,
        "links_by_theme": an.plot_links,
        "stability": an.plot_stability,
        "profile_county-organs": an.plot_profile,
    }
    told = {name: re.findall("``([^`]+)``", plot.__doc__) for name, plot in own.items()}
    told["themes_by_level"] = told["issues_by_level"]
    more = re.findall("``(有[^`]+)``", an.plot_answers.__doc__)
    told["countermeasures_by_theme"] = told["issues_by_level"] + more
    for name, words in told.items():
        header = (study.workspace.figures / f"{name}.csv").read_text("utf-8-sig").splitlines()[0]
        assert set(header.split(",")) == {word for word in words if re.search("[一-龥]", word)}, (
            name
        )
