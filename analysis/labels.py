"""A folder of labels: what a person decided about sentences, headings and reports."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError
from analysis.schema import suggest
from analysis.vocabulary import ROLES, STANCES

LABEL_FILES = ("sentences.tsv", "labels.tsv")
OTHER_FILES = ("headings.tsv", "links.tsv", "reports.tsv")
# A line break inside `text` is written so: a row is a line.
LINE_BREAK = "⏎"
REQUIRED = {"report": None, "start": int, "end": int}
# Whether a problem point has a countermeasure in its report; unclear ones are not scored.
LINK_STATUSES = ("answered", "unanswered", "unclear")

# What charts and notebooks say where no report of the study has labels.
NO_LABELS = "这批报告没有人工标注，识别的准确程度未经检验。"


class LabelError(AnalysisError):
    """A label folder cannot be used; the message is one line of Chinese for the analyst."""


@dataclass(frozen=True)
class Labels:
    """The labels of a folder.

    Attributes
    ----------
    sentences : pandas.DataFrame
        ``report``, ``start``, ``end`` (characters of the source), ``role``, ``theme``, ``issues``
        and ``stances`` (keys joined by “;”) and ``text``; columns the file lacks are missing.
    headings : pandas.DataFrame or None
        ``report``, ``start``, ``end``, ``level`` (0: title).
    reports : pandas.DataFrame or None
        ``report`` and whatever fields of the catalogue were decided.
    files : dict of str to pathlib.Path
        The file of each labelled report.
    links : pandas.DataFrame or None
        ``report``, ``point``, ``problems`` and ``countermeasures`` (ids of labelled sentences,
        joined by “;”), ``status`` (of :data:`LINK_STATUSES`).
    """

    sentences: pd.DataFrame
    headings: pd.DataFrame | None = None
    reports: pd.DataFrame | None = None
    files: dict[str, Path] = field(default_factory=dict)
    links: pd.DataFrame | None = None


def load_labels(folder: Path) -> Labels:
    """Read a label folder.

    It holds ``sentences.tsv`` or ``labels.tsv`` (UTF-8, tabs, no quoting, a line break in ``text``
    written ⏎), optionally ``headings.tsv``, ``reports.tsv`` and ``links.tsv``, and the reports
    beside them, in ``reports/`` or in ``../reports/``.

    Raises
    ------
    LabelError
        A file or a report is missing, a row does not fit; the message names file, row and fix.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise LabelError(f"找不到标注文件夹 {folder}，请检查路径。")
    names = [name for name in LABEL_FILES if (folder / name).is_file()]
    if not names:
        raise LabelError(f"{folder} 中没有 {' 或 '.join(LABEL_FILES)}，请放入标注文件。")
    sentences = _read_spans(folder / names[0])
    for column in ("role", "theme", "issues", "stances", "text"):
        if column not in sentences:
            sentences[column] = pd.Series(pd.NA, index=sentences.index, dtype="str")
    _check_values(sentences, names[0])
    headings = reports = links = None
    if (folder / "headings.tsv").is_file():
        headings = _read_spans(folder / "headings.tsv", level=int)
    if (folder / "reports.tsv").is_file():
        reports = _read_reports(folder / "reports.tsv")
    if (folder / "links.tsv").is_file():
        links = _read_links(folder / "links.tsv", sentences)
    files = {report: _find_report(folder, report) for report in sentences["report"].unique()}
    return Labels(sentences, headings, reports, files, links)


def join_labels(parts: list[Labels]) -> Labels:
    """Put the labels of several folders together.

    Raises
    ------
    LabelError
        Two folders label reports of one name, or of files of one name.
    """
    first, *others = parts
    if not others:
        return first
    seen: dict[str, Path] = {}
    for part in parts:
        pairs = [(n, path) for report, path in part.files.items() for n in (report, path.name)]
        mine = {_normal(name).casefold(): path for name, path in pairs}
        for name in sorted(mine.keys() & seen.keys()):
            raise LabelError(
                f"两个标注文件夹中都有报告 “{mine[name].stem}”（{seen[name]} 与 {mine[name]}），"
                "无法分辨；请给其中一份改名，或只用一个文件夹。"
            )
        seen |= mine

    def joined(name: str) -> pd.DataFrame | None:
        frames = [getattr(part, name) for part in parts]
        known = [frame for frame in frames if frame is not None]
        return pd.concat(known, ignore_index=True) if known else None

    files = {report: path for part in parts for report, path in part.files.items()}
    return Labels(*map(joined, ("sentences", "headings", "reports")), files, joined("links"))


