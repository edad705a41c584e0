"""Taking the log out: two standards, and a year with its proof; entered before and after."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from audit.entry import Entry
from audit.growth import integrator
from audit.models import Leaf
from audit.standards.taking import Out
from audit.verifying import verify_export
from conference.clock import AMSTERDAM
from frontend.zipped import zipped
from tests.frontend.conftest import Visit
from tests.frontend.visiting import Region, page

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = datetime.now(AMSTERDAM).year  # the log has the machine's time
PERIOD = f"first=01-01-{YEAR}&last=31-12-{YEAR}"


@pytest.fixture
def officer(visit: Visit, region: Region) -> Client:
    page(visit("pol").get(f"/cases/{region.id('cases', 'c1')}/"))
    client = visit("fg")
    client.get("/log/?purpose=court")
    return client


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return b"".join(answer.streaming_content)


def entries(act: str) -> list[dict[str, Any]]:
    return [json.loads(bytes(leaf.leaf)) for leaf in Leaf.objects.filter(act=act).order_by("id")]


def readings() -> list[dict[str, Any]]:
    return [leaf for leaf in entries("log.read") if leaf["seen"] == ["about=exports"]]


def check_number(told: str) -> str:
    digits = told.split('log-record">')[1].split("</code>", maxsplit=1)[0]
    return digits.replace(" ", "")


@pytest.mark.parametrize("form", ["ldv", "nen7513"])
def test_a_period_goes_out_and_the_page_then_tells_its_check_number(officer: Client, form: str) -> None:
    answer = officer.get(f"/log/exports/file?form={form}&{PERIOD}")
    begun = entries("log.exported")[-1]
    assert begun["seen"] == [f"form={form}", f"first={YEAR}-01-01", f"last={YEAR}-12-31"]
    assert begun["purpose"] == "court"
    assert [leaf for leaf in entries("log.taken") if leaf["obj"] == begun["obj"]] == [], "not a byte has gone yet"
    body = body_of(answer)
    assert all(json.loads(line) for line in body.splitlines())
    assert len(body.splitlines()) > 10
    (done,) = [leaf for leaf in entries("log.taken") if leaf["obj"] == begun["obj"]]
    assert done["seen"][-1] == f"sha256={hashlib.sha256(body).hexdigest()}"
    assert check_number(page(officer.get("/log/exports/"))) == hashlib.sha256(body).hexdigest()


def test_one_that_was_broken_off_is_said_to_be(officer: Client) -> None:
    answer: Any = officer.get(f"/log/exports/file?form=ldv&{PERIOD}")
    answer.close()
    assert "niet tot het einde meegenomen" in page(officer.get("/log/exports/"))


def test_what_the_console_took_out_whole_is_not_said_to_be_broken_off(officer: Client) -> None:
    def console(act: str, **more: Any) -> Entry:
        return Entry(act=act, origin="cli", **more)

    out = Out(("form=ldv", "first=2026-01-01"))
    out.begin(console)
    out.finish(console, "c0de" * 16)
    assert check_number(page(officer.get("/log/exports/"))) == "c0de" * 16
    integrator.integrate()
    assert check_number(page(officer.get("/log/exports/"))) == "c0de" * 16


@pytest.mark.parametrize(
    "asked", ["exports/", "exports/year?year=x", "exports/file?form=fhir"], ids=["page", "no year", "no form"]
)
def test_who_reads_what_was_taken_is_entered(officer: Client, asked: str) -> None:
    before = len(readings())
    officer.get(f"/log/{asked}")
    assert len(readings()) == before + 1


def test_what_goes_out_holds_no_name_and_nothing_of_a_case(officer: Client) -> None:
    for form in ("ldv", "nen7513"):
        body = body_of(officer.get(f"/log/exports/file?form={form}&{PERIOD}")).decode()
        for secret in ("Noor", "A. Gent", "tekst-", "Schuilpad", "Casusoverleg"):
            assert secret not in body


def test_a_year_goes_out_as_a_folder_that_proves_itself(officer: Client, tmp_path: Path) -> None:
    integrator.integrate()
    integrator.sign()
    assert f"{YEAR}, tot nu toe" in page(officer.get("/log/exports/"))
    body = body_of(officer.get(f"/log/exports/year?year={YEAR}"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    verdict = verify_export(tmp_path / f"logboek-{YEAR}", forms=True)
    assert verdict.ok, verdict
    assert f"size={verdict.size}" in entries("log.taken")[-1]["seen"]
    assert check_number(page(officer.get("/log/exports/"))) == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("asked", ["", "year=1999", "year=x", "year=2026%00"])
def test_a_year_that_is_not_there_is_said_in_words(officer: Client, asked: str) -> None:
    integrator.integrate()
    integrator.sign()
    answer = officer.get(f"/log/exports/year?{asked}")
    assert answer.status_code == 400
    assert "Kies een jaar uit de lijst." in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (PERIOD, "Kies een vorm."),
        (f"form=fhir&{PERIOD}", "Selecteer"),
        ("form=ldv&first=morgen&last=31-12-2026", "Dit is geen datum"),
        ("form=ldv&first=02-01-2026&last=01-01-2026", "De periode eindigt voor"),
        ("form=ldv", "Vul een datum in"),
    ],
    ids=["no form", "unknown form", "no date", "backwards", "no days"],
)
def test_what_cannot_be_taken_is_said_and_not_entered(officer: Client, asked: str, said: str) -> None:
    before = len(entries("log.exported"))
    answer = officer.get(f"/log/exports/file?{asked}")
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert len(entries("log.exported")) == before


def test_to_a_real_server_it_is_sent_piece_by_piece(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontend.views.log_exports.PIECE", 1)
    client = AsyncClient()
    client.cookies = officer.cookies

    async def pieces() -> list[bytes]:
        answer = await client.get(f"/log/exports/file?form=ldv&{PERIOD}")
        return [piece async for piece in answer.__aiter__()]

    found = async_to_sync(pieces)()
    assert len(found) > 10
    assert all(json.loads(piece) for piece in found)


def test_the_same_files_zip_to_the_same_bytes_and_are_made_as_they_are_sent() -> None:
    made = []

    def files() -> Any:
        for number in range(4):
            made.append(number)
            yield f"tile/{number}", bytes([number]) * 100_000

    pieces = zipped(files(), "jaar")
    next(pieces)
    assert made == [0]
    assert b"".join(zipped(files(), "jaar")) == b"".join(zipped(files(), "jaar"))
