"""Places: their full names, their rank, and which of the places named is the author's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.catalogue.clues import Clue
from analysis.catalogue.weighing import Finding, weigh

MIN_REGION_CONFIDENCE = 0.45  # one province named once in mid-text is an example, not the author's
# In these the Party's city committee is of provincial rank.
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
FULL_NAMES = {name.removesuffix("市"): name for name in MUNICIPALITIES} | {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}
LEVEL_OF_PLACE = (
    {"省": "province"} | dict.fromkeys("市州盟", "city") | dict.fromkeys("县旗", "county")
)
LEVEL_OF_PLACE |= {"区": "district"}
PLACE_CONFIDENCE = 0.6  # an office of that place may be meant, or a bureau or company in it
# From above to below; county and district are of one rank.
RANKS = {"province": 0, "city": 1, "county": 2, "district": 2, "township": 3}


def full_name(region: str) -> str:
    """湖北 and 北京 as 湖北省 and 北京市; a place named with its kind stays as it is."""
    if level_of_place(region) or region[-1] in "镇乡道":
        return region
    return FULL_NAMES.get(region, f"{region}省")


def level_of_place(region: str) -> str | None:
    """The level that a full name tells (岳阳市 city, 浦东新区 district), or None."""
    if region in MUNICIPALITIES or region.endswith("自治区"):
        return "province"
    return "city" if region.endswith("地区") else LEVEL_OF_PLACE.get(region[-1])


def name_places(clues: Iterable[Clue]) -> list[Clue]:
    """Give places their full names; 临湾市望津区 counts for 望津区 where that is named, too."""
    clues = [replace(clue, value=full_name(clue.value)) for clue in clues]
    short = sorted({clue.value for clue in clues}, key=len)
    return [
        replace(clue, value=next(name for name in short if clue.value.endswith(name)))
        for clue in clues
    ]


def read_as_levels(clues: Iterable[Clue]) -> list[Clue]:
    """A place in title or by-line tells a level by its last character: 岳阳市, 浦东新区."""
    return [
        replace(clue, value=level, pattern="region", confidence=PLACE_CONFIDENCE)
        for clue in clues
        if clue.scope != "body" and (level := level_of_place(clue.value))
    ]


def find_region(clues: list[Clue], level: str | None = None) -> Finding:
    """Choose the author's place; ``level``: of the report, where it is known.

    A place below that level was only visited, and one above it that only the running text names
    is a superior's (an inspection team of the province in a county's report); neither counts.
    """
    if level in RANKS:
        own = RANKS[level]
        ranks = [RANKS.get(level_of_place(clue.value), RANKS["township"]) for clue in clues]
        clues = [
            clue
            for clue, rank in zip(clues, ranks, strict=True)
            if rank == own or (rank < own and clue.scope != "body" and own not in ranks)
        ]
    best = weigh(clues)
    return best if best.confidence >= MIN_REGION_CONFIDENCE else Finding(None, None, 0.0)
