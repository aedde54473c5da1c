"""Decisions in a study: saved, applied on the next run, undone, carried to changed reports."""

import random
import shutil

import pandas as pd
import pytest

from analysis.corrections.rows import pending_path
from analysis.errors import AnalysisError
from analysis.results import file_hash
from analysis.roles import count_passages
from analysis.schema import check
from analysis.study import load, run, runs, suggest_wording
from analysis.tables import RESULT_TABLES
from analysis.vocabulary import STANCES
from analysis.workspace import make_workspace

TEXT = (
    "关于{}机关党建工作的调研报告\n一、存在的问题\n"
    "（一）融合不够。有的单位党建与业务两张皮。有的党务干部业务不熟。市里开展了培训。\n"
    "（二）队伍不强。有的支部书记精力不足，工作浮在面上。\n"
    "二、对策建议\n（一）要压实主体责任。要建强党务干部队伍。\n"
)


@pytest.fixture
def work(tmp_path, monkeypatch, book):
    # The models made of the session's codebook are there already.
    monkeypatch.setattr(runs, "load_codebook", lambda _: book)
    workspace = make_workspace(tmp_path / "工作")
    for name in ("甲市", "乙县"):
        (workspace.reports / f"{name}.txt").write_text(TEXT.format(name), encoding="utf-8")
    return workspace


def again(work):
    return run(work, charts=False)


def hashes(work):
    return {name: file_hash(work.results / f"{name}.csv") for name in RESULT_TABLES}


def find(study, text, report="甲市"):
    rows = study.sentences
    return rows[rows["text"].str.contains(text) & (rows["report"] == report)].iloc[0]


def issues(study, row):
    rows = study.mentions[study.mentions["sentence"] == row["sentence"]]
    return dict(zip(rows["issue"], rows["stance"], strict=True))


def test_every_field_is_corrected_counted_and_undone_without_a_trace(work):
    study = again(work)
    before = hashes(work)
    training, skins = find(study, "市里开展"), find(study, "两张皮")
    weak, duty = find(study, "业务不熟"), find(study, "压实主体责任")
    mention = study.mentions[study.mentions["sentence"] == skins["sentence"]].iloc[0]
    other = "problem" if training["role"] != "problem" else "practice"
    said = [
        study.correct(training["sentence"], role=study.book.names[other], why="试一试"),
        study.correct(skins["passage"], theme="信息化"),
        study.correct(weak["sentence"], issue="就党建抓党建"),
        study.correct(mention["mention"], stance="否认"),
        study.correct(duty["sentence"], role=duty["role"]),
    ]
    assert all(line.startswith("已保存：甲市 “") for line in said)
    assert said[0].endswith("；重新运行后计入结果。") and "（确认）" in said[-1]
    assert study.stale and load(work).stale.startswith(
        "注意：上次分析之后，人工更正 corrections.csv"
    )
    assert hashes(work) == before
    assert "有 5 条人工更正：运行 python -m analysis train" in suggest_wording(work)
    new = again(work)
    assert find(new, "市里开展")["role"] == other
    assert find(new, "市里开展")["role_basis"].endswith("：试一试")
    assert issues(new, weak)["self_circulation"] == "asserted"
    assert issues(new, skins)[mention["issue"]] == "negated"
    assert find(new, "压实主体责任")["corrected"]
    theme = new.passages.set_index("passage").loc[skins["passage"], "theme"]
    assert theme != study.passages.set_index("passage").loc[skins["passage"], "theme"]
    # Later stages and counts see it; the other report does not.
    count = "report/甲市/issue/self_circulation/asserted"
    rates = (one.tables["rates"].set_index("rate") for one in (study, new))
    assert [table.loc[count, "sentences_with"] for table in rates] == [0, 1]
    for name in ("sentences", "passages", "mentions"):
        old, now = (one.tables[name].query("report == '乙县'") for one in (study, new))
        pd.testing.assert_frame_equal(old.reset_index(drop=True), now.reset_index(drop=True))
    assert again(work).stale == "" and len(new.corrections) == 5
    for _ in range(5):
        assert new.undo().startswith("已撤销：甲市 “")
    assert new.undo() == "没有可以撤销的更正。"
    again(work)
    assert hashes(work) == before and len(new.corrections) == 10
    assert new.redo().startswith("已恢复：甲市 “") and new.redo().startswith("已恢复")


@pytest.mark.slow
def test_an_issue_is_taken_away_and_put_back(work):
    study = again(work)
    row = find(study, "两张皮")
    names = issues(study, row)
    mention = study.mentions[study.mentions["sentence"] == row["sentence"]].iloc[0]
    assert study.correct(mention["mention"], issue="无").endswith(
        f"问题表现 {study.book.names[mention['issue']]} → 无；重新运行后计入结果。"
    )
    assert issues(again(work), row) == {
        key: value for key, value in names.items() if key != mention["issue"]
    }
    study = load(work)
    study.correct(row["sentence"], issue=mention["issue"])
    assert issues(again(work), row).keys() == names.keys()
    assert study.undo().startswith("已撤销") and mention["issue"] not in issues(again(work), row)
    assert study.redo().startswith("已恢复") and mention["issue"] in issues(again(work), row)


