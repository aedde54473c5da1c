import io
import shutil
import zipfile

import pytest
from make_fixtures_docx import HERE, LEVELS, p, pack, r, write_report
from toys_reading import (
    MAX_ERROR,
    MIN_BOUNDARIES,
    NAMES,
    compare_lines,
    labels,
    report_lines,
)

from analysis.reading import ReadingError, read_source
from analysis.reading.docx_package import MAX_ENTRIES, MAX_XML_BYTES
from analysis.reading.numerals import write_number

VARIANTS = {
    "plain": {},
    "numbered": {"numbered": True},
    "revised": {"revised": True},
    "everything": {"numbered": True, "revised": True, "margins": True},
}
NOTE = "【脚注1】"
TEXT = "机关党建调研"


def lines_of(folder, raw, name="a.docx"):
    (folder / name).write_bytes(raw)
    return read_source(folder / name).text.split("\n")


def refused(folder, raw, name="a.docx"):
    with pytest.raises(ReadingError) as caught:
        lines_of(folder, raw, name)
    message = str(caught.value)
    assert message.startswith(f"{name}：")
    assert "\n" not in message
    return message


def numbering(*levels, start="", more=""):
    """numbering.xml with one list of these levels: (format, text) or (format, text, more XML)."""
    xml = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/>{"".join(rest)}</w:lvl>'
        for at, (kind, text, *rest) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="5">{xml}</w:abstractNum>{more}'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="5"/>{start}</w:num>'
    )


def item(text, level=0, number=1):
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_report_comes_back_whole(tmp_path, name, variant):
    wanted = report_lines(name)
    source = read_source(write_report(tmp_path / "a.docx", wanted, **VARIANTS[variant]))
    got = source.text.split("\n")
    if variant == "everything":
        assert got[len(wanted) :] == [
            "【脚注1】数据来源于本次问卷调查。",
            "【页眉】机关党建调研（内部资料）",
            "【页脚】第页",
        ]
        assert sum(NOTE in line for line in got) == 2  # where it is cited and where it stands
        got = [line.replace(NOTE, "") for line in got[: len(wanted)]]
    assert got == wanted
    error, boundaries = compare_lines(wanted, got)
    assert (error <= MAX_ERROR, boundaries >= MIN_BOUNDARIES) == (True, True)
    assert (source.encoding, source.note is None) == ("docx", "revised" not in VARIANTS[variant])


def test_the_same_labels_as_from_text(tmp_path, book):
    for at, name in enumerate(NAMES):
        lines = report_lines(name)
        (tmp_path / f"{at}文.txt").write_text("\n".join(lines), encoding="utf-8")
        write_report(tmp_path / f"{at}页.docx", lines, **VARIANTS["everything"])
    found = labels(tmp_path, book)
    for at, name in enumerate(NAMES):
        assert found[f"{at}文"] == found[f"{at}页"], name


def test_levels_count_and_begin_anew(tmp_path):
    places = zip((0, 1, 2, 2, 1, 2, 0, 2), "总甲子丑乙寅分卯", strict=True)
    body = "".join(item(text, level) for level, text in places)
    got = lines_of(tmp_path, pack(body, numbering=numbering(*LEVELS)))
    assert got == ["一、总", "（一）甲", "1.子", "2.丑", "（二）乙", "1.寅", "二、分", "1.卯"]


def test_lists_share_counters_unless_one_begins_anew(tmp_path):
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = item("甲") + item("乙") + p("正文") + item("丙", number=2) + item("丁", number=2)
    body += item("戊")
    wanted = {"": "1.甲 2.乙 正文 3.丙 4.丁 5.戊", start: "1.甲 2.乙 正文 1.丙 2.丁 3.戊"}
    for override, lines in wanted.items():
        raw = pack(body, numbering=numbering(("decimal", "%1."), start=override))
        assert lines_of(tmp_path, raw) == lines.split()


def test_a_level_may_go_on_counting_under_the_next_heading(tmp_path):
    for restart, last in (("", "1.丁"), ('<w:lvlRestart w:val="0"/>', "3.丁")):
        parts = numbering(("chineseCounting", "%1、"), ("decimal", "%2.", restart))
        body = item("甲") + item("乙", 1) + item("丙", 1) + item("又") + item("丁", 1)
        assert lines_of(tmp_path, pack(body, numbering=parts))[-1] == last


