"""Apply decisions to the tables, each right after the stage that made the field it is about.

Later decisions win. Where none is about a table, the table comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.corrections.places import SILENT, Placed
from analysis.issues import default_stances, number_mentions
from analysis.roles import count_passages
from analysis.stance import StanceRules, find_cue
from analysis.vocabulary import ADDED

CERTAIN = 1.0  # the margin of what a person decided


def say_basis(one: Placed, names: Mapping[str, str]) -> str:
    """The reason of a label that a person gave."""
    if one.was == one.now:
        said = "人工确认"
    elif one.was:
        said = f"人工更正（原为{names.get(one.was, one.was)}）"
    else:
        said = "人工更正"
    return f"{said}：{one.why}" if one.why else said


def correct_roles(
    sentences: pd.DataFrame, passages: pd.DataFrame, placed: Iterable[Placed], book: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Apply the decisions about roles, right after :func:`analysis.roles.tag_roles`.

    A decision about a passage moves those of its sentences that had the old value, or, where none
    has it any more, those with the passage's present role.

    Returns
    -------
    sentences : pandas.DataFrame
        With ``role``, ``role_basis``, ``role_margin``, ``corrected``.
    passages : pandas.DataFrame
        With ``role`` and the numbers of sentences counted anew, ``corrected``.
    """
    mine = [one for one in placed if one.field == "role"]
    if not mine:
        return sentences, passages
    overlay = _Overlay(sentences, "role")

    def present(passage: str) -> str | None:
        rows = sentences[sentences["passage"] == passage]
        rows = rows.assign(role=rows["sentence"].map(overlay.values))
        return count_passages(rows, passages[passages["passage"] == passage])["role"].iloc[0]

    for one in mine:
        overlay.decide(one, present)
    basis = {name: say_basis(one, book.names) for name, one in overlay.by.items()}
    sentences = overlay.write(sentences, role_basis=basis, role_margin=CERTAIN)
    return sentences, _mark(count_passages(sentences, passages), mine)