@pytest.mark.slow
def test_an_answer_is_rejected_put_back_and_added_by_words(work):
    study = again(work)
    first = study.links[study.links["report_countermeasure"] == study.links["report_problem"]]
    problem, answer = first.iloc[0][["problem", "countermeasure"]]
    line = study.correct(problem, no_answer=answer, why="两回事")
    assert (
        line.startswith("已保存：")
        and " 对策 “" in line
        and line.endswith("→ 无；重新运行后计入结果。")
    )
    new = again(work)
    pairs = set(zip(new.links["problem"], new.links["countermeasure"], strict=True))
    assert (problem, answer) not in pairs and new.stale_corrections.empty
    new.correct(problem, answer=answer)
    last = again(work)
    row = last.links.query("problem == @problem and countermeasure == @answer").iloc[0]
    assert (row["score"], row["basis"]) == (1, "人工更正")
    with pytest.raises(AnalysisError, match="不是问题句；如果判错了，请先改角色再运行。"):
        last.correct(answer, answer=answer)
    with pytest.raises(AnalysisError, match="请指到一个问题句，不能是整段。"):
        last.correct(find(last, "两张皮")["passage"], answer=answer)


@pytest.mark.slow
def test_a_second_decision_about_a_passage_knows_the_first(work):
    study = again(work)
    passage = find(study, "两张皮")["passage"]
    themes = study.book["theme_names"]["theme"].tolist()[:3]
    for theme in themes:
        study.correct(passage, theme=theme)
    assert study.corrections["was"].tolist()[1:] == themes[:2]
    mine = again(work).sentences.query("passage == @passage")
    assert set(mine.loc[mine["corrected"], "theme"]) == {themes[2]}


def test_decisions_follow_the_text_and_what_does_not_fit_is_told(work):
    study = again(work)
    kept, edited = find(study, "市里开展"), find(study, "精力不足")
    gone, moved = find(study, "两张皮", "乙县"), find(study, "压实", "乙县")
    for row in (kept, edited, gone, moved):
        study.correct(row["sentence"], role="原因")
    path = work.reports / "甲市.txt"
    text = path.read_text(encoding="utf-8").replace("一、存在的问题", "编者按。\n一、存在的问题")
    path.write_text(text.replace("精力不足", "精力不够").replace("，", ","), encoding="utf-8")
    (work.reports / "乙县.txt").rename(work.reports / "丙县.txt")
    new = again(work)
    assert find(new, "市里开展")["role"] == "cause"
    assert find(new, "精力不够")["role"] != "cause"
    assert find(new, "两张皮", "丙县")["role"] == find(new, "压实", "丙县")["role"] == "cause"
    assert new.stale_corrections["reason"].tolist() == ["原句已改动或删去"]
    told = [line for line in new.remarks if "没有采用" in line]
    assert len(told) == 1 and "“有的支部书记精力不足，工作浮在面上。”：原句已改动或删去" in told[0]
    assert load(work).stale_corrections.equals(new.stale_corrections)
    assert [line for line in load(work).remarks if "没有采用" in line] == told
    (work.reports / "丙县.txt").unlink()
    last = again(work)
    assert sorted(last.stale_corrections["report"]) == ["乙县", "乙县", "甲市"]
    assert "报告 乙县 已不在 data/reports 中" in " ".join(last.stale_corrections["reason"])


@pytest.mark.slow
def test_a_label_that_left_the_codebook_is_told(work):
    study = again(work)
    row = find(study, "两张皮")
    study.correct(row["sentence"], theme="staffing")
    text = work.corrections.read_text("utf-8-sig").replace(",staffing,", ",staff,")
    work.corrections.write_text(text, "utf-8-sig")
    new = again(work)
    assert (
        new.stale_corrections["reason"].iloc[0].startswith("now “staff” 不在编码手册中；是否想写")
    )
    work.corrections.write_text(text.replace(",theme,", ",thema,"), "utf-8-sig")
    new = again(work)
    assert any(line.startswith("corrections.csv 第2行：field “thema”") for line in new.remarks)
    work.corrections.write_bytes(b"PK\x03\x04")
    with pytest.raises(AnalysisError, match="corrections.csv：内容是 Excel 工作簿"):
        again(work)
    assert any("Excel 工作簿" in line for line in load(work).remarks)


@pytest.mark.slow
def test_what_waits_in_the_side_file_counts_and_is_moved_over(work):
    study = again(work)
    row = find(study, "市里开展")
    study.correct(row["sentence"], role="原因")
    work.corrections.rename(pending_path(work.corrections))
    new = again(work)
    assert find(new, "市里开展")["role"] == "cause" and work.corrections.is_file()
    assert not pending_path(work.corrections).exists()


