"""The rows that the program adds to a person's reports.csv, and what Excel does to that file."""

from pathlib import Path

import pytest

from analysis.catalogue import apply_catalogue, load_catalogue, register_reports
from analysis.catalogue.entries import read_date
from analysis.cells import LockedError
from analysis.results import file_hash, read_manifest
from analysis.schema import check, empty
from analysis.study import load, run
from analysis.workspace import make_workspace

HEADER = "file,title,level,region,issuer,date,genre,same_as,note"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reports.csv"


def hashed(**files):
    return {f"{name}.txt": digest for name, digest in files.items()}


# --- new files ------------------------------------------------------------------------------------


def test_a_new_file_gets_a_row_with_empty_cells(path):
    told, failed = register_reports(path, hashed(乙="2", 甲="1"), {})
    assert path.read_bytes().decode("utf-8-sig") == f"{HEADER}\n乙.txt,,,,,,,,\n甲.txt,,,,,,,,\n"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert told == [
        "data/reports.csv 已为新文件各添一行：乙.txt、甲.txt；推断得不对的，在那一行填写。"
    ]
    assert failed == []
    assert load_catalogue(path)[1] == []


def test_nothing_is_written_when_nothing_is_new(path):
    path.write_bytes("文件名,片区\r\n 甲.TXT ,东片\r\n\r\n".encode("gbk"))
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert register_reports(path, hashed(甲="1"), {}) == ([], [])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_what_a_person_typed_stays_in_form_order_and_columns(path, encoding):
    separator = "\t" if encoding == "utf-16" else ","
    text = '片区,note,file,自己的\r\n东片,"一\n二",甲.txt,\'=1+1\r\n,,,\r\n'.replace(",", separator)
    path.write_bytes(text.encode(encoding))
    register_reports(path, {"甲.txt": "1", "=乙.txt": "2"}, {})
    added = ",,'=乙.txt,\r\n".replace(",", separator)
    kept = text.rsplit("\r\n", 2)[0] + "\r\n"
    assert path.read_bytes() == (kept + added).encode(encoding)
    table, remarks = load_catalogue(path)
    assert remarks == []
    assert table["file"].tolist() == ["甲.txt", "=乙.txt"]
    assert table.loc[0, ["片区", "note", "自己的"]].tolist() == ["东片", "一\n二", "=1+1"]


def test_a_name_that_gbk_lacks_makes_the_file_utf8(path):
    path.write_bytes(f"{HEADER}\n甲.txt,题目,,,,,,\n".encode("gbk"))
    register_reports(path, hashed(甲="1", 𠮷="2"), {})
    assert path.read_bytes().decode("utf-8-sig") == (
        f"{HEADER}\n甲.txt,题目,,,,,,\n𠮷.txt,,,,,,,,\n"
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"a,b\n1,2\n", b'file\n"x\n', b""])
def test_a_file_that_does_not_name_the_reports_is_left_alone(path, content):
    path.write_bytes(content)
    assert register_reports(path, hashed(甲="1"), {}) == ([], [])
    assert path.read_bytes() == content


# --- renamed and vanished files -------------------------------------------------------------------


def test_the_row_of_a_renamed_file_follows(path):
    path.write_text(f"{HEADER}\n甲.txt,,county,,,,,,看过\n乙.txt,,,,,,,,\n", encoding="utf-8-sig")
    last = hashed(甲="1", 乙="2")
    told, _ = register_reports(path, hashed(丙="1", 乙="2", 丁="3"), last)
    rows = path.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert rows == ["丙.txt,,county,,,,,,看过", "乙.txt,,,,,,,,", "丁.txt,,,,,,,,"]
    assert told[1] == "data/reports.csv 中 甲.txt 改名为 丙.txt：内容没有变，填写过的都保留。"


def test_a_copy_is_a_new_file_and_so_is_other_content(path):
    path.write_text(f"{HEADER}\n甲.txt,,county,,,,,,\n", encoding="utf-8-sig")
    register_reports(path, hashed(甲="1", 丙="1", 丁="2"), hashed(甲="1"))
    rows = path.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert rows == ["甲.txt,,county,,,,,,", "丙.txt,,,,,,,,", "丁.txt,,,,,,,,"]


# --- another program ------------------------------------------------------------------------------


