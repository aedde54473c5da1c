"""Values of one column in the type that the registry asks for."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.cells import SchemaError, place

DTYPES = {"str": "str", "int": "Int64", "float": "float64", "bool": "boolean"}
KIND_NAMES = {"int": "整数", "float": "数字", "bool": "True 或 False", "str": "文字"}
TRUTHS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
LARGEST = 2**63 - 1  # of Int64


def cast(values: pd.Series, kind: str, where: str) -> pd.Series:
    """The cells of a column as ``str``, ``int``, ``float`` or ``bool``, missing where empty.

    Raises
    ------
    SchemaError
        A cell is no such value; ``where`` and the column's name are told.
    """
    if values.dtype == DTYPES[kind] and kind in ("str", "bool"):
        return values
    if values.isna().all():
        return pd.Series(None, index=values.index, dtype=DTYPES[kind])
    if kind == "str":
        return values.astype("str")
    if values.dtype != object and not pd.api.types.is_string_dtype(values):
        try:
            typed = values.astype(DTYPES[kind])
        except (TypeError, ValueError):
            pass  # told below, with its row
        else:
            if kind != "float" or not np.isinf(typed).any():
                return typed
    cells = []
    for position, value in values.items():
        try:
            cells.append(None if _is_missing(value) else PARSERS[kind](value))
        except (TypeError, ValueError, OverflowError, KeyError):
            raise SchemaError(
                f"{place(where, position)}：{values.name} “{value}” "
                f"应为{KIND_NAMES[kind]}，请改正。"
            ) from None
    return pd.Series(cells, index=values.index, dtype=DTYPES[kind])


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value or str(value).strip() == ""


def _parse_int(value: object) -> int:
    """Excel writes 3 as 3.0 where a column once had another format."""
    try:
        number = int(str(value))
    except ValueError:
        number = float(str(value))
        if not number.is_integer():
            raise
    if abs(number) > LARGEST:
        raise OverflowError
    return int(number)


def _parse_float(value: object) -> float:
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _parse_bool(value: object) -> bool:
    return TRUTHS[str(value).strip().casefold()]


PARSERS = {"int": _parse_int, "float": _parse_float, "bool": _parse_bool}