def test_number_from_a_style_and_from_one_it_is_based_on(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    parts = numbering(("japaneseCounting", "%1、"), ("decimal", "%1.%2", "<w:isLgl/>"))
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = "".join(
        p(text, f'<w:pStyle w:val="{style}"/>{more}')
        for text, style, more in (
            ("做法", "H1", ""),
            ("成效", "H2", ""),
            ("不编号", "H1", off),
            ("问题", "H1", ""),
            ("正文", "Loop", ""),
        )
    )
    got = lines_of(tmp_path, pack(body, numbering=parts, styles=styles))
    assert got == ["一、做法", "1.1 成效", "不编号", "二、问题", "正文"]


@pytest.mark.parametrize(
    ("kind", "numbers"),
    {
        "decimal": {1: "1", 12: "12"},
        "decimalZero": {3: "03"},
        "chineseCounting": {1: "一", 10: "十", 11: "十一", 20: "二十", 101: "一百零一"},
        "chineseCountingThousand": {110: "一百一十", 1001: "一千零一"},
        "ideographDigital": {10: "一〇", 21: "二一"},
        "chineseLegalSimplified": {11: "壹拾壹", 30: "叁拾"},
        "decimalEnclosedCircle": {1: "①", 20: "⑳", 21: "21"},
        "decimalEnclosedFullstop": {2: "⒉"},
        "decimalEnclosedParen": {3: "⑶"},
        "ideographParenthesized": {2: "㈡"},
        "ideographTraditional": {4: "丁"},
        "decimalFullWidth": {12: "１２"},
        "upperRoman": {4: "IV", 19: "XIX"},
        "lowerRoman": {90: "xc"},
        "upperLetter": {1: "A", 27: "AA"},
        "lowerLetter": {26: "z"},
        "hebrew1": {7: "7"},
    }.items(),
)
def test_formats_of_numbers(kind, numbers):
    assert {n: write_number(n, kind) for n in numbers} == numbers


def test_formats_of_ones_own_and_bullets(tmp_path):
    own = (
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="㈠, ㈡, ㈢, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
        "</mc:Fallback></mc:AlternateContent>"
    )
    dings = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    parts = numbering(("decimal", "%1"), ("bullet", "\uf06c", dings), ("bullet", "u", dings))
    parts = parts.replace('<w:numFmt w:val="decimal"/>', own, 1)
    body = item("甲") + item("乙") + item("丙", 1) + item("丁", 2)
    got = lines_of(tmp_path, pack(body, numbering=parts))
    assert got == ["㈠甲", "㈡乙", "●丙", "◆丁"]


def test_a_number_does_not_run_into_figures(tmp_path):
    body = item("5万元经费到位") + item("党员") + item("有")
    assert lines_of(tmp_path, pack(body, numbering=numbering(("decimal", "%1.")))) == [
        "1. 5万元经费到位",
        "2.党员",
        "3.有",
    ]


def test_empty_and_deleted_paragraphs_of_a_list(tmp_path):
    gone = p(
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>',
    )
    body = item("甲") + item("") + gone + item("乙")
    raw = pack(body, numbering=numbering(("decimal", "%1.")))
    assert lines_of(tmp_path, raw) == ["1.甲", "3.乙"]  # Word counts an empty one


def test_revisions_as_if_accepted(tmp_path):
    moved = "<w:moveFrom>{}</w:moveFrom>".format(r("移走"))
    body = p(r("保留") + f"<w:ins>{r('插入')}</w:ins><w:moveTo>{r('移来')}</w:moveTo>" + moved)
    body += p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半")
    row = "<w:tr>{}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    body += "<w:tbl>" + row.format("<w:trPr><w:del/></w:trPr>", p("删行"), p("删"))
    body += row.format("<w:trPr><w:ins/></w:trPr>", p("新行"), p("二")) + "</w:tbl>"
    assert lines_of(tmp_path, pack(body)) == ["保留插入移来", "前半后半", "新行\t二"]
    assert "修订" in read_source(tmp_path / "a.docx").note


def test_controls_links_and_fields(tmp_path):
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件里的段落')}</w:sdtContent></w:sdt>"
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    link = f"<w:hyperlink>{r('链接的文字')}</w:hyperlink>"
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = "{}<w:r><w:instrText> {} </w:instrText></w:r>{}{}{}"
    reference = field.format(
        *map(mark.format, ["begin"]), "REF x", mark.format("separate"), r("表1"), mark.format("end")
    )
    page = field.format(
        mark.format("begin"), "PAGE", mark.format("separate"), r("9"), mark.format("end")
    )
    body = control + prompt.format(p("单击此处输入文字。"))
    body += p(r("见") + reference + link + page + prompt.format(r("选择一项")))
    assert lines_of(tmp_path, pack(body)) == ["控件里的段落", "见表1链接的文字"]


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path):
    inner = f"<w:txbxContent>{p('框中一')}{p('框中二')}</w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{inner}"
        f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = p(r("有框") + box + r("的段落")) + p(f"<w:r><w:pict>{inner}</w:pict></w:r>")
    assert lines_of(tmp_path, pack(body)) == ["有框的段落", *["框中一", "框中二"] * 2]


