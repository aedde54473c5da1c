"""What counts, and for whom: occurrences, groups of reports, counts as arrays.

`find_occurrences` lists everything that may count, one row each; `compare` sums these rows and
`evidence` keeps them, so a count and the sentences behind it cannot differ.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.cells import SchemaError
from analysis.schema import own_columns, suggest
from analysis.vocabulary import GENRES, LEVEL_GROUPS

# The group of reports without a value: not inferred by the program, not filled in by a person.
UNSTATED, NOT_FILLED = "unstated", "未填"
MISSING = (UNSTATED, NOT_FILLED)
# A report in one of these states and without the item cannot be judged: 未提到 would be a guess.
UNJUDGED_SECTIONS = ("lost", "none")
PROBLEM_ROLES = ("problem", "cause")
# Columns of the denominators: problem, countermeasure, either of them, everything (for roles).
DENOMINATORS = {"asserted": 0, "addressed": 1, "any": 2}
EVERYTHING = 3
CELL = ["kind", "key", "stance"]
OCCURRENCES = [*CELL, "report", "passage", "sentence", "mention"]


def group_reports(reports: pd.DataFrame, by: str) -> pd.Series:
    """Return the group of each report that was read: index ``report``, a categorical in order.

    Levels stand in the order of :data:`LEVEL_GROUPS` (district counted with county), genres in that
    of :data:`GENRES`, other values sorted; ``unstated``, in a column that a person added ``未填``,
    is last. Only groups with a report occur.

    Raises
    ------
    SchemaError
        ``by`` is neither ``all`` nor a column of ``reports``.
    """
    read = reports[reports["status"] == "ok"].set_index("report")
    if by not in ("all", "report", *read.columns):
        allowed = ["level", "report", "all", *(c for c in read.columns if c != "level")]
        raise SchemaError(f"不能按 “{by}” 分组；可用：{'、'.join(allowed)}{suggest(by, allowed)}")
    if by == "all":
        values = pd.Series("all", index=read.index)
    elif by == "report":
        values = read.index.to_series()
    else:
        own = own_columns("reports", [by])
        values = read[by].astype("str").fillna(NOT_FILLED if own else UNSTATED)
    if by == "level":
        values = values.map(LEVEL_GROUPS)
    fixed = list({"level": LEVEL_GROUPS, "genre": GENRES}.get(by, ()))
    order = {value: place for place, value in enumerate(fixed)}
    present = sorted(set(values), key=lambda v: (v in MISSING, order.get(v, len(order)), v))
    return pd.Series(pd.Categorical(values, categories=present), index=read.index, name=by)


def find_occurrences(sentences: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """List everything that may count, one row per item, kind and stance.

    An issue occurs at each of its mentions: with stance ``any``, and ``asserted`` or ``addressed``
    where it is that. A theme occurs in each of its problem and cause sentences (``asserted``) and
    in each of its countermeasures (``addressed``), both also as ``any``; a role in each sentence.
    The state of a link stands in each sentence of the problem (``asserted``) or of the
    countermeasure that answers none (``addressed``).

    Returns
    -------
    pandas.DataFrame
        Columns :data:`OCCURRENCES`; ``mention`` is missing but for issues.
    """
    role, stance = sentences["role"], mentions["stance"]
    themed, linked = sentences["theme"].notna(), sentences["link"].notna()
    problem = themed & role.isin(PROBLEM_ROLES)
    measure = role == "countermeasure"
    parts = [
        ("issue", "asserted", mentions, "issue", stance == "asserted"),
        ("issue", "addressed", mentions, "issue", stance == "addressed"),
        ("issue", "any", mentions, "issue", mentions["issue"].notna()),
        ("theme", "asserted", sentences, "theme", problem),
        ("theme", "addressed", sentences, "theme", themed & measure),
        ("theme", "any", sentences, "theme", problem | themed & measure),
        ("role", "any", sentences, "role", role.notna()),
        ("link", "asserted", sentences, "link", linked & (role == "problem")),
        ("link", "addressed", sentences, "link", linked & measure),
    ]
    frames = []
    for *_, table, key, where in parts:
        columns = {key: "key"} | {c: c for c in OCCURRENCES[3:] if c in table}
        frames.append(table.loc[where, list(columns)].set_axis(list(columns.values()), axis=1))
    found, sizes = pd.concat(frames, ignore_index=True), [len(frame) for frame in frames]
    for at, column in enumerate(("kind", "stance")):  # strings, not one for each row
        values = np.repeat(np.array([part[at] for part in parts], dtype=object), sizes)
        found[column] = pd.Series(values, dtype="str")
    return found[OCCURRENCES]


def number_cells(frame: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the distinct cells (kind, key, stance): the number of each row, and the cells."""
    code = np.zeros(len(frame), dtype=np.int64)
    for column in CELL:
        own, values = pd.factorize(frame[column])
        code = code * len(values) + own
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    return number, frame[CELL].iloc[first]


