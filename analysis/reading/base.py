"""What every reader gives back, and how it refuses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from analysis.errors import AnalysisError


class ReadingError(AnalysisError):
    """A file cannot be read as a report; the message is one line of Chinese for the analyst."""


def readable(name: str) -> str:
    """Return a file name in Unicode form NFC; one that is no UTF-8 is read as GB18030.

    Archives packed on a Chinese Windows unpack to such names on Linux; no file can be written
    with them in it.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return unicodedata.normalize("NFC", name)


@dataclass(frozen=True)
class Source:
    r"""A report as one string, with what is known about its file.

    Attributes
    ----------
    text : str
        The source. For a text file: the decoded file without BOM, every other character unchanged,
        ``\r`` included. All offsets of all tables count its characters.
    encoding : str
        The encoding the bytes were read with, as Python names it.
    sha256 : str
        Of the file's bytes.
    note : str or None
        What the analyst should know, in Chinese; None when there is nothing to say.
    """

    text: str
    encoding: str
    sha256: str
    note: str | None = None
