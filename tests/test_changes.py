import re
import shutil
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis import history
from analysis.__main__ import main
from analysis.changes import find_changes
from analysis.changes.causes import Causes, listed
from analysis.changes.labels import list_proposed, list_stability, list_unexplained
from analysis.changes_text import FIRST, LOST, NOTHING, say_changes
from analysis.changes_text.counts import say_pair
from analysis.digest import TABLES, Digest, make_digest
from analysis.history import check_keep, find_baseline, keep_run, read_tables
from analysis.results import ResultsError, file_hash, folder_hashes, load_results
from analysis.schema import check
from analysis.study import diff_runs, run
from analysis.study.lock import BusyError
from analysis.summary import summarise
from analysis.tables import RESULT_TABLES
from analysis.workspace import CHECKOUT, Workspace, make_workspace

FIVE = sorted((CHECKOUT / "data" / "reports").glob("*.txt"))
D1, T11 = (CHECKOUT / "data" / "training" / f"{name}.txt" for name in ("d1", "t11"))
LABELS = {"sentences": ["report", "start", "end", "role", "role_basis", "theme", "theme2"]}
LABELS |= {"mentions": ["report", "start", "end", "issue", "stance"]}
LABELS |= {"passages": ["report", "start", "end", "role", "theme", "theme_words"]}


def add(workspace, *paths):
    for path in paths:
        shutil.copy(path, workspace.reports)
    return run(workspace, charts=False)


def note(workspace):
    return (workspace.results / "changes.md").read_text(encoding="utf-8")


def copy(workspace, folder):
    return Workspace(shutil.copytree(workspace.root, folder / "w"))


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """A workspace where the five were analysed; copied before it is changed."""
    workspace = make_workspace(tmp_path_factory.mktemp("five") / "w")
    add(workspace, *FIVE)
    keep_run(workspace.results, "五份")
    return workspace


@pytest.fixture(scope="module")
def seven(five, tmp_path_factory):
    """The five, then two more at once; read only."""
    workspace = copy(five, tmp_path_factory.mktemp("seven"))
    return add(workspace, D1, T11)


# --- a report comes in ----------------------------------------------------------------------------


def test_the_first_run_has_nothing_to_compare_with(five):
    assert note(five) == f"# 本次更新说明\n\n{FIRST}\n"
    tables, _, manifest = load_results(five.results)
    assert tables["changes"].empty
    assert "baseline.npz" not in manifest["files"]


def test_two_reports_that_came_in(seven, five):
    changes = seven.changes
    came = changes[changes["kind"] == "report"]
    assert came["key"].tolist() == ["d1", "t11"]
    assert came["before"].isna().all()
    assert set(came["because_of"]) == {"新增"}
    assert came["after"].iloc[0] == (
        "县级《岚桥县县直机关党组织建设情况调研报告》，问题段 19、对策段 15"
    )
    assert not set(changes["kind"]) & {"label", "rules", "proposed"}
    text = note(seven.workspace)
    assert "上一次读了 5 份报告，这一次 7 份。" in text
    assert "- 新增：d1，县级《岚桥县" in text
    assert "编码手册和程序没有变；文件没有改动的报告，每一句的判断都同上一次一样。" in text
    assert "下面的变化，没有另外注明的，都是 d1、t11 带来的。" in text
    assert len(text) < 2000  # short enough for a mail
    assert "显著" not in text
    assert str(seven.update_note()) == text
    assert "与上一次相比的变化：报告 2 处" in summarise(seven)
    assert FIRST in summarise(run(five, charts=False))


