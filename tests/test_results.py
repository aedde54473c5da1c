import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import results
from analysis.results import (
    MANIFEST,
    PENDING,
    ResultsError,
    file_hash,
    finish_swap,
    folder_hashes,
    load_results,
    read_manifest,
    save_results,
    text_name,
)
from analysis.schema import check, empty
from analysis.tables import RESULT_TABLES


def make(*names, note="旧"):
    """Return tables and sources of some reports; ``note`` tells runs apart."""
    columns = empty("reports").columns
    rows = [
        dict.fromkeys(columns) | {"report": n, "file": f"{n}.txt", "status": "ok", "message": note}
        for n in names
    ]
    reports = check("reports", pd.DataFrame(rows, columns=columns, dtype=object))
    tables = {name: empty(name) for name in RESULT_TABLES} | {"reports": reports}
    return tables, {name: f"\r\n{note}{name}\r全文\u2028" for name in names}


def save(folder, *names, note="旧"):
    tables, sources = make(*names, note=note)
    save_results(folder, tables, sources, {"inputs": note})


def state(folder):
    """What a reader gets: reports, notes, texts and inputs of the results."""
    tables, sources, manifest = load_results(folder)
    reports = tables["reports"]
    return reports["report"].tolist(), set(reports["message"]), sources, manifest["inputs"]


OLD = (["甲", "乙"], {"旧"}, {"甲": "\r\n旧甲\r全文\u2028", "乙": "\r\n旧乙\r全文\u2028"}, "旧")
NEW = (["乙", "丙"], {"新"}, {"乙": "\r\n新乙\r全文\u2028", "丙": "\r\n新丙\r全文\u2028"}, "新")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "results"
    path.mkdir()
    save(path, "甲", "乙")
    return path


# --- what is saved ------------------------------------------------------------------------------


def test_results_come_back(folder):
    assert state(folder) == OLD
    tables, _, manifest = load_results(folder)
    saved = make("甲", "乙")[0]
    saved.pop("evidence")  # made of the others
    for name, table in saved.items():
        pd.testing.assert_frame_equal(tables[name], table)
    assert set(manifest["files"]) == {
        *(f"{name}.csv" for name in RESULT_TABLES),
        "texts/甲.txt",
        "texts/乙.txt",
    }


def test_texts_that_are_there_stay_and_others_are_written(folder):
    before = folder_hashes(folder)
    times = {name: (folder / "texts" / name).stat().st_mtime_ns for name in ("甲.txt", "乙.txt")}
    (folder / "texts/乙.txt").write_text("别的", encoding="utf-8")
    save(folder, "甲", "乙")
    assert folder_hashes(folder) == before
    assert (folder / "texts/甲.txt").stat().st_mtime_ns == times["甲.txt"]


def test_two_runs_write_the_same_bytes(folder, tmp_path):
    before = folder_hashes(folder)
    save(folder, "甲", "乙")
    other = tmp_path / "other"
    save(other, "甲", "乙")
    assert folder_hashes(folder) == before == folder_hashes(other)


def test_texts_of_reports_that_are_gone_go(folder):
    save(folder, "乙", "丙", note="新")
    assert state(folder) == NEW
    assert sorted(path.name for path in (folder / "texts").iterdir()) == ["丙.txt", "乙.txt"]
    assert not (folder / PENDING).exists()


def test_other_files_in_the_folder_stay(folder):
    (folder / "run.log").write_text("x", encoding="utf-8")
    save(folder, "乙", "丙", note="新")
    assert (folder / "run.log").is_file()


def test_hashes(tmp_path):
    (tmp_path / "下").mkdir()
    (tmp_path / "下" / "二.csv").write_bytes(b"")
    (tmp_path / "一.csv").write_bytes(b"abc")
    (tmp_path / "三.txt").write_bytes(b"")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert folder_hashes(tmp_path, "*.csv") == {
        "一.csv": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "下/二.csv": nothing,
    }
    assert file_hash(tmp_path / "三.txt") == nothing
    assert folder_hashes(tmp_path / "无") == {}


# --- refusals -----------------------------------------------------------------------------------