def test_tables_row_by_row(tmp_path):
    cell = "<w:tc><w:tcPr/>{}</w:tc>"
    rows = [["单位", "问题"], ["甲局", "换届不及时"], ["", ""], ["说明一行"]]
    table = "".join(f"<w:tr>{''.join(cell.format(p(c)) for c in row)}</w:tr>" for row in rows)
    table = f"<w:tbl><w:tblPr/>{table}</w:tbl>"
    two = cell.format(p("一段") + p("二段"))
    nested = f"<w:tbl><w:tr>{two}{cell.format(table + p(''))}</w:tr></w:tbl>"
    frame = f"<w:tbl><w:tr>{two}</w:tr></w:tbl>"
    assert lines_of(tmp_path, pack(table + frame + nested)) == [
        *("单位\t问题", "甲局\t换届不及时", "说明一行", "一段", "二段"),
        "一段 二段\t单位\t问题 甲局\t换届不及时 说明一行",
    ]


def test_notes_headers_and_footers_come_last(tmp_path):
    note = '<w:{0}note w:id="{1}">{2}</w:{0}note>'
    foot = "".join(note.format("foot", n, p(f"脚注之{n}")) for n in (1, 2, 3))
    cite = '<w:r><w:{}noteReference w:id="{}"/></w:r>'
    body = p(r("先引") + cite.format("foot", 3) + r("后引") + cite.format("foot", 1))
    body += p(r("再引") + cite.format("end", 1) + cite.format("foot", 3))
    raw = pack(
        body,
        footnotes=foot,
        endnotes=note.format("end", 1, p("尾注之一") + p("又一段")),
        header1=p("页眉文字"),
        header2=p("页眉文字"),
        footer1=p("—") + p(" "),
        footer2=p("页脚文字"),
    )
    assert lines_of(tmp_path, raw) == [
        *("先引【脚注1】后引【脚注2】", "再引【尾注1】【脚注1】"),
        *("【脚注1】脚注之3", "【脚注2】脚注之1", "【尾注1】尾注之一 又一段"),
        *("【页眉】页眉文字", "【页脚】页脚文字"),
    ]


def test_what_stands_in_the_margins_is_noise(tmp_path, book):
    from analysis.structure import split_report

    text = "\n".join(report_lines(NAMES[0]))
    parts = split_report("a", f"{text}【脚注1】\n【脚注1】来源。\n【页眉】党建\n【页脚】内部", book)
    assert list(parts.sentences["role"][-3:]) == ["noise"] * 3
    assert "脚注" not in parts.sentences["text"].iloc[-4]


