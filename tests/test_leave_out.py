import pandas as pd
import pytest

from analysis.codebook import Codebook
from analysis.leave_out import (
    drop_wording,
    find_own_wording,
    leave_out,
    split_alternatives,
)
from analysis.regexes import compile_regex
from analysis.schema import empty
from analysis.study import analyse

NO_MODELS = {name: empty(name) for name in ("learned_ngrams", "learned_context")}
TEXTS = {
    "甲": "有的单位党建与业务“两张皮”。\n有的支部穿衣戴帽，活动单调乏味。",
    "乙": "有的单位党建与业务“两张皮”。\n有的支部各吹各的号。",
}


@pytest.fixture
def small(book):
    """The codebook with one pattern of three sayings, one of two, and four theme terms."""
    patterns = book["patterns"].head(2).copy()
    patterns["issue"] = ["two_skins", "monotonous_activities"]
    patterns["regex"] = ["两张皮|(?:穿衣|穿靴)戴帽|各吹各的号", "单调|乏味"]
    patterns["compiled"] = [compile_regex(regex, {}) for regex in patterns["regex"]]
    terms = book["theme_terms"].head(4).assign(term=["单位", "支部", "活动", "没有的词"])
    return Codebook(book.tables | {"patterns": patterns, "theme_terms": terms} | NO_MODELS)


@pytest.fixture
def files(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return sorted(tmp_path.iterdir())


def tables_of(files, book) -> dict:
    result = analyse(files, book, once=False)
    return result.tables | {"sources": result.sources}


@pytest.mark.parametrize(
    ("regex", "parts"),
    [
        ("甲", ["甲"]),
        ("甲|乙丙", ["甲", "乙丙"]),
        ("(?:甲|乙)丙|[|(]丁", ["(?:甲|乙)丙", "[|(]丁"]),
        (r"甲\||\(乙|[\]|]丙", [r"甲\|", r"\(乙", r"[\]|]丙"]),
        (r"[\d.）|]甲|<lack>", [r"[\d.）|]甲", "<lack>"]),
    ],
)
def test_alternatives_end_at_bars_outside_brackets(regex, parts):
    assert split_alternatives(regex) == parts


def test_every_alternative_of_the_codebook_compiles(book):
    words = book["word_classes"]
    classes = dict(zip(words["word_class"], words["words"], strict=True))
    regexes = [*book["patterns"]["regex"], *book["role_patterns"]["regex"]]
    for regex in regexes:
        parts = split_alternatives(regex)
        assert "|".join(parts) == regex
        for part in parts:
            compile_regex(part, classes)
    assert sum(len(split_alternatives(regex)) for regex in regexes) > len(regexes)


def test_own_wording_matches_in_one_report_only(small, files):
    own = find_own_wording(tables_of(files, small), small)
    by_table = dict(list(own.groupby("table")))
    names = ["row", "wording", "report"]
    assert set(by_table["patterns"][names].itertuples(index=False, name=None)) == {
        (0, "(?:穿衣|穿靴)戴帽", "甲"),
        (0, "各吹各的号", "乙"),
        (1, "单调", "甲"),
        (1, "乏味", "甲"),
    }
    assert by_table["theme_terms"][names].values.tolist() == [[2, "活动", "甲"]]


def test_what_is_dropped_is_gone_and_nothing_else(small):
    own = pd.DataFrame(
        [
            ("patterns", 0, "各吹各的号", "乙"),
            ("patterns", 1, "单调", "乙"),
            ("patterns", 1, "乏味", "乙"),
            ("theme_terms", 2, "活动", "乙"),
        ],
        columns=["table", "row", "wording", "report"],
    )
    left = drop_wording(small, own)
    assert left["patterns"].index.tolist() == [0]
    (compiled,) = left["patterns"]["compiled"]
    assert [bool(compiled.search(t)) for t in ("两张皮", "穿靴戴帽", "各吹各的号")] == [1, 1, 0]
    assert left["theme_terms"]["term"].tolist() == ["单位", "支部", "没有的词"]
    assert len(small["patterns"]) == 2
    assert small["patterns"].at[0, "compiled"].search("各吹各的号")
    assert left["role_patterns"] is small["role_patterns"]


def test_each_report_is_judged_without_its_own_wording(small, files):
    plain = tables_of(files, small)["mentions"]
    left = leave_out(tables_of, small)(files)["mentions"]
    said = {
        name: sorted(zip(rows["report"], rows["quote"], strict=True))
        for name, rows in (("plain", plain), ("left", left))
    }
    assert said["plain"] == [
        ("乙", "两张皮"),
        ("乙", "各吹各的号"),
        ("甲", "两张皮"),
        ("甲", "单调"),
        ("甲", "穿衣戴帽"),
    ]
    assert said["left"] == [("乙", "两张皮"), ("甲", "两张皮")]


def test_reports_that_share_all_their_wording_lose_nothing(book, tmp_path):
    for name in ("一.txt", "二.txt", "二.md"):  # two of one stem: named by their files
        (tmp_path / name).write_text(TEXTS["甲"], encoding="utf-8")
    files = sorted(tmp_path.iterdir())
    plain, left = tables_of(files, book), leave_out(tables_of, book)(files)
    assert set(left["sentences"]["report"]) == {"一", "二.txt", "二.md"}
    for name, columns in (("sentences", ["role", "theme"]), ("mentions", ["issue", "quote"])):
        rows = [t[name].sort_values(["report", "start"]) for t in (plain, left)]
        columns = ["report", "start", *columns]
        pd.testing.assert_frame_equal(*(r[columns].reset_index(drop=True) for r in rows))


def test_what_is_learned_is_learned_without_the_report(small, files):
    used = []

    def retrain(book, others):
        return Codebook(book.tables | {"learned from": [path.stem for path in others]})

    def analysed(files, book):
        used.append(([path.stem for path in files], book.tables.get("learned from")))
        return tables_of(files, book)

    leave_out(analysed, small, retrain=retrain)(files)
    assert used == [(["乙", "甲"], None), (["乙"], ["甲"]), (["甲"], ["乙"])]
