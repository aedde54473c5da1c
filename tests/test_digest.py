import io
import json

import numpy as np
import pandas as pd
import pytest

from analysis.digest import FIGURES, VERSION, DigestError, make_digest, pack, unpack
from analysis.results import load_results
from analysis.schema import empty

INPUTS = {"reports": {"甲.txt": "1"}, "codebook": {}}


@pytest.fixture(scope="module")
def digest(study):
    return make_digest(study.tables, INPUTS)


def test_a_digest_comes_back_and_is_the_same_bytes(digest, study):
    raw = pack(digest)
    found = unpack(raw)
    assert found.inputs == INPUTS
    assert {*found.frames} == {*digest.frames}
    for name, frame in digest.frames.items():
        pd.testing.assert_frame_equal(found.frames[name], frame, check_dtype=False, obj=name)
    np.testing.assert_array_equal(found.counts, digest.counts)
    assert pack(found) == raw
    saved = make_digest(load_results(study.workspace.results)[0], INPUTS)
    assert pack(saved) == raw  # from memory or from the tables as written


def test_the_block_of_counts_is_the_rates_of_single_reports(digest, study):
    rates = study.tables["rates"].query("by == 'report'")
    reports, cells = (list(digest.frames[n].itertuples(index=False)) for n in ("reports", "cells"))
    assert len(rates) == len(reports) * len(cells)
    for row in rates.itertuples():
        report = [r.report for r in reports].index(row.group)
        cell = cells.index((row.kind, row.key, row.stance))
        assert digest.counts[report, cell].tolist() == [getattr(row, c) for c in FIGURES]


def test_no_report_at_all_and_odd_names_of_columns():
    tables = {n: empty(n) for n in ("sentences", "mentions", "clusters", "rates", "themes")}
    own = pd.Series(["=1"], dtype="str")
    reports = pd.DataFrame(
        {"report": ["甲/乙"], "status": "failed", "level": None, "x/0": own, "0/texts": own}
    )
    found = unpack(pack(make_digest(tables | {"reports": reports}, {})))
    assert found.frames["reports"][["report", "x/0", "0/texts"]].to_numpy().tolist() == [
        ["甲/乙", "=1", "=1"]
    ]
    assert found.frames["reports"]["group"].isna().all()
    assert "unexplained" not in found.frames
    assert found.counts.shape == (1, 0, len(FIGURES))


def reversion(raw):
    arrays = dict(np.load(io.BytesIO(raw)))
    buffer = io.BytesIO()
    np.savez(buffer, **arrays | {"version": np.array(VERSION + 1)})
    return buffer.getvalue()


def pickled(_):
    buffer = io.BytesIO()
    np.savez(buffer, version=np.array(VERSION), inputs=np.array([{}], dtype=object))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"\0" + raw[1:],
        lambda raw: raw[:3000] + b"\0" * 50 + raw[3050:],
        lambda raw: json.dumps({"version": VERSION}).encode(),
        reversion,
        pickled,
    ],
)
def test_what_is_no_digest_of_this_version_is_refused(digest, damage):
    with pytest.raises(DigestError):
        unpack(damage(pack(digest)))
