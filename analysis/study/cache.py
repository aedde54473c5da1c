"""What was computed of each report, kept between runs; a run with it gives the same bytes.

One file per report in a folder of its own: its name is a hash of everything the content depends
on, its first line a hash of name and content. A file that is damaged, half-written or somebody
else's does not fit its first line and counts as missing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import zlib
from pathlib import Path

from analysis.reading import READERS, ReadingError
from analysis.reading.files import check_file
from analysis.results import file_hash, folder_hashes
from analysis.study.inputs import CODE

# The code this process runs, even where newer files lie on the disk by now.
LOADED = folder_hashes(CODE, "*.py")
SUFFIX = ".json.gz"
# Measured on the five reports: level 1 takes .4 ms and makes 1/4; level 9 takes 1.4 ms, 1/5.
LEVEL = 1


class ReportCache:
    """Results of the per-report stage by key.

    Parameters
    ----------
    folder : pathlib.Path
        Belongs to the cache alone.
    basis : dict
        What all results depend on, beside the code: hashes of the codebook, versions of packages.
    fresh : bool
        Find nothing, so that everything is computed and kept anew.
    """

    def __init__(self, folder: Path, basis: dict, *, fresh: bool = False):
        self.folder, self.fresh = folder, fresh
        self._basis = _hash(_as_bytes([basis, LOADED, platform.python_version()]))
        self._content: dict[str, str] = {}  # hash of the file by key, of all reports of this run

    def key(
        self, report: str, path: Path, entry: dict[str, str | None], decisions: list[dict]
    ) -> str | None:
        """Hash of everything that the result for a report depends on.

        None where the file would be refused unread: that is decided anew in every run.
        """
        try:
            check_file(path, tuple(READERS))
            content = file_hash(path)
        except (ReadingError, OSError):
            return None
        key = _hash(_as_bytes([self._basis, content, report, path.name, entry, decisions]))
        self._content[key] = content
        return key

    def has(self, key: str) -> bool:
        """Whether something is kept under this key; only :meth:`get` says whether it is whole."""
        return not self.fresh and self._path(key).is_file()

    def get(self, key: str) -> dict | None:
        """What was kept under this key; None where nothing whole is found."""
        if self.fresh:
            return None
        try:
            mark, _, content = gzip.decompress(self._path(key).read_bytes()).partition(b"\n")
        except (OSError, EOFError, zlib.error):
            return None
        if mark.decode("latin-1") != _hash(key.encode() + content):
            return None
        return json.loads(content.decode("utf-8", "surrogatepass"))

    def put(self, key: str, result: dict) -> None:
        """Keep a result, whole or not at all; a full disk is no reason to stop a run.

        Not kept: reports that failed, and those whose file was replaced after :meth:`key`.
        """
        if result["row"]["sha256"] != self._content[key]:
            return
        content, path = _as_bytes(result), self._path(key)
        unfinished = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            packed = gzip.compress(
                _hash(key.encode() + content).encode() + b"\n" + content, LEVEL, mtime=0
            )
            unfinished.write_bytes(packed)
            unfinished.replace(path)
        except OSError:
            return

    def sweep(self) -> None:
        """Remove what this run did not ask for: reports that are gone, former codebooks."""
        kept = {self._path(key) for key in self._content}
        for path in [*self.folder.glob(f"*{SUFFIX}"), *self.folder.glob("*.part")]:
            if path not in kept:
                _remove(path)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # held by another program; the next run removes it
        return


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _as_bytes(content) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
