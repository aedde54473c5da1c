"""Dates as reports write them: Arabic or Chinese digits, exact to the day, month or year."""

from __future__ import annotations

DIGITS = {d: str(n) for n, d in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零ＯOo", "0")


def to_number(text: str | None) -> int | None:
    """Read 2024, 二〇二四 or 二十八; None stays None."""
    if not text:
        return None
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * int(DIGITS.get(tens, "1")) + int(DIGITS.get(ones, "0"))
    return int("".join(DIGITS.get(character, character) for character in text))


def format_date(year: int | None, month: int | None, day: int | None) -> str | None:
    """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as exact as the parts make sense."""
    if year is None:
        return None
    if month is None or not 1 <= month <= 12:
        return f"{year:04d}"
    if day is None or not 1 <= day <= 31:
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}"
