import pytest
from make_fixtures_html import HERE, LAYOUTS, NAV, RELATED, links, page
from toys_reading import (
    MAX_ERROR,
    MIN_BOUNDARIES,
    NAMES,
    compare_lines,
    labels,
    report_lines,
)

from analysis.reading import ReadingError, read_source
from analysis.reading.html import MAX_LOCATED, MAX_MARKUP

# What a page says it is written in, and what it is.
CHARSETS = [("utf-8", "utf-8"), ("gb2312", "utf-8"), ("utf-8", "gb18030"), ("gbk", "utf-16")]
# Lines around the main text that come with it; structure marks them as noise.
CHROME = ("来源：", "[推广]", "分享到：")
SENTENCE = "机关党建工作是党的建设的重要组成部分，必须抓紧抓实，一刻也不能放松。"
OTHER = "近日，某市直机关工委组织召开会议，对下一步机关党建工作作出部署，强调要压实责任。"


def lines_of(folder, markup, encoding="utf-8", name="a.html"):
    raw = markup.encode(encoding, "replace") if isinstance(markup, str) else markup
    (folder / name).write_bytes(raw)
    return read_source(folder / name).text.split("\n")


def refused(folder, markup, name="a.html"):
    with pytest.raises(ReadingError) as caught:
        lines_of(folder, markup, name=name)
    message = str(caught.value)
    assert message.startswith(f"{name}：")
    assert "\n" not in message
    return message


def shell(body, title="关于机关党建的调研报告"):
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def paragraphs(name):
    """Those of a report; one report opens with a question mark, which is no title of a page."""
    return [line for line in report_lines(name) if line != "?"]


def read_html_lines(folder, body):
    return lines_of(folder, shell(f"<div><p>{SENTENCE}</p>{body}</div>"))[2:]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_report_comes_back_whole(tmp_path, name, layout):
    wanted = paragraphs(name)
    declared, encoding = CHARSETS[(NAMES.index(name) + len(layout)) % len(CHARSETS)]
    got = lines_of(tmp_path, page(wanted, layout, charset=declared), encoding)
    extra = [line for line in got if line not in wanted]
    assert [line for line in extra if not line.startswith((*CHROME, wanted[0]))] == []
    error, boundaries = compare_lines(wanted, [line for line in got if line not in extra])
    assert (error <= MAX_ERROR, boundaries >= MIN_BOUNDARIES) == (True, True), (error, boundaries)


@pytest.mark.parametrize(
    "layout",
    ["tables", *(pytest.param(x, marks=pytest.mark.slow) for x in LAYOUTS if x != "tables")],
)
def test_the_same_labels_as_from_text(tmp_path, book, layout):
    for at, name in enumerate(NAMES):
        lines = paragraphs(name)
        (tmp_path / f"{at}文.txt").write_text("\n".join(lines), encoding="utf-8")
        (tmp_path / f"{at}页.html").write_text(page(lines, layout), encoding="utf-8")
    found = labels(tmp_path, book)
    for at, name in enumerate(NAMES):
        assert found[f"{at}文"] == found[f"{at}页"], name


def test_sections_in_boxes_but_no_previews_of_other_articles(tmp_path):
    lines = report_lines(NAMES[1])
    boxes = "".join(
        "<div class='section'><div></div>{}</div>".format(
            "".join(f"<p>{x}</p>" for x in lines[a : a + 4])
        )
        for a in range(1, len(lines), 4)
    )
    previews = "".join(f'<h4><a href="#">{one}</a></h4><p>{OTHER}</p>' for one in RELATED)
    body = f"{links(NAV)}<div><div><h1>{lines[0]}</h1>{boxes}</div><div>{previews}</div></div>"
    assert lines_of(tmp_path, shell(body, lines[0])) == lines


def test_the_title_comes_first_unless_the_text_has_it(tmp_path):
    title = "关于全县机关党建工作的调研报告"
    text = f"<div><p>{SENTENCE}</p><p>{OTHER}</p></div>"
    for head, body, wanted in (
        (f"{title}_某某机关党建网", text, [title]),
        (f"{title} - 某某网", f"<h1>{title}</h1>{text}", [title]),
        ("首页", f"<h1>{title}</h1><ul><li><a>栏目</a></li></ul>{text}", [title]),
        ("某某网", text, []),
        ("2023-2024年机关党建报告", text, ["2023-2024年机关党建报告"]),
    ):
        assert lines_of(tmp_path, shell(body, head)) == [*wanted, SENTENCE, OTHER]


