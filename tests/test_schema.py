import numpy as np
import pandas as pd
import pytest

from analysis.cells import SchemaError
from analysis.schema import (
    TABLES,
    Column,
    Table,
    check,
    check_header,
    empty,
    read_table,
    suggest,
    write_table,
)
from analysis.tables import (
    CODEBOOK_TABLES,
    COLUMNS_BY_TABLE,
    COLUMNS_OF_CORRECTIONS,
    COLUMNS_OF_SUGGESTIONS,
    COLUMNS_ON_REQUEST,
    KEYS_BY_TABLE,
    RESULT_TABLES,
    TABLES_OF_PARTS,
)
from analysis.vocabulary import LEVEL_GROUP_NAMES, LEVEL_GROUPS, LEVELS

# One of each type, and a key of two columns of which one may be missing.
TOY = Table(
    "toy",
    (
        Column("name", "str", "名称", required=True),
        Column("level", "str", "层级", ("county", "city")),
        Column("number", "int", "序号"),
        Column("share", "float", "比例"),
        Column("done", "bool", "是否完成"),
        Column("part", "str", "部分"),
    ),
    ("name", "part"),
)
HEADER = "name,level,number,share,done,part\n"


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    monkeypatch.setitem(TABLES, "toy", TOY)


def frame(**columns):
    count = max((len(values) for values in columns.values()), default=1)
    rows = {
        "name": [f"n{at}" for at in range(count)],
        **{name: [None] * count for name in ("level", "number", "share", "done", "part")},
    }
    return pd.DataFrame(rows | columns)


def read(tmp_path, *lines, header=HEADER):
    path = tmp_path / "toy.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_table("toy", path)


def refusal(tmp_path, *lines, header=HEADER):
    with pytest.raises(SchemaError) as caught:
        read(tmp_path, *lines, header=header)
    return str(caught.value)


# --- the registry -------------------------------------------------------------------------------


def test_every_table_is_registered_once_with_columns_and_a_key():
    assert set(RESULT_TABLES).isdisjoint(CODEBOOK_TABLES)
    made = {
        *RESULT_TABLES,
        "changes",
        *CODEBOOK_TABLES,
        *COLUMNS_OF_SUGGESTIONS,
        *COLUMNS_ON_REQUEST,
        *COLUMNS_OF_CORRECTIONS,
    }
    assert made | {"catalogue"} == set(COLUMNS_BY_TABLE)
    assert set(TABLES_OF_PARTS) < set(RESULT_TABLES)
    for name in COLUMNS_BY_TABLE:
        table = TABLES[name]
        assert set(KEYS_BY_TABLE[name]) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
        for column in table.columns:
            assert column.kind in ("str", "int", "float", "bool")
            assert column.meaning
        assert check(name, empty(name)).empty


def test_every_level_has_a_group_with_a_name():
    assert set(LEVEL_GROUPS) == set(LEVELS)
    assert set(LEVEL_GROUPS.values()) <= set(LEVEL_GROUP_NAMES)


# --- types --------------------------------------------------------------------------------------


def test_types_and_missing_values():
    result = check("toy", frame(level=["city", None], number=[1, None], share=[0.5, None]))
    types = ["str", "str", "Int64", "float64", "boolean", "str"]
    assert [str(dtype) for dtype in result.dtypes] == types
    assert result.iloc[1].isna().tolist() == [False, True, True, True, True, True]


def test_columns_come_back_in_their_order_and_the_frame_is_not_changed():
    given = frame()[TOY.names[::-1]]
    before = given.copy()
    assert list(check("toy", given)) == TOY.names
    pd.testing.assert_frame_equal(given, before)


def test_numbers_and_truths_as_excel_writes_them(tmp_path):
    table = read(tmp_path, "a,county,3.0,0.50,TRUE,", "b,,-4,1e-3,false,", "c, , ,3,1,", "d")
    assert table["number"].tolist() == [3, -4, pd.NA, pd.NA]
    assert table["share"].tolist()[:3] == [0.5, 0.001, 3.0]
    assert table["done"].tolist() == [True, False, True, pd.NA]
    assert table["level"].isna().tolist() == [False, True, True, True]


