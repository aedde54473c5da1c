import pytest
from toys_labels import write_labels

from analysis.labels import LabelError, load_labels, split_keys


@pytest.fixture
def folder(tmp_path):
    return write_labels(tmp_path / "labels")


def rewrite(folder, old: str, new: str) -> None:
    path = folder / "labels.tsv"
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def test_columns_and_files(folder):
    labels = load_labels(folder)
    assert labels.sentences["report"].tolist() == ["r"] * 6 + ["q"]
    assert labels.sentences["theme"].notna().sum() == 3
    assert labels.headings["level"].tolist() == [0, 1, 2]
    assert labels.reports is None
    assert {name: path.name for name, path in labels.files.items()} == {"r": "r.txt", "q": "q.txt"}


def test_bom_line_ends_quotes_and_marks_are_kept(folder):
    rewrite(folder, "二二", '"二⏎')
    path = folder / "labels.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    labels = load_labels(folder)
    assert labels.sentences["text"].iloc[1].startswith('"二⏎二')
    assert len(labels.sentences) == 7


def test_only_places_are_required(folder):
    (folder / "labels.tsv").write_bytes(b"report\tstart\tend\nr\t0\t5\n")
    labels = load_labels(folder)
    assert labels.sentences[["role", "theme", "issues", "stances"]].isna().all(axis=None)


LINKS = "report\tpoint\tproblems\tcountermeasures\tstatus\n"


def test_links_name_labelled_sentences(folder):
    assert load_labels(folder).links is None
    lines = f"{LINKS}r\tr-p1\t1;2\t3\tanswered\nr\tr-p2\t2\t\tunanswered\n"
    (folder / "links.tsv").write_text(lines, encoding="utf-8")
    links = load_labels(folder).links
    assert links["problems"].map(split_keys).tolist() == [["1", "2"], ["2"]]
    assert links["countermeasures"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("report\tpoint\nr\tp\n", "links.tsv 第1行：缺少列 “problems”"),
        (LINKS + "r\tp\t1\t3\tanswer\n", "第2行：status “answer”.*是否想写 answered"),
        (LINKS + "r\tp\t1;9\t\tunclear\n", "第2行：“9” 不是标注句的编号.*id 一列"),
    ],
)
def test_links_that_do_not_fit_are_told(folder, text, message):
    (folder / "links.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(LabelError, match=message):
        load_labels(folder)


def test_reports_beside_the_labels_come_first(folder):
    (folder / "r.md").write_text("一", encoding="utf-8")
    (folder / "r.txt").write_text("一", encoding="utf-8")
    labels = load_labels(folder)
    assert labels.files["r"] == folder / "r.txt"
    assert labels.files["q"] == folder.parent / "reports" / "q.txt"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cause", "causes", "labels.tsv 第8行：role “causes” 不在允许的取值中.*是否想写 cause"),
        ("addressed", "adressed", "labels.tsv 第5行：stances “adressed”.*是否想写 addressed"),
        ("asserted;asserted", "asserted", "labels.tsv 第3行：issues 有 2 个，stances 有 1 个"),
        ("\t10\t20\t", "\tten\t20\t", "labels.tsv 第3行：start “ten” 应为非负整数"),
        ("\t10\t20\t", "\t\t20\t", "labels.tsv 第3行：start 不能为空"),
        ("\t10\t20\t", "\t20\t20\t", "labels.tsv 第3行：end 应大于 start"),
        ("二二", "二\t二", "labels.tsv 第3行：有 10 列，表头是 9 列"),
        ("start", "begin", "labels.tsv 第1行：缺少列 “start”"),
        ("\tq\t", "\tz\t", "找不到报告 “z” 的文件"),
    ],
)
def test_errors_name_row_value_and_fix(folder, old, new, message):
    rewrite(folder, old, new)
    with pytest.raises(LabelError, match=message):
        load_labels(folder)


def test_errors_of_the_folder(tmp_path):
    with pytest.raises(LabelError, match="找不到标注文件夹"):
        load_labels(tmp_path / "nowhere")
    with pytest.raises(LabelError, match="没有 sentences.tsv 或 labels.tsv"):
        load_labels(tmp_path)
    (tmp_path / "labels.tsv").write_bytes("report\tstart\tend\n报告\t0\t1".encode("gb18030"))
    with pytest.raises(LabelError, match="不是 UTF-8"):
        load_labels(tmp_path)
    (tmp_path / "labels.tsv").write_bytes(b"report\tstart\tend\n")
    with pytest.raises(LabelError, match="没有标注"):
        load_labels(tmp_path)


def test_reports_table(folder):
    (folder / "reports.tsv").write_bytes(b"report\tlevel\nr\tcounty\nq\t\n")
    assert load_labels(folder).reports["level"].isna().tolist() == [False, True]
    (folder / "reports.tsv").write_bytes(b"name\tlevel\nr\tcounty\n")
    with pytest.raises(LabelError, match="reports.tsv 第1行：缺少列 “report”"):
        load_labels(folder)


def test_split_keys():
    assert split_keys("a; b;") == ["a", "b"]
    assert split_keys(None) == split_keys(float("nan")) == []