AGAIN = "请重新运行笔记本 01（或在命令行运行 python -m analysis run）。"
NONE_YET = "还没有分析结果：请先运行笔记本 01（或在命令行运行 python -m analysis run）。"


def refusal(folder):
    with pytest.raises(ResultsError) as caught:
        load_results(folder)
    return str(caught.value)


@pytest.mark.parametrize("name", ["rates.csv", "texts/甲.txt"])
def test_a_changed_and_a_missing_file_are_refused_by_name(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    expected = f"data/results/{name} 被改动过，与 manifest.json 的记录不符；{AGAIN}"
    assert refusal(folder) == expected
    path.unlink()
    assert refusal(folder) == expected.replace("被改动过", "不见了")


def test_no_results_yet(tmp_path):
    assert refusal(tmp_path) == refusal(tmp_path / "无") == NONE_YET
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"files": []}', b"\xff\xfe"])
def test_a_damaged_manifest_is_none(folder, content):
    (folder / MANIFEST).write_bytes(content)
    assert read_manifest(folder) is None
    assert refusal(folder) == NONE_YET


def test_tables_of_another_version_are_refused(folder):
    path = folder / "reports.csv"
    path.write_bytes(path.read_bytes().replace(b"genre", b"style"))
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["reports.csv"] = file_hash(path)
    results.write_json(folder / MANIFEST, manifest)
    assert refusal(folder).startswith("data/results/reports.csv 第1行：缺少列 “genre”")
    assert refusal(folder).endswith(AGAIN)


def test_a_table_that_does_not_fit_leaves_the_last_results(folder):
    tables, sources = make("乙", "丙", note="新")
    tables["reports"] = tables["reports"].assign(status="好")
    with pytest.raises(ValueError, match="^reports.csv 第2行：status “好” 不在允许的取值中"):
        save_results(folder, tables, sources, {"inputs": "新"})
    assert state(folder) == OLD


# --- interruptions ------------------------------------------------------------------------------


class Killed(BaseException):
    """Not an Exception: nothing may catch it, as nothing catches a kill."""


class Countdown:
    """Lets a number of operations that change files through and dies in the middle of the next."""

    def __init__(self, monkeypatch, last):
        self.left, self.done = last, []
        self.real = {name: getattr(Path, name) for name in ("open", "replace", "unlink", "mkdir")}
        self.real["rmtree"] = shutil.rmtree
        for name in ("replace", "unlink", "mkdir"):
            monkeypatch.setattr(Path, name, self.counted(name))
        monkeypatch.setattr(
            Path, "open", lambda path, *a, **options: self.open(path, *a, **options)
        )
        monkeypatch.setattr(shutil, "rmtree", self.rmtree)

    def tick(self, name, path):
        self.done.append(f"{name} {path}")
        self.left -= 1
        return self.left < 0

    def counted(self, name):
        def operation(path, *arguments, **options):
            if self.tick(name, path):
                raise Killed
            return self.real[name](path, *arguments, **options)

        return operation

    def open(self, path, mode="r", **options):
        if "w" in mode and self.tick("open", path):
            with self.real["open"](path, "wb") as file:
                file.write(b"{")  # half a file
            raise Killed
        return self.real["open"](path, mode, **options)

    def rmtree(self, path, **options):
        if self.tick("rmtree", path):
            for file in sorted(path.rglob("*"))[::2] if path.exists() else []:
                if file.is_file():
                    self.real["unlink"](file)
            raise Killed
        return self.real["rmtree"](path, **options)


