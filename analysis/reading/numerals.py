"""Numbers and bullets of lists as the page shows them: 一, （一）, Ⅰ, ①, ●."""

from __future__ import annotations

import re

LEVELS = 9  # of a list; a letter stands there so often at most
DIGITS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
# Formats that are a row of characters; past its end Word writes plain digits.
ROWS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographParenthesized": "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",  # only as a format of one's own
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
ROWS["decimalEnclosedCircleChinese"] = ROWS["decimalEnclosedCircle"]
COUNTING = {  # 一 十一 二十 一百零一
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
}
SPELLED = {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"}  # 一 一〇 一一
LEGAL = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}  # 壹 壹拾
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
# Bullets are characters of symbol fonts, in the private area of Unicode.
SYMBOLS = {
    **dict.fromkeys("\uf0b7\uf09f\uf09e", "•"),
    **dict.fromkeys("\uf06c\uf0a5", "●"),
    **dict.fromkeys("\uf06e\uf0a7", "■"),
    **dict.fromkeys("\uf075\uf074", "◆"),
    **dict.fromkeys("\uf0d8\uf0e8\uf0f0", "➢"),
    **dict.fromkeys("\uf0fc\uf0fe", "✓"),
    **dict.fromkeys("\uf0a1\uf09d", "○"),
    **dict.fromkeys("\uf0e0", "→"),
    **dict.fromkeys("\uf0ab\uf0b6", "★"),
}
# A number that ends in a letter, digit or Han character would run into the text.
OPEN_END = re.compile(r"[0-9A-Za-z\u4e00-\u9fff•]$")


def write_symbol(character: str, fonts) -> str:
    """Write a character of a symbol font; Wingdings and Symbol hold theirs 0xF000 higher."""
    font = " ".join(fonts.attrib.values()) if fonts is not None else ""
    if len(character) == 1 and character < "\u0100" and re.search("Wingdings|Symbol", font):
        character = chr(ord(character) + 0xF000)
    return SYMBOLS.get(character, "•" if "\uf000" <= character <= "\uf0ff" else character)


def write_number(number: int, kind: str, sample: str = "") -> str:
    """Write a number in a format of ``ST_NumberFormat``; an unknown one in plain digits."""
    if kind in ROWS and 1 <= number <= len(ROWS[kind]):
        return ROWS[kind][number - 1]
    if kind in COUNTING:
        return _count(number, DIGITS, "十百千") if number else "〇"
    if kind in LEGAL:
        return _count(number, FORMAL, "拾佰仟")
    if kind in SPELLED:
        return "".join(DIGITS[int(c)] for c in str(number))
    if kind.startswith("decimalFullWidth"):
        return "".join(chr(ord(c) + 0xFEE0) for c in str(number))
    if kind in ("upperLetter", "lowerLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, LEVELS)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("upperRoman", "lowerRoman") and 0 < number < 400:
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    return str(number).zfill(2 if kind == "decimalZero" else len(sample))


def _count(number: int, digits: str, units: str) -> str:
    if number >= 10_000:
        return str(number)
    places = [int(c) for c in reversed(str(number))]
    text = "".join(
        digits[d] + (units[at - 1] if at else "") if d else "零"
        for at, d in reversed(list(enumerate(places)))
    )
    text = re.sub("零+", "零", text).rstrip("零") or digits[0]
    return re.sub("^一十", "十", text)


def _roman(number: int) -> str:
    text = ""
    for value, letters in (*ROMAN, (1, "i")):
        text += letters * (number // value)
        number %= value
    return text
