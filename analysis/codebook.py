"""Read and validate the codebook: ``data/codebook/*.csv``, wording as data that a person edits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.schema import SchemaError, place, read_table, suggest
from analysis.tables import CODEBOOK_TABLES

# The table `themes` is a result; the file of the codebook keeps the plain name.
FILE_NAMES = {name: f"{name}.csv" for name in CODEBOOK_TABLES} | {"theme_names": "themes.csv"}
PATTERN_TABLES = tuple(name for name in CODEBOOK_TABLES if name.endswith("patterns"))
# Lower case with a hyphen or underscore only, so that `<lack>` cannot be taken for `(?<name>…)`.
WORD_CLASS = re.compile(r"(?<!\(\?P)<([a-z][a-z_0-9]*)>")


# Many sources print ASCII punctuation; patterns are written with the Chinese kind only.
FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")


class CodebookError(SchemaError):
    """A file of the codebook is wrong; the message is one line of Chinese for the analyst."""


@dataclass(frozen=True)
class Codebook:
    """The codebook's tables, checked against each other.

    Attributes
    ----------
    tables : dict of str to pandas.DataFrame
        One table per name of :data:`analysis.tables.CODEBOOK_TABLES`; pattern tables have the
        extra column ``compiled`` with the compiled regular expression.
    """

    tables: dict[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    @cached_property
    def names(self) -> dict[str, str]:
        """Chinese names of all roles, themes and issues by key."""
        pairs = {}
        for table, key in (("roles", "role"), ("theme_names", "theme"), ("issues", "issue")):
            pairs |= dict(zip(self[table][key], self[table]["name"], strict=True))
        return pairs


def for_patterns(text: str) -> str:
    """Return ``text`` as the codebook's patterns see it: the same length, Chinese punctuation."""
    return text.translate(FULL_WIDTH)


def load_codebook(folder: Path) -> Codebook:
    """Read every file of the codebook.

    Raises
    ------
    CodebookError
        A file is missing, a row does not fit, a key is unknown or double, a regular expression is
        broken; the message names file, row, value, what is allowed and the fix.
    """
    try:
        tables = {n: read_table(n, folder / FILE_NAMES[n]) for n in CODEBOOK_TABLES}
    except SchemaError as error:
        raise CodebookError(str(error)) from None
    themes, issues = tables["theme_names"]["theme"], tables["issues"]["issue"]
    _check_known(tables, "issues", "theme", themes, "themes.csv")
    _check_known(tables, "patterns", "issue", issues, "issues.csv")
    _check_known(tables, "theme_terms", "theme", themes, "themes.csv")
    classes = dict(
        zip(tables["word_classes"]["word_class"], tables["word_classes"]["words"], strict=True)
    )
    for name in PATTERN_TABLES:
        tables[name] = _compile(tables[name], FILE_NAMES[name], classes)
    return Codebook({name: table.reset_index(drop=True) for name, table in tables.items()})


def _check_known(tables, name: str, column: str, allowed, source: str) -> None:
    values = tables[name][column]
    bad = ~values.isin(list(allowed))
    if bad.any():
        at = int(bad.to_numpy().argmax())
        raise CodebookError(
            f"{place(FILE_NAMES[name], values.index[at])}：{column} “{values.iloc[at]}” "
            f"不在 {source} 中"
            f"{suggest(values.iloc[at], allowed) or '，可用：' + '、'.join(allowed)}"
        )


def _compile(table: pd.DataFrame, where: str, classes: dict[str, str]) -> pd.DataFrame:
    compiled = []
    for position, regex in table["regex"].items():
        try:
            compiled.append(re.compile(expand(regex, classes)))
        except KeyError as error:
            name = error.args[0]
            raise CodebookError(
                f"{place(where, position)}：词类 <{name}> 不在 word_classes.csv 中"
                f"{suggest(name, classes)}"
            ) from None
        except re.error as error:
            raise CodebookError(
                f"{place(where, position)}：regex “{regex}” 不是合法的正则表达式"
                f"（{error.msg}，第 {(error.pos or 0) + 1} 个字符附近），请检查括号与特殊符号。"
            ) from None
    return table.assign(compiled=pd.Series(compiled, index=table.index, dtype=object))


def expand(regex: str, classes: dict[str, str]) -> str:
    """Replace each ``<word_class>`` by its words as a group; nested classes are expanded too."""

    def words(match: re.Match) -> str:
        return f"(?:{expand(classes[match[1]], classes)})"

    return WORD_CLASS.sub(words, regex)