def correct_themes(
    sentences: pd.DataFrame, passages: pd.DataFrame, placed: Iterable[Placed], book: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Apply the decisions about themes, right after :func:`analysis.themes.tag_themes`.

    Sentences that are headings or noise have no theme whatever was decided, nor have passages made
    of them. Passages move their sentences as in :func:`correct_roles`.

    Returns
    -------
    sentences, passages : pandas.DataFrame
        With ``theme``, ``theme2``, ``theme_margin``, ``corrected``, and passages with
        ``theme_score`` (missing) and ``theme_words`` (who decided).
    """
    mine = [one for one in placed if one.field == "theme"]
    if not mine:
        return sentences, passages
    overlay = _Overlay(sentences, "theme", sentences["role"].isin(SILENT))
    themes = dict(zip(passages["passage"], passages["theme"], strict=True))
    by: dict[str, Placed] = {}
    for one in mine:
        overlay.decide(one, themes.get)
        units = [u for u in one.units if one.target == "passage" and pd.notna(themes[u])]
        themes |= dict.fromkeys(units, one.now)
        by |= dict.fromkeys(units, one)
    sentences = _drop_second(overlay.write(sentences, theme_margin=CERTAIN))
    at = passages["passage"].isin(by).to_numpy()
    words = passages["passage"].map({name: say_basis(one, book.names) for name, one in by.items()})
    passages = passages.assign(
        theme=passages["passage"].map(themes).astype("str"),
        theme_margin=np.where(at, CERTAIN, passages["theme_margin"]),
        theme_score=np.where(at, np.nan, passages["theme_score"]),
        theme_words=passages["theme_words"].where(~at, words).astype("str"),
    )
    return sentences, _drop_second(_mark(passages, [one for one in mine if one in by.values()]))


def _drop_second(rows: pd.DataFrame) -> pd.DataFrame:
    """A second theme that is now the first is none."""
    return rows.assign(theme2=rows["theme2"].where(rows["theme2"] != rows["theme"]).astype("str"))


def _mark(passages: pd.DataFrame, decisions: Iterable[Placed]) -> pd.DataFrame:
    units = {unit for one in decisions if one.target == "passage" for unit in one.units}
    return passages.assign(corrected=passages["corrected"] | passages["passage"].isin(units))


class _Overlay:
    """One column of the sentences, and which decision made each value of it that is corrected."""

    def __init__(self, sentences: pd.DataFrame, field: str, silent: pd.Series | None = None):
        self.field, self.by = field, {}
        rows = sentences if silent is None else sentences[~silent]
        self.values = dict(zip(rows["sentence"], rows[field], strict=True))
        self.members = rows.groupby("passage")["sentence"].agg(list).to_dict()

    def decide(self, one: Placed, present) -> None:
        """Apply a decision; ``present`` tells the value of a passage."""
        names = [name for name in one.units if name in self.values]
        if one.target == "passage":
            names = [name for unit in one.units for name in self._moved(unit, one, present)]
        self.values |= dict.fromkeys(names, one.now)
        self.by |= dict.fromkeys(names, one)

    def _moved(self, passage: str, one: Placed, present) -> list[str]:
        names = self.members.get(passage, [])
        had = [name for name in names if self.values[name] == one.was]
        if not had and names:
            value = present(passage)
            had = [name for name in names if self.values[name] == value]
        return [name for name in names if name in had or self.values[name] == one.now]

    def write(self, sentences: pd.DataFrame, **others) -> pd.DataFrame:
        """The sentences with the new values; ``others``: a value, or one by sentence."""
        names = sentences["sentence"]
        at = names.isin(self.by)
        values = names.map(self.values).where(at, sentences[self.field])
        made = {self.field: values.astype("str"), "corrected": sentences["corrected"] | at}
        for column, value in others.items():
            new = names.map(value) if isinstance(value, dict) else value
            kind = sentences[column].dtype
            made[column] = sentences[column].where(~at, new).astype(kind)
        return sentences.assign(**made)


def correct_mentions(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    placed: Iterable[Placed],
    sources: Mapping[str, str],
    book: Codebook,
) -> pd.DataFrame:
    """Apply the decisions about issues and stances, right after the mentions were found.

    An issue is added (with the stance that the sentence's words and role tell, unless one is
    given), taken away, exchanged or confirmed; a stance is changed. What a person confirmed is
    there even where no pattern finds it any more. A sentence names an issue once.

    Parameters
    ----------
    mentions, sentences : pandas.DataFrame
        Of the same reports, sentences with their roles.

    Returns
    -------
    pandas.DataFrame
        Table ``mentions``, numbered anew; ``pattern`` of added ones is
        :data:`analysis.vocabulary.ADDED`.
    """
    mine = [one for one in placed if one.field in ("issue", "stance")]
    if not mine:
        return mentions
    units = {name for one in mine for name in one.units}
    about = sentences[sentences["sentence"].isin(units)].set_index("sentence", drop=False)
    about = about[~about["role"].isin(SILENT[:1])]
    rows = {(row["sentence"], row["issue"]): row for row in mentions.to_dict("records")}
    for one in mine:
        names = [name for name in one.units if name in about.index]
        if names:
            _decide(one, names, rows, about, sources, book)
    by_report: dict[str, list[dict]] = {name: [] for name in sentences["report"].unique()}
    for row in rows.values():
        by_report[row["report"]].append({k: v for k, v in row.items() if k != "mention"})
    return number_mentions(by_report)


def _decide(one: Placed, names: list[str], rows: dict, about: pd.DataFrame, sources, book) -> None:
    (was, _), (now, stance) = _parts(one.was), _parts(one.now)
    if was != now:
        gone = [rows.pop((name, was)) for name in names if (name, was) in rows]
        if now is None:
            return
        if gone and not any((name, now) in rows for name in names):
            row = gone[0] | {"issue": now, "pattern": ADDED}
            rows[row["sentence"], now] = row
    found = next((rows[name, now] for name in names if (name, now) in rows), None)
    if found is None:
        name = max(names, key=lambda n: about.loc[n, "end"] - about.loc[n, "start"])
        found = rows[name, now] = _new_mention(one, now, about.loc[name], sources, book)
    found |= {"corrected": True} | ({"stance": stance} if stance else {})


def _parts(value: str | None) -> tuple[str | None, str | None]:
    issue, _, stance = (value or "").partition("/")
    return issue or None, stance or None


def _new_mention(one: Placed, issue: str, sentence, sources, book: Codebook) -> dict:
    start, end = max(one.start, sentence["start"]), min(one.end, sentence["end"])
    text, role = sentence["text"], sentence["role"]
    cue = find_cue(text, 0, len(text), role, StanceRules.of(book))
    return {
        **{name: sentence[name] for name in ("sentence", "passage", "report", "role")},
        "issue": issue,
        "start": int(start),
        "end": int(end),
        "quote": sources[sentence["report"]][start:end],
        "stance": cue or default_stances(sentence.to_frame().T, book)[0],
        "pattern": ADDED,
    }