def test_blanks_around_a_value_from_a_list_are_cut(tmp_path):
    assert read(tmp_path, "a, county\u3000,,,,").loc[0, "level"] == "county"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("b,,三,,,", "number “三” 应为整数，请改正。"),
        ("b,,3.5,,,", "number “3.5” 应为整数，请改正。"),
        ("b,,9223372036854775808,,,", "number “9223372036854775808” 应为整数，请改正。"),
        ("b,,1e400,,,", "number “1e400” 应为整数，请改正。"),
        ("b,,,50%,,", "share “50%” 应为数字，请改正。"),
        ("b,,,inf,,", "share “inf” 应为数字，请改正。"),
        ("b,,,nan,,", "share “nan” 应为数字，请改正。"),
        ("b,,,,是,", "done “是” 应为True 或 False，请改正。"),
        ("b,countty,,,,", "level “countty” 不在允许的取值中：county、city；是否想写 county？"),
        ("b,乡,,,,", "level “乡” 不在允许的取值中：county、city；请改正。"),
        (",city,,,,", "name 不能为空，请填写（名称）。"),
        ("a,,,,,", "name “a” 与第2行重复，请删去或改名。"),
        ("c,,,,,x", "name “c”、part “x” 与第5行重复，请删去或改名。"),
    ],
)
def test_wrong_cells_name_the_row_below_blank_lines_and_long_cells(tmp_path, line, message):
    lines = ["a,county,1,1,true,", "", '"a\n2",,2,,,', "c,,,,,x", line]
    assert refusal(tmp_path, *lines) == f"toy.csv 第6行：{message}"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"number": [1.0, 2.5]}, "toy.csv 第3行：number “2.5” 应为整数，请改正。"),
        ({"share": [1.0, np.inf]}, "toy.csv 第3行：share “inf” 应为数字，请改正。"),
        ({"name": ["a", ""]}, "toy.csv 第3行：name 是空字符串，缺值应留空。"),
        ({"name": ["a", "b", "a"]}, "toy.csv 第4行：name “a” 与第2行重复，请删去或改名。"),
    ],
)
def test_wrong_cells_of_a_frame(columns, message):
    with pytest.raises(SchemaError) as caught:
        check("toy", frame(**columns))
    assert str(caught.value) == message


def test_the_name_of_the_file_in_messages():
    with pytest.raises(SchemaError, match="^甲.csv 第2行：level “x”"):
        check("toy", frame(level=["x"]), "甲.csv")


# --- columns ------------------------------------------------------------------------------------

COLUMNS = "name、level、number、share、done、part"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level", "levle", f"不认识的列 “levle”；可用的列：{COLUMNS}；是否想写 level？"),
        ("part", "part,备注", f"不认识的列 “备注”；可用的列：{COLUMNS}；请改名或删去这一列。"),
        (",share", "", f"缺少列 “share”，应有：{COLUMNS}。"),
    ],
)
def test_wrong_columns(tmp_path, old, new, message):
    header = HEADER.replace(old, new)
    assert refusal(tmp_path, header=header) == f"toy.csv 第1行：{message}"
    with pytest.raises(SchemaError, match="第1行"):
        check_header("toy", header.strip().split(","), "toy.csv")


def test_suggestions():
    assert suggest("two_skin", ["two_skins", "thin_staffing"]) == "；是否想写 two_skins？"
    assert suggest("xyz", ["two_skins"]) == ""


# --- files --------------------------------------------------------------------------------------


def test_what_is_written_comes_back(tmp_path):
    given = frame(
        name=["=1+1", "-x", "'=x", "一\r\n“二”,三", "nan", " 前后 "],
        level=["city", None, None, "county", None, None],
        number=pd.array([2**63 - 1, -1, None, 0, 7, 8], dtype="Int64"),
        share=[0.1 + 0.2, 1e-300, None, -0.0, 2**0.5, 1 / 3],
        done=[True, False, None, True, None, False],
        part=["", "@a", "''", "True", "3.0", None],
    ).replace({"part": {"": None}})
    path = write_table("toy", given, tmp_path / "toy.csv")
    pd.testing.assert_frame_equal(read_table("toy", path), check("toy", given))
    first = path.read_bytes()
    assert first.startswith(b"\xef\xbb\xbfname,")
    assert b"\r\n" not in first.replace("一\r\n".encode(), b"")
    write_table("toy", read_table("toy", path), path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", sorted(COLUMNS_BY_TABLE))
def test_every_table_comes_back_with_every_value_missing_or_not(tmp_path, name):
    samples = {"str": ["甲", "乙"], "int": [1, 2], "float": [0.25, 1.5], "bool": [True, False]}
    columns = {}
    for column in TABLES[name].columns:
        full = list(column.allowed[:2]) if column.allowed else samples[column.kind]
        columns[column.name] = [*full, full[0] if column.required else None]
    key = next((c for c in TABLES[name].key if TABLES[name].columns[0].name == c), None)
    assert key is not None  # the first column tells rows apart, so its third value must be new
    third = {"str": "丙", "int": 3}[TABLES[name].columns[0].kind]
    allowed = TABLES[name].columns[0].allowed
    columns[key][2] = allowed[2] if allowed else third
    given = check(name, pd.DataFrame(columns))
    path = write_table(name, given, tmp_path / "t.csv")
    pd.testing.assert_frame_equal(read_table(name, path), given)


def test_a_table_without_rows_comes_back(tmp_path):
    path = write_table("toy", empty("toy"), tmp_path / "toy.csv")
    pd.testing.assert_frame_equal(read_table("toy", path), empty("toy"), check_index_type=False)


def test_nothing_is_written_that_does_not_fit(tmp_path):
    with pytest.raises(SchemaError, match="^甲.csv 第2行：level “x”"):
        write_table("toy", frame(level=["x"]), tmp_path / "甲.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file(tmp_path):
    with pytest.raises(SchemaError, match="^找不到文件 toy.csv（应在 "):
        read_table("toy", tmp_path / "toy.csv")