def count_cells(
    reports: pd.DataFrame,
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    cells: pd.DataFrame,
) -> dict[str, np.ndarray]:
    """Count every cell (kind, key, stance) in every report that was read.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns ``kind``, ``key``, ``stance``: what to count.

    Returns
    -------
    dict of str to numpy.ndarray
        Arrays of reports × cells, named as the columns of ``rates``, to be added up over the
        reports of a group; beside them ``lost`` and ``none`` (the report cannot be judged, by the
        state of its problem section), ``outside`` (occurrences outside the passages of the
        denominator) and ``otherwise`` (judged, and has the key with any stance).
    """
    read = reports[reports["status"] == "ok"].set_index("report")
    passages = passages[passages["report"].isin(read.index)]
    sentences = sentences[sentences["report"].isin(read.index)]
    found = find_occurrences(sentences, mentions[mentions["report"].isin(read.index)])
    report = _places(found["report"], read.index)
    passage = _places(found["passage"], passages["passage"])
    sentence = _places(found["sentence"], sentences["sentence"])
    number, distinct = number_cells(found)
    cell = _places(_joined(distinct), _joined(cells))[number]
    base = np.where(cells["kind"] == "role", EVERYTHING, cells["stance"].map(DENOMINATORS))
    base = base.astype(int)
    passage_in, sentence_in = _passage_bases(passages), _sentence_bases(sentences)

    shape = (len(read), len(cells))
    has = np.zeros(shape, dtype=bool)
    has[report, cell] = True
    missing, lost = _unjudged(has, cells, read["problem_section"])

    def judged(values: np.ndarray, of: np.ndarray) -> np.ndarray:
        return add_rows(values, of, len(read))[:, base] * ~missing

    def tally(rows: np.ndarray) -> np.ndarray:
        flat = report[rows] * shape[1] + cell[rows]
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)

    in_report = _places(passages["report"], read.index)
    of_report = _places(sentences["report"], read.index)
    size = [len("".join(text.split())) for text in sentences["text"].tolist()]
    inside = passage_in[passage, base[cell]]
    inside_sentence = sentence_in[sentence, base[cell]]
    return {
        "reports_with": has,
        "reports": ~missing,
        "reports_unknown": missing,
        "passages_with": tally(_first(passage, cell, inside)),
        "passages": judged(passage_in, in_report),
        "sentences_with": tally(_first(sentence, cell, inside_sentence)),
        "sentences": judged(sentence_in, of_report),
        "characters": judged(sentence_in * np.array(size, dtype=np.int64)[:, None], of_report),
        "lost": lost,
        "none": missing & ~lost,
        "outside": tally(np.flatnonzero(~inside)),
        "otherwise": has[:, _of_any_stance(cells)] & ~missing,
    }


def _unjudged(has: np.ndarray, cells: pd.DataFrame, section: pd.Series) -> tuple:
    """Where a report without the cell leaves it open, and where because its section is lost."""
    open_cells = np.array([*map(can_be_unknown, cells["kind"], cells["stance"])])
    missing = ~has & open_cells & section.isin(UNJUDGED_SECTIONS).to_numpy()[:, None]
    return missing, missing & (section == "lost").to_numpy()[:, None]


def _of_any_stance(cells: pd.DataFrame) -> np.ndarray:
    """Place of the same key with any stance, of each cell; its own where there is none."""
    places = pd.Index(_joined(cells)).get_indexer(_joined(cells.assign(stance="any")))
    return np.where(places < 0, np.arange(len(cells)), places)


def add_up(counts: dict[str, np.ndarray], groups: pd.Series) -> dict[str, np.ndarray]:
    """Sum :func:`count_cells` over the reports of each group of :func:`group_reports`."""
    group, size = groups.cat.codes.to_numpy(np.int64), len(groups.cat.categories)
    return {name: add_rows(by_report, group, size) for name, by_report in counts.items()}


def add_rows(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Sum the rows of each group: groups × columns."""
    member = csr_matrix(
        (np.ones(len(group), dtype=np.int64), group, np.arange(len(group) + 1)),
        shape=(len(group), groups),
    )
    return member.T @ values.astype(np.int64)


def can_be_unknown(kind: str, stance: str) -> bool:
    """Tell whether a report without a problem section leaves this open.

    It does for problems (issues and themes, asserted or with any stance), not for countermeasures
    nor for what a report consists of.
    """
    return kind != "role" and stance != "addressed"


def _joined(frame: pd.DataFrame) -> list[str]:
    columns = (frame[c].to_numpy(object) for c in ("kind", "key", "stance"))
    return ["/".join(values) for values in zip(*columns, strict=True)]


def _places(values, among) -> np.ndarray:
    """Position of each value in ``among``; a value that is not there is an error."""
    places = pd.Index(among).get_indexer(pd.Index(values))
    if (places < 0).any():
        value = list(values)[int((places < 0).argmax())]
        raise SchemaError(f"计数时遇到未知的 “{value}”：各表不一致，请重新运行分析。")
    return places


def _passage_bases(passages: pd.DataFrame) -> np.ndarray:
    problem = (passages["problem_sentences"].fillna(0) > 0).to_numpy(bool)
    measure = (passages["countermeasure_sentences"].fillna(0) > 0).to_numpy(bool)
    return np.column_stack([problem, measure, problem | measure, np.ones_like(problem)])


def _sentence_bases(sentences: pd.DataFrame) -> np.ndarray:
    problem = (sentences["role"] == "problem").fillna(False).to_numpy(bool)
    measure = (sentences["role"] == "countermeasure").fillna(False).to_numpy(bool)
    return np.column_stack([problem, measure, problem | measure, np.ones_like(problem)])


def _first(item: np.ndarray, cell: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Rows inside the denominator, each item once per cell."""
    rows = np.flatnonzero(inside)
    if not rows.size:
        return rows
    _, first = np.unique(item[rows] * (cell.max() + 1) + cell[rows], return_index=True)
    return rows[first]
