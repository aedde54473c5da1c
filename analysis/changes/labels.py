"""Which labels of sentences differ, and what the runs propose and leave unexplained."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.changes.causes import Causes
from analysis.digest import SPAN, Digest
from analysis.vocabulary import STANCES

FIELDS = {"role": "角色", "theme": "主题", "issues": "问题表现"}
STABLE, UNSTABLE = "稳定", "不稳定"


def list_labels(before: Digest, now: Digest, causes: Causes, names: Mapping) -> list[tuple]:
    """Labels that differ in reports whose files are the same; none where only files differ."""
    if not causes.besides_files:
        return []
    shas = [_counted(d).set_index("report")["sha256"] for d in (before, now)]
    shared = shas[0].index.intersection(shas[1].index)
    same = shared[(shas[0][shared] == shas[1][shared]).to_numpy()]
    if not causes.rules:
        same = same[same.isin(list(causes.by_report))]
    old, new = (_labels(digest, same) for digest in (before, now))
    both = new.merge(old, on=SPAN, how="outer", suffixes=("", "_old"))
    both = both.set_index(SPAN).join(_issues(before, now, same, names), how="left")
    both = both.astype(object).fillna("")
    rows = []
    for field, label in FIELDS.items():
        pair = both[[f"{field}_old", field]]
        for place, was, is_now in pair[pair[f"{field}_old"] != pair[field]].itertuples(name=None):
            words = (names.get(value, value) or None for value in (was, is_now))
            rows.append(("label", f"{_place(*place)}/{label}", *words, causes.of([place[0]])))
    return rows


def _counted(digest: Digest) -> pd.DataFrame:
    """The reports that have sentences: not those that could not be read, or are others."""
    reports = digest.frames["reports"]
    return reports[reports["status"] == "ok"]


def _place(report: str, start: int, end: int) -> str:
    return f"{report}/{start}-{end}"


def _labels(digest: Digest, reports: pd.Index, *, frame: str = "labels") -> pd.DataFrame:
    """The spans of some reports, these by name."""
    rows = digest.frames[frame]
    known = digest.frames["reports"]["report"].to_numpy(object)
    rows = rows[pd.Index(known).isin(reports)[rows["report"].to_numpy()]]
    return rows.assign(report=known[rows["report"].to_numpy()])


def _issues(before: Digest, now: Digest, reports: pd.Index, names: Mapping) -> pd.DataFrame:
    """Issues and stances of the sentences where these differ, in words: “两张皮（认定）”."""
    item = [*SPAN, "issue", "stance"]
    frames = []
    for digest in (before, now):
        spans, mentions = _labels(digest, reports)[SPAN], digest.frames["mentions"]
        found = mentions.merge(spans, left_on="sentence", right_index=True)
        frames.append(found[item].astype({"issue": object, "stance": object}).drop_duplicates())
    both = frames[0].merge(frames[1], on=item, how="outer", indicator=True)
    differ = pd.MultiIndex.from_frame(both.loc[both["_merge"] != "both", SPAN]).unique()
    told = []
    for frame in frames:
        rows = frame[pd.MultiIndex.from_frame(frame[SPAN]).isin(differ)]
        words = rows["issue"].map(lambda key: names.get(key, key))
        words = words + "（" + rows["stance"].map(STANCES) + "）"
        told.append(words.groupby([rows[c] for c in SPAN]).agg(lambda w: "、".join(sorted(w))))
    return pd.DataFrame({"issues_old": told[0], "issues": told[1]}).reindex(differ)


def list_unexplained(before: Digest, now: Digest, causes: Causes) -> list[tuple]:
    """Problem passages without an issue that came or went, by the words they begin with."""
    if "unexplained" not in before.frames or "unexplained" not in now.frames:
        return []
    reports = [d.frames["reports"]["report"] for d in (before, now)]
    names = pd.Index(reports[0]).union(pd.Index(reports[1]))
    names = names if causes.rules else names[names.isin(list(causes.by_report))]
    old, new = (_labels(d, names, frame="unexplained") for d in (before, now))
    said = ["report", "quote"]
    kept = pd.MultiIndex.from_frame(old[said]).intersection(pd.MultiIndex.from_frame(new[said]))
    old, new = (t[~pd.MultiIndex.from_frame(t[said]).isin(kept)] for t in (old, new))
    both = new.merge(old, on=SPAN, how="outer", suffixes=("", "_old")).sort_values(SPAN)
    both = both.astype(object).where(both.notna(), None)
    return [
        ("unexplained", _place(*place), was, is_now, causes.of([place[0]]))
        for *place, is_now, was in both.itertuples(index=False, name=None)
    ]


def list_proposed(before: Digest, now: Digest, causes: Causes) -> list[tuple]:
    """Proposed themes, by their words, that one run has and the other has not."""
    old, new = (
        dict(d.frames["proposed"].itertuples(index=False, name=None)) for d in (before, now)
    )
    keys = sorted(old.keys() ^ new.keys())
    return [("proposed", key, old.get(key), new.get(key), causes.all()) for key in keys]


def list_stability(before: Digest, now: Digest, causes: Causes) -> list[tuple]:
    """Themes whose passages began or ceased to keep together."""
    if "themes" not in before.frames or "themes" not in now.frames:
        return []
    old, new = (dict(d.frames["themes"].itertuples(index=False, name=None)) for d in (before, now))
    words = {0: STABLE, 1: UNSTABLE}
    return [
        ("stability", key, words[old[key]], words[new[key]], causes.all())
        for key in new
        if key in old and old[key] != new[key]
    ]