def test_tables_lists_and_breaks(tmp_path):
    rows = [("单位", "问题"), ("甲局", "换届不及时"), ("", "")]
    table = "".join(f"<tr>{''.join(f'<td><p>{c}</p></td>' for c in row)}</tr>" for row in rows)
    column = "".join(f"<p>{SENTENCE}</p>" for _ in range(10))
    assert read_html_lines(tmp_path, f"<table>{table}</table>") == [
        "单位\t问题",
        "甲局\t换届不及时",
    ]
    frame = f"<table><tr><td>左栏</td><td>{column}</td></tr></table>"
    assert read_html_lines(tmp_path, frame) == ["左栏", *[SENTENCE] * 10]
    numbered = f"<ol start=3><li>{SENTENCE}</li><li><p>{OTHER}</p></li><li>六、{OTHER}</li></ol>"
    assert read_html_lines(tmp_path, numbered) == [f"3.{SENTENCE}", f"4.{OTHER}", f"六、{OTHER}"]
    broken = f"<ul><li>{SENTENCE}<br><br/>&nbsp;　{OTHER}</ul><pre>{SENTENCE}\n{OTHER}</pre>"
    assert read_html_lines(tmp_path, broken) == [SENTENCE, OTHER] * 2


def test_markup_wrapped_between_chinese_characters(tmp_path):
    wrapped = f"<p>{SENTENCE[:9]}\r\n  {SENTENCE[9:20]}\n<b>{SENTENCE[20:]}</b></p>"
    wrapped += "<p>Party \n building</p>"
    assert read_html_lines(tmp_path, wrapped) == [SENTENCE, "Party building"]


def test_what_no_reader_sees_is_left_out(tmp_path):
    unseen = f"<script>document.write('<p>{OTHER}</p>')</script><style>p{{}}</style>"
    unseen += f"<p style='color:red; display: none'>{OTHER}</p><select><option>{OTHER}</select>"
    unseen += f"<!-- {OTHER} --><noscript>{OTHER}</noscript><ol style='display:none'><li>一</ol>"
    assert read_html_lines(tmp_path, f"{unseen}<p>党\u200b建\u00ad好</p>") == ["党建好"]


def test_nothing_is_fetched(tmp_path, monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    remote = '<base href="http://www.example.cn/"><img src="a.png"><iframe src="b.html"></iframe>'
    remote += '<link rel="stylesheet" href="c.css"><a href="http://www.example.cn/d">全文</a>'
    entity = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    lines = lines_of(tmp_path, entity + shell(f"<p>{SENTENCE}&x;</p>{remote}"))
    assert sum(SENTENCE in line for line in lines) == 1
    assert len("".join(lines)) < 80


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-be"])
def test_a_long_style_sheet_before_the_text(tmp_path, encoding):
    style = f"<style>{'p{color:red}' * 30_000}</style>"
    assert SENTENCE[:9] in lines_of(tmp_path, style + shell(f"<p>{SENTENCE}"), encoding)[-1]


def test_an_embedded_picture_and_an_xml_declaration(tmp_path):
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo" * MAX_MARKUP}">'[: MAX_MARKUP + 99]
    markup = '<?xml version="1.0" encoding="gb2312"?>' + shell(f'<p>{SENTENCE}</p>{picture}">')
    assert SENTENCE in lines_of(tmp_path, markup)


@pytest.mark.parametrize("deep", [300, 1500])
def test_unclosed_tags_nest_deep(tmp_path, deep):
    assert lines_of(tmp_path, shell("<div>" * deep + f"<p>{SENTENCE}"))[-1] == SENTENCE


def test_a_page_too_large_for_trafilatura_is_read_by_its_running_text(tmp_path):
    body = "".join(f"<p>{SENTENCE}</p>" for _ in range(MAX_LOCATED // 30))
    got = lines_of(tmp_path, shell(f"{links(NAV)}<div>{body}</div>{links(RELATED)}"))
    assert set(got[1:]) == {SENTENCE}


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (shell(links(NAV) + links(RELATED)), "没有找到正文"),
        (shell(""), "没有找到正文"),
        (shell("<img src=a.jpg>"), "没有找到正文"),
        (shell("<p>Nothing in Chinese stands here, whatever is looked for.</p>"), "没有找到正文"),
        ("MIME-Version: 1.0\r\nContent-Type: multipart/related", "请另存为 docx"),
        (shell("党" * (MAX_MARKUP + 1)), "百万字符"),
        (b"PK\x03\x04", "ZIP 压缩包"),
        (b"\x00\x01\x02" * 99, "二进制"),
        (b"", "0 字节"),
    ],
    ids=["links", "empty", "picture", "foreign", "mht", "large", "zip", "binary", "nothing"],
)
def test_one_line_for_what_cannot_be_read(tmp_path, markup, said):
    assert said in refused(tmp_path, markup)


@pytest.mark.parametrize("attributes", ["one", "many"])
def test_a_tag_of_endless_length_takes_no_time(tmp_path, attributes):
    inside = " ".join(f"a{n}=1" for n in range(50_000)) if attributes == "many" else "b" * 400_000
    assert SENTENCE in lines_of(tmp_path, shell(f"<p {inside}></p><p>{SENTENCE}</p>"))[-1]


@pytest.mark.parametrize("path", sorted(HERE.glob("*")), ids=lambda path: path.name)
def test_the_committed_files_are_read(path):
    wanted = report_lines("training/t11")[:14]
    got = read_source(path).text.split("\n")
    assert [line for line in got if not line.startswith(CHROME)] == wanted
