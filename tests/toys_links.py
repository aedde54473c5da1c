"""Reports that tell a few problems and measures, and what is linked in them."""

import pandas as pd
from toys_themes import real_book, toy_tables

from analysis.codebook import Codebook
from analysis.link_proposals import propose_answers
from analysis.links import find_links
from analysis.themes import tag_themes

FEW = [
    ("（一）人手不足", "problem", 1),
    "专职党务干部太少，大多身兼多职。",
    ("考核只看台账，结果不用。", "problem", None, "assessment_flaws"),
]
MEASURES = [
    ("配齐专职党务干部，减少身兼多职。", "countermeasure"),
    ("改进考核办法，用好考核结果。", "countermeasure"),
]


def tables_of(*reports, book: Codebook | None = None):
    sentences, passages, mentions = toy_tables(*reports)
    sentences, passages = tag_themes(sentences, passages, mentions, book or real_book())
    levels = pd.DataFrame({"report": [name for name, _ in reports], "level": "city"})
    return sentences, passages, mentions, levels.astype("str")


def all_links(sentences, passages, mentions, reports, book) -> pd.DataFrame:
    """Links within the reports, then what others propose."""
    own = find_links(sentences, passages, mentions, book)
    return propose_answers(own, sentences, passages, mentions, reports, book)


def links_of(*reports) -> pd.DataFrame:
    return all_links(*tables_of(*reports), real_book())
