"""Which sentences and passages a decision is about in the reports as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from analysis.codebook import Codebook
from analysis.corrections.anchors import Anchor, Place, Plain, find_anchor, plain
from analysis.schema import TABLES, check, suggest
from analysis.vocabulary import STANCES

# Sentences of these roles have no theme; the first is not searched for issues either.
SILENT = ("noise", "heading")
CUT_ANEW = "现在的分句（分段）与更正时不同，这处文字不再单独成一句（段）"


class Placed(NamedTuple):
    """A decision that fits: what it says, and which rows it is about.

    ``units`` are ids of passages (target passage) or sentences, ``start`` and ``end`` characters
    of the source as it is now.
    """

    correction: str
    target: str
    field: str
    was: str | None
    now: str | None
    why: str | None
    report: str
    start: int
    end: int
    units: tuple[str, ...]


def check_values(decisions: pd.DataFrame, book: Codebook) -> tuple[pd.DataFrame, dict[str, str]]:
    """Keep the decisions whose values the codebook knows; Chinese names become keys.

    Returns
    -------
    decisions : pandas.DataFrame
        The same columns.
    reasons : dict of str to str
        Why others do not fit, by correction.
    """
    known = _known(book)
    kept, reasons = [], {}
    for at, row in enumerate(decisions.itertuples()):
        try:
            # What stood there once may be gone from the codebook, unless it is to be taken away.
            must = row.field in ("issue", "stance") and not isinstance(row.now, str)
            kept.append((at, _key(row, "was", known, must=must), _key(row, "now", known)))
        except KeyError as error:
            reasons[row.correction] = error.args[0]
    rows = decisions.iloc[[at for at, *_ in kept]]
    values = {"was": [was for _, was, _ in kept], "now": [now for *_, now in kept]}
    return rows.assign(**{n: pd.array(v, dtype="str") for n, v in values.items()}), reasons


def _known(book: Codebook) -> dict[str, dict[str, str]]:
    """By field: key or Chinese name → key."""
    tables = {"theme": book["theme_names"], "issue": book["issues"], "role": book["roles"]}
    names = {f: dict(zip(t["name"], t[f], strict=True)) for f, t in tables.items()}
    names["issue"] |= dict(zip(book["issues"]["short"], book["issues"]["issue"], strict=True))
    names["stance"] = {name: key for key, name in STANCES.items()}
    return {f: own | {key: key for key in own.values()} for f, own in names.items()}


def _key(row, column: str, known: Mapping, *, must: bool = True) -> str | None:
    value = getattr(row, column)
    if not isinstance(value, str) or row.field == "link":
        return value if isinstance(value, str) else None
    fields = ("issue", "stance") if row.field in ("issue", "stance") else (row.field,)
    parts, keys = value.split("/"), []
    for field, part in zip(fields, parts, strict=False):
        key = known[field].get(part.strip())
        if key is None and must:
            near = suggest(part, known[field])
            raise KeyError(f"{column} “{part}” 不在编码手册中{near or '，可能已改名或删去'}")
        keys.append(key or part)
    if len(parts) > len(fields) or (row.field == "stance" and len(parts) < 2):
        raise KeyError(f"{column} “{value}” 应写作 问题表现/态度，例如 two_skins/asserted")
    return "/".join(keys)


def assign_reports(
    decisions: pd.DataFrame, hashes: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Let ``report`` be the present name of the report: a renamed file is known by its bytes.

    Parameters
    ----------
    hashes : mapping of str to str
        SHA-256 of the file by report, of all reports that can be read.

    Returns
    -------
    decisions : pandas.DataFrame
        Those whose report is there, with ``unchanged``: whether the file is still the same.
    reasons : dict of str to str
        Why others do not fit, by correction.
    """
    by_hash: dict[str, list[str]] = {}
    for report, value in hashes.items():
        by_hash.setdefault(value, []).append(report)
    rows, reasons = [], {}
    for at, row in enumerate(decisions.itertuples()):
        same = by_hash.get(row.sha256, [])
        if row.report in same or len(same) == 1:
            rows.append((at, row.report if row.report in same else same[0], True))
        elif same:
            reasons[row.correction] = f"有 {len(same)} 份内容相同的报告（{'、'.join(same)}）"
        elif row.report in hashes:
            rows.append((at, row.report, False))
        else:
            reasons[row.correction] = f"报告 {row.report} 已不在 data/reports 中，或者读不出来"
    found = decisions.iloc[[at for at, *_ in rows]]
    return (
        found.assign(
            report=pd.array([name for _, name, _ in rows], dtype="str"),
            unchanged=pd.array([same for *_, same in rows], dtype="boolean"),
        ),
        reasons,
    )


