"""Error pages: what happened, whether it is saved, what next; a number that the log has too."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from audit.record import LogUnavailable
from conference.crypto import KeyTrouble
from tests.ground.conftest import Lines

CANARY = "Fatima-c4n4ry"
NUMBER = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")


@login_not_required
def fault(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError(CANARY)


@login_not_required
def without_log(_request: HttpRequest) -> HttpResponse:
    raise LogUnavailable("disk_full")


@login_not_required
def without_keys(_request: HttpRequest) -> HttpResponse:
    raise KeyTrouble("seal_broken", CANARY)


@login_not_required
def form(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("accepted")


urlpatterns = [
    path("test/fault/", fault),
    path("test/without-log/", without_log),
    path("test/without-keys/", without_keys),
    path("test/form/", form),
    path("", include("conference.urls")),
]
handler400 = "frontend.views.errors.bad_request"
handler404 = "frontend.views.errors.not_found"
handler500 = "frontend.views.errors.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def visitor() -> Iterator[Client]:
    """A browser to which a fault is an answer and not an exception, and which CSRF really checks."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    yield client
    client.logout()


def test_a_fault_of_ours_is_a_calm_page_with_a_number_that_the_log_has_too(
    visitor: Client, operators_lines: Lines
) -> None:
    answer = visitor.get(f"/test/fault/?name={CANARY}")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Er ging iets mis aan onze kant" in text
    assert "waarschijnlijk niet bewaard" in text
    number = NUMBER.search(text)
    assert number
    shown = [line for line in operators_lines() if line.get("reference") == number[0]]
    assert [(line["code"], line["error"]) for line in shown] == [("server_error", "ZeroDivisionError")]
    assert CANARY not in str(operators_lines())
    assert CANARY not in text
    assert "Traceback" not in text
    assert "ZeroDivisionError" not in text


def test_when_the_log_cannot_be_written_nothing_is_shown_and_that_is_said(
    visitor: Client, operators_lines: Lines
) -> None:
    answer = visitor.get("/test/without-log/")
    assert answer.status_code == 503
    assert "Het logboek kan nu niet schrijven" in answer.content.decode()
    assert "Daarom tonen we niets" in answer.content.decode()
    assert [line["code"] for line in operators_lines() if line["event"] == "error_shown"] == ["log_unavailable"]


def test_a_broken_seal_is_said_without_what_was_in_it(visitor: Client, operators_lines: Lines) -> None:
    answer = visitor.get("/test/without-keys/")
    assert answer.status_code == 503
    assert "Deze gegevens gaan nu niet open" in answer.content.decode()
    assert CANARY not in answer.content.decode() + str(operators_lines())
    assert "seal_broken" in str(operators_lines())


def test_a_form_without_its_token_is_not_accepted_and_says_so(visitor: Client) -> None:
    answer = visitor.post("/test/form/", {"text": CANARY})
    assert answer.status_code == 403
    assert "Wat je verstuurde, is niet bewaard." in answer.content.decode()


def test_a_form_from_another_site_is_not_accepted(visitor: Client) -> None:
    visitor.get("/login/")
    token = visitor.cookies["csrftoken"].value
    data = {"csrfmiddlewaretoken": token}
    assert visitor.post("/test/form/", data, headers={"origin": "http://testserver"}).status_code == 200
    for origin in ["http://evil.example", "null", "https://testserver", "http://testserver:81", "file://"]:
        assert visitor.post("/test/form/", data, headers={"origin": origin}).status_code == 403, origin


@pytest.mark.parametrize("path", ["/nothing/", "/cases/not-a-uuid/", "/%00", "/..%2f..%2fetc/passwd", "/a" * 2000])
def test_what_does_not_exist_is_one_page_that_repeats_nothing(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in text
    assert "passwd" not in re.sub(r'name="next" value="[^"]*"', "", text)


def test_a_request_that_django_refuses_is_a_page_too(visitor: Client) -> None:
    answer = visitor.get("/test/form/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Dit verzoek is niet te lezen" in answer.content.decode()


def test_too_many_fields_are_refused_without_a_fault(visitor: Client) -> None:
    fields = {f"f{number}": "x" for number in range(1000)}
    assert visitor.post("/test/form/", fields).status_code in {400, 403}
