import codecs
import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from analysis.cells import SchemaError
from analysis.corrections import store
from analysis.corrections.rows import load_corrections, pending_path
from analysis.corrections.store import NotSavedError, merge_pending, save_decision
from analysis.locks import wait_for
from analysis.schema import TABLES

DECISION = {
    "target": "sentence",
    "field": "role",
    "was": "background",
    "now": "problem",
    "report": "甲",
    "sha256": "ab12",
    "exact": "有的同志说：“不会管”，不敢管。",
    "prefix": "前文。",
    "suffix": "后文。",
    "start": 3,
    "end": 18,
}
HEADER = TABLES["corrections"].names


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "corrections.csv"


@pytest.fixture(autouse=True)
def folder(path):
    path.parent.mkdir()


def save(path, **values):
    return save_decision(path, DECISION | values, path.parent / "lock")


def reasons(path):
    return load_corrections(path)[0]["why"].tolist()


def test_no_file_means_no_decisions(path):
    table, problems = load_corrections(path)
    assert table.empty and [*table.columns] == HEADER and problems == []


def test_what_is_saved_is_read(path):
    said = '=1+1 “引号”"与,逗号"'
    name, warning = save(path, why=said, exact="两行\r\n的话", was=None)
    table, problems = load_corrections(path)
    assert problems == [] and warning is None and len(table) == 1
    row = table.iloc[0]
    assert row["correction"] == name and row["why"] == said and row["exact"] == "两行  的话"
    assert (row["start"], row["end"]) == (3, 18) and row[["was", "undoes"]].isna().all()
    raw = path.read_bytes()
    assert raw.startswith(codecs.BOM_UTF8) and b"\r" not in raw and raw.count(b"\n") == 2
    assert b"'=1+1" in raw
    assert not list(path.parent.glob(".*.part"))


def test_ids_tell_the_order_even_when_the_clock_is_put_back(path, monkeypatch):
    names = [save(path)[0]]

    class Clock(store.datetime):
        @classmethod
        def now(cls):
            return cls(2020, 1, 1)

    monkeypatch.setattr(store, "datetime", Clock)
    names += [save(path)[0] for _ in range(3)]
    assert names == sorted(set(names)) == load_corrections(path)[0]["correction"].tolist()


def test_a_decision_that_makes_no_sense_is_refused(path):
    with pytest.raises(SchemaError, match="target “word” 不在允许的取值中：passage、sentence"):
        save(path, target="word")
    assert not path.exists()


# --- as Excel and people leave the file -----------------------------------------------------------


def as_excel(text):
    return text.replace("\n", "\r\n").encode("gb18030")


def reordered(text):
    rows = [line.split(",") for line in text.splitlines()]
    return "".join(",".join(reversed(row)) + "\n" for row in rows).encode("utf-8-sig")


FORMS = {
    "gb18030": as_excel,
    "no mark": lambda text: text.encode(),
    "utf-16": lambda text: text.replace(",", "\t").encode("utf-16"),
    "reordered": reordered,
    "no line end": lambda text: text.rstrip("\n").encode("utf-8-sig"),
    "own column": lambda text: "".join(f"备注,{line}" for line in text.splitlines(True)).encode(),
    "blank lines": lambda text: f"\n{text}\n\n".encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_saved_otherwise_is_read_and_added_to_without_touching_a_byte(path, form):
    save(path, why="一")
    save(path, why="二", exact="没有逗号的一句话。")
    old = FORMS[form](path.read_text("utf-8-sig"))
    path.write_bytes(old)
    assert reasons(path) == ["一", "二"]
    save(path, why="三")
    assert (
        path.read_bytes()
        .removeprefix(codecs.BOM_UTF8)
        .startswith(old.removeprefix(codecs.BOM_UTF8))
    )
    table, problems = load_corrections(path)
    assert table["why"].tolist() == ["一", "二", "三"] and problems == []
    assert table["exact"].iloc[2] == DECISION["exact"]


def test_rows_sorted_in_excel_keep_their_meaning(path):
    for why in "一二三":
        save(path, why=why)
    header, *rows = path.read_text("utf-8-sig").splitlines(True)
    path.write_text(header + "".join(reversed(rows)), "utf-8-sig")
    assert reasons(path) == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda row: row.replace("sentence", "sentense"), "target “sentense” 不在允许的取值中"),
        (
            lambda row: row.replace(",role,", ",stance,"),
            "target 是 sentence 时 field 不能是 stance",
        ),
        (lambda row: row.replace(",18", ",两"), "end “两” 应为整数"),
        (lambda row: row.replace(",3,18", ",18,3"), "start 18、end 3 不是一段文字的起止"),
        (lambda row: row.replace("background,problem", ","), "was 和 now 都空着"),
        (lambda row: row.replace("problem", ""), "role 的 now 不能为空"),
        (lambda row: row.replace("前文", '"前文'), "这一行读不懂"),
        (lambda row: row.replace("前文", "前,文"), "这一行读不懂"),
        (lambda row: row[:80] + "\n", "不能为空"),
        (lambda row: row[row.index(",") :], "correction 不能为空"),
        (lambda row: row.replace("前文", "换了"), "已经有一条不同的更正"),
    ],
)
def test_a_bad_row_is_told_with_its_place_and_the_others_count(path, spoil, reason):
    for why in "一二三四":
        save(path, why=why)
    lines = path.read_text("utf-8-sig").splitlines(True)
    if "不同的" in reason:
        lines[2] = spoil(lines[1])
    else:
        lines[2] = spoil(lines[2])
    path.write_text("".join(lines), "utf-8-sig")
    old = path.read_bytes()
    table, problems = load_corrections(path)
    assert table["why"].tolist() == ["一", "三", "四"]
    assert len(problems) == 1 and problems[0].startswith("corrections.csv 第3行：")
    assert reason in problems[0] and "未采用。" in problems[0]
    save(path, why="五")
    assert path.read_bytes().startswith(old) and reasons(path) == ["一", "三", "四", "五"]