def count_operations(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        counter = Countdown(patch, 10_000)
        save(tmp_path, "乙", "丙", note="新")
    return len(counter.done)


@pytest.fixture
def few_tables(monkeypatch):
    """Three tables are as good as nine, and faster."""
    monkeypatch.setattr(results, "RESULT_TABLES", ("reports", "edits", "rates"))


def test_a_run_killed_anywhere_leaves_the_old_or_the_new_results(few_tables, folder, tmp_path):
    trial = tmp_path / "trial"
    shutil.copytree(folder, trial)
    count = count_operations(trial)
    assert count > 20
    seen = []
    for last in range(count):
        shutil.rmtree(trial)
        shutil.copytree(folder, trial)
        with pytest.MonkeyPatch.context() as patch:
            Countdown(patch, last)
            with pytest.raises(Killed):
                save(trial, "乙", "丙", note="新")
        left = state(trial)
        assert left in (OLD, NEW), f"operation {last}"
        seen.append(left == NEW)
        assert state(trial) == left
        save(trial, "甲", note="三")
        assert state(trial)[0] == ["甲"]
        assert not (trial / PENDING).exists()
    assert seen == sorted(seen)  # never back to the old ones
    assert {True, False} == set(seen)


def test_a_run_killed_after_one_that_was_killed_while_moving(few_tables, folder, tmp_path):
    """A half-moved run is finished before the next one throws anything away."""
    count = count_operations(shutil.copytree(folder, tmp_path / "count"))
    half_moved = 0
    for first in range(count - 8, count):
        for second in (0, 1, 3, 5):
            trial = tmp_path / f"trial-{first}-{second}"
            shutil.copytree(folder, trial)
            for last, names, note in ((first, ("乙", "丙"), "新"), (second, ("甲",), "三")):
                with pytest.MonkeyPatch.context() as patch:
                    Countdown(patch, last)
                    with pytest.raises(Killed):
                        save(trial, *names, note=note)
                if note == "新":
                    half_moved += (trial / PENDING / MANIFEST).exists()
            assert state(trial) in (OLD, NEW), f"operations {first}, {second}"
    assert half_moved


def test_a_first_run_that_is_killed_leaves_none(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        Countdown(patch, 5)
        with pytest.raises(Killed):
            save(tmp_path, "甲")
    assert refusal(tmp_path) == NONE_YET


def test_finishing_twice_changes_nothing(folder):
    before = folder_hashes(folder)
    finish_swap(folder)
    finish_swap(folder)
    assert folder_hashes(folder) == before


def test_a_file_held_by_another_program(folder, monkeypatch):
    real = Path.replace

    def replace(path, target):
        if target == folder / "rates.csv":
            raise PermissionError(13, "The process cannot access the file")
        return real(path, target)

    held = (
        "data/results/rates.csv 无法替换：可能正被 Excel、WPS 等程序打开；"
        "请关闭后再运行一次，新的结果不会丢。"
    )
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        for action in (lambda: save(folder, "乙", "丙", note="新"), lambda: state(folder)):
            with pytest.raises(ResultsError) as caught:
                action()
            assert str(caught.value) == held
    assert state(folder) == NEW


def test_a_full_disk(folder, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_json", full)
    with pytest.raises(ResultsError, match="^data/results 无法写入（.+），上一次的结果仍可使用；"):
        save(folder, "乙", "丙", note="新")
    assert state(folder) == OLD


# --- names of texts -----------------------------------------------------------------------------

ODD = [
    *("../../外", "..", ".", "/etc/x", "a\\b", "C:x", "一\n二", "\u202e", "'“引号”\"", "CON"),
    *(".藏", "末尾.", "末尾 ", "字" * 200, "x" * 252, "\udcb5\udcb3", "=1+1", "com1", "nul.2024"),
    *("a.txt", "*?<>|"),
]


def test_plain_names_are_kept():
    for name in (
        "关于机关党建的调研报告（2024）",
        "a.b",
        "County-1",
        "一 二",
        "comrade",
        "报告《一》",
    ):
        assert text_name(name) == f"{name}.txt"


def test_odd_names_get_safe_ones_that_differ():
    names = [text_name(report) for report in ODD]
    assert len({name.casefold() for name in names}) == len(ODD)
    assert text_name("a\\b").startswith("a_b-")
    for name in names:
        assert Path(name).name == name
        assert not set(name) & set('/\\:*?"<>|\n\r')
        assert len(name.encode("utf-8")) <= 255
        assert name.endswith(".txt")
        assert not name.startswith(".")


def test_odd_names_neither_lead_out_nor_get_lost(tmp_path):
    folder = tmp_path / "一" / "results"
    names = [name for name in ODD if name.isprintable() or "\n" in name]
    save(folder, *names)
    assert state(folder)[0] == names
    assert set(state(folder)[2]) == set(names)
    inside = {path.parent for path in tmp_path.rglob("*") if path.is_file()}
    assert inside == {folder, folder / "texts"}