def test_every_count_that_differs_is_listed_and_no_other(seven, five):
    """Recounted the plain way: every rate of all and of the levels, one by one."""
    old = load_results(five.results)[0]["rates"].set_index("rate").to_dict("index")
    new = seven.tables["rates"].set_index("rate").to_dict("index")
    above = ["reports_with", "passages_with", "sentences_with"]
    below = ["reports", "reports_unknown", "passages", "sentences"]
    expected = {"count": set(), "base": set(), "says": set()}
    for rate, row in new.items():
        if row["by"] == "report" and row["group"] in ("d1", "t11"):
            continue
        was = old[rate]
        if any(row[c] != was[c] for c in above):
            expected["count"].add(rate)
        elif any(row[c] != was[c] for c in below):
            expected["base"].add(rate)
        if row["says"] != was["says"]:
            expected["says"].add(rate)
    assert min(map(len, expected.values())) > 5
    for kind, rates in expected.items():
        rows = seven.changes[seven.changes["kind"] == kind]
        assert set(rows["key"]) == rates
        if kind == "says":
            for row in rows.itertuples():
                assert (row.before, row.after) == (old[row.key]["says"], new[row.key]["says"])


def test_a_count_names_the_report_that_moved_it_first(seven):
    """t11 alone asks that 党员参与 be raised; d1 only adds to the countermeasures."""
    rates = seven.tables["rates"].set_index("rate")
    id_ = "issue/low_participation/addressed"
    assert rates.loc[f"report/t11/{id_}", "reports_with"] == 1
    assert rates.loc[f"report/d1/{id_}", "reports_with"] == 0
    changes = seven.changes.set_index(["kind", "key"])
    row = changes.loc[("count", f"all/all/{id_}")]
    assert row["because_of"] == "t11、d1"
    assert row["before"] == "5 份中 0 份，79 个对策段中 0 段，共 0 句"
    assert row["after"] == "7 份中 1 份，116 个对策段中 1 段，共 1 句"
    theme = changes.loc["theme"]
    assert theme[["before", "after"]].to_numpy().tolist() == [["未提到", "提到"]]


def test_repeating_a_run_keeps_the_text_and_everything_else(seven, tmp_path):
    workspace = copy(seven.workspace, tmp_path)
    before = folder_hashes(workspace.results, "*.[cmnt][sdpx]*")
    run(workspace, charts=False)
    run(workspace, charts=False, fresh=True)
    assert folder_hashes(workspace.results, "*.[cmnt][sdpx]*") == before
    assert {"changes.md", "changes.csv", "baseline.npz"} <= before.keys()
    # Results that somebody changed are made anew from the same baseline.
    (workspace.results / "rates.csv").write_text("rate\n", encoding="utf-8")
    run(workspace, charts=False)
    assert folder_hashes(workspace.results, "*.[cmnt][sdpx]*") == before


def test_a_then_b_is_b_then_a_is_both_at_once(five, seven, tmp_path):
    orders = []
    for number, order in enumerate(((D1, T11), (T11, D1))):
        workspace = copy(five, tmp_path / str(number))
        add(workspace, order[0])
        orders.append(add(workspace, order[1]))
        came = orders[-1].changes.query("kind == 'report'")
        assert came["key"].tolist() == [order[1].stem]  # against the run before, not the first
        assert "label" not in set(orders[-1].changes["kind"])
    at_once = folder_hashes(seven.workspace.results)
    for study in orders:
        hashes = folder_hashes(study.workspace.results)
        for name in RESULT_TABLES:
            assert hashes[f"{name}.csv"] == at_once[f"{name}.csv"], name


def test_no_label_and_no_name_of_a_theme_moves_because_a_report_came_in(five, seven):
    before, _, _ = load_results(five.results)
    old = set(before["reports"]["report"])
    for name, columns in LABELS.items():
        was, now = before[name][columns], seven.tables[name][columns]
        now = now[now["report"].isin(old)].reset_index(drop=True)
        pd.testing.assert_frame_equal(now, was)
    assert before["themes"]["theme"].tolist() == seven.tables["themes"]["theme"].tolist()


# --- what else can change -------------------------------------------------------------------------


