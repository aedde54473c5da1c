"""Counts with denominators, by level or by any column of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.contrasts import say_contrasts
from analysis.counting import add_up, count_cells, group_reports
from analysis.says import PERCENT_FROM, Counts, Group, describe_group, say_rate
from analysis.schema import check, empty
from analysis.vocabulary import LINK_STATES, RATE_STANCES, ROLES

# Three states of a cell.
MENTIONED, NOT_MENTIONED, UNKNOWN = "提到", "未提到", "无从判断"
# Central 95 % of the Jeffreys posterior, Beta(k + ½, n − k + ½): Brown, Cai and DasGupta,
# Interval estimation for a binomial proportion, Statistical Science 16 (2001).
INTERVAL_LEVEL = 0.95
COUNTED = (
    *("reports_with", "reports", "reports_unknown", "passages_with", "passages"),
    *("sentences_with", "sentences", "characters"),
)
# Kinds that are counted without a choice of stance, and the stances that their rows have.
NO_CHOICE = {"role": ("any",), "link": ("asserted", "addressed")}
SAID = ("reports_with", "reports", "passages_with", "passages")
SAID_BESIDE = ("lost", "none", "outside", "otherwise")


def compare_rates(
    reports: pd.DataFrame,
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    book: Codebook,
    *,
    by: str | Sequence[str] = "level",
    intervals: bool = False,
) -> pd.DataFrame:
    """Count every issue, theme and role in every group of reports, zeros included.

    Parameters
    ----------
    reports, passages, sentences, mentions : pandas.DataFrame
        Tables of the schema; reports that failed are in no group.
    book : Codebook
        Gives the keys to count and their names.
    by : str or sequence of str
        ``level`` (district counted with county), ``report``, ``all``, or another column of
        ``reports``; reports without a value form the group ``unstated``, in a column that a
        person added ``未填``. Of several the rows stand below each other.
    intervals : bool
        Fill ``low`` and ``high``, for groups of at least :data:`analysis.says.PERCENT_FROM`
        reports: a Jeffreys interval of ``reports_with / reports``.

    Returns
    -------
    pandas.DataFrame
        Table ``rates``. Passages, sentences and characters (non-blank ones of the cleaned text)
        are those of the reports that can be judged: problem passages for ``asserted``,
        countermeasure passages for ``addressed``, either for ``any``, all of them for roles.

    Raises
    ------
    SchemaError
        ``by`` is not a column, or a table names a key, passage or sentence that does not exist.
    """
    groupings = [by] if isinstance(by, str) else list(by)
    groups = {one: group_reports(reports, one) for one in groupings}
    if not (reports["status"] == "ok").any():
        return empty("rates")
    cells = _cells(book)
    counts = count_cells(reports, passages, sentences, mentions, cells)
    parts = [_rates_by(one, groups[one], counts, cells, reports, book) for one in groupings]
    rates = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    rates["low"], rates["high"] = _intervals(rates) if intervals else (np.nan, np.nan)
    return check("rates", rates)


def _rates_by(by: str, groups: pd.Series, counts, cells, reports, book: Codebook) -> pd.DataFrame:
    """The rows of one grouping, without intervals."""
    tally = add_up(counts, groups)
    values = groups.cat.categories.to_numpy(object)
    rates = pd.DataFrame({"by": by, "group": np.repeat(values, len(cells))})
    for column in cells:
        rates[column] = np.tile(cells[column].to_numpy(object), len(values))
    rates["rate"] = rate_ids(rates)
    rates = rates.assign(**{column: tally[column].ravel() for column in COUNTED})
    per_character = rates["sentences_with"] / rates["characters"].where(rates["characters"] > 0)
    rates["per_1000_characters"] = 1000 * per_character
    states = np.array(["no", "yes", "cannot_tell"], dtype=object)  # strings, not one for each row
    states = states[np.where(rates["reports"] <= 1, 2, rates["reports_with"] == 1)]
    rates["fragile"] = pd.Series(states, dtype="str")
    beside = pd.DataFrame({column: tally[column].ravel() for column in SAID_BESIDE})
    rates["says"] = _says(rates.join(beside), _group_words(reports, groups, by), book)
    if by not in ("all", "report"):
        differs, flips = say_contrasts(rates)
        rates["says"] += differs
        rates.loc[flips, "fragile"] = "yes"
    return rates


def pick_stance(rates: pd.DataFrame, kind: str, stance: str) -> pd.DataFrame:
    """Rows of one kind and stance; kinds that have no stance to choose keep :data:`NO_CHOICE`."""
    stances = NO_CHOICE.get(kind, (stance,))
    return rates[(rates["kind"] == kind) & rates["stance"].isin(stances)]


def cell_states(rates: pd.DataFrame) -> pd.Series:
    """Tell for every row of ``rates``: 提到, 未提到 or 无从判断.

    A group with no report that can be judged is 无从判断; in rows by ``report`` that is the state
    of one report and one key.
    """
    unknown = (rates["reports"] == 0) & (rates["reports_unknown"] > 0)
    states = np.select([rates["reports_with"] > 0, unknown], [MENTIONED, UNKNOWN], NOT_MENTIONED)
    return pd.Series(states, index=rates.index, dtype="str", name="state")


def rate_ids(frame: pd.DataFrame) -> pd.Series:
    """Join by, group, kind, key and stance: ``level/county/issue/two_skins/asserted``."""
    columns = (frame[c].to_numpy(object) for c in ("by", "group", "kind", "key", "stance"))
    ids = ["/".join(values) for values in zip(*columns, strict=True)]
    return pd.Series(ids, index=frame.index, dtype="str")


def _cells(book: Codebook) -> pd.DataFrame:
    keys = {"issue": book["issues"]["issue"], "theme": book["theme_names"]["theme"]}
    rows = [(kind, key, s) for kind in keys for key in keys[kind] for s in RATE_STANCES]
    rows += [("role", role, "any") for role in ROLES]
    rows += [
        ("link", state, "addressed" if state == "unasked" else "asserted") for state in LINK_STATES
    ]
    return pd.DataFrame(rows, columns=["kind", "key", "stance"], dtype="str")


def _intervals(rates: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import betaincinv  # only on request: half a second to import

    n, k = (rates[c].to_numpy(float) for c in ("reports", "reports_with"))
    tail = (1 - INTERVAL_LEVEL) / 2
    low = np.where(k == 0, 0.0, betaincinv(k + 0.5, n - k + 0.5, tail))
    high = np.where(k == n, 1.0, betaincinv(k + 0.5, n - k + 0.5, 1 - tail))
    enough = n >= PERCENT_FROM
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def _group_words(reports: pd.DataFrame, groups: pd.Series, by: str) -> dict[str, Group]:
    genre = reports.set_index("report")["genre"].reindex(groups.index)
    genres: dict[str, list] = {value: [] for value in groups.cat.categories}
    for value, name in zip(groups, genre, strict=True):
        genres[value].append(name)
    return {value: describe_group(by, value, names) for value, names in genres.items()}


def _says(rates: pd.DataFrame, words: dict[str, Group], book: Codebook) -> list[str]:
    counts = zip(*(rates[c].tolist() for c in (*SAID, *SAID_BESIDE)), strict=True)
    labels = zip(*(rates[c].tolist() for c in ("kind", "key", "stance", "group")), strict=True)
    # Of thousands of reports many have the same to say but for the label: it is worded once.
    nameless = {value: replace(group, label="") for value, group in words.items()}
    alike = {group: number for number, group in enumerate(nameless.values())}
    kinds = {value: alike[group] for value, group in nameless.items()}
    said: dict[tuple, str] = {}
    lines = []
    for (kind, key, stance, group), row in zip(labels, counts, strict=True):
        name = book.names.get(key, key) if kind in ("role", "link") else ""
        what = kind, stance, row, kinds[group], name
        if what not in said:
            said[what] = say_rate(kind, stance, Counts(*row), nameless[group], name)
        lines.append(words[group].label + said[what])
    return lines