def test_a_quotation_mark_never_closed_at_the_end_swallows_nothing_new(path):
    save(path, why="一")
    path.write_bytes(path.read_bytes() + '"没有写完的一行'.encode())
    save(path, why="二")
    table, problems = load_corrections(path)
    assert table["why"].tolist() == ["一", "二"] and len(problems) == 1


def test_a_line_end_typed_into_a_cell_is_part_of_it(path):
    save(path, why="一甲乙")
    save(path, why="二")
    text = path.read_text("utf-8-sig").replace("一甲乙", '"一\n甲\n乙"')
    path.write_text(text, "utf-8-sig")
    assert load_corrections(path)[0]["why"].tolist() == ["一\n甲\n乙", "二"]


def test_a_whole_row_that_stands_twice_counts_once_in_silence(path):
    save(path, why="一")
    path.write_bytes(path.read_bytes() + path.read_bytes().split(b"\n")[1] + b"\n")
    assert reasons(path) == ["一"] and load_corrections(path)[1] == []


def test_many_bad_rows_are_not_told_one_by_one(path):
    save(path)
    path.write_bytes(path.read_bytes() + b"".join(b"x%d,y\n" % n for n in range(60)))
    assert len(load_corrections(path)[1]) == 21
    assert load_corrections(path)[1][-1] == "corrections.csv：还有 40 行读不懂，未逐一列出。"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04x", "内容是 Excel 工作簿，不是 CSV"),
        (b"a,b\n1,2\n", "缺少列 “correction”"),
        (b"\xff\xfe\xff\n\x81", "无法识别的字节"),
    ],
)
def test_a_file_that_is_no_such_table_stops_the_reader_and_is_left_alone(path, content, reason):
    path.write_bytes(content)
    with pytest.raises(SchemaError, match=reason):
        load_corrections(path)
    with pytest.raises(NotSavedError, match=f"没有存成：.*({reason})"):
        save(path)
    assert path.read_bytes() == content


def test_an_empty_file_holds_no_decisions_and_is_told_of(path):
    path.write_bytes(b"")
    assert load_corrections(path)[1] == [
        "corrections.csv：文件是空的，里面没有更正；若本来有，请找回备份。"
    ]
    save(path, why="一")
    assert reasons(path) == ["一"]


def test_a_header_that_cannot_be_read(path):
    path.write_bytes(b'"a,b\n1,2\n')
    with pytest.raises(SchemaError, match="第一行不是表头"):
        load_corrections(path)


def test_a_column_that_was_deleted_must_be_put_back_before_more_is_added(path):
    save(path, why="一")
    lines = path.read_text("utf-8-sig").splitlines()
    kept = [",".join(c for n, c in enumerate(line.split(",")) if n != 1) for line in lines]
    path.write_text("\n".join(kept), "utf-8-sig")
    assert reasons(path) == ["一"]
    with pytest.raises(NotSavedError, match="第1行：缺少列 “time”，请补上这一列再改。"):
        save(path)


# --- when it cannot be written --------------------------------------------------------------------


@pytest.fixture
def excel(path, monkeypatch):
    """Excel on Windows holds the file while the list has an entry."""
    holds, plain = [], Path.replace

    def replace(self, target):
        if holds and Path(target) == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    return holds


def test_while_excel_holds_the_file_the_decision_waits_beside_it_and_counts(path, excel):
    save(path, why="一")
    old = path.read_bytes()
    excel.append(True)
    for why in "二三":
        _, warning = save(path, why=why)
        assert warning == (
            "没有存成：请先关闭 Excel（WPS）；这条更正已暂存在 corrections.pending.csv，"
            "下次保存或运行时自动并入。"
        )
    assert path.read_bytes() == old and reasons(path) == ["一", "二", "三"]
    said = merge_pending(path, path.parent / "lock")
    assert said.startswith("corrections.pending.csv 中的更正还没有并入 corrections.csv，照样生效；")
    excel.clear()
    assert save(path, why="四")[1] is None
    assert reasons(path) == ["一", "二", "三", "四"] and not pending_path(path).exists()
    assert path.read_bytes().startswith(old)