def test_labels_that_the_codebook_changed_stand_apart_from_a_report_that_is_gone(seven, tmp_path):
    workspace = copy(seven.workspace, tmp_path)
    path = workspace.codebook / "patterns.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if ",weak_innovation," not in line]
    assert len(kept) < len(lines)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8-sig")
    (workspace.reports / "d1.txt").unlink()
    changes = run(workspace, charts=False).changes
    labels = changes[changes["kind"] == "label"]
    assert set(labels["because_of"]) == {"编码手册 patterns.csv"}
    assert not labels["key"].str.startswith("d1/").any()
    assert labels["key"].str.fullmatch(r"[\w-]+/\d+-\d+/(角色|主题|问题表现)").all()
    gone = changes[changes["kind"] == "report"]
    assert gone[["key", "because_of"]].to_numpy().tolist() == [["d1", "不再有"]]
    counts = changes[changes["kind"] == "count"].set_index("key")["because_of"]
    assert "编码手册 patterns.csv" in counts["all/all/issue/weak_innovation/asserted"]
    assert counts["all/all/role/countermeasure/any"] == "d1"
    text = note(workspace)
    assert "## 文件没有变、判断变了的句子\n\n- 因为编码手册 patterns.csv 变了" in text
    assert "都是去掉 d1 带来的。" in text
    assert "- 编码手册 patterns.csv 有改动" in text


def test_an_entry_moves_counts_and_is_named(five, tmp_path):
    workspace = copy(five, tmp_path)
    table = pd.read_csv(workspace.catalogue, dtype=str, encoding="utf-8-sig")
    table.loc[table["file"] == "county-organs.txt", "level"] = "city"
    table.to_csv(workspace.catalogue, index=False, encoding="utf-8-sig")
    changes = run(workspace, charts=False).changes.set_index(["kind", "key"])
    why = "报告目录 reports.csv（county-organs）"
    assert changes.loc[("report", "county-organs"), "because_of"] == f"{why}：层级"
    city = changes.loc[("count", "level/city/issue/two_skins/asserted")]
    assert city["because_of"] == why
    assert pd.isna(changes.loc[("count", "level/county/issue/two_skins/asserted"), "after"])
    text = note(workspace)
    assert "- 现在没有县（市、区）级的报告了\n" in text
    assert "下面的变化都是报告目录 reports.csv（county-organs）的改动带来的。" in text
    assert re.search("改了 county-organs 的层级：《关于.+的调研报告》由县级变为市级\n", text)


def test_an_edited_report_is_named_with_what_it_had_and_has(five, tmp_path):
    workspace = copy(five, tmp_path)
    path = workspace.reports / "county-organs.txt"
    path.write_text(path.read_text(encoding="utf-8")[:2500], encoding="utf-8")
    changes = run(workspace, charts=False).changes
    (row,) = changes[changes["kind"] == "report"].itertuples()
    assert (row.key, row.because_of) == ("county-organs", "文件有改动")
    assert row.before != row.after
    assert set(changes.loc[changes["kind"] == "count", "because_of"]) == {"county-organs"}
    assert "label" not in set(changes["kind"])
    assert re.search(
        "- 文件有改动：county-organs，《关于.+》由问题段 5、对策段 16 变为问题段 ", note(workspace)
    )


def test_a_report_with_another_name_is_one_row_and_moves_nothing(five, tmp_path):
    workspace = copy(five, tmp_path)
    names = [("county-organs.txt", "县直机关.txt"), ("city-speech.txt", "a.txt")]
    for old, new in names:
        (workspace.reports / old).rename(workspace.reports / new)
    changes = run(workspace, charts=False).changes
    assert changes.fillna("").to_numpy().tolist() == [
        ["report", "a", "city-speech", "a", "改名"],
        ["report", "县直机关", "county-organs", "县直机关", "改名"],
    ]
    assert "- 改名：county-organs 改为县直机关，内容没有变\n" in note(workspace)
    # With an entry, a new rule and a copy under a third name beside it: still the same report.
    shutil.copy(workspace.reports / "a.txt", workspace.reports / "b.txt")
    (workspace.reports / "a.txt").rename(workspace.reports / "c.txt")
    table = pd.read_csv(workspace.catalogue, dtype=str, encoding="utf-8-sig")
    table.loc[table["file"] == "a.txt", "level"] = "county"
    table.to_csv(workspace.catalogue, index=False, encoding="utf-8-sig")
    changes = run(workspace, charts=False).changes.set_index(["kind", "key"])
    (renamed,) = changes.loc["report"][lambda t: t["before"] == "a"].itertuples()
    assert renamed.because_of.startswith("改名")
    assert changes.loc["report"]["because_of"].str.fullmatch("新增").sum() == 1
    assert not {"label", "unexplained"} & {*changes.index.get_level_values("kind")}


