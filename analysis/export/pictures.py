"""Write charts as picture files: PNG, SVG and the CSV of their numbers, and their index.

Files are replaced one by one and never left half-written.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import re
import unicodedata
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.cells import guard, unguard
from analysis.charts import Chart, ChartError
from analysis.errors import why_refused
from analysis.export.render import render

# Names that begin so belong to the set a run makes; an analyst's chart never takes one.
STANDARD_STEMS = (
    *("issues", "focus", "composition", "themes", "cooccurrence", "countermeasures", "links"),
    *("copies", "stability", "profile", "briefing", "workbook", "annex", "index"),
)
INDEX_COLUMNS = ["名称", "类别", "标题", "说明", "替代文字", "数字编号"]
STANDARD, OWN = "标准图", "自存图"
# Windows refuses these characters and names; most file systems hold 255 bytes, Chinese takes 3.
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
LONGEST_NAME = 70
CLOSE = "如果它正在 Excel、PowerPoint、WPS 或看图软件中打开，请先关闭，再运行一次。"
REASONS = {  # why a file cannot be written, and what helps
    errno.EACCES: ("文件被占用或没有写入权限", CLOSE),
    errno.EPERM: ("没有写入权限", CLOSE),
    errno.EROFS: ("文件夹是只读的", "请把整个文件夹拷到可以写入的地方，再运行一次。"),
    errno.ENOSPC: ("磁盘已满", "请腾出空间，再运行一次。"),
    errno.EISDIR: ("同名的是一个文件夹", "请给那个文件夹改名，再运行一次。"),
}


def save_picture(chart: Figure, folder: Path, name: str) -> list[Path]:
    """Write a chart of the standard set as ``name.png``, ``name.svg`` and ``name.csv``.

    Parameters
    ----------
    chart : Chart or matplotlib.figure.Figure
        A plain figure has no numbers: it gives no CSV.
    folder : pathlib.Path
        Made where it is missing.
    name : str
        Must begin with one of :data:`STANDARD_STEMS`.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    ChartError
        A character is in no font, or a file cannot be written.
    ValueError
        The name does not belong to the standard set.
    """
    if not _is_standard(name):
        raise ValueError(f"{name!r} begins with none of {STANDARD_STEMS}")
    return _save(chart, folder, name)


def save_chart(chart: Figure, name: str, folder: Path) -> list[Path]:
    """Write a chart that an analyst made or changed, list it in the index and print its path.

    The name may be Chinese. Characters a file system refuses become “_”; the names of the standard
    set are refused, so that a run never overwrites the picture, nor the picture the set.

    Raises
    ------
    ChartError
        The name is empty or one of the standard set, ``chart`` is no figure, or as for
        :func:`save_picture`.
    """
    if not isinstance(chart, Figure):
        chart = getattr(chart, "figure", None)  # axes, or a seaborn grid
    if not isinstance(chart, Figure):
        raise ChartError("save_chart 的第一个参数应是一张图，例如：图 = an.plot_issues(study)")
    name = safe_name(name)
    if _is_standard(name):
        raise ChartError(
            f"“{name}”是标准图的名称，会被下次运行覆盖；请换一个，例如 “我的_{name}”。"
        )
    paths = _save(chart, folder, name)
    index = read_index(folder)
    row = pd.DataFrame([index_row(name, chart, OWN)], dtype="str")
    _write_index(pd.concat([index[index["名称"] != name], row]), folder)
    print(f"已保存：{'、'.join(str(path) for path in paths)}")
    return paths


def save_frame(frame: pd.DataFrame, name: str, folder: Path) -> Path:
    """Write a table that an analyst chose as ``name.csv``; names as for :func:`save_chart`.

    Raises
    ------
    ChartError
        The name is empty or one of the standard set, or the file cannot be written.
    """
    name = safe_name(name)
    if _is_standard(name):
        raise ChartError(f"“{name}”是标准图的名称；请换一个，例如 “我的_{name}”。")
    return replace_file(folder / f"{name}.csv", _csv(frame))


def save_index(listed: list[dict[str, str]], folder: Path) -> Path:
    """Write ``index.csv``: the standard set just made, then the analyst's own pictures still there.

    Pictures of an earlier standard set that are not in this one are deleted.

    Parameters
    ----------
    listed : list of dict
        From :func:`index_row`.
    folder : pathlib.Path
    """
    index = read_index(folder)
    standard = pd.DataFrame(listed, columns=INDEX_COLUMNS, dtype="str")
    for name in set(index.loc[index["类别"] == STANDARD, "名称"]) - set(standard["名称"]):
        for kind in ("png", "svg", "csv") if _is_standard(name) else ():
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
    present = [(folder / f"{name}.png").is_file() for name in index["名称"]]
    own = index[(index["类别"] == OWN) & pd.Series(present, index=index.index, dtype=bool)]
    return _write_index(pd.concat([standard, own]), folder)


def read_index(folder: Path) -> pd.DataFrame:
    """Read ``index.csv``; an empty table where there is none or it is not one of ours."""
    path = folder / "index.csv"
    empty = pd.DataFrame(columns=INDEX_COLUMNS, dtype="str")
    if not path.is_file():
        return empty
    try:
        index = pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    except (ValueError, pd.errors.ParserError):
        return empty
    if list(index.columns) != INDEX_COLUMNS:
        return empty
    return index.map(lambda cell: unguard(cell) or "")


def safe_name(name: str) -> str:
    """Return a file name that Windows, macOS and Linux accept.

    Raises
    ------
    ChartError
        Nothing is left of the name.
    """
    cleaned = unicodedata.normalize("NFC", str(name)).strip()
    cleaned = re.sub(r"(?i)\.(png|svg|csv)$", "", cleaned)
    cleaned = FORBIDDEN.sub("_", cleaned)[:LONGEST_NAME].strip(" .")
    if not cleaned.strip("_"):
        raise ChartError(f"图的名称 “{name}” 不能用作文件名；请写一个名称，例如 “两张皮_分级”。")
    return f"{cleaned}_" if DEVICES.fullmatch(cleaned) else cleaned


def standard_name(name: str) -> str:
    """Return ``name``, or where a file system might refuse it a safe one that no other gets."""
    safe = safe_name(name)
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return name if safe == name else f"{safe[:40]}-{mark}"


def _is_standard(name: str) -> bool:
    return re.match(rf"(?i)({'|'.join(STANDARD_STEMS)})(_|$)", name) is not None


def _save(chart: Figure, folder: Path, name: str) -> list[Path]:
    contents = render(chart, name)
    if isinstance(chart, Chart):
        contents["csv"] = _csv(chart.data)
    return [replace_file(folder / f"{name}.{kind}", data) for kind, data in contents.items()]


def _csv(frame: pd.DataFrame) -> bytes:
    text = frame.astype(object).map(guard).to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def replace_file(path: Path, data: bytes) -> Path:
    """Write beside the file, then put it in its place: it is the old one or the new one, whole.

    Raises
    ------
    ChartError
        The file is open in another program, the disk is full, or the folder is read-only.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason, help_ = REASONS.get(error.errno, (why_refused(error), CLOSE))
        kept = "，原来的文件没有动" if path.exists() else ""
        raise ChartError(f"不能写入 {path}（{reason}）{kept}；{help_}") from None
    return path


def index_row(name: str, chart: Figure, kind: str = STANDARD) -> dict[str, str]:
    """Return a row of the index.

    Columns: 名称 (file name without extension), 类别 (标准图 or 自存图), 标题, 说明 (caption with n
    and caveats), 替代文字, 数字编号 (rate ids joined by spaces).
    """
    said = [getattr(chart, word, "") for word in ("title", "caption", "alt")]
    row = (name, kind, *said, " ".join(getattr(chart, "rates", [])))
    return dict(zip(INDEX_COLUMNS, row, strict=True))


def _write_index(index: pd.DataFrame, folder: Path) -> Path:
    return replace_file(folder / "index.csv", _csv(index))