def test_while_excel_holds_the_file_nothing_is_lost(path, monkeypatch):
    path.write_text(f"{HEADER}\n甲.txt,,county,,,,,,\n", encoding="utf-8-sig")
    before = path.read_bytes()

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", locked)
        told, (line,) = register_reports(path, hashed(甲="1", 乙="2"), {})
    assert told == []
    assert "请先关闭 Excel" in line
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["reports.csv"]
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", locked)
        with pytest.raises(LockedError, match="请先关闭 Excel"):
            load_catalogue(path)
    register_reports(path, hashed(甲="1", 乙="2"), {})
    assert path.read_text(encoding="utf-8-sig").splitlines()[2] == "乙.txt,,,,,,,,"


def test_a_file_saved_meanwhile_is_read_again(path, monkeypatch):
    path.write_text(f"{HEADER}\n甲.txt,,,,,,,,\n", encoding="utf-8-sig")
    from analysis.catalogue import register

    update, calls = register._update, []

    def saved_meanwhile(*given):
        if not calls:
            path.write_text(f"{HEADER}\n甲.txt,,county,,,,,,刚填的\n", encoding="utf-8-sig")
        calls.append(1)
        return update(*given)

    monkeypatch.setattr(register, "_update", saved_meanwhile)
    register_reports(path, hashed(甲="1", 乙="2"), {})
    rows = path.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert rows == ["甲.txt,,county,,,,,,刚填的", "乙.txt,,,,,,,,"]


# --- what Excel makes of it -----------------------------------------------------------------------

EDITED = (
    "备注,Level,file,　片区　,date,genre,,\r\n"
    "'=看过,　县　级　,甲.txt,　东片　,2024/3/5,报告,,\r\n"
    "'=看过,　县　级　,甲.txt,　东片　,2024/3/5,报告,,\r\n"
    ",,,,,,,,\r\n"
    ",ＣＩＴＹ,'@乙.txt,,45356,,,\r\n"
    "\r\n,,,,,,,,\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_an_edited_file_is_taken_in_stride(path, encoding):
    text = EDITED.replace(",", "\t") if encoding == "utf-16" else EDITED
    path.write_bytes(text.encode(encoding))
    table, remarks = load_catalogue(path)
    assert remarks == []
    assert table["file"].tolist() == ["甲.txt", "@乙.txt"]
    assert table["level"].tolist() == ["county", "city"]
    assert table.loc[0, ["genre", "note", "片区"]].tolist() == ["report", "=看过", "东片"]
    assert table["片区"].isna().tolist() == [False, True]
    reports = empty("reports").reindex([0, 1]).assign(file=table["file"].tolist())
    result = apply_catalogue(reports.astype(object), table)
    assert result["date"].tolist() == ["2024-03-05", "2024-03-05"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024/3/5", "2024-03-05"),
        ("2024/3/5 0:00:00", "2024-03-05"),
        ("2024年3月", "2024-03"),
        ("２０２４．３", "2024-03"),
        ("Mar-24", "2024-03"),
        ("45356", "2024-03-05"),  # 2024-01-01 is 45292 in Excel
        ("45356.5", "2024-03-05"),
        ("2024", "2024"),
        ("12024", None),
        ("Mai-24", None),
        ("2024-13", None),
    ],
)
def test_dates_as_excel_writes_them(text, date):
    assert read_date(text) == date


def test_columns_of_ones_own(path):
    path.write_text("file,levle,status,层级,level\n甲.txt,1,2,3,县\n", encoding="utf-8-sig")
    table, remarks = load_catalogue(path)
    assert table.loc[0, ["levle", "level"]].tolist() == ["1", "county"]
    assert not {"status", "层级"} & set(table.columns)
    assert sorted(line.split("“")[1].split("”")[0] for line in remarks) == [
        "levle",
        "status",
        "层级",
    ]
    assert "是否想写 level？" in "".join(remarks)


# --- a whole run ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A workspace whose folder changes from run to run; what each run remarks."""
    work = make_workspace(tmp_path_factory.mktemp("lived") / "课题")
    for name in ("甲", "乙"):
        text = f"关于县直机关党建的调研报告\n\n一、存在问题\n{name}等单位党建与业务“两张皮”。\n"
        (work.reports / f"{name}.txt").write_text(text, encoding="utf-8")
    (work.reports / "图.jpg").write_bytes(b"\xff\xd8")
    steps = [run(work, charts=False)]
    text = work.catalogue.read_text(encoding="utf-8-sig")
    work.catalogue.write_text(text.replace("甲.txt,,,", "甲.txt,,city,"), encoding="utf-8-sig")
    (work.reports / "甲.txt").rename(work.reports / "改.txt")
    steps.append(run(work.root, charts=False))
    (work.reports / "乙.txt").unlink()
    steps += [run(work, charts=False), run(work, charts=False, fresh=True), load(work)]
    return work, steps


