"""Seven labelled sentences of two reports, and a prediction that is partly wrong."""

from pathlib import Path

import pandas as pd

SOURCES = {
    "r": "一" * 10 + "二" * 10 + "三" * 10 + "四" * 10 + "五" * 10 + "六" * 10,
    "q": "七" * 5,
}
LABELS = [
    # report, start, end, role, theme, issues, stances
    ("r", 0, 10, "heading", "", "", ""),
    ("r", 10, 20, "problem", "staffing", "thin_staffing;two_skins", "asserted;asserted"),
    ("r", 20, 30, "problem", "integration", "two_skins", "asserted"),
    ("r", 30, 40, "countermeasure", "staffing", "two_skins", "addressed"),
    ("r", 40, 50, "practice", "", "", ""),
    ("r", 50, 60, "noise", "", "", ""),
    ("q", 0, 5, "cause", "", "", ""),
]
HEADINGS = [("r", 0, 10, 0), ("r", 20, 26, 1), ("r", 40, 44, 2)]
# The second predicted sentence reaches 4 characters into the third labelled one; nothing is
# predicted for 50–60.
SENTENCES = [
    # report, start, end, role, theme, heading level
    ("r", 0, 10, "heading", None, 0),
    ("r", 10, 24, "problem", "staffing", None),
    ("r", 24, 30, "countermeasure", "integration", 1),
    ("r", 30, 40, "countermeasure", "integration", None),
    ("r", 40, 50, "practice", "integration", 1),
    ("q", 0, 5, "problem", "staffing", None),
]
MENTIONS = [
    # report, start, end, issue, stance
    ("r", 10, 14, "thin_staffing", "asserted"),
    ("r", 15, 16, "thin_staffing", "quoted"),
    ("r", 18, 22, "two_skins", "quoted"),
    ("r", 32, 36, "weak_awareness", "asserted"),
]


def write_labels(folder: Path) -> Path:
    """Write the labels, the headings and, beside the folder, the reports."""
    folder.mkdir(parents=True)
    header = ["id", "report", "start", "end", "role", "theme", "issues", "stances", "text"]
    rows = [
        [str(number), *map(str, row), SOURCES[row[0]][row[1] : row[2]]]
        for number, row in enumerate(LABELS)
    ]
    lines = ["\t".join(row) for row in [header, *rows]]
    (folder / "labels.tsv").write_bytes("\n".join(lines).encode("utf-8"))
    lines = ["\t".join(map(str, row)) for row in [("report", "start", "end", "level"), *HEADINGS]]
    (folder / "headings.tsv").write_bytes("\n".join(lines).encode("utf-8"))
    reports = folder.parent / "reports"
    reports.mkdir(exist_ok=True)
    for name, source in SOURCES.items():
        (reports / f"{name}.txt").write_bytes(source.encode("utf-8"))
    return folder


def predicted() -> dict:
    """Tables of a run on the two reports."""
    sentences = pd.DataFrame(
        SENTENCES, columns=["report", "start", "end", "role", "theme", "heading_level"]
    ).astype({"heading_level": "Int64", "role": "str", "theme": "str"})
    sentences["sentence"] = [f"s{number}" for number in range(1, len(sentences) + 1)]
    mentions = pd.DataFrame(MENTIONS, columns=["report", "start", "end", "issue", "stance"])
    mentions["pattern"] = mentions["issue"] + "_plain"
    for frame, column in ((sentences, "text"), (mentions, "quote")):
        places = frame[["report", "start", "end"]].itertuples(index=False)
        frame[column] = [SOURCES[report][start:end] for report, start, end in places]
    reports = pd.DataFrame({"report": ["r", "q"], "file": ["r.txt", "q.txt"]})
    reports["level"], reports["genre"] = pd.array(["county", None], dtype="str"), "speech"
    passages = sentences[["report", "start", "end", "text"]]
    return {
        "reports": reports,
        "sentences": sentences,
        "passages": passages,
        "mentions": mentions,
        "sources": SOURCES,
    }