def _read_tsv(path: Path) -> pd.DataFrame:
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise LabelError(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8。") from None
    rows = [(at, line.rstrip("\r").split("\t")) for at, line in enumerate(lines) if line.strip()]
    if len(rows) < 2:
        raise LabelError(f"{path.name}：没有标注，至少应有表头和一行。")
    header = rows[0][1]
    for at, row in rows[1:]:
        if len(row) > len(header):
            raise LabelError(
                f"{path.name} 第{at + 1}行：有 {len(row)} 列，表头是 {len(header)} 列；"
                f"列之间用制表符，文中的换行写作 {LINE_BREAK}。"
            )
    cells = [
        [cell or None for cell in row + [""] * (len(header) - len(row))] for _, row in rows[1:]
    ]
    return pd.DataFrame(cells, columns=header, index=[at + 1 for at, _ in rows[1:]], dtype="str")


def _read_spans(path: Path, **numbers) -> pd.DataFrame:
    frame = _read_tsv(path)
    kinds = REQUIRED | numbers
    for column, kind in kinds.items():
        if column not in frame:
            raise LabelError(f"{path.name} 第1行：缺少列 “{column}”，应有：{'、'.join(kinds)}。")
        good = frame[column].str.fullmatch(r"\d+") if kind else frame[column].notna()
        bad = ~good.fillna(False).astype(bool)
        if bad.any():
            row, value = bad.idxmax(), frame.loc[bad.idxmax(), column]
            said = "不能为空" if pd.isna(value) else f"“{value}” 应为非负整数"
            raise LabelError(f"{path.name} 第{row}行：{column} {said}，请改正。")
        if kind:
            frame[column] = frame[column].astype(kind)
    empty = frame["end"] <= frame["start"]
    if empty.any():
        raise LabelError(f"{path.name} 第{empty.idxmax()}行：end 应大于 start，请改正。")
    return frame.assign(report=frame["report"].map(_normal))


def _check_values(sentences: pd.DataFrame, where: str) -> None:
    for row, role, issues, stances in sentences[["role", "issues", "stances"]].itertuples():
        found, said = split_keys(issues), split_keys(stances)
        for column, value, allowed in [
            ("role", role, ROLES),
            *(("stances", stance, tuple(STANCES)) for stance in said),
        ]:
            if pd.notna(value) and value not in allowed:
                raise LabelError(
                    f"{where} 第{row}行：{column} “{value}” 不在允许的取值中："
                    f"{'、'.join(allowed)}{suggest(value, allowed)}"
                )
        if said and len(said) != len(found):
            raise LabelError(
                f"{where} 第{row}行：issues 有 {len(found)} 个，stances 有 {len(said)} 个，"
                "应一一对应，用 ; 隔开。"
            )


def split_keys(cell) -> list[str]:
    """Split a cell of keys joined by “;”; a missing cell has none."""
    return [] if pd.isna(cell) else [key.strip() for key in cell.split(";") if key.strip()]


def _read_reports(path: Path) -> pd.DataFrame:
    frame = _read_tsv(path)
    if "report" not in frame:
        raise LabelError(f"{path.name} 第1行：缺少列 “report”（报告）。")
    return frame.assign(report=frame["report"].map(_normal, na_action="ignore"))


def _read_links(path: Path, sentences: pd.DataFrame) -> pd.DataFrame:
    frame = _read_tsv(path)
    columns = ["report", "point", "problems", "countermeasures", "status"]
    missing = [column for column in columns if column not in frame]
    if missing:
        raise LabelError(f"{path.name} 第1行：缺少列 “{missing[0]}”，应有：{'、'.join(columns)}。")
    known = set(sentences["id"].dropna()) if "id" in sentences else set()
    for row, *cells, status in frame[["problems", "countermeasures", "status"]].itertuples():
        if status not in LINK_STATUSES:
            raise LabelError(
                f"{path.name} 第{row}行：status “{status}” 不在允许的取值中："
                f"{'、'.join(LINK_STATUSES)}{suggest(status, LINK_STATUSES)}"
            )
        for one in (key for cell in cells for key in split_keys(cell)):
            if one not in known:
                raise LabelError(
                    f"{path.name} 第{row}行：“{one}” 不是标注句的编号，"
                    f"请照句子标注文件的 id 一列填写{suggest(one, known)}"
                )
    return frame[columns].assign(report=frame["report"].map(_normal))


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _find_report(folder: Path, report: str) -> Path:
    places = [folder, folder / "reports", folder.parent / "reports"]
    for place in places:
        files = sorted(p for p in place.iterdir() if p.is_file()) if place.is_dir() else []
        files = [p for p in files if p.name not in (*LABEL_FILES, *OTHER_FILES)]
        named = [p for p in files if _normal(p.name) == report]
        stems = [p for p in files if _normal(p.stem) == report]
        stems.sort(key=lambda p: p.suffix.lower() != ".txt")
        if named or stems:
            return (named or stems)[0]
    raise LabelError(
        f"找不到报告 “{report}” 的文件；应放在 {folder}、其中的 reports 或旁边的 reports 文件夹里。"
    )