def test_passages_without_an_issue_that_come(seven):
    new = seven.unexplained[seven.unexplained["report"].isin(["d1", "t11"])]
    came = seven.changes[seven.changes["kind"] == "unexplained"]
    spans = new["report"] + "/" + new["start"].astype(str) + "-" + new["end"].astype(str)
    assert came["key"].tolist() == spans.tolist()
    assert len(came)
    assert set(came["because_of"]) <= {"d1", "t11"}
    assert [*came["after"]] == [quote[:40] for quote in new["quote"]]
    assert f"没有对上任何问题表现的问题段多了 {len(came)} 段（因为 " in note(seven.workspace)


def test_passages_without_an_issue_are_known_by_their_words():
    def digest(*rows):
        reports = pd.DataFrame({"report": ["甲"]})
        frame = pd.DataFrame(rows, columns=["report", "start", "end", "quote"])
        return Digest({}, {"reports": reports, "unexplained": frame}, None)

    old = digest((0, 0, 5, "一"), (0, 6, 9, "二"), (0, 10, 12, "三"))
    new = digest((0, 3, 8, "一"), (0, 6, 9, "四"))
    assert list_unexplained(old, new, Causes({"甲": "甲"}, "")) == [
        ("unexplained", "甲/6-9", "二", "四", "甲"),
        ("unexplained", "甲/10-12", "三", None, "甲"),
    ]
    assert list_unexplained(old, new, Causes({}, "")) == []


def test_proposed_themes_and_themes_that_cease_to_hold_are_told_with_their_cause():
    def digest(unstable, *proposed):
        themes = pd.DataFrame({"theme": ["staffing", "assessment"], "unstable": unstable})
        rows = pd.DataFrame(proposed, columns=["words", "says"])
        return Digest({}, {"themes": themes, "proposed": rows}, None)

    old, new = digest([0, 1], ("甲 乙", "一组")), digest([1, 1], ("丙", "另一组"))
    causes = Causes({"t1": "t1"}, "程序")
    rows = list_proposed(old, new, causes) + list_stability(old, new, causes)
    assert rows == [
        ("proposed", "丙", None, "另一组", "t1；程序"),
        ("proposed", "甲 乙", "一组", None, "t1；程序"),
        ("stability", "staffing", "稳定", "不稳定", "t1；程序"),
    ]
    table = pd.DataFrame(rows, columns=["kind", "key", "before", "after", "because_of"])
    text = say_changes(check("changes", table), (5, 5), {"staffing": "党务干部队伍"}, {})
    assert "- 新建议一个主题，由人决定是否采用：另一组（因为 t1；程序）" in text
    assert "- 不再建议一个主题，由人决定是否采用：一组" in text
    assert "- 主题“党务干部队伍”由稳定变为不稳定（因为 t1；程序）" in text


def test_a_report_that_cannot_be_read_any_more(five, tmp_path):
    workspace = copy(five, tmp_path)
    (workspace.reports / "county-organs.txt").write_bytes(b"")
    changes = run(workspace, charts=False).changes
    (row,) = changes[changes["kind"] == "report"].itertuples()
    assert row.after == "未能读取"
    assert "上一次读了 5 份报告，这一次 4 份。" in note(workspace)


def test_the_digest_and_the_tables_stand_in_for_each_other(five, seven, tmp_path):
    for number, name in enumerate(("rates.csv", "digest.npz")):
        workspace = copy(five, tmp_path / str(number))
        (workspace.results / name).write_bytes(b"x")
        pd.testing.assert_frame_equal(add(workspace, D1, T11).changes, seven.changes)
        assert note(workspace) == note(seven.workspace)


