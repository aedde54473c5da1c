import pandas as pd
import pytest

from analysis.labels import LabelError
from analysis.study import run, runs, train
from analysis.study.taught import TIMES, load_taught
from analysis.workspace import make_workspace

TEXT = (
    "关于甲市机关党建工作的调研报告\n一、存在的问题\n"
    "（一）融合不够。有的单位党建与业务两张皮。有的党务干部业务不熟。市里开展了培训。\n"
)


@pytest.fixture
def work(tmp_path, monkeypatch, book):
    monkeypatch.setattr(runs, "load_codebook", lambda _: book)
    workspace = make_workspace(tmp_path / "工作")
    (workspace.reports / "甲.txt").write_text(TEXT, encoding="utf-8")
    return workspace


@pytest.mark.slow
def test_judged_sentences_are_training_data_as_corrected(work, book, monkeypatch):
    study = run(work, charts=False)
    assert load_taught(work, book).empty
    study.correct("有的党务干部业务不熟", issue="就党建抓党建")
    study.correct("市里开展了培训", role="做法成效")
    study.correct("调研报告", role="标题")
    with pytest.raises(LabelError, match="有人工更正还没有计入结果：请先重新运行分析，再训练。"):
        load_taught(work, book)
    now = run(work, charts=False)
    rows = load_taught(work, book).set_index("text")
    assert list(rows.index) == ["有的党务干部业务不熟。", "市里开展了培训。"]
    weak, training = rows.iloc[0], rows.iloc[1]
    assert weak["role"] == "problem" and training["role"] == "practice"
    pairs = zip(weak["issues"].split(";"), weak["stances"].split(";"), strict=True)
    assert dict(pairs)["self_circulation"] == "asserted"
    assert pd.isna(training["report"]) and training["theme"] in set(book["theme_names"]["theme"])
    # They count among the single sentences when the models are trained, and the recipe says so.
    seen = []
    monkeypatch.setattr(train, "load_training", lambda *_: ([], rows.iloc[:0].reset_index()))
    monkeypatch.setattr(train, "train_models", lambda _, bank, __: seen.append(bank) or book)
    recipe = train.train_codebook(work)
    assert recipe["corrected"] == 2 and seen[0]["text"].tolist() == TIMES * list(rows.index)
    now.undo(), now.undo(), now.undo()
    assert load_taught(work, book).empty
