"""Toy studies for the tests of charts: realistic sentences, few or many reports."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook, load_codebook
from analysis.compare import compare_rates
from analysis.schema import TABLES, check

CODEBOOK = Path(__file__).parent.parent / "data" / "codebook"
LONG = "——以创建模范机关为抓手推动机关党建与业务工作深度融合高质量发展的路径探索与对策建议研究"
PROBLEM = "一些单位党建与业务“两张皮”，谋划时各吹各的号，考核时各算各的账，党建工作浮在面上。"
STAFF = "党务干部多为兼职，一人身兼数职，精力顾不过来。"
REMEDY = "要着力破解“两张皮”，把党建与业务同谋划、同部署、同考核。"
BACKGROUND = "机关党建是党的建设的重要组成部分。"
SUPPOSED = "如果就党建抓党建，就会出现“两张皮”。"
TAGGED = ("problem", "cause", "countermeasure")  # roles that have a theme
# (report, title, level, genre, problem section, sentences); a sentence: (role, text, issues).
FIVE = [
    (
        "city-a", "关于市直机关党建工作的调研报告", "city", "report", "found",
        [("problem", PROBLEM, {"two_skins": "asserted"}), ("problem", STAFF, {}),
         ("countermeasure", REMEDY, {"two_skins": "addressed"})],
    ),
    (
        "city-b", "在全市机关党建工作会议上的讲话", "city", "speech", "none",
        [("countermeasure", SUPPOSED, {"two_skins": "supposed"})],
    ),
    (
        "county", "县直机关党建工作的调查与思考", "county", "report", "found",
        [("problem", PROBLEM, {"two_skins": "asserted"}),
         ("problem", STAFF, {"thin_staffing": "asserted"}),
         ("background", PROBLEM, {"two_skins": "asserted"}),
         ("countermeasure", "要配强党务干部。", {})],
    ),
    (
        "province", "堅持問題導向提高機關黨建質量研究", "province", "report", "lost",
        [("countermeasure", "著力破解黨建與業務“兩張皮”。", {"two_skins": "addressed"}),
         ("noise", "关键词：机关党建", {})],
    ),
    (
        "study", "关于提升机关党建质量的研究报告", None, "report", "found",
        [("problem", STAFF, {"thin_staffing": "asserted"}), ("background", BACKGROUND, {})],
    ),
]  # fmt: skip


@lru_cache
def book() -> Codebook:
    return load_codebook(CODEBOOK)


def many(per_level: int, *, long: bool = False) -> dict:
    """A study of ``per_level`` reports at each of four levels; every issue occurs."""
    issues = list(book()["issues"]["issue"])
    rows = []
    for level in ("province", "city", "county", None):
        for number in range(per_level):
            name = f"{level or 'unstated'}-{number + 1}"
            title = f"第{number + 1}份{'关于机关党建工作进展情况的调研报告'}"
            sentences = [
                ("problem", PROBLEM, {issue: "asserted"})
                for place, issue in enumerate(issues)
                if (place * 3 + number * 5 + len(name)) % 4
            ]
            sentences += [("countermeasure", REMEDY, {i: "addressed"}) for i in issues[number::3]]
            section = "lost" if number % 3 == 2 or level == "province" else "found"
            sentences = sentences[15:] if section == "lost" else sentences
            genre = "speech" if number % 2 else "report"
            full = (title + LONG)[:60] if long else title
            rows.append((name, full, level, genre, section, sentences))
    return study(rows)


def study(rows: list) -> dict:
    """Tables, rates and sources of reports described as in :data:`FIVE`; a sentence a passage."""
    made: dict[str, list] = {"reports": [], "passages": [], "sentences": [], "mentions": []}
    themes = book()["issues"].set_index("issue")["theme"]
    sources = {}
    for report, title, level, genre, section, sentences in rows:
        facts = {"report": report, "file": f"{report}.txt", "title": title, "genre": genre}
        facts |= {"level": level or "unstated", "problem_section": section, "status": "ok"}
        made["reports"].append(facts)
        source = ""
        for number, (role, text, issues) in enumerate(sentences, start=1):
            ids = {"report": report, "passage": f"{report}-p{number:04d}"}
            span = {"start": len(source), "end": len(source) + len(text), "text": text}
            sentence = f"{report}-s{number:04d}"
            counted = {f"{r}_sentences": int(role == r) for r in ("problem", "countermeasure")}
            theme = themes[next(iter(issues))] if issues else "staffing"
            tagged = {"role": role, "theme": theme if role in TAGGED else None}
            made["sentences"].append({**ids, **span, **tagged, "sentence": sentence})
            made["passages"].append({**ids, **span, **counted, "number": number})
            for issue, stance in issues.items():
                at = len(source) + max(text.find("“"), 0)
                made["mentions"].append(
                    {**ids, "sentence": sentence, "issue": issue, "stance": stance, "role": role}
                    | {"mention": f"{report}-m{len(made['mentions']):04d}", "pattern": "p"}
                    | {"start": at, "end": at + 5, "quote": text[at - len(source) :][:5]}
                )
            source += text + "\n"
        sources[report] = source
    tables = {name: _table(name, values) for name, values in made.items()}
    tables["rates"] = rates(tables, "all", "report", "level", "genre")
    return tables | {"sources": sources, "edits": None, "themes": stability(tables["sentences"])}


def stability(sentences: pd.DataFrame) -> pd.DataFrame:
    """A table ``themes``: 党建业务融合 is unstable; some have no passage."""
    rows = []
    for theme in book()["theme_names"]["theme"]:
        own = sentences[sentences["theme"] == theme]
        shares = (0.9, 0.3 if theme == "integration" else 0.8) if len(own) else (None, None)
        rows.append((theme, len(own), own["report"].nunique(), *shares, shares[1] == 0.3))
    return check("themes", pd.DataFrame(rows, columns=TABLES["themes"].names))


def rates(tables: dict, *groupings: str) -> pd.DataFrame:
    names = ("reports", "passages", "sentences", "mentions")
    frames = [compare_rates(*(tables[n] for n in names), book(), by=by) for by in groupings]
    return pd.concat(frames, ignore_index=True)


def _table(name: str, values: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=TABLES[name].names)
    for column in TABLES[name].columns:
        if column.name == "corrected":
            frame["corrected"] = False
    return check(name, frame.where(frame.notna(), None))


def texts(chart, prefix: str = "") -> dict[str, str]:
    """Words of the chart's texts whose gid begins with ``prefix``; lines of one gid are joined."""
    found: dict[str, str] = {}
    for artist in chart.axes[0].texts:
        gid = artist.get_gid() or ""
        if gid.startswith(prefix):
            found[gid] = found.get(gid, "") + artist.get_text()
    return found


def marks(chart) -> dict[str, int]:
    """How many marks of each kind the chart shows."""
    return {c.get_label(): len(c.get_offsets()) for c in chart.axes[0].collections}


def assert_readable(chart) -> None:
    """Fail where a text leaves the picture or covers another."""
    renderer = chart.canvas.get_renderer()
    page = chart.bbox
    boxes = []
    for artist in chart.axes[0].texts:
        if not artist.get_text():
            continue
        box = artist.get_window_extent(renderer)
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1
        assert inside, f"leaves the picture: {artist.get_text()!r}"
        # Line boxes reach a little beyond the ink; a tenth of their height may touch.
        shrink = box.height * 0.1
        boxes.append((box.y0 + shrink, box.y1 - shrink, box.x0, box.x1, artist.get_text()))
    boxes.sort()
    for place, (_, top, left, right, words) in enumerate(boxes):
        for low, _, left2, right2, words2 in boxes[place + 1 :]:
            if low >= top:
                break
            assert right <= left2 or right2 <= left, f"{words!r} covers {words2!r}"