def test_a_run_moves_over_what_waits(path, excel):
    excel.append(True)
    save(path, why="一")
    excel.clear()
    assert not path.exists() and reasons(path) == ["一"]
    assert merge_pending(path, path.parent / "lock") is None
    assert path.exists() and not pending_path(path).exists() and reasons(path) == ["一"]
    assert merge_pending(path, path.parent / "lock") is None


def test_what_was_moved_but_not_yet_removed_counts_once(path, excel):
    excel.append(True)
    save(path, why="一")
    excel.clear()
    waiting = pending_path(path).read_bytes()
    save(path, why="二")
    pending_path(path).write_bytes(waiting)
    assert reasons(path) == ["一", "二"]
    save(path, why="三")
    assert reasons(path) == ["一", "二", "三"] and not pending_path(path).exists()


def test_a_side_file_that_is_open_in_excel_itself_is_no_obstacle(path, excel, monkeypatch):
    excel.append(True)
    save(path, why="一")
    excel.clear()
    plain = Path.unlink

    def refuse(self, **options):
        if self == pending_path(path):
            raise PermissionError(errno.EACCES, "Permission denied")
        plain(self, **options)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert save(path, why="二")[1] is None and save(path, why="三")[1] is None
    assert reasons(path) == ["一", "二", "三"] and path.read_text("utf-8-sig").count("\n") == 4


def test_whoever_could_write_the_file_still_can(path):
    save(path)
    path.chmod(0o664)
    mode = path.stat().st_mode  # Windows knows fewer
    save(path)
    assert path.stat().st_mode == mode


def test_a_damaged_side_file_stays_for_a_person(path, excel):
    excel.append(True)
    save(path, why="一")
    excel.clear()
    pending_path(path).write_bytes(pending_path(path).read_bytes() + b"x\n")
    save(path, why="二")
    table, problems = load_corrections(path)
    assert table["why"].tolist() == ["一", "二"] and pending_path(path).exists()
    assert problems[0].startswith("corrections.pending.csv 第3行：")


def test_a_full_disk_loses_nothing_and_says_so(path, monkeypatch):
    save(path, why="一")
    old = path.read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(NotSavedError, match=r"^没有存成：磁盘已满。$"):
        save(path, why="二")
    assert path.read_bytes() == old and [*path.parent.glob(".*")] == []


def test_a_folder_that_nobody_may_write_into(path, monkeypatch):
    plain = Path.open

    def refuse(self, mode="r", *rest, **options):
        if "w" in mode:
            raise PermissionError(errno.EACCES, "Permission denied")
        return plain(self, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotSavedError, match="没有存成：.*data 没有写入权限，请检查这个文件夹。"):
        save(path)


def test_a_file_saved_by_a_person_at_that_moment_is_read_again(path, monkeypatch):
    save(path, why="一")
    plain, saved = os.fsync, []

    def meanwhile(handle):
        if not saved:
            saved.append(True)
            path.write_bytes(path.read_bytes().replace("一".encode(), "壹".encode()) + b"\n\n")
        plain(handle)

    monkeypatch.setattr(store.os, "fsync", meanwhile)
    save(path, why="二")
    assert reasons(path) == ["壹", "二"]


def test_whoever_never_lets_go_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    with wait_for(path.parent / "lock", 0) as mine:
        assert mine
        with pytest.raises(NotSavedError, match="没有存成：另一个笔记本一直在保存更正"):
            save(path)
    save(path)


def test_where_files_cannot_be_locked_it_is_saved_all_the_same(path, monkeypatch):
    def refuse(_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr("analysis.locks.lock", refuse)
    save(path, why="一")
    assert reasons(path) == ["一"]


# --- several at once ------------------------------------------------------------------------------


def test_threads_lose_nothing(path):
    def work(name):
        for number in range(6):
            save(path, why=f"{name}{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in "甲乙丙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reasons(path)) == sorted(f"{name}{n}" for name in "甲乙丙" for n in range(6))


MANY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_corrections_store import DECISION
from analysis.corrections.store import save_decision
path = Path(sys.argv[1])
for number in range(500):
    save_decision(path, DECISION | {"why": f"{sys.argv[2]}-{number}"}, path.parent / "lock")
"""


@pytest.mark.slow
def test_two_processes_with_500_edits_each_lose_nothing(path):
    tests = Path(__file__).parent
    both = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(path), name, str(tests)],
            env=os.environ | {"PYTHONPATH": str(tests.parent), "PYTHONUTF8": "1"},
        )
        for name in ("a", "b")
    ]
    assert [process.wait() for process in both] == [0, 0]
    table, problems = load_corrections(path)
    assert problems == [] and len(table) == 1000
    for name in ("a", "b"):  # each in its order
        mine = [why for why in table["why"] if why.startswith(name)]
        assert mine == [f"{name}-{number}" for number in range(500)]
