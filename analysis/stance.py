"""How a report speaks of an issue that it names: stance, from `stance_patterns.csv` and the role.

Naming an issue is not asserting it. Each row of the table looks at one part of the sentence:

before
    the text of the sentence up to the mention (``$`` is where the mention begins),
after
    the text of the sentence behind the mention (``^`` is where it ends),
sentence
    the whole sentence with the mention marked ``【…】``.

The first two are not cut at clauses: a row stays in the mention's clause by writing
``[^，,。；;]``. The first of these decides:

1. rows of `asserted` with scope before or after: rulings of the codebook that outrank cues
   (a missing remedy leaves the issue standing; shares of respondents and beliefs that the author
   tells are the report's own findings);
2. quoted, negated, improved, addressed, supposed, in this order. In a countermeasure sentence a
   result is wished for and not reported, so `improved` is not asked there;
3. rows of `asserted` with scope sentence: words of a finding (有的…, 仍存在…);
4. the role: addressed in countermeasure and practice sentences, else asserted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.sieve import make_sieve

PRECEDENCE = ("quoted", "negated", "improved", "addressed", "supposed")
# What is named without any cue where measures are asked for or told is what they are taken against.
DEFAULTS = {"countermeasure": "addressed", "practice": "addressed"}
ALL_MARKS = "【】〔〕"
MARKS = str.maketrans("【】", "〔〕")  # so that printed brackets are not taken for the marks


@dataclass(frozen=True)
class StanceRules:
    """The rows of `stance_patterns.csv` in the order in which they are asked.

    Attributes
    ----------
    rows : tuple of (stance, scope, compiled)
        Rulings first, then by :data:`PRECEDENCE`, then the words of a finding.
    """

    rows: tuple

    @classmethod
    def of(cls, book: Codebook) -> StanceRules:
        """Sort the codebook's rows."""
        table = book["stance_patterns"]
        rows = list(zip(table["stance"], table["scope"], table["compiled"], strict=True))
        order = {stance: number for number, stance in enumerate(PRECEDENCE)}

        def rank(row) -> int:
            stance, scope, _ = row
            if stance == "asserted":
                return len(order) if scope == "sentence" else -1
            return order[stance]

        return cls(tuple(sorted(rows, key=rank)))  # stable: the table's order within a rank

    def candidates(self, texts: Sequence[str]) -> list[list[int]]:
        """Say for each text which rows may apply to a mention in it, wherever that stands."""
        patterns = tuple(compiled for *_, compiled in self.rows)
        return make_sieve(patterns, ALL_MARKS).candidates(texts)


def find_cue(
    text: str,
    start: int,
    end: int,
    role: str,
    rules: StanceRules,
    candidates: Sequence[int] | None = None,
) -> str | None:
    """Return the stance that the words about the mention ``text[start:end]`` show, if any.

    Parameters
    ----------
    text : str
        The sentence, edited and in Simplified script.
    start, end : int
        The mention in ``text``, half-open, in characters.
    role : str
        The sentence's role.
    rules : StanceRules
        From :meth:`StanceRules.of`.
    candidates : sequence of int, optional
        What :meth:`StanceRules.candidates` says of the text: no other rows are asked.

    Returns
    -------
    str or None
        One of :data:`analysis.vocabulary.STANCES`; None where no row of the table applies.
    """
    rows = rules.rows if candidates is None else [rules.rows[at] for at in candidates]
    if not rows:
        return None
    plain = text.translate(MARKS) if "【" in text or "】" in text else text
    parts = {
        "before": plain[:start],
        "after": plain[end:],
        "sentence": f"{plain[:start]}【{plain[start:end]}】{plain[end:]}",
    }
    for stance, scope, compiled in rows:
        if stance == "improved" and role == "countermeasure":
            continue
        if compiled.search(parts[scope]):
            return stance
    return None


def default_stance(role: str) -> str:
    """Return the stance of a mention about which no words tell: what its sentence is for."""
    return DEFAULTS.get(role, "asserted")
