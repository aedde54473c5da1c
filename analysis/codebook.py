"""Read and validate the codebook: ``data/codebook/*.csv``, wording as data that a person edits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.cells import SchemaError, place
from analysis.regexes import CLASS_NAME, RegexError, UnknownWordClass, compile_regex
from analysis.schema import read_table, suggest
from analysis.tables import CODEBOOK_TABLES
from analysis.vocabulary import GENRES, LEVELS, LINK_STATES, ROLES

# The table `themes` is a result; the file of the codebook keeps the plain name.
FILE_NAMES = {name: f"{name}.csv" for name in CODEBOOK_TABLES} | {"theme_names": "themes.csv"}
PATTERN_TABLES = tuple(name for name in CODEBOOK_TABLES if name.endswith("patterns"))
# The rules of structure, sections and issues ask for these by name.
NEEDED_CLASSES = (
    *("title_word", "title_end", "section_end", "question_word", "statement_word"),
    *("hard", "soft", "bare"),
    "signpost",
)
# Tables without a single row leave nothing to count.
NEEDED_TABLES = ("theme_names", "issues", "patterns", "role_patterns", "theme_terms")
WEIGHTS = r"(?:[a-z_]+=-?\d+(?:\.\d+)?(?: |$))*"
NAMED_VALUES = {"level": LEVELS, "genre": GENRES}
# Many sources print ASCII punctuation; patterns are written with the Chinese kind only.
FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")
HALF_WIDTH = re.compile("[,;:?!()]")


class CodebookError(SchemaError):
    """A file of the codebook is wrong; the message is one line of Chinese for the analyst."""


@dataclass(frozen=True, eq=False)
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
        """Chinese names of all roles, themes and issues by key, and of the states of links."""
        pairs = dict(LINK_STATES)
        for table, key in (("roles", "role"), ("theme_names", "theme"), ("issues", "issue")):
            pairs |= dict(zip(self[table][key], self[table]["name"], strict=True))
        return pairs


def for_patterns(text: str) -> str:
    """Return ``text`` as the codebook's patterns see it: the same length, Chinese punctuation."""
    return text.translate(FULL_WIDTH) if HALF_WIDTH.search(text) else text


def load_codebook(folder: Path) -> Codebook:
    """Read every file of the codebook.

    Parameters
    ----------
    folder : pathlib.Path
        ``data/codebook`` of a workspace.

    Returns
    -------
    Codebook
        Its tables, checked against each other, and the Chinese names of all keys.

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
    for name in NEEDED_TABLES:
        if tables[name].empty:
            raise CodebookError(f"{FILE_NAMES[name]}：只有表头，至少应有一行。")
    themes, issues = tables["theme_names"]["theme"], tables["issues"]["issue"]
    _check_known(tables, "issues", "theme", themes, "themes.csv")
    _check_known(tables, "patterns", "issue", issues, "issues.csv")
    _check_known(tables, "theme_terms", "theme", themes, "themes.csv")
    _check_all_there(tables["roles"]["role"], ROLES, "roles.csv", "role")
    _check_catalogue_patterns(tables["catalogue_patterns"])
    _check_weights(tables["learned_ngrams"]["weights"])
    classes = _check_classes(tables["word_classes"])
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
            f"{suggest(values.iloc[at], allowed) or '，可用：' + '、'.join(allowed) + '。'}"
        )


def _check_all_there(values: pd.Series, needed: tuple[str, ...], where: str, column: str) -> None:
    for value in needed:
        if value not in set(values):
            raise CodebookError(f"{where}：缺少 {column} “{value}” 一行，程序要用到它，请补上。")


def _check_catalogue_patterns(table: pd.DataFrame) -> None:
    """``value`` is one of the table's keys for level and genre; ``confidence`` is never certain."""
    where = FILE_NAMES["catalogue_patterns"]
    for position, row in table.iterrows():
        allowed = NAMED_VALUES.get(row["field"])
        if allowed and row["value"] not in allowed:
            value = row["value"] if isinstance(row["value"], str) else ""
            raise CodebookError(
                f"{place(where, position)}：{row['field']} 的 value “{value}” 不在允许的取值中："
                f"{'、'.join(allowed)}{suggest(value, allowed) or '；请改正。'}"
            )
        if not 0 < row["confidence"] < 1:
            raise CodebookError(
                f"{place(where, position)}：confidence “{row['confidence']:g}” "
                "应大于 0、小于 1（1 只用于人工填写）。"
            )


def _check_weights(cells: pd.Series) -> None:
    """The cell of an n-gram is ``key=weight`` for some keys, with blanks between."""
    wrong = cells[~cells.fillna("").str.fullmatch(WEIGHTS)]
    if len(wrong):
        raise CodebookError(
            f"{place(FILE_NAMES['learned_ngrams'], wrong.index[0])}：weights “{wrong.iloc[0]}” "
            "应写作“键=数字”，几个之间空一格；这个文件由 train 命令写出，一般不手改。"
        )


def _check_classes(table: pd.DataFrame) -> dict[str, str]:
    """Return the words of each class, once every class is known to make sense by itself."""
    where = FILE_NAMES["word_classes"]
    classes = dict(zip(table["word_class"], table["words"], strict=True))
    for position, name, words in zip(table.index, classes, classes.values(), strict=True):
        if not CLASS_NAME.fullmatch(name):
            raise CodebookError(
                f"{place(where, position)}：word_class “{name}” 只能用英文小写字母、数字和下划线，"
                "并以字母开头。"
            )
        if "" in words.split("|"):
            raise CodebookError(
                f"{place(where, position)}：words 的首尾不能是 |，也不能有两个 | 连在一起"
                "（等于什么字都算命中），请删去多余的 |。"
            )
        _compile_one(f"<{name}>", classes, place(where, position))
    _check_all_there(table["word_class"], NEEDED_CLASSES, where, "word_class")
    return classes


def _compile(table: pd.DataFrame, where: str, classes: dict[str, str]) -> pd.DataFrame:
    compiled = []
    for position, regex in table["regex"].items():
        pattern = _compile_one(regex, classes, place(where, position))
        if pattern.search(""):
            raise CodebookError(
                f"{place(where, position)}：regex “{regex}” 连空白也会命中，请让它至少命中一个字。"
            )
        compiled.append(pattern)
    return table.assign(compiled=pd.Series(compiled, index=table.index, dtype=object))


def _compile_one(regex: str, classes: dict[str, str], where: str):
    try:
        return compile_regex(regex, classes)
    except UnknownWordClass as error:
        near = suggest(error.name, classes) or "，请先在其中加上它。"
        raise CodebookError(f"{where}：{error}{near}") from None
    except RegexError as error:
        raise CodebookError(f"{where}：{error}。") from None