def place_decisions(
    decisions: pd.DataFrame,
    sources: Mapping[str, str],
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
) -> tuple[list[Placed], dict[str, str]]:
    """Find the rows each decision is about.

    Parameters
    ----------
    decisions : pandas.DataFrame
        From :func:`assign_reports`, with values from :func:`check_values`.
    sources : mapping of str to str
        Source by report; decisions of other reports are left out.
    sentences, passages : pandas.DataFrame
        Of these reports; columns sentence or passage, report, start, end.

    Returns
    -------
    placed : list of Placed
        In the order of the decisions.
    reasons : dict of str to str
        Why others could not be placed, by correction.
    """
    placed, reasons = [], {}
    mine = decisions[decisions["report"].isin(list(sources))]
    known = {report: Plain(sources[report]) for report in mine["report"].unique()}
    spans = {
        kind: {r: list(_spans(rows, kind)) for r, rows in table.groupby("report") if r in known}
        for kind, table in (("sentence", sentences), ("passage", passages))
    }
    for row in mine.astype(object).where(mine.notna(), None).itertuples():
        anchor = Anchor(row.exact, row.prefix, row.suffix, row.start, row.end)
        found = find_anchor(anchor, known[row.report], unchanged=bool(row.unchanged))
        if isinstance(found, Place):
            kind = "passage" if row.target == "passage" else "sentence"
            units = spans[kind].get(row.report, [])
            found = _units(found, units, sources[row.report])
        if isinstance(found, str):
            reasons[row.correction] = found
        else:
            values = (row.target, row.field, row.was, row.now, row.why, row.report)
            placed.append(Placed(row.correction, *values, *found))
    return placed, reasons


def _spans(rows: pd.DataFrame, kind: str) -> Iterable[tuple[str, int, int]]:
    return zip(rows[kind], rows["start"].astype(int), rows["end"].astype(int), strict=True)


def _units(found: Place, units, source: str) -> tuple | str:
    """The span with the ids of the units it covers, or why there are none."""
    inside = [unit for unit in units if unit[1] < found.end and unit[2] > found.start]
    before = source[min([found.begin, *(unit[1] for unit in inside)]) : found.begin]
    behind = source[found.finish : max([found.finish, *(unit[2] for unit in inside)])]
    if not inside or plain(before) or plain(behind):
        return CUT_ANEW
    return found.start, found.end, tuple(unit[0] for unit in inside)


def find_silent(placed: Iterable[Placed], sentences: pd.DataFrame) -> dict[str, str]:
    """Reasons, by correction, of those about text that has no theme or no issues by its role."""
    roles = dict(zip(sentences["sentence"], sentences["role"], strict=True))
    passages = sentences.groupby("passage")["sentence"].agg(list)
    reasons = {}
    for one in placed:
        silent = {"theme": SILENT, "issue": SILENT[:1], "stance": SILENT[:1]}.get(one.field, ())
        ids = one.units
        if one.target == "passage":
            ids = [name for unit in one.units for name in passages.get(unit, [])]
        if silent and all(roles[name] in silent for name in ids):
            reasons[one.correction] = "这处文字现在是标题或噪声，不归主题，也不计问题表现"
    return reasons


def stale_table(decisions: pd.DataFrame, reasons: Mapping[str, str]) -> pd.DataFrame:
    """Table ``stale_corrections``: the decisions that were not applied, with the reason."""
    rows = decisions[decisions["correction"].isin(list(reasons))]
    names = TABLES["corrections"].names
    rows = rows[names].assign(reason=rows["correction"].map(dict(reasons)).astype("str"))
    return check("stale_corrections", rows.reset_index(drop=True))
