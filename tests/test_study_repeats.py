"""Reports and passages that are there twice, as a study tells of them and counts without them."""

import shutil

import pandas as pd
import pytest
from docx import Document

import analysis as an
from analysis import charts
from analysis.charts.copies import CSV_COLUMNS, NONE, count_copies
from analysis.study import run
from analysis.workspace import CHECKOUT, make_workspace

REPORTS = CHECKOUT / "data" / "reports"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A report, its bytes once more, a Word file with a few changes, and one that borrows."""
    workspace = make_workspace(tmp_path_factory.mktemp("repeats"))
    text = (REPORTS / "county-organs.txt").read_text(encoding="utf-8")
    borrowed = [line for line in text.splitlines() if len(line) > 100][3:6]
    speech = (REPORTS / "city-speech.txt").read_text(encoding="utf-8")
    files = {
        "a.txt": text,
        "b.txt": text,
        "d.txt": "\n".join([speech.rstrip("\n"), *borrowed, ""]),
    }
    for name, content in files.items():
        (workspace.reports / name).write_text(content, encoding="utf-8")
    document = Document()
    for line in text.replace("机关党建", "党建工作", 5).splitlines():
        document.add_paragraph(line)
    document.save(workspace.reports / "c.docx")
    return run(workspace, charts=False)


@pytest.fixture(scope="module")
def confirmed(study, tmp_path_factory):
    """The same after a person wrote into the catalogue that c is a."""
    root = shutil.copytree(study.workspace.root, tmp_path_factory.mktemp("confirmed") / "w")
    catalogue = root / "data" / "reports.csv"
    rows = catalogue.read_text(encoding="utf-8-sig").splitlines()
    place = rows[0].split(",").index("same_as")
    cells = next(row for row in rows if row.startswith("c.docx")).split(",")
    cells[place] = "a.txt"
    rows = [",".join(cells) if row.startswith("c.docx") else row for row in rows]
    catalogue.write_text("\n".join([*rows, ""]), encoding="utf-8-sig")
    return run(root, charts=False)


def test_what_is_left_out_and_what_waits_is_told(study):
    said = str(study)
    assert "已分析 3 份报告。" in said
    assert "请留意：b.txt：与 a.txt 逐字节相同，只计后者。" in said
    assert "c.docx 与 a.txt 近似重复（相同 " in said
    assert "same_as 列（没有就加上这一列）填 a.txt，不是的填“否”。" in said
    assert "是重复段落，涉及 " in said
    assert an.load(study.workspace).twin_reports().equals(study.twin_reports())
    assert study.twin_reports()["处理"].tolist() == ["不计入", "待确认，都计入"]
    assert study.overview()["报告"].tolist() == ["a", "c", "d", "b"]


def test_a_twin_cannot_be_asked_about_and_the_message_says_why(study):
    with pytest.raises(ValueError, match="b.txt：与 a.txt 逐字节相同，只计后者。"):
        study.headings("b")


def test_until_somebody_decides_both_count_and_captions_say_so(study):
    assert set(study.rates("role", by="all")["reports"]) == {3}
    for chart in (an.plot_issues(study), an.plot_links(study), an.plot_copies(study)):
        assert "“c”与“a”近似重复，未经确认，各算一份。" in chart.caption
    assert "也计在内。" in an.plot_issues(study).caption
    assert "近似重复" in an.plot_stability(study).caption


def test_a_decision_counts_from_the_next_run_on(study, confirmed):
    assert set(confirmed.rates("role", by="all")["reports"]) == {2}
    assert "c.docx：按 reports.csv 与 a.txt 是同一份，只计后者。" in str(confirmed)
    assert "近似重复" not in an.plot_issues(confirmed).caption
    assert set(confirmed.passages["report"]) == set(confirmed.sources) == {"a", "d"}
    changes = confirmed.tables["changes"].set_index("key")
    assert changes.loc["c", "after"] == "重复，不计入"
    assert changes.loc["c", "because_of"] == "相同报告的认定（c）"
    said = str(confirmed.update_note())
    assert "下面的变化都是相同报告的认定（c）带来的。" in said
    assert set(confirmed.tables["changes"]["kind"]) & {"label"} == set()
    assert "- 相同报告的认定变了：c，原为" in said and "；现为重复，不计入" in said


def test_a_name_that_is_wrong_is_told_by_every_run_and_by_load(study, tmp_path):
    root = shutil.copytree(study.workspace.root, tmp_path / "w")
    catalogue = root / "data" / "reports.csv"
    catalogue.write_text("file,same_as\nc.docx,x.txt\n", encoding="utf-8-sig")
    line = "reports.csv 第2行：same_as “x.txt” 不是能够读取的报告，可填：a.txt、c.docx、d.txt"
    assert line in str(run(root, charts=False))
    assert line in str(an.load(root))


def test_decisions_about_a_report_that_is_left_out_are_told(study, tmp_path):
    root = shutil.copytree(study.workspace.root, tmp_path / "w")
    other = an.load(root)
    sentences = other.sentences.query("report == 'c' and role == 'problem'")["sentence"]
    other.correct(sentences.iloc[0], role="原因")
    catalogue = root / "data" / "reports.csv"
    catalogue.write_text("file,same_as\nc.docx,a\n", encoding="utf-8-sig")
    found = run(root, charts=False)
    assert found.stale_corrections["reason"].tolist() == ["报告 c 不计入：与 a 是同一份"]
    assert set(found.passages["report"]) == {"a", "d"}


def test_copied_passages_are_shown_with_both_places(confirmed):
    copied = confirmed.copied()
    assert len(copied) == 3  # each pair once
    for row in copied.to_dict("records"):
        for report, quote, start in (
            (row["报告"], row["重复段落"], row["起点"]),
            (row["相同的报告"], row["那里怎么写的"], row["那里的起点"]),
        ):
            assert confirmed.sources[report][start : start + len(quote)] == quote
    assert confirmed.copied("d")["报告"].unique().tolist() == ["d"]


def test_every_count_is_there_without_copies(confirmed):
    without, copies = confirmed.without_copies(), set(confirmed.copies["passage"])
    assert set(confirmed.copies["report"]) == {"a", "d"}
    left = confirmed.passages[~confirmed.passages["passage"].isin(copies)]
    rates = without.rates("role", by="all").set_index("key")
    assert set(rates["passages"]) == {len(left)}
    problems = confirmed.sentences.query("role == 'problem' and passage not in @copies")
    assert rates.loc["problem", "sentences_with"] == len(problems)
    assert not set(without.tables["evidence"]["passage"]) & copies
    quoted = without.quotes("all/all/role/problem/any")
    assert quoted["sentence"].tolist() == problems["sentence"].tolist()
    assert len(confirmed.quotes("all/all/role/problem/any")) > len(quoted)
    assert without.caveat.startswith("不计重复段落：30 字以上的 ")
    assert without.caveat in an.plot_issues(without).caption
    assert without.caveat in str(without)
    assert "现在都计在内" in str(confirmed) and "现在都计在内" not in str(without)
    assert without.scores() is None
    assert not confirmed.scope
    assert len(confirmed.passages) == len(left) + len(copies)


def test_links_are_those_between_passages_that_are_left(confirmed):
    without = confirmed.without_copies()
    links, sentences = without.tables["links"], set(without.sentences["sentence"])
    assert set(links["problem"]) | set(links["countermeasure"].dropna()) <= sentences
    answered = without.sentences.query("link == 'answered'")["sentence"]
    own = links[links["report_problem"] == links["report_countermeasure"]]
    assert set(own["problem"]) <= set(answered)
    an.plot_links(without)
    an.plot_answers(without)


def test_without_any_copies_the_same_is_counted(confirmed):
    confirmed = confirmed.without_copies()
    confirmed.tables = {**confirmed.tables, "copies": confirmed.tables["copies"].iloc[:0]}
    again = confirmed.without_copies()
    for name in ("passages", "sentences", "mentions", "rates", "evidence"):
        pd.testing.assert_frame_equal(again.tables[name], confirmed.tables[name])


def test_the_chart_says_who_repeats_whom(confirmed):
    frame = count_copies(confirmed.tables).set_index(["report", "other"])
    copies = confirmed.copies.groupby(["report", "other_report"])["passage"].nunique()
    for pair, row in frame.iterrows():
        assert row["passages"] == copies[pair]
        assert row["passages"] <= row["total"] <= row["of"]
    chart = an.plot_copies(confirmed)
    assert chart.title.startswith("2 份报告中 2 份有与别的报告重复的段落，最多的一份 ")
    drawn = {text.get_gid(): text.get_text() for text in chart.findobj(lambda a: a.get_gid())}
    assert drawn["count/a/d"] == str(copies["a", "d"])
    assert drawn["of/a/d"] == f"/{frame.loc[('a', 'd'), 'of']}"
    assert list(chart.data) == list(CSV_COLUMNS.values())


def test_the_chart_without_copies_says_so(confirmed):
    tables = {**confirmed.tables, "copies": confirmed.copies.iloc[:0]}
    chart = charts.plot_copies(tables)
    assert "没有发现报告之间重复的段落" in chart.title
    assert NONE in {text.get_text() for text in chart.axes[0].texts}
    assert chart.data["重复段数"].tolist() == [0, 0]
