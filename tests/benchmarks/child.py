"""What a measured process does: ``python child.py TASK ARGUMENT…``; it prints JSON."""

from __future__ import annotations

import importlib
import json
import sys
import time
from contextlib import suppress
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"


def floor(folder: str) -> dict:
    """Read, decode and segment every report once: what no analysis of words can go below."""
    import rjieba

    cut = rjieba.Jieba().cut
    cut("词典只读一次")
    started = time.process_time()
    for path in sorted(Path(folder).iterdir()):
        cut(path.read_bytes().decode("utf-8"))
    return {"seconds": time.process_time() - started}


def run(workspace: str, modules: str, fresh: str = "") -> dict:
    """Analyse a workspace, without charts; ``seconds`` and ``clock`` do not count imports.

    Modules are imported where they are first used. So a run writes down which it had in the end,
    and the next one imports these before its clock starts.
    """
    import analysis

    kept = Path(modules)
    for name in json.loads(kept.read_text()) if kept.exists() else []:
        with suppress(ImportError):
            importlib.import_module(name)
    analyse = analysis.run
    started, clock = time.process_time(), time.perf_counter()
    analyse(workspace, charts=False, fresh=bool(fresh))
    found = {"seconds": time.process_time() - started, "clock": time.perf_counter() - clock}
    kept.write_text(json.dumps([name for name in sys.modules if name != "__main__"]))
    return found


def baseline(name: str, folder: str) -> dict:
    """Cluster the paragraphs of a corpus into as many clusters as there are themes."""
    import baselines

    topics = _labelled("gold")["theme"].nunique()
    baselines.BASELINES[name](baselines.paragraphs(Path(folder)), topics, 0)
    return {}


def first_look(name: str) -> dict:
    """Name clusters by the labels of the five reports and look at the held-out ones."""
    import baselines

    return baselines.first_look(name, _labelled("gold"), _labelled("held_out"))


def own_themes() -> dict:
    """Score this program's themes on the held-out reports."""
    import analysis

    scores = analysis.evaluate_labels(DATA.parent, [DATA / "held_out"])[0].scores
    macro = scores[(scores["measure"] == "theme_macro") & (scores["report"] == "all")]
    return {"f1": float(macro["f1"].iloc[0])}


def _labelled(folder: str):
    """Sentences of a label folder that have a theme."""
    from analysis.labels import LINE_BREAK, load_labels

    rows = load_labels(DATA / folder).sentences
    rows = rows[rows["theme"].notna()]
    return rows.assign(text=rows["text"].str.replace(LINE_BREAK, ""))[["text", "theme"]]


TASKS = {one.__name__: one for one in (floor, run, baseline, first_look, own_themes)}

if __name__ == "__main__":
    task, *words = sys.argv[1:]
    print(json.dumps(TASKS[task](*words)))
