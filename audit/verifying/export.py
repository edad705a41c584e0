"""Checking an export folder from end to end. Pure."""

from collections.abc import Iterable
from pathlib import Path

from audit.verifying import signed
from audit.verifying.folder import Export, Folder, Listing, reach
from audit.verifying.forms import bad_forms
from audit.verifying.judging import Root, judge
from audit.verifying.verdict import Finding, Verdict, conclude
from audit.verifying.views import TILE, Reading

_ROOM = 1024  # bundles that may be missing before the size that was signed is not taken at its word


def verify_export(folder: Path, older: Iterable[bytes] = (), *, forms: bool = False) -> Verdict:
    """Check an export, and that it continues older checkpoints (signed notes, whole).

    `forms`: also read every entry and see that it is a leaf in canonical form, which costs several
    times as much. Needs memory for 64 bytes per 256 entries. Raises Unreadable for a file that is
    there and may not be read.
    """
    files = Folder(folder)
    notes = signed.read(files)
    listing = Listing(files, notes.checkpoint.size if notes.checkpoint else None)
    findings = list(notes.findings)
    if listing.strangers:
        findings.append(Finding("unexpected_file"))
    kept = [signed.older(raw, notes.log) for raw in older]
    own = Root(notes.checkpoint.size, notes.checkpoint.root) if notes.checkpoint else None
    size = own.size if own else reach(files)
    trouble = notes.trouble or _unbelievable(size, listing)
    log = Export(files, reach(files) if trouble else size)
    findings += judge(Reading(log), None if trouble else own, kept, trouble or "")
    if forms and not findings:
        findings += bad_forms(log)
    return conclude(size, findings)


def _unbelievable(size: int, listing: Listing) -> str | None:
    """Refuse to walk through a log of which next to nothing is there: anybody can sign any size."""
    return "entries_missing" if size // TILE > 4 * listing.files + _ROOM else None
