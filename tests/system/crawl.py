"""Everybody opens everything: each answer of the real program, and what the log got for exactly that answer."""

import base64
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pypdf

from tests.client import Browser
from tests.system.refusals import ADDRESSES, NOBODY

TOKEN = re.compile(rb"[0-9a-f]{32}")
HEX = re.compile(rb"[0-9a-fA-F]{64,}")
CODED = re.compile(rb"[A-Za-z0-9+/_-]{43,}")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
FILES = ("pdf", "csv", "json")

Ids = dict[str, dict[str, str]]


def revealed(data: bytes) -> set[str]:
    """Every canary-like string in some bytes, also in capitals, hex, UTF-16, and base64 at any offset."""
    found = _tokens(data) | _tokens(data.replace(b"\0", b""))
    for run in HEX.findall(data):
        found |= _tokens(bytes.fromhex(run[: len(run) // 2 * 2].decode()))
        found |= _tokens(bytes.fromhex(run[1 : (len(run) - 1) // 2 * 2 + 1].decode()))
    for run in CODED.findall(data):
        plain = run.translate(URL_SAFE)
        for offset in range(4):
            cut = plain[offset:]
            cut = cut[:-1] if len(cut) % 4 == 1 else cut
            found |= _tokens(base64.b64decode(cut + b"=" * (-len(cut) % 4)))
    return found


def _tokens(data: bytes) -> set[str]:
    return {token.decode() for token in TOKEN.findall(data.lower())}


@dataclass
class Answer:
    """What one access gave: every part in which something could stand. `status` 0: a socket."""

    address: str
    status: int = 0
    parts: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, address: str, response: httpx.Response) -> "Answer":
        """Keep headers and body; of a PDF its text too."""
        parts = [b"\n".join(name + b": " + value for name, value in response.headers.raw), response.content]
        if response.headers.get("content-type", "").startswith("application/pdf"):
            parts += printed(response.content)
        return cls(address, response.status_code, parts)

    @property
    def bytes(self) -> bytes:
        return b"\n".join(self.parts)

    @property
    def texts(self) -> list[str]:
        """What a person reads: the body, of a PDF its text, of a socket its frames."""
        read = self.parts if self.address.startswith("/ws/") else self.parts[2:3] or self.parts[1:]
        return [html.unescape(part.decode("utf-8", "replace")) for part in read]


def printed(pdf: bytes) -> list[bytes]:
    """The text of a PDF, and the same without white space: a long word may be broken over lines."""
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return [text.encode(), re.sub(r"\s+", "", text).encode()]


def pages(ids: Ids, *, subjects: str = "vkd") -> Iterator[str]:
    """Every page of the product that is opened, with every id; of `subjects`, the registers that are tried."""
    yield from ("/", "/cases/", "/consent/", "/covenant/", "/people/", "/me/", "/me/cover/", "/questions/")
    yield from ("/cases/new/", "/conferences/new/", "/api/v1/today")
    yield from ("/consent/notices/", "/consent/notices/ro/notice.pdf", "/consent/notices/pl/sample.pdf")
    yield from ("/consent/reminders/", "/consent/new/", "/consent/withdraw/", "/notes/")
    yield from desk(ids)
    for name, case in ids["cases"].items():
        yield f"/cases/{case}/"
        yield f"/cases/{case}/manage/"
        yield f"/api/v1/cases/{case}"
        for subject in subjects:
            register = f"/cases/{case}/consent/{ids['subjects'][f'{name}-{subject}']}/"
            yield f"{register}shared/"
            yield from (register, f"{register}record.jsonld", f"{register}receipt.jsonld")
            yield f"{register}summary.pdf?language=nl"
            yield from (f"{register}reflection/", f"{register}comensha/", f"{register}comensha/registration.pdf")
    for conference in ids["conferences"].values():
        yield f"/conferences/{conference}/"
        yield f"/api/v1/conferences/{conference}/standing"
        yield f"/conferences/{conference}/people/"
        yield f"/conferences/{conference}/decision-list"


def desk(ids: Ids) -> Iterator[str]:
    """Every page of oversight's desk, with the first case and the first subject."""
    known = {"c1": ids["cases"]["c1"], "s1": next(iter(ids["subjects"].values())), "nobody": NOBODY}
    for row in ADDRESSES.values():
        if row.path.startswith("/log/") and not row.form:
            yield f"{row.path.format(**known)}?purpose=lawfulness"


def exports(ids: Ids, person: dict[str, Any], parties: Sequence[str]) -> Iterator[str]:
    """Every export: for all of `parties` by who leads, else for the own and one more."""
    receivers = parties if "chair" in person["roles"] else [person["party"], "om"]
    for conference in ids["conferences"].values():
        for party in receivers:
            yield f"/conferences/{conference}/decision-list?for={party}"
            yield f"/api/v1/conferences/{conference}/decision-list?for={party}"
            for form in FILES:
                yield f"/conferences/{conference}/decision-list?for={party}&format={form}"


async def snapshot(browser: Browser, conference: str) -> Answer:
    """Join a room and keep every frame until the first snapshot; a refused handshake's bytes count too."""
    address = f"/ws/conferences/{conference}/"
    try:
        async with browser.room(conference) as room:
            return Answer(address, 101, [frame.encode() for frame in room.frames])
    except Exception as refused:  # noqa: BLE001  whatever the refusal is
        return Answer(address, 403, [repr(refused).encode()])
