"""Regular expressions of the codebook: word classes put in, faults told in Chinese."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping

from analysis.errors import AnalysisError

CLASS_NAME = re.compile("[a-z][a-z_0-9]*")
# A "<" that begins neither a group, `(?P<name>…)`, `(?<=…)` or `(?<!…)`, nor is escaped.
OPENED = r"(?<!\(\?)(?<!\(\?P)(?<!\\)<"
# What was meant to be a word class, whether it may be called so or not; and what forms none.
WOULD_BE_CLASS = re.compile(OPENED + r"(\w[\w-]*)>")
NO_CLASS = re.compile(OPENED + r"(?!\w[\w-]*>)")
# Beginnings of the messages of `re`; the longer of two that share one stands first.
FAULTS = {
    "missing )": "左括号多于右括号",
    "unbalanced parenthesis": "右括号多于左括号",
    "unterminated character set": "方括号 [ 没有收尾",
    "bad character range": "方括号里的范围前后颠倒",
    "nothing to repeat": "* + ? { 前面没有可以重复的字",
    "multiple repeat": "两个重复符号连在一起",
    "min repeat": "{最少,最多} 中前面的数大于后面的数",
    "the repetition number": "{} 中的次数太大",
    "bad escape (end": "末尾多了一个反斜杠",
    "bad escape": "反斜杠后面的字母没有意义",
    "look-behind": "(?<=…) 和 (?<!…) 里的文字长度必须固定",
    "unknown extension": "(? 后面的写法没有意义",
    "unexpected end": "写到一半就结束了",
    "redefinition": "两个组用了同一个名字",
    "bad group name": "组名只能用字母、数字和下划线",
    "global flags": "(?i) 一类的标志只能写在最前面",
    "possible": "方括号里有 [、--、&&、~~ 或 ||，请在前面加反斜杠",
}
STRAY = "“{regex}” 中的 < 没有写成词类：词类写作 <名称>；要找的就是这个符号，请写作 \\<"


class RegexError(AnalysisError):
    """A regular expression is broken; the message says in Chinese what is wrong, not where."""


class UnknownWordClass(RegexError):
    """A word class does not exist; ``name`` is what it was called."""

    def __init__(self, name: str) -> None:
        super().__init__(f"词类 <{name}> 不在 word_classes.csv 中")
        self.name = name


def expand(regex: str, classes: Mapping[str, str], *, within: tuple[str, ...] = ()) -> str:
    """Replace each ``<word_class>`` by its words as a group; nested classes are expanded too.

    Parameters
    ----------
    classes : mapping of str to str
        Words of each class.
    within : tuple of str
        The classes being expanded.

    Raises
    ------
    RegexError
        A class does not exist or, through others, contains itself; or a "<" forms none.
    """
    if NO_CLASS.search(regex):
        raise RegexError(STRAY.format(regex=regex))

    def words(match: re.Match) -> str:
        name = match[1]
        if name not in classes or not CLASS_NAME.fullmatch(name):
            raise UnknownWordClass(name)
        if name in within:
            circle = " → ".join(f"<{one}>" for one in (*within[within.index(name) :], name))
            raise RegexError(f"词类不能包含自己：{circle}，请去掉其中一处")
        return f"(?:{expand(classes[name], classes, within=(*within, name))})"

    return WOULD_BE_CLASS.sub(words, regex)


def compile_regex(regex: str, classes: Mapping[str, str]) -> re.Pattern:
    """Compile a regular expression with word classes.

    Raises
    ------
    RegexError
        It is broken, or names a word class that does not exist.
    """
    expanded = expand(regex, classes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile(expanded)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        # The place in the expanded text would mislead where a class stands before it.
        at = getattr(error, "pos", None) if expanded == regex else None
        where = "" if at is None else f"，第 {at + 1} 个字符附近"
        raise RegexError(
            f"“{regex}” 不是合法的正则表达式（{_explain(str(error))}{where}），请检查括号与特殊符号"
        ) from None


def _explain(message: str) -> str:
    known = (text for start, text in FAULTS.items() if message.lower().startswith(start))
    return next(known, message)