def test_breaks_tabs_symbols_and_hidden_text(tmp_path):
    styles = (
        '<w:style w:type="character" w:styleId="Hide"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    runs = r("甲") + "<w:r><w:br/></w:r>" + r("乙") + '<w:r><w:br w:type="page"/></w:r>' + r("丙")
    runs += "<w:r><w:tab/></w:r>" + r("软\u00ad连") + "<w:r><w:softHyphen/></w:r>" + r("字\n符")
    runs += "<w:r><w:t>党</w:t><w:noBreakHyphen/><w:t>建</w:t></w:r>"
    runs += r("藏", "<w:vanish/>") + r("不藏", '<w:vanish w:val="0"/>')
    runs += r("也藏", '<w:rStyle w:val="Hide"/>')
    runs += '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:char="D800"/></w:r>'
    ruby = f"<w:r><w:ruby><w:rt>{r('dang')}</w:rt><w:rubyBase>{r('党')}</w:rubyBase></w:ruby></w:r>"
    body = p(runs) + p("整段隐藏", '<w:pStyle w:val="Gone"/>') + p(ruby)
    got = lines_of(tmp_path, pack(body, styles=styles))
    assert got == ["甲", "乙丙\t软连字 符党-建不藏✓", "党"]


def test_strict_files_and_parts_under_other_names(tmp_path):
    raw = pack(p(TEXT))
    for old, new in (
        (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"urn:strict"),
        (b"word/document.xml", b"word\\document.xml"),
    ):
        assert lines_of(tmp_path, repack(raw, lambda name, data, o=old, n=new: data.replace(o, n)))


def repack(raw, change, drop=()):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_macros_are_never_opened(tmp_path):
    out = io.BytesIO(pack(p(TEXT)))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/vbaProject.bin", b"Attribute VB_Name")
    assert lines_of(tmp_path, out.getvalue(), "a.docm") == [TEXT]


def test_no_entity_is_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("机密", encoding="utf-8")
    address = (tmp_path / "secret.txt").as_uri()
    inside = '<!DOCTYPE a [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;">]>'
    outside = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{address}">]>'
    for declare in (inside, outside):
        assert "实体" in refused(tmp_path, pack(p("<w:r><w:t>&b;</w:t></w:r>"), declare=declare))


def test_nothing_outside_the_package_is_read(tmp_path):
    (tmp_path / "header1.xml").write_text(pack(p(TEXT)).hex(), encoding="utf-8")
    raw = repack(
        pack(p(TEXT), header1=p("页眉")),
        lambda name, data: data.replace(b"header1.xml", b"../../header1.xml").replace(
            b'Target="word/', b'TargetMode="External" Target="word/'
        ),
    )
    assert lines_of(tmp_path, raw) == [TEXT]


def test_bombs_are_not_unpacked(tmp_path):
    filler = "<w:r/>" * (MAX_XML_BYTES // 6)
    assert "倍" in refused(tmp_path, pack(p(TEXT) + " " * 3_000_000))
    assert "MB" in refused(tmp_path, pack(p(TEXT) + f"<!--{filler}-->"))
    out = io.BytesIO(pack(p(TEXT)))
    with zipfile.ZipFile(out, "a") as package:
        for number in range(MAX_ENTRIES):
            package.writestr(f"word/media/{number}", b"")
    assert f"{MAX_ENTRIES}" in refused(tmp_path, out.getvalue())


def test_deep_nesting_is_refused_or_read(tmp_path):
    for depth in (40, 60):
        body = "<w:tbl><w:tr><w:tc>" * depth + p(TEXT) + "</w:tc></w:tr></w:tbl>" * depth
        assert lines_of(tmp_path, pack(body)) == [TEXT]
    assert "XML" in refused(tmp_path, pack("<w:sdt>" * 300 + p(TEXT) + "</w:sdt>" * 300))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (pack(p(TEXT))[:-100], "已损坏"),
        (b"PK\x03\x04word/ nothing more", "已损坏"),
        ("只是文字".encode(), "不是 Word 文档"),
        (repack(pack(p(TEXT)), lambda name, data: data, ["word/document.xml"]), "缺少正文"),
        (repack(pack(p(TEXT)), lambda name, data: data[:300]), "XML"),
        (pack(p("no Chinese")), "没有汉字"),
        (b"\xff\xd8\xff\xe0 JFIF", "JPEG 图片"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "有密码，请解除密码",
        ),
    ],
)
def test_one_line_for_what_cannot_be_read(tmp_path, raw, said):
    assert said in refused(tmp_path, raw)


def test_a_scan_inside_word_is_told(tmp_path):
    out = io.BytesIO(pack(p("<w:r/>")))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/media/image1.png", b"\x89PNG")
    assert "1 张图片" in refused(tmp_path, out.getvalue())


def test_the_committed_file_is_what_its_script_makes(tmp_path):
    shutil.copy(HERE / "t11.docx", tmp_path)
    got = read_source(tmp_path / "t11.docx").text.split("\n")
    assert [line.replace(NOTE, "") for line in got[:14]] == report_lines("training/t11")[:14]
