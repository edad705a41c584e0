"""The register as a consent record and receipt: ISO/IEC TS 27560:2023 in DPV 2.3 JSON-LD. Pure.

`record` and `receipt` make a document of a `Register`; `checked` gives its bytes, or nothing at all.
"""

from consent.records.documents import as_json, receipt, record
from consent.records.facts import (
    AUTHORITY,
    Category,
    Event,
    GivenBy,
    Interpreter,
    Key,
    Kind,
    Line,
    Method,
    Notice,
    Party,
    Purpose,
    Register,
)
from consent.records.shapes import Incomplete, checked, missing, unknown
from consent.records.vocabulary import MEDIA_TYPE, NAMESPACE

__all__ = [
    "AUTHORITY",
    "MEDIA_TYPE",
    "NAMESPACE",
    "Category",
    "Event",
    "GivenBy",
    "Incomplete",
    "Interpreter",
    "Key",
    "Kind",
    "Line",
    "Method",
    "Notice",
    "Party",
    "Purpose",
    "Register",
    "as_json",
    "checked",
    "missing",
    "receipt",
    "record",
    "unknown",
]
