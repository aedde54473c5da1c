import pandas as pd
import pytest

import analysis as an
from analysis.labels import NO_LABELS
from analysis.score_tables import IN_SAMPLE, LEFT_OUT
from analysis.study.names import ChoiceError
from analysis.workspace import CHECKOUT, Workspace


@pytest.fixture(scope="module")
def labelled(study):
    """The five reports with their labels; `study` has none."""
    return an.Study(Workspace(CHECKOUT), study.book, study.tables, study.sources)


def counted(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("人工↓程序→").replace("·", 0).astype(int)


def test_accuracy_and_confusion_against_labels(labelled):
    accuracy = labelled.accuracy("角色").set_index("名称").loc["准确率"]
    roles = labelled.confusion("角色").set_index("人工↓程序→").replace("·", 0)
    assert roles.to_numpy().sum() == accuracy["标注数"]
    right = sum(roles.loc[name, name] for name in roles.index)
    assert right / accuracy["标注数"] == pytest.approx(accuracy["比例"])
    assert len(labelled.accuracy()) == 5
    assert set(labelled.book["theme_names"]["name"]) < set(labelled.accuracy("主题")["名称"])


def test_left_out_is_no_better_and_other_than_in_sample(labelled):
    main = labelled.trust().set_index("项目")
    assert all(f"``{column}``" in an.Study.trust.__doc__ for column in main.reset_index())
    found = main.loc["问题表现查全率"]
    assert found[LEFT_OUT] < found[IN_SAMPLE]
    assert main.loc["标题F1", LEFT_OUT] == main.loc["标题F1", IN_SAMPLE]  # nothing switched off
    scores = labelled.scores(left_out=True)
    issues = scores[(scores["report"] == "all") & (scores["measure"] == "issue_micro")]
    assert issues["recall"].item() == pytest.approx(found[LEFT_OUT])
    # Wording that carries over from report to report: below this it was written sentence by
    # sentence. The five alone gave .78 when this was written.
    assert issues["f1"].item() >= 0.7


def test_every_part_can_be_asked_for_left_out_too(labelled):
    for of in ("角色", "主题", "问题表现", "态度", "标题"):
        table = labelled.accuracy(of, left_out=True)
        assert {"名称", "各份"} < set(table), of
    assert labelled.accuracy("stance").equals(labelled.accuracy("态度"))
    assert labelled.accuracy(left_out=True)["报告"].nunique() == 5


def test_confusion_of_stances_counts_every_mention(labelled):
    table = counted(labelled.confusion("态度", left_out=True))
    issues = labelled.accuracy("问题表现", left_out=True).set_index("名称").loc["微平均"]
    by_person = table.drop(index="人工没有标注", errors="ignore")
    assert by_person.to_numpy().sum() == issues["标注数"]
    found = by_person.drop(columns="没有判断").to_numpy().sum()
    assert found / issues["标注数"] == pytest.approx(issues["查全率"])


def test_mistakes_are_those_counted(labelled):
    roles = counted(labelled.confusion("角色"))
    wrong = roles.to_numpy().sum() - sum(roles.loc[name, name] for name in roles.index)
    listed = labelled.mistakes("角色")
    assert len(listed) == wrong
    assert (listed["人工"] != listed["程序"]).all()
    issues = labelled.mistakes("问题表现", left_out=True)
    assert {"漏"} <= set(issues["错误"]) <= {"漏", "多"}
    assert issues["原句"].str.len().min() > 0


def test_what_cannot_be_asked_is_told(labelled):
    with pytest.raises(ChoiceError, match="可用：角色（role）、主题（theme）、态度（stance）"):
        labelled.confusion("问题表现")
    for of in ("标题", "问题与对策"):
        with pytest.raises(ChoiceError, match="可用：角色、主题、问题表现、态度"):
            labelled.mistakes(of)
    with pytest.raises(ChoiceError, match="没有叫“题材”的种类"):
        labelled.accuracy("题材")


def test_labels_of_other_reports_are_left_out(labelled):
    reports = labelled.reports[labelled.reports["report"] == "county-organs"]
    sentences = labelled.sentences[labelled.sentences["report"] == "county-organs"]
    tables = labelled.tables | {"reports": reports, "sentences": sentences}
    one = an.Study(labelled.workspace, labelled.book, tables, labelled.sources)
    assert one.accuracy()["报告"].tolist() == ["county-organs"]
    assert one.accuracy()["标注句"].tolist() == [83]


def test_without_labels_the_tables_say_so(study):
    tables = [study.trust(), study.mistakes("角色"), study.confusion("态度")]
    for table in (*tables, study.accuracy(), study.accuracy("主题", left_out=True)):
        assert NO_LABELS in study.show(table).to_html()
    assert study.scores(left_out=True) is None
