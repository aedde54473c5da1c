import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cell_reading import read_cells
from analysis.cell_writing import write_cells
from analysis.cells import SchemaError, guard, place


def saved(tmp_path, content, name="表.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def refusal(tmp_path, content):
    with pytest.raises(SchemaError) as caught:
        read_cells(saved(tmp_path, content))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_row_is_named_as_excel_shows_it():
    assert place("issues.csv", 0) == "issues.csv 第2行"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_as_excel_saves(tmp_path, encoding, line_end):
    text = line_end.join(["file,note", "报告〇〇一.txt,“看过”", ""])
    cells = read_cells(saved(tmp_path, text.encode(encoding)))
    assert cells.to_dict("records") == [{"file": "报告〇〇一.txt", "note": "“看过”"}]


def test_rows_keep_their_place_below_blank_lines_and_cells_of_several_lines(tmp_path):
    text = '\na,b\n1,"一\n二\r\n三"\n\n , \n2,y\n,,,\n3,z\u2028z\x0bz\n'
    cells = read_cells(saved(tmp_path, text))
    assert [place("x", at) for at in cells.index] == ["x 第3行", "x 第6行", "x 第8行"]
    assert cells["b"].tolist() == ["一\n二\r\n三", "y", "z\u2028z\x0bz"]


def test_what_excel_leaves_on_the_right_is_left_out_and_what_it_drops_is_empty(tmp_path):
    cells = read_cells(saved(tmp_path, "\ufeff a ,b,c,,\n1,2,3,,\n1,2\n1,,,\n"))
    assert list(cells) == ["a", "b", "c"]
    assert cells.to_numpy().tolist() == [["1", "2", "3"], ["1", "2", None], ["1", None, None]]


def test_header_only(tmp_path):
    cells = read_cells(saved(tmp_path, "a,b\n"))
    assert (list(cells), len(cells)) == (["a", "b"], 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "表.csv：文件是空的，至少应有表头一行。"),
        (codecs.BOM_UTF8, "表.csv：文件是空的，至少应有表头一行。"),
        ("\n , \n", "表.csv：文件是空的，至少应有表头一行。"),
        ("a,,b\n1,2,3\n", "表.csv 第1行：第2列没有列名，请补上列名或删去这一列。"),
        ("\na,b,a\n", "表.csv 第2行：列 “a” 出现两次，请删去一列。"),
        (
            "a;b\n1;2\n",
            "表.csv 第1行：各列之间应当用英文逗号隔开；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (
            'a,b\n"一\n二",2\n\n1,2,3\n',
            "表.csv 第4行：有 3 列，表头是 2 列；单元格里有逗号时请用英文双引号括起来。",
        ),
        (
            'a,b\n1,2\n"3,4\n5,6\n',
            "表.csv 第3行：英文双引号不成对；"
            '单元格里有引号时写两个（""），整个单元格再用英文双引号括起来。',
        ),
        (
            'a,b\n1,"他说"好"了"\n',
            "表.csv 第2行：英文双引号不成对；"
            '单元格里有引号时写两个（""），整个单元格再用英文双引号括起来。',
        ),
        (
            b"PK\x03\x04\x14\x00",
            "表.csv：内容是 Excel 工作簿，不是 CSV；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (
            codecs.BOM_UTF16_LE + "a\tb\n".encode("utf-16-le") + b"\0",
            "表.csv：不是 UTF-8 编码的 CSV 文件；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (
            "a,b\n1,好".encode("utf-16-le"),
            "表.csv：不是 UTF-8 编码的 CSV 文件；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (
            codecs.BOM_UTF8 + "a,b\n1,好".encode() + b"\xb5\xb3\n",
            "表.csv：第2行附近有无法识别的字节（既非 UTF-8，也非 GB18030）；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
        (
            b"a,b\n1,\xff\xff\n",
            "表.csv：第2行附近有无法识别的字节（既非 UTF-8，也非 GB18030）；"
            "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。",
        ),
    ],
)
def test_refusals(tmp_path, content, message):
    assert refusal(tmp_path, content) == message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "gbk"])