def test_rows_for_reports_only(lived):
    _, steps = lived
    assert steps[0].remarks == [
        "data/reports.csv 已为新文件各添一行：乙.txt、甲.txt；推断得不对的，在那一行填写。"
    ]


def test_a_renamed_file_keeps_its_entries(lived):
    row = lived[1][1].reports.set_index("file").loc["改.txt"]
    assert (row["level"], row["level_basis"]) == ("city", "catalogue")


def test_a_vanished_file_keeps_its_row_and_is_told_once(lived):
    work, steps = lived
    assert steps[2].remarks == [
        "乙.txt 已不在 data/reports 中：reports.csv 中的行仍保留，文件放回来就照旧采用。"
    ]
    assert steps[3].remarks == steps[4].remarks == []
    assert "乙.txt,,,,,,,,\n" in work.catalogue.read_text(encoding="utf-8-sig")


def test_a_row_added_is_no_reason_to_run_again(lived):
    work, _ = lived
    assert read_manifest(work.results)["inputs"]["catalogue"] == file_hash(work.catalogue)


# --- columns of one's own -------------------------------------------------------------------------

OWN = {"年度": ["2023", "2024", "2024", ""], "系统": ["党务", "", "政法/公安", "党务"]}
OWN |= {"片区": ["东片", "东片", "　西片", ""]}


@pytest.fixture(scope="module")
def owned(tmp_path_factory):
    work = make_workspace(tmp_path_factory.mktemp("owned") / "课题")
    for name in "甲乙丙丁":
        problem = "党建与业务“两张皮”。" if name in "甲丙丁" else "党务干部少。"
        text = f"{name}县机关党建调研报告\n\n一、存在问题\n有的单位{problem}\n"
        (work.reports / f"{name}.txt").write_text(text, encoding="utf-8")
    header = ",".join(["file", *OWN])
    files = [f"{name}.txt" for name in "甲乙丙丁"]
    rows = [",".join(row) for row in zip(files, *OWN.values(), strict=True)]
    work.catalogue.write_bytes("\r\n".join([header, *rows, ""]).encode("gbk"))
    run(work, charts=False)
    return load(work)


@pytest.mark.parametrize("by", OWN)
def test_any_column_can_be_compared_by(owned, by):
    rates = owned.rates("issue", by=by).set_index("rate")
    for group in {value.strip() or "未填" for value in OWN[by]}:
        row = rates.loc[f"{by}/{group}/issue/two_skins/asserted"]
        members = [
            name
            for name, value in zip("甲乙丙丁", OWN[by], strict=True)
            if (value.strip() or "未填") == group
        ]
        assert row["reports"] == len(members)
        assert row["reports_with"] == len([name for name in members if name != "乙"])
        assert "%" not in row["says"]  # fewer than five reports
        assert row["fragile"] == ("cannot_tell" if len(members) == 1 else row["fragile"])
    assert owned.rates(by=by)["group"].iloc[-1] == "未填"  # last, as unstated is
    assert "未填" in owned.counts(by=by).columns[-1]


def test_the_groups_resolve_to_sentences(owned):
    question = {"issue": "两张皮", "by": "片区", "group": "西片", "stance": "认定"}
    assert owned.rate_id(**question) == "片区/西片/issue/two_skins/asserted"
    assert owned.quotes(**question)["report"].tolist() == ["丙"]
    told = owned.trace("系统/政法/公安/issue/two_skins/asserted")
    assert "只有 1 份，不能代表其他报告" in told
    assert "提到 1 份：丙" in told


def test_the_results_carry_the_columns(owned):
    reports = owned.reports.set_index("report")
    assert reports.loc["丙", [*OWN]].tolist() == ["2024", "政法/公安", "西片"]
    check("reports", owned.reports)


@pytest.mark.parametrize("by", OWN)
def test_charts_by_ones_own_column(owned, by):
    import analysis as an

    for plot in (an.plot_issues, an.plot_answers, an.plot_composition):
        chart = plot(owned, by=by)
        assert f"{by}未填" in chart.caption + chart.data.to_csv()
