import re
import unicodedata

import pandas as pd
import pytest
from toys_labels import SOURCES, predicted, write_labels

from analysis.evaluate import confusion, evaluate, format_scores, load_labels, score
from analysis.study import evaluate_labels
from analysis.workspace import CHECKOUT

NAMES = {"problem": "问题", "countermeasure": "对策", "two_skins": "两张皮"}


@pytest.fixture
def folder(tmp_path):
    return write_labels(tmp_path / "labels")


def value(scores: pd.DataFrame, measure: str, key: str) -> tuple:
    row = scores[(scores["measure"] == measure) & (scores["key"] == key)].iloc[0]
    return row["value"], row["n"]


def test_evaluate_analyses_the_labelled_files(folder):
    asked = []

    def analyse(paths):
        asked.extend(paths)
        return predicted()

    scores = evaluate(folder, analyse, recompute=lambda report, a, b: SOURCES[report][a:b])
    assert [path.name for path in asked] == ["q.txt", "r.txt"]
    tables = predicted()
    plain = score(load_labels(folder), tables["sentences"], tables["mentions"], tables["reports"])
    pd.testing.assert_frame_equal(scores.iloc[: len(plain)], plain)
    assert value(scores, "labels", "text") == (1, 7)
    assert value(scores, "offsets", "sentences") == (1, 6)
    assert value(scores, "offsets", "passages") == (1, 6)
    assert value(scores, "offsets", "mentions") == (1, 4)


def test_rows_that_do_not_slice_or_recompute_are_counted(folder):
    tables = predicted()
    tables["sentences"].loc[0, "text"] = "别的"
    tables["mentions"].loc[0, "quote"] = "别的"
    tables["sources"] = SOURCES | {"q": "八" * 5}
    scores = evaluate(folder, lambda _: tables, recompute=lambda r, a, b: SOURCES[r][a:b])
    assert value(scores, "offsets", "sentences") == (pytest.approx(5 / 6), 6)
    assert value(scores, "offsets", "mentions") == (pytest.approx(3 / 4), 4)
    assert value(scores, "labels", "text") == (pytest.approx(6 / 7), 7)


def test_without_sources_only_agreement_is_scored(folder):
    tables = predicted()
    del tables["sources"]
    scores = evaluate(folder, lambda _: tables)
    assert not scores["measure"].isin(["offsets", "labels"]).any()


def test_reports_are_known_by_their_files(folder):
    tables = predicted()
    longer = {"r": "r.txt", "q": "q.txt"}
    for name in ("reports", "sentences", "mentions", "passages"):
        tables[name] = tables[name].assign(report=tables[name]["report"].map(longer))
    tables["sources"] = {longer[name]: source for name, source in SOURCES.items()}
    scores = evaluate(folder, lambda _: tables)
    assert value(scores, "role_accuracy", "all") == (pytest.approx(4 / 7), 7)
    assert set(scores["report"]) == {"all", "r.txt", "q.txt"}


def test_line_breaks_in_labels_are_marks(folder):
    path = folder / "labels.tsv"
    text = path.read_bytes().decode("utf-8").replace("二" * 10, "二二⏎" + "二" * 6)
    path.write_bytes(text.encode("utf-8"))
    tables = predicted()
    for written in ("\n", "\r\n"):
        source = SOURCES["r"].replace("二" * 10, ("二二" + written + "二" * 9)[:10])
        tables["sources"] = SOURCES | {"r": source}
        label = "二二⏎" + "二" * (8 - len(written))
        path.write_bytes(re.sub("二二⏎二+", label, text).encode("utf-8"))
        assert value(evaluate(folder, lambda _: tables), "labels", "text") == (1, 7), written


def test_confusion(folder):
    labels = load_labels(folder)
    table = confusion(labels, predicted()["sentences"])
    assert table.loc["problem"].to_dict() == {
        "countermeasure": 1,
        "heading": 0,
        "missing": 0,
        "practice": 0,
        "problem": 1,
    }
    assert table.loc["noise", "missing"] == 1
    themes = confusion(labels, predicted()["sentences"], of="theme")
    assert themes.to_dict() == {
        "integration": {"integration": 1, "staffing": 1},
        "staffing": {"integration": 0, "staffing": 1},
    }


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_printed_table(folder):
    scores = evaluate(folder, lambda _: predicted())
    text = format_scores(scores, NAMES)
    blocks = [block.split("\n") for block in text.split("\n\n")]
    assert blocks[0] == ["与人工标注的一致程度：2 份报告，7 个标注句"]
    for block in blocks[1:]:
        assert len({width(line) for line in block}) == 1, block
    cells = {line.split()[0]: line.split()[1:] for block in blocks[1:] for line in block}
    assert cells["角色"] == ["查准率", "查全率", "F1", "比例", "标注数"]
    assert cells["问题"] == ["0.500", "0.500", "0.500", "–", "2"]
    assert cells["两张皮"] == ["1.000", "0.667", "0.800", "–", "3"]
    assert cells["准确率"] == ["–", "–", "–", "0.571", "7"]
    assert cells["态度（已找到的）"] == ["–", "–", "–", "0.333", "3"]
    assert cells["r"][:2] == ["6", "0.667"]  # (1 + 2/3 + 2/3 + 1 + 0) / 5


def test_printed_table_lists_named_keys_in_the_order_of_the_codebook(folder):
    scores = evaluate(folder, lambda _: predicted())
    lines = [line.split()[0] for line in format_scores(scores, NAMES).split("\n") if line]
    assert lines.index("问题") < lines.index("对策") < lines.index("cause") < lines.index("noise")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_figures_a_readme_quotes_are_those_of_evaluate(name):
    """`python -m analysis evaluate` prints them; both READMEs must follow when they change."""
    scores, _ = evaluate_labels(CHECKOUT)
    scores = scores[scores["report"] == "all"].set_index(["measure", "key"])
    quoted = [
        scores.loc[("role_macro", "without_cause"), "f1"],
        scores.loc[("role", "problem"), "f1"],
        scores.loc[("role", "countermeasure"), "f1"],
        scores.loc[("theme_macro", "all"), "f1"],
        scores.loc[("issue_micro", "all"), "f1"],
        scores.loc[("stance_accuracy", "all"), "value"],
    ]
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    table = text[: text.index("0.81" if "zh" in name else ".81")]
    for figure in quoted:
        assert f"{figure:.3f}".removeprefix("0") in table, figure
