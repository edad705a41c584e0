"""Checking a log by its export alone: no store, no key, no settings, no framework. Pure.

`verify_export` answers whether an export folder holds what its signed checkpoint says, and whether
it continues older checkpoints that somebody kept. The same check runs over a store's tables, which
only has to be a `Source`. How it finds the first bad entry stands in `locating`.

`first_bad` is the position, from 0, of the first entry that is not proven: no entry before it
differs from what was signed. `reason` is one of the codes in `verdict`.
"""

from audit.verifying.export import verify_export
from audit.verifying.verdict import Verdict

__all__ = ["Verdict", "verify_export"]
