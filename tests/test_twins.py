"""Reports that are there twice: told apart, proposed, and counted once on request."""

import shutil
from pathlib import Path

import pandas as pd
from toys_repeats import BODY, OTHER, filler, repeats, reports_of

from analysis.codebook import load_codebook
from analysis.same_as import SameAs, mark_twins, read_same_as
from analysis.schema import check, empty
from analysis.study import analyse
from analysis.twins import drop_byte_twins
from analysis.workspace import CHECKOUT

DATA = CHECKOUT / "data"


def test_near_twins_are_proposed_and_their_passages_are_no_copies():
    texts = [BODY, OTHER, *filler(1)]
    texts[2] += "比别的都长"
    edited = [texts[0].replace("应付", "对付"), *texts[1:]]
    twins, copies = repeats({"甲": texts, "乙": edited, "丙": filler(2)})
    (row,) = twins.to_dict("records")
    assert (row["report"], row["other"], row["kind"], row["state"]) == (
        *sorted(["甲", "乙"])[::-1], "near", "proposed",
    )  # fmt: skip
    assert 0.9 < row["share"] < 1
    assert row["longest"] in "".join(texts)
    assert row["longest"] == max(texts[2:], key=len)
    assert copies.empty


def test_reports_set_apart_are_two_and_their_passages_are_copies():
    same_as = SameAs({}, {"乙"}, [])
    twins, copies = repeats({"甲": [BODY, OTHER], "乙": [BODY, OTHER]}, same_as)
    assert twins["state"].tolist() == ["rejected"]
    assert len(copies) == 4


def test_a_group_of_twins_is_proposed_with_its_first():
    twins, copies = repeats({name: [BODY, OTHER] for name in "abc"})
    assert twins[["report", "other"]].to_numpy().tolist() == [["b", "a"], ["c", "a"]]
    assert copies.empty


def test_a_confirmed_twin_counts_for_nothing():
    same_as = SameAs({"b": "a"}, set(), [])
    twins, copies = repeats({"a": [BODY], "b": [BODY], "c": [BODY, *filler(1)]}, same_as)
    assert twins[["report", "other", "state"]].to_numpy().tolist() == [["b", "a", "confirmed"]]
    assert set(copies["report"]) == {"a", "c"}
    marked = mark_twins(check("reports", reports_of(["a", "b", "c"])), same_as).set_index("report")
    assert marked["status"].tolist() == ["ok", "twin", "ok"]
    assert marked.loc["b", "message"] == "b.txt：按 reports.csv 与 a.txt 是同一份，只计后者。"


def catalogue_of(said):
    rows = pd.DataFrame({"file": [f"{name}.txt" for name in said], "same_as": [*said.values()]})
    return check("catalogue", rows.reindex(columns=empty("catalogue").columns))


def test_the_catalogue_says_who_is_the_same():
    reports = reports_of(["a", "b", "c", "d"])
    said = {"b": "A.TXT", "c": "b", "d": "否", "a": None}
    assert read_same_as(catalogue_of(said), reports) == SameAs({"b": "a", "c": "a"}, {"d"}, [])
    circle = read_same_as(catalogue_of({"a": "c", "b": "a", "c": "b.txt"}), reports)
    assert circle.kept == {"b": "a", "c": "a"}
    assert read_same_as(catalogue_of({"a": "a.txt"}), reports).kept == {}


def test_a_name_that_is_no_report_is_told_in_one_line():
    reports = reports_of(["甲", "乙"])
    (line,) = read_same_as(catalogue_of({"甲": None, "乙": "甲.text"}), reports).remarks
    assert line == (
        "reports.csv 第3行：same_as “甲.text” 不是能够读取的报告，可填：甲.txt、乙.txt，"
        "或者填“否”（不是同一份）；是否想写 甲.txt？本次未采用这一格。"
    )
    failed = reports.assign(status=["failed", "ok"])
    assert len(read_same_as(catalogue_of({"乙": "甲"}), failed).remarks) == 1


def test_a_byte_twin_stands_for_the_file_that_was_kept():
    reports = reports_of(["a", "b", "c"]).assign(
        status=["ok", "twin", "ok"], sha256=["1", "1", "2"]
    )
    assert read_same_as(catalogue_of({"c": "b.txt"}), reports).kept == {"c": "a"}
    assert read_same_as(catalogue_of({"b": "c.txt"}), reports).kept == {"a": "c"}


def test_of_files_with_the_same_bytes_the_first_by_name_is_kept(tmp_path):
    contents = {"b.txt": b"x", "a.txt": b"x", "c.txt": b"y", "a.md": b"x", "d.txt": b""}
    names = {}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        names[tmp_path / name] = name
    kept, twins = drop_byte_twins(names | {tmp_path / "gone.txt": "gone"})
    assert twins == {tmp_path / "b.txt": tmp_path / "a.txt"}
    assert set(kept) == {tmp_path / n for n in ("a.txt", "c.txt", "a.md", "d.txt", "gone.txt")}


def test_a_study_drops_byte_twins_and_follows_the_catalogue(tmp_path):
    good = Path(DATA / "reports" / "county-organs.txt")
    shutil.copy(good, tmp_path / "a.txt")
    shutil.copy(good, tmp_path / "b.txt")
    edited = good.read_text(encoding="utf-8").replace("机关党建", "党建工作", 3)
    (tmp_path / "c.txt").write_text(edited, encoding="utf-8")
    files, book = [tmp_path / f"{n}.txt" for n in "abc"], load_codebook(DATA / "codebook")
    both = analyse(files, book).tables
    assert both["reports"]["status"].tolist() == ["ok", "twin", "ok"]
    assert both["reports"]["message"][1] == "b.txt：与 a.txt 逐字节相同，只计后者。"
    assert both["twins"]["state"].tolist() == ["dropped", "proposed"]
    assert set(both["rates"]["reports"]) == {0, 1, 2} - {0}
    once = analyse(files, book, catalogue_of({"c": "a.txt"}))
    alone = analyse(files[:1], book).tables
    for name in ("passages", "sentences", "mentions", "links", "rates", "evidence", "themes"):
        pd.testing.assert_frame_equal(once.tables[name], alone[name])
    assert set(once.sources) == {"a"}
    assert analyse(files, book, once=False).tables["reports"]["status"].tolist() == ["ok"] * 3
