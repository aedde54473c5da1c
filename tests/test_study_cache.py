import gzip
import random
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.catalogue import load_catalogue
from analysis.reading import find_reports
from analysis.results import file_hash
from analysis.schema import empty
from analysis.study import analyse, batches, cache, run
from analysis.study.cache import ReportCache
from analysis.tables import RESULT_TABLES
from analysis.workspace import make_workspace

DATA = Path(__file__).parents[1] / "data"
TEXT = (
    "关于基层党建的调研报告\n一、存在的问题\n一是党建与业务两张皮。\n二、对策建议\n一要压实责任。\n"
)
NONE = dict.fromkeys(empty("catalogue").columns)  # the catalogue says nothing
BASIS = {"codebook": {"issues.csv": "1"}}


def assert_same(first, second):
    assert [*first.tables] == [*second.tables]
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, second.tables[name], check_exact=True, obj=name)
    assert list(first.sources.items()) == list(second.sources.items())


@pytest.fixture
def two(tmp_path):
    """Two short reports and a broken one."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "甲.txt").write_text(TEXT, encoding="utf-8")
    (folder / "乙.txt").write_text(TEXT.replace("两张皮", "脱节，形式主义严重"), encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    return folder


@pytest.fixture
def calls(monkeypatch):
    """Names of the reports that are computed."""
    names, plain = [], batches.read_batch

    def counted(tasks, book):
        names.extend(report for report, *_ in tasks)
        return plain(tasks, book)

    monkeypatch.setattr(batches, "read_batch", counted)
    return names


def at(tmp_path, basis=BASIS, **options):
    return ReportCache(tmp_path / "cache", basis, **options)


def files_of(tmp_path):
    return sorted((tmp_path / "cache").iterdir())


# --- the same with and without ------------------------------------------------------------------


def test_reports_come_out_the_same_with_without_and_from_two_processes(
    book, tmp_path, calls, monkeypatch
):
    files = [*find_reports(DATA / "reports"), *sorted((DATA / "training").glob("t1[12].txt"))]
    catalogue, _ = load_catalogue(DATA / "reports.csv")
    plain = analyse(files, book, catalogue)
    monkeypatch.setattr(batches, "BATCH", 3)
    del calls[:]
    assert_same(analyse(files, book, catalogue, cache=at(tmp_path), jobs=2), plain)
    assert calls == []  # the workers did it
    assert_same(analyse(files[::-1], book, catalogue, cache=at(tmp_path)), plain)
    assert calls == []
    assert len(files_of(tmp_path)) == len(files) == 7


def test_only_what_is_new_is_computed(book, two, tmp_path, calls):
    analyse(find_reports(two), book, cache=at(tmp_path))
    del calls[:]
    shutil.copy(two / "甲.txt", two / "丙.txt")
    (two / "乙.txt").write_text(TEXT + "三要抓落实。\n", encoding="utf-8")
    found = analyse(find_reports(two), book, cache=at(tmp_path))
    assert sorted(calls) == ["丙", "乙", "空"]  # what failed is tried again
    assert_same(found, analyse(find_reports(two), book))


def test_a_run_that_stops_midway_keeps_what_it_has(book, two, tmp_path, calls):
    def stop(items):
        for number, item in enumerate(items):
            if number == 1:
                raise KeyboardInterrupt
            yield item

    with pytest.raises(KeyboardInterrupt):
        analyse(find_reports(two), book, cache=at(tmp_path), progress=stop)
    done, calls[:] = calls[:2], []
    analyse(find_reports(two), book, cache=at(tmp_path))
    assert not {*done} & {*calls} - {"空"}


def test_a_run_with_the_cache_writes_the_same_bytes_and_drops_old_entries(tmp_path):
    works = [make_workspace(tmp_path / name) for name in ("一", "二")]
    for work in works:
        for name in ("t11", "t12", "t13"):
            shutil.copy(DATA / "training" / f"{name}.txt", work.reports)
    run(works[0], charts=False)
    (works[0].reports / "t13.txt").unlink()
    run(works[0], charts=False)
    assert len([*(works[0].results / ".cache/reports").iterdir()]) == 2
    (works[1].reports / "t13.txt").unlink()
    run(works[1], charts=False, fresh=True)
    for name in (f"{name}.csv" for name in RESULT_TABLES):
        assert file_hash(works[0].results / name) == file_hash(works[1].results / name), name


def test_a_codebook_saved_while_it_was_read_is_not_kept(tmp_path, monkeypatch):
    from analysis.study import runs

    work, plain = make_workspace(tmp_path / "一"), runs.load_codebook
    (work.reports / "甲.txt").write_text(TEXT, encoding="utf-8")

    def saved(folder):
        book = plain(folder)
        (folder / "idf.csv").write_bytes((folder / "idf.csv").read_bytes() + b"\n")
        return book

    monkeypatch.setattr(runs, "load_codebook", saved)
    assert len(run(work, charts=False).reports) == 1
    assert not (work.results / ".cache/reports").exists()


# --- an entry that is not what it should be -----------------------------------------------------


def test_an_entry_that_fits_is_believed_unless_fresh(book, two, tmp_path):
    """So that the tests of damage show something."""
    plain = analyse([two / "甲.txt"], book)
    kept = at(tmp_path)
    key = kept.key("甲", two / "甲.txt", NONE, [])
    other = batches.read_batch([("甲", two / "甲.txt", NONE, [])], book)[0]
    other["row"]["title"] = "另一个题目"
    kept.put(key, other)
    found = analyse([two / "甲.txt"], book, cache=at(tmp_path))
    assert found.tables["reports"]["title"].tolist() == ["另一个题目"]
    assert_same(analyse([two / "甲.txt"], book, cache=at(tmp_path, fresh=True)), plain)
    assert_same(analyse([two / "甲.txt"], book, cache=at(tmp_path)), plain)  # and is renewed


def flip(raw):
    place = random.Random(len(raw)).randrange(12, len(raw))
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def reword(raw):
    return gzip.compress(gzip.decompress(raw).replace("调研".encode(), "研究".encode()))


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        reword,
        lambda raw: b"",
        lambda raw: raw[:9],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1],
        lambda raw: raw[:200] + b"\0" * 200 + raw[400:],
        lambda raw: b"PK\x03\x04" + raw,
        lambda raw: gzip.compress(b'{"row": {}}'),
        lambda raw: gzip.compress(b"\xff\n{}"),
    ],
)
def test_a_damaged_entry_is_made_anew(book, two, tmp_path, damage, calls):
    files = [two / "甲.txt"]
    plain = analyse(files, book, cache=at(tmp_path))
    [path] = files_of(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    del calls[:]
    assert_same(analyse(files, book, cache=at(tmp_path)), plain)
    assert calls == ["甲"]
    assert path.read_bytes() == whole


def test_an_entry_under_anothers_name_is_not_believed(book, two, tmp_path):
    plain = analyse(find_reports(two), book, cache=at(tmp_path))
    first, second = files_of(tmp_path)
    shutil.copy(first, second)
    assert_same(analyse(find_reports(two), book, cache=at(tmp_path)), plain)


def test_a_full_disk_stops_nothing(book, two, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert_same(
        analyse([two / "甲.txt"], book, cache=at(tmp_path)), analyse([two / "甲.txt"], book)
    )
    assert files_of(tmp_path) == []


# --- what an entry depends on -------------------------------------------------------------------


def test_the_key_changes_with_everything_the_result_depends_on(two, tmp_path, monkeypatch):
    entry = NONE | {"file": "甲.txt"}
    same = at(tmp_path).key("甲", two / "甲.txt", entry, [])
    moved = shutil.copytree(two, tmp_path / "moved") / "甲.txt"
    keys = [
        at(tmp_path).key("甲", moved, entry, []),
        at(tmp_path).key("乙", moved, entry, []),
        at(tmp_path).key("甲", shutil.copy(moved, two / "丁.txt"), entry, []),
        at(tmp_path).key("甲", moved, entry | {"level": "city"}, []),
        at(tmp_path).key("甲", moved, entry | {"批次": None}, []),
        at(tmp_path).key("甲", moved, NONE, []),
        at(tmp_path).key("甲", moved, entry, [{"correction": "c1", "now": "cause"}]),
        at(tmp_path).key("甲", moved, entry, [{"correction": "c1", "now": "problem"}]),
        at(tmp_path, {"codebook": {"issues.csv": "2"}}).key("甲", moved, entry, []),
    ]
    moved.write_text(TEXT + " ", encoding="utf-8")
    keys.append(at(tmp_path).key("甲", moved, entry, []))
    monkeypatch.setattr(cache, "LOADED", {})
    keys.append(at(tmp_path).key("甲", two / "甲.txt", entry, []))
    monkeypatch.setattr(cache.platform, "python_version", lambda: "0")
    keys.append(at(tmp_path).key("甲", two / "甲.txt", entry, []))
    assert keys[0] == same
    assert len(set(keys)) == len(keys)


def test_a_persons_entry_for_one_report_leaves_the_others_kept(book, two, tmp_path, calls):
    files = [two / "甲.txt", two / "乙.txt"]
    rows = [NONE | {"file": "甲.TXT", "level": "city"}, NONE | {"file": "乙.txt"}]
    analyse(files, book, pd.DataFrame(rows).astype("str"), cache=at(tmp_path))
    del calls[:]
    rows[0]["level"] = "county"
    found = analyse(files, book, pd.DataFrame(rows).astype("str"), cache=at(tmp_path))
    assert calls == ["甲"]
    levels = found.tables["reports"].set_index("report")["level"]
    assert levels["甲"] == "county"


def test_a_file_that_may_not_be_read_is_refused_though_its_content_is_known(book, two, tmp_path):
    analyse([two / "甲.txt"], book, cache=at(tmp_path))
    (two / "甲.txt").rename(tmp_path / "别处.txt")
    (two / "甲.txt").symlink_to(tmp_path / "别处.txt")
    found = analyse([two / "甲.txt"], book, cache=at(tmp_path))
    assert found.tables["reports"]["status"].tolist() == ["failed"]


def test_a_file_replaced_while_it_was_read_is_not_kept(book, two, tmp_path):
    kept = at(tmp_path)
    key = kept.key("甲", two / "甲.txt", NONE, [])
    (two / "甲.txt").write_text(TEXT * 2, encoding="utf-8")
    kept.put(key, batches.read_batch([("甲", two / "甲.txt", NONE, [])], book)[0])
    assert kept.get(key) is None


def test_sweeping_removes_what_was_not_asked_for_and_no_other_file(book, two, tmp_path):
    first = at(tmp_path)
    analyse(find_reports(two), book, cache=first)
    first.sweep()
    assert len(files_of(tmp_path)) == 2
    (tmp_path / "cache/x.json.part").write_bytes(b"half")
    (tmp_path / "cache/说明.txt").write_bytes(b"mine")
    again = at(tmp_path)
    analyse([two / "乙.txt"], book, cache=again)
    again.sweep()
    assert [path.suffix for path in files_of(tmp_path)].count(".gz") == 1
    assert len(files_of(tmp_path)) == 2