def test_a_damaged_last_run_is_none_to_compare_with(five, tmp_path):
    workspace = copy(five, tmp_path)
    for name in ("rates.csv", "digest.npz"):
        (workspace.results / name).write_bytes(b"x")
    assert add(workspace, D1).changes.empty
    assert LOST in note(workspace)
    add(workspace, T11)
    assert "上一次读了 6 份报告，这一次 7 份。" in note(workspace)


def test_results_of_an_older_program_can_be_compared(five, tmp_path):
    """Without a digest, two tables, and a column that nothing is compared by."""
    for name in TABLES:
        table = pd.read_csv(five.results / f"{name}.csv", dtype=str, encoding="utf-8-sig")
        table = table.drop(columns=[c for c in ("script", "fragile") if c in table])
        table.to_csv(tmp_path / f"{name}.csv", index=False, encoding="utf-8-sig")
    old = make_digest(read_tables(tmp_path, TABLES), {"code": {"a.py": "1"}})
    now = make_digest(load_results(five.results)[0], {"code": {"a.py": "2"}})
    changes = find_changes(old, now, {})
    assert changes[["kind", "key"]].to_numpy().tolist() == [["rules", "程序"]]
    assert say_changes(changes, (5, 5), {}, {}) == (
        "# 本次更新说明\n\n上一次读了 5 份报告，这一次 5 份。"
        "文件没有改动的报告，每一句的判断都同上一次一样。\n\n- 程序有改动\n\n"
        "全部变化逐条见 data/results/changes.csv。\n"
    )
    with pytest.raises(ResultsError, match=r"themes\.csv 读不出来，无从比较"):
        read_tables(tmp_path, ["themes"])


def test_the_note_and_the_baseline_are_swapped_in_with_the_tables(seven, tmp_path):
    """A run that died while it moved files is finished by the next reader, these files as well."""
    workspace = copy(seven.workspace, tmp_path)
    results, pending = workspace.results, workspace.results / ".new"
    expected = load_results(results)[2]
    names = ["changes.md", "changes.csv", "baseline.npz", "digest.npz"]
    pending.mkdir()
    for name in names:
        shutil.move(results / name, pending / name)
    shutil.copy(results / "manifest.json", pending / "manifest.json")
    assert load_results(results)[2] == expected
    assert not pending.exists()


# --- the words ------------------------------------------------------------------------------------


def test_causes_give_files_first_and_each_once():
    causes = Causes({"甲": "甲", "乙": "报告目录 reports.csv（乙）"}, "程序")
    assert causes.of(["丙", "乙", "丁", "甲"]) == "甲；程序；报告目录 reports.csv（乙）"
    assert causes.of([]) is None
    assert listed("一二三四五六") == "一、二、三、四、五 等 6 份"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "3 份中 1 份，9 个问题段中 2 段，共 4 句；另有 2 份无从判断",
            "4 份中 1 份，12 个问题段中 2 段，共 4 句；另有 2 份无从判断",
            "由 3 份中 1 份变为 4 份中 1 份，问题段由 9 段中 2 段变为 12 段中 2 段",
        ),
        (
            "3 份中 1 份，9 个问题段中 2 段，共 4 句",
            "3 份中 1 份，9 个问题段中 2 段，共 5 句",
            "仍是 3 份中 1 份，问题段仍是 9 段中 2 段，提到的句子由 4 句变为 5 句",
        ),
        (
            float("nan"),
            "2 份中 1 份，9 个问题段中 2 段，共 4 句；另有 1 份无从判断",
            "：原来没有这一项，现为 2 份中 1 份，9 个问题段中 2 段，共 4 句；另有 1 份无从判断",
        ),
        (
            "2 份中 1 份，9 个问题段中 2 段，共 4 句；另有 1 份无从判断",
            "3 份中 1 份，9 个问题段中 2 段，共 4 句",
            "由 2 份中 1 份变为 3 份中 1 份，问题段仍是 9 段中 2 段，无从判断的由 1 份变为 0 份",
        ),
    ],
)
def test_a_pair_of_figures_is_told_with_its_denominators(before, after, said):
    row = SimpleNamespace(before=before, after=after)
    assert say_pair(row, "asserted")[1].startswith(said)