def test_only_the_corrected_report_is_computed_again(work, monkeypatch):
    from analysis.study import per_report

    study = again(work)
    study.correct(find(study, "市里开展")["sentence"], role="原因")
    seen, plain = [], per_report.split_reports

    def counted(sources, *rest):
        seen.extend(sources)
        return plain(sources, *rest)

    monkeypatch.setattr(per_report, "split_reports", counted)
    again(work)
    assert seen == ["甲市"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            {"what": "没有这句话", "role": "问题"},
            "没有找到“没有这句话”：请写段落、句子或提及的编号",
        ),
        (
            {"what": "的", "role": "问题"},
            "“的”在 .* 句话里都有，请多抄几个字，或写编号：city-speech-s0001（2024年",
        ),
        ({"role": "问题", "theme": "队伍建设"}, "一次只改一项"),
        ({}, "请写明改成什么"),
        ({"role": "难题"}, "没有叫“难题”的角色"),
        ({"stance": "同意"}, "没有叫“同意”的态度；可用：认定（asserted）"),
        ({"passage": True, "issue": "两张皮"}, "不能是整段"),
        ({"text": "市里开展", "stance": "否认"}, "没有标出问题表现"),
    ],
)
def test_a_question_that_is_not_clear_changes_nothing(study, question, reason):
    question = dict(question)
    rows = study.sentences
    row = rows[rows["role"].isin(["problem"])].iloc[0]
    if "text" in question:
        named = rows["sentence"].isin(study.mentions["sentence"])
        row, _ = rows[~named & (rows["role"] == "background")].iloc[0], question.pop("text")
    unit = row["passage"] if question.pop("passage", None) else row["sentence"]
    with pytest.raises(AnalysisError, match=reason):
        study.correct(question.pop("what", unit), **question)
    assert not study.workspace.corrections.exists()


@pytest.mark.slow
def test_words_that_stand_in_one_sentence_name_it(work):
    (work.reports / "乙县.txt").unlink()
    study = again(work)
    assert study.correct("精力不足", role="原因").startswith("已保存：甲市 “有的支部书记精力不足")
    assert study.correct("精力不足", issue="两张皮", stance="转述").startswith("已保存")
    assert issues(again(work), find(study, "精力不足"))["two_skins"] == "quoted"


@pytest.mark.slow
def test_any_decisions_keep_the_tables_in_order_and_undoing_them_leaves_no_trace(
    study, tmp_path, monkeypatch, book
):
    """Sixty decisions drawn at random, about five reports, some of them about the same thing."""
    monkeypatch.setattr(runs, "load_codebook", lambda _: book)
    work = type(study.workspace)(shutil.copytree(study.workspace.root, tmp_path / "copy"))
    first, draw = again(work), random.Random(8)
    before = hashes(work)
    roles, themes = (book[n][k].tolist() for n, k in (("roles", "role"), ("theme_names", "theme")))
    names, stances = book["issues"]["issue"].tolist(), list(STANCES)
    for _ in range(60):
        unit = draw.choice(["sentence", "passage", "mention"])
        one = draw.choice(first.tables[f"{unit}s"][unit].tolist())
        field = draw.choice(
            {"mention": ["issue", "stance", "away"]}.get(unit, ["role", "theme"])
            + ["issue"] * (unit == "sentence")
        )
        values = {"role": roles, "theme": themes, "issue": names, "stance": stances, "away": ["无"]}
        first.correct(one, **{field.replace("away", "issue"): draw.choice(values[field])})
        if draw.random() < 0.2:
            first.undo()
    new = again(work)
    sentences, passages, mentions = new.sentences, new.passages, new.mentions
    for name in ("sentences", "passages", "mentions"):
        check(name, new.tables[name])
    counted = count_passages(sentences, passages)
    pd.testing.assert_frame_equal(counted, passages)
    content = ~sentences["role"].isin(["noise", "heading"])
    assert sentences.loc[content, "theme"].notna().all()
    assert sentences.loc[~content, "theme"].isna().all()
    assert (sentences["theme"] != sentences["theme2"]).all()
    own = sentences.set_index("sentence")
    assert (mentions["sentence"].map(own["role"]) == mentions["role"]).all()
    assert not mentions.duplicated(["sentence", "issue"]).any() and "noise" not in set(
        mentions["role"]
    )
    inside = mentions["sentence"].map(own["start"]) <= mentions["start"]
    assert (inside & (mentions["end"] <= mentions["sentence"].map(own["end"]))).all()
    # Nothing but what was corrected, or hangs together with it, has changed.
    touched = sentences["corrected"] | sentences["passage"].isin(
        sentences.loc[sentences["corrected"], "passage"]
    )
    same = ["sentence", "role", "role_basis", "role_margin"]
    pd.testing.assert_frame_equal(
        sentences.loc[~touched, same], first.sentences.loc[~touched, same]
    )
    reasons = set(new.stale_corrections["reason"])
    assert reasons <= {"这处文字现在是标题或噪声，不归主题，也不计问题表现"}
    while new.undo() != "没有可以撤销的更正。":
        pass
    again(work)
    assert hashes(work) == before
