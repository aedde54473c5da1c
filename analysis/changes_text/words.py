"""What every part of the note is made of: lists, causes in brackets, spaces around Latin."""

from __future__ import annotations

import re

# Items of a list: as many as are listened to when the text is read aloud.
FIRST_LIST, OTHER_LISTS = 5, 3


def spaced(words: str) -> str:
    """The same with a space where Latin letters or digits meet the Chinese around."""
    return re.sub(r"^(?=[!-~])|(?<=[!-~])$", " ", words)


def because(row, main: str | None) -> str:
    """The cause in brackets, where it is not the main one."""
    other = isinstance(row.because_of, str) and row.because_of != main
    return f"（因为{spaced(row.because_of).rstrip()}）" if other else ""


def list_items(heading: str, items: list[str], shown: int, rest: str = "") -> list[str]:
    """A section: its first items, then how many more there are."""
    if not items and not rest:
        return []
    more = f"还有 {len(items) - shown} 项也变了" if len(items) > shown else ""
    last = [f"- {'；'.join(part for part in (more, rest) if part)}"] if more or rest else []
    return ["", f"## {heading}", "", *(f"- {item}" for item in items[:shown]), *last]


def either(row) -> str:
    """What there is now, or was."""
    return row.after if isinstance(row.after, str) else row.before