def test_tabs_between_the_cells_as_excel_saves_unicode_text(tmp_path, encoding):
    path = tmp_path / "表.csv"
    path.write_bytes('a\tb\t\r\n"一\n二"\t=3\t\r\n'.encode(encoding))
    cells = read_cells(path)
    assert cells.to_dict("list") == {"a": ["一\n二"], "b": ["=3"]}


def test_a_missing_file_and_one_that_may_not_be_read(tmp_path, monkeypatch):
    with pytest.raises(SchemaError, match=f"^找不到文件 无.csv（应在 {tmp_path}）。$"):
        read_cells(tmp_path / "无.csv")
    with pytest.raises(SchemaError, match="^找不到文件"):
        read_cells(tmp_path)

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path, "a\n1\n")
    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(
        SchemaError, match="^表.csv：无法读取，可能正被 Excel、WPS 打开.+请先关闭 Excel"
    ):
        read_cells(path)


def test_rows_that_are_too_long_are_told_and_left_out_on_request(tmp_path):
    problems = []
    cells = read_cells(saved(tmp_path, "a,b\n1,2,3\n4,5\n6,7,8\n"), problems=problems)
    assert cells["a"].tolist() == ["4"]
    assert [problem.split("：")[0] for problem in problems] == ["表.csv 第2行", "表.csv 第4行"]


def test_formula_signs_are_made_harmless_and_come_back(tmp_path):
    values = ["=1+1", "-x", "+86", "@a", "'=x", "'x", "'", "''", "a=b", "'-", "＝"]
    path = tmp_path / "x.csv"
    write_cells(path, ["a", "b"], [(value, 1) for value in values])
    assert read_cells(path)["a"].tolist() == values
    lines = path.read_bytes().decode("utf-8-sig").splitlines()[1:]
    assert not [line for line in lines if line.startswith(("=", "-", "+", "@"))]


def test_a_persons_formula_sign_without_apostrophe_is_kept(tmp_path):
    cells = read_cells(saved(tmp_path, "a,b\n=1,-x\n'好,'+\n"))
    assert cells.to_numpy().tolist() == [["=1", "-x"], ["'好", "+"]]


def test_bytes_as_written(tmp_path):
    path = tmp_path / "x.csv"
    write_cells(path, ["a", "b"], [("一", None), ("x,y", 0.1), ('"', True), ("二\r", -3)])
    expected = '\ufeffa,b\n一,\n"x,y",0.1\n"""",True\n"二\r",-3\n'
    assert path.read_bytes() == expected.encode()


def test_a_whole_report_in_one_cell(tmp_path):
    path, long = tmp_path / "x.csv", "党" * 300_000
    write_cells(path, ["a", "b"], [(long, 1)])
    assert read_cells(path)["a"].tolist() == [long]


cell = st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\t,\"'=+-@ \u2028\x00\x85"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.just("1"), cell), max_size=4))
def test_every_text_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("cells") / "x.csv"
    write_cells(path, ["a", "b"], rows)
    expected = [(a, b or None) for a, b in rows]
    assert [tuple(row) for row in read_cells(path).to_numpy()] == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers() | cell, cell), max_size=4))
def test_lines_are_those_of_the_csv_module(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("cells") / "x.csv"
    for width in (1, 2):
        cut = [row[:width] for row in rows]
        write_cells(path, ["a", "b"][:width], cut)
        text = io.StringIO(newline="")
        for row in cut:
            # Told that rows end with \r\n, every version of `csv` quotes cells that hold either.
            line = io.StringIO(newline="")
            csv.writer(line, lineterminator="\r\n").writerow([guard(value) for value in row])
            text.write(line.getvalue().removesuffix("\r\n") + "\n")
        header = ",".join(["a", "b"][:width])
        assert path.read_bytes() == f"\ufeff{header}\n{text.getvalue()}".encode()
