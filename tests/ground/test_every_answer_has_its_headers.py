"""Headers: the strictest policy, on pages, errors and static files alike."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.test import Client

from conference.headers import HeadersMiddleware

STYLES = "/static/casustafel/theme.css"
PATHS = ["/nothing-here/", STYLES, "/language/", "/login/"]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
}
pytestmark = pytest.mark.django_db


def headers_of(client: Client, path: str) -> ResponseHeaders:
    """The headers of an answer that is read to its end."""
    answer = client.get(path)
    if answer.streaming:
        assert b"".join(answer)
        answer.close()
    return answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_the_content_security_policy_is_exactly_this(client: Client, path: str) -> None:
    header = headers_of(client, path)["Content-Security-Policy"]
    assert {part.strip() for part in header.split(";") if part.strip()} == POLICY
    assert "unsafe" not in header


@pytest.mark.parametrize("path", PATHS)
def test_the_other_headers_are_there(client: Client, path: str) -> None:
    headers = headers_of(client, path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize("path", ["/nothing-here/", "/language/", "/"])
def test_a_page_may_not_be_kept_or_framed(client: Client, path: str) -> None:
    headers = headers_of(client, path)
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_static_file_may_be_kept(client: Client) -> None:
    headers = headers_of(client, STYLES)
    assert headers["Cache-Control"] == "max-age=60, public"
    assert headers["Content-Type"].startswith("text/css")


def test_what_a_view_sets_itself_stays_except_its_caching() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "same-site", "Cache-Control": "public"})

    request = HttpRequest()
    request.path_info = "/x"
    response = HeadersMiddleware(view)(request)
    assert response["Cross-Origin-Resource-Policy"] == "same-site"
    assert response["Cache-Control"] == "no-store"


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/nothing-here/", headers={"host": "evil.example"}).status_code == 400
