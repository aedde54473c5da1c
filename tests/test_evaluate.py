import re

import pandas as pd
import pytest
from toys_labels import SOURCES, predicted, write_labels

from analysis.evaluate import evaluate
from analysis.labels import LabelError, load_labels
from analysis.scoring import score
from analysis.study import evaluate_labels
from analysis.workspace import CHECKOUT


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

    scores = evaluate([folder], analyse, recompute=lambda report, a, b: SOURCES[report][a:b]).scores
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
    scores = evaluate([folder], lambda _: tables, recompute=lambda r, a, b: SOURCES[r][a:b]).scores
    assert value(scores, "offsets", "sentences") == (pytest.approx(5 / 6), 6)
    assert value(scores, "offsets", "mentions") == (pytest.approx(3 / 4), 4)
    assert value(scores, "labels", "text") == (pytest.approx(6 / 7), 7)


def test_without_sources_only_agreement_is_scored(folder):
    tables = predicted()
    del tables["sources"]
    scores = evaluate([folder], lambda _: tables).scores
    assert not scores["measure"].isin(["offsets", "labels"]).any()


def test_reports_are_known_by_their_files(folder):
    tables = predicted()
    longer = {"r": "r.txt", "q": "q.txt"}
    for name in ("reports", "sentences", "mentions", "passages"):
        tables[name] = tables[name].assign(report=tables[name]["report"].map(longer))
    tables["sources"] = {longer[name]: source for name, source in SOURCES.items()}
    scores = evaluate([folder], lambda _: tables).scores
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
        scores = evaluate([folder], lambda _: tables).scores
        assert value(scores, "labels", "text") == (1, 7), written


def test_folders_count_together(tmp_path):
    """One folder with r and one with q give what both give in one."""
    folders = [write_labels(tmp_path / name / "labels") for name in ("一", "二")]
    for folder, keep in zip(folders, "rq", strict=True):
        for name in ("labels.tsv", "headings.tsv"):
            header, *lines = (folder / name).read_text(encoding="utf-8").split("\n")
            lines = [line for line in lines if f"\t{keep}\t" in f"\t{line}"]
            (folder / name).write_text("\n".join([header, *lines]), encoding="utf-8")
    (folders[1] / "headings.tsv").unlink()  # there is none for q
    both = write_labels(tmp_path / "两份" / "labels")
    together = evaluate(folders, lambda _: predicted())
    alone = evaluate([both], lambda _: predicted())
    pd.testing.assert_frame_equal(together.scores, alone.scores)
    pd.testing.assert_frame_equal(together.errors, alone.errors)
    with pytest.raises(LabelError, match="两个标注文件夹中都有报告 “r”"):
        evaluate([both, folders[0]], lambda _: predicted())


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize(("folder", "column"), [("gold", 1), ("held_out", 3)])
def test_the_figures_a_readme_quotes_are_those_of_evaluate(name, folder, column):
    """`python -m analysis evaluate` prints them; both READMEs must follow when they change."""
    scores = evaluate_labels(CHECKOUT, [CHECKOUT / "data" / folder])[0].scores
    scores = scores[scores["report"] == "all"].set_index(["measure", "key"])
    expected = [
        [scores.loc[("role_macro", "without_cause"), "f1"]],
        [scores.loc[("role", role), "f1"] for role in ("problem", "countermeasure")],
        [scores.loc[("theme_macro", "all"), "f1"]],
        [scores.loc[("issue_micro", "all"), "f1"]],
        [scores.loc[("stance_accuracy", "all"), "value"]],
        [scores.loc[("link", key), "value"] for key in ("all", "answered", "unanswered")],
        [scores.loc[("link_first", "all"), "precision"]],
    ]
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\|.*\d\.?\d* \|$", text[text.index("held_out") :])[: len(expected)]
    quoted = [re.findall(r"\d?\.\d{3}", row.strip("| ").split("|")[column]) for row in rows]
    assert [[float(f) for f in row] for row in quoted] == [
        [pytest.approx(figure, abs=0.0005) for figure in row] for row in expected
    ]
