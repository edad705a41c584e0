"""A worker: checks an export alone, in one thread. Run by `bench.audit`; knows no store and no Django."""

import time
from pathlib import Path

from audit.verifying import verify_export
from bench.audit.workers import Answer, serve


def verify(folder: str) -> Answer:
    """Seconds of one check from end to end. Raises RuntimeError when the export is not as it should be."""
    start, processor = time.perf_counter(), time.process_time()
    verdict = verify_export(Path(folder))
    taken, worked = time.perf_counter() - start, time.process_time() - processor
    if not verdict.ok:
        raise RuntimeError(f"the export is not whole: {verdict.reason} at {verdict.first_bad}")
    return {"taken": taken, "worked": worked, "size": verdict.size}


if __name__ == "__main__":
    serve({"verify": verify})
