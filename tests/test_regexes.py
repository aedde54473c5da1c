import pytest

from analysis.regexes import RegexError, UnknownWordClass, compile_regex, expand

CLASSES = {"lack": "<hard>|缺乏", "hard": "不强|不高", "a": "<b>", "b": "<c>x", "c": "y|<b>"}


def test_classes_become_groups_also_within_classes():
    assert expand("意识<lack>", CLASSES) == "意识(?:(?:不强|不高)|缺乏)"
    assert compile_regex("意识<lack>$", CLASSES).search("大局意识不高")


def test_groups_and_lookbehinds_of_re_are_no_classes():
    regex = r"(?P<lack>甲)(?<=甲)(?<!乙)(?P=lack)"
    assert expand(regex, CLASSES) == regex
    assert compile_regex(regex, CLASSES).fullmatch("甲甲")


def test_a_class_may_stand_behind_what_need_not_be_there():
    assert compile_regex("不?<hard>", CLASSES).fullmatch("不不强")


@pytest.mark.parametrize("regex", ["挂在墙上|<bad", "<>", "< hard>", "甲(?:<)", "[<]", "甲?<乙"])
def test_what_forms_no_class_is_not_silently_a_sign(regex):
    with pytest.raises(RegexError) as caught:
        compile_regex(regex, CLASSES)
    assert str(caught.value) == (
        f"“{regex}” 中的 < 没有写成词类：词类写作 <名称>；要找的就是这个符号，请写作 \\<"
    )
    assert compile_regex(r"甲\<乙|<hard>", CLASSES).fullmatch("甲<乙")


@pytest.mark.parametrize("name", ["lacks", "Lack", "不足", "la-ck"])
def test_a_class_that_does_not_exist(name):
    with pytest.raises(UnknownWordClass) as caught:
        compile_regex(f"意识<{name}>", CLASSES | {"Lack": "x"})
    assert caught.value.name == name
    assert str(caught.value) == f"词类 <{name}> 不在 word_classes.csv 中"


def test_a_class_may_not_contain_itself():
    with pytest.raises(RegexError) as caught:
        expand("<a>", CLASSES)
    assert str(caught.value) == "词类不能包含自己：<b> → <c> → <b>，请去掉其中一处"
    with pytest.raises(RegexError, match="<s> → <s>"):
        expand("<s>", {"s": "甲|<s>乙"})


@pytest.mark.parametrize(
    ("regex", "fault"),
    [
        ("党(建", "左括号多于右括号，第 2 个字符附近"),
        ("党)建", "右括号多于左括号，第 2 个字符附近"),
        ("党[建", "方括号 [ 没有收尾，第 2 个字符附近"),
        ("[建-党]", "方括号里的范围前后颠倒，第 2 个字符附近"),
        ("*党", "* + ? { 前面没有可以重复的字，第 1 个字符附近"),
        ("党**", "两个重复符号连在一起，第 3 个字符附近"),
        ("党{3,2}", "{最少,最多} 中前面的数大于后面的数，第 3 个字符附近"),
        ("党{99999999999}", "{} 中的次数太大"),
        ("党\\", "末尾多了一个反斜杠，第 2 个字符附近"),
        ("党\\q", "反斜杠后面的字母没有意义，第 2 个字符附近"),
        ("(?<=党+)建", "(?<=…) 和 (?<!…) 里的文字长度必须固定"),
        ("(?党)", "(? 后面的写法没有意义，第 2 个字符附近"),
        ("(?P<a>党)(?P<a>建)", "两个组用了同一个名字，第 13 个字符附近"),
        ("党(?i)", "(?i) 一类的标志只能写在最前面，第 2 个字符附近"),
        ("[[党]", "方括号里有 [、--、&&、~~ 或 ||，请在前面加反斜杠"),
    ],
)
def test_faults_are_told_in_chinese(regex, fault):
    with pytest.raises(RegexError) as caught:
        compile_regex(regex, CLASSES)
    expected = f"“{regex}” 不是合法的正则表达式（{fault}），请检查括号与特殊符号"
    assert str(caught.value) == expected


def test_no_place_is_named_where_a_class_would_shift_it():
    with pytest.raises(
        RegexError, match=r"“<hard>\(党” 不是合法的正则表达式（左括号多于右括号），"
    ):
        compile_regex("<hard>(党", CLASSES)
