"""What corrections teach: ``python teaching.py [SPLITS]``, about a minute and a half a split.

The ten held-out reports are halved. Of one half, the forty sentences that the queue puts first are
corrected as their labels say, through `study.correct`; the models are trained anew with them, as
`python -m analysis train` does. The issues of the other half are scored before and after, and
once more with every sentence of the first half labelled: what corrections could teach at most.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

import analysis as an
from analysis.explorer.answers import Answers
from analysis.labels import load_labels, split_keys
from analysis.study import evaluate_labels, train_codebook
from analysis.workspace import Workspace, make_workspace

HELD_OUT = Path(__file__).parents[2] / "data" / "held_out"
CORRECTED = 40


def copy_labels(reports: list[str], folder: Path) -> Path:
    """Write the labels of some of the held-out reports, and the reports, into a folder."""
    folder.mkdir(parents=True)
    header, *lines = (HELD_OUT / "labels.tsv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split("\t")[1] in reports]
    (folder / "labels.tsv").write_text("\n".join([header, *kept, ""]), encoding="utf-8")
    for report in reports:
        shutil.copy(HELD_OUT / f"{report}.txt", folder)
    return folder


def first_in_queue(study, labels: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """The first sentences that the queue asks about, each with its label."""
    found: dict[str, pd.Series] = {}
    place = study.sentences.set_index("sentence")
    answers = Answers(study)
    for item in [*answers._unexplained(), *answers._doubts(answers.corpus.lines)]:
        own = place.loc[item["sentence"]]
        mine = labels[labels["report"] == own["report"]]
        shared = mine["end"].clip(upper=own["end"]) - mine["start"].clip(lower=own["start"])
        if shared.max() * 2 > own["end"] - own["start"]:
            found.setdefault(item["sentence"], mine.loc[shared.idxmax()])
        if len(found) == CORRECTED:
            break
    return [*found.items()]


def correct(study, sentence: str, label: pd.Series) -> None:
    """Decide everything about a sentence as the label says."""
    study.correct(sentence, role=label["role"])
    if isinstance(label["theme"], str):
        study.correct(sentence, theme=label["theme"])
    said = dict(zip(split_keys(label["issues"]), split_keys(label["stances"]), strict=True))
    for row in study.mentions[study.mentions["sentence"] == sentence].itertuples():
        stance = said.pop(row.issue, None)
        if stance is None:
            study.correct(row.mention, issue="无")
        else:
            study.correct(row.mention, stance=stance)
    for issue, stance in said.items():
        study.correct(sentence, issue=issue, stance=stance)


def score_issues(workspace: Workspace, folder: Path) -> pd.Series:
    """Precision and F1 of the issues."""
    scores = evaluate_labels(workspace, [folder])[0].scores
    micro = scores[(scores["measure"] == "issue_micro") & (scores["report"] == "all")]
    return micro.iloc[0][["precision", "f1"]].astype(float)


def teach(seed: int, folder: Path) -> dict[str, float]:
    """Gains of one split."""
    reports = sorted(path.stem for path in HELD_OUT.glob("*.txt"))
    random.Random(seed).shuffle(reports)
    mine, theirs = reports[:5], copy_labels(reports[5:], folder / "theirs")
    workspace = make_workspace(folder / "work")
    for report in mine:
        shutil.copy(HELD_OUT / f"{report}.txt", workspace.reports)
    before = score_issues(workspace, theirs)
    study = an.run(workspace, charts=False)
    for sentence, label in first_in_queue(study, load_labels(HELD_OUT).sentences):
        correct(study, sentence, label)
    an.run(workspace, charts=False)
    train_codebook(workspace)
    after = score_issues(workspace, theirs)
    workspace.corrections.unlink()
    copy_labels(mine, workspace.training)
    train_codebook(workspace)
    most = score_issues(workspace, theirs)
    gains = {"corrected": after - before, "all": most - before}
    return {f"{name} {k}": gain[k] for name, gain in gains.items() for k in ("f1", "precision")}


if __name__ == "__main__":
    rows = []
    for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(teach(seed, Path(folder)))
        print(seed, {name: round(float(value), 3) for name, value in rows[-1].items()}, flush=True)
    print(pd.DataFrame(rows).mean().round(3).to_string())
