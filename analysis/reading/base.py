"""What every reader gives back, and how it refuses."""

from __future__ import annotations

from dataclasses import dataclass


class ReadingError(ValueError):
    """A file cannot be read as a report; the message is one line of Chinese for the analyst."""


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
