"""How many planted faults the tests find, by module: reads what `make mutants` left in mutants/.

A mutant that runs into the time limit counts as found, one that no test reaches as missed.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MISSED = {0: "survived", 5: "no test", 33: "no test"}  # exit codes of mutmut; None: not run yet


def count(folder: Path) -> dict[str, Counter]:
    """Count found, survived and unreached mutants of each module."""
    found: dict[str, Counter] = {}
    for path in sorted((folder / "analysis").rglob("*.meta")):
        codes = json.loads(path.read_text("utf-8"))["exit_code_by_key"].values()
        name = path.relative_to(folder).with_suffix("").as_posix()
        if tally := Counter(MISSED.get(code, "found") for code in codes if code is not None):
            found[name] = tally
    return found


def main() -> None:
    """Print the table."""
    tallies = count(ROOT / "mutants")
    for name, tally in [*tallies.items(), ("all", sum(tallies.values(), Counter()))]:
        total = sum(tally.values())
        print(f"{tally['found'] / max(total, 1):.3f}  {tally['found']:5} of {total:5}  {name}")


if __name__ == "__main__":
    main()