# --- kept runs and the command --------------------------------------------------------------------


def test_diff_tells_what_the_run_told(seven, capsys):
    root, results = seven.workspace.root, seven.workspace.results
    assert main(["diff", "五份", "--workspace", str(root)]) == 0
    assert capsys.readouterr().out.strip() == note(seven.workspace).strip()
    changes, text = diff_runs("五份", results, seven.workspace)
    pd.testing.assert_frame_equal(changes, seven.changes)
    back, _ = diff_runs(results, "五份", seven.workspace)
    assert back.query("kind == 'report'")["because_of"].tolist() == ["不再有", "不再有"]
    assert NOTHING in diff_runs("五份", "五份", seven.workspace)[1]


def test_diff_refuses_what_is_no_run(seven, tmp_path, capsys):
    root = str(seven.workspace.root)
    assert main(["diff", "四份", "--workspace", root]) == 1
    assert "没有叫这个名称的留存结果；留存的有：五份。" in capsys.readouterr().err
    assert main(["diff", str(tmp_path), "--workspace", root]) == 1
    assert "没有完整的分析结果" in capsys.readouterr().err


def test_a_run_is_kept_whole_and_never_overwritten(five, tmp_path, capsys):
    workspace = copy(five, tmp_path)
    arguments = ["run", "--no-charts", "--workspace", str(workspace.root), "--keep"]
    assert main([*arguments, "2024年底"]) == 0
    kept = workspace.results / "kept" / "2024年底"
    assert f"这次的结果已留存：{kept}" in capsys.readouterr().out
    assert load_results(kept)[2] == load_results(workspace.results)[2]
    before = {path: file_hash(path) for path in kept.rglob("*") if path.is_file()}
    shutil.copy(D1, workspace.reports)
    assert main([*arguments, "2024年底"]) == 1
    assert "已经有了，没有覆盖" in capsys.readouterr().err
    assert {path: file_hash(path) for path in kept.rglob("*") if path.is_file()} == before
    assert len(load_results(workspace.results)[0]["reports"]) == 5  # refused before the work


def test_a_run_is_kept_while_the_lock_is_held_and_whole_or_not_at_all(five, tmp_path, monkeypatch):
    workspace = copy(five, tmp_path)
    plain, seen = history.shutil.copyfile, []

    def stop(source, target):
        with pytest.raises(BusyError):
            run(workspace, charts=False)
        seen.append(source.name)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return plain(source, target)

    monkeypatch.setattr(history.shutil, "copyfile", stop)
    with pytest.raises(KeyboardInterrupt):
        run(workspace, charts=False, keep="半份")
    with pytest.raises(ResultsError, match="留存的有：五份。"):
        diff_runs("半份", workspace=workspace)
    seen[:] = ["x"] * 9
    study = run(workspace, charts=False, keep="半份")  # the same results, kept this time
    monkeypatch.undo()
    kept = workspace.results / "kept" / "半份"
    assert load_results(kept)[2] == load_results(workspace.results)[2]
    assert sorted(path.name for path in kept.parent.iterdir()) == ["五份", "半份"]
    assert NOTHING in diff_runs("五份", "半份", study.workspace)[1]


@pytest.mark.parametrize(
    "name", ["", " ", "..", "../上", "a/b", "a\\b", ".x", "x.", "con", "字" * 90]
)
def test_names_that_are_no_folder_are_refused(tmp_path, name):
    with pytest.raises(ResultsError, match="不能用作留存的名称"):
        check_keep(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_baseline_before_the_first_run(tmp_path):
    assert find_baseline(tmp_path, {}) == (None, False)
    with pytest.raises(ResultsError, match="还没有分析结果可以留存"):
        keep_run(tmp_path, "甲")
