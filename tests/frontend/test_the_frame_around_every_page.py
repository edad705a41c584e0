"""What stands around every page: language, menu, account, look; and nothing from elsewhere."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from frontend import context
from frontend.names import CATEGORIES, people_phrase, role_name
from frontend.templatetags.casustafel import icon
from frontend.views.theme import theme_of


def request_of(family: str = "", path: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    if family:
        request.user = SimpleNamespace(name="Z. Org", is_authenticated=True)  # type: ignore[assignment]
        roles = ("care_coordinator",) if family == "inhoud" else ()
        request.identity = SimpleNamespace(  # type: ignore[attr-defined]
            family=family, roles=roles, party="zorgcoordinator"
        )
    return request


def page(request: HttpRequest, language: str = "nl") -> str:
    with translation.override(language):
        return render_to_string("base.html", {}, request=request)


def test_the_page_says_which_language_it_speaks() -> None:
    assert '<html lang="nl"' in page(request_of())
    assert '<html lang="en"' in page(request_of(), "en")


def test_the_first_thing_to_reach_is_the_way_to_the_content() -> None:
    html = page(request_of("inhoud"))
    first = re.search(r"<(?:a|button|input)\b[^>]*>", html.split("<body", 1)[1])
    assert first is not None
    assert 'href="#main"' in first[0]
    assert 'id="main"' in html


def test_a_stranger_gets_no_menu_but_the_other_language() -> None:
    html = page(request_of())
    assert "<nav" not in html
    assert "/logout/" not in html
    assert 'value="en"' in html


@pytest.mark.parametrize(
    ("family", "there", "not_there"),
    [
        ("inhoud", "/covenant/", "/log/"),
        ("toezicht", "/log/", "/people/"),
        ("beheer", "/people/", "/log/"),
    ],
)
def test_the_menu_is_that_of_the_role_family(family: str, there: str, not_there: str) -> None:
    html = page(request_of(family))
    assert f'href="{there}"' in html
    assert f'href="{not_there}"' not in html


def test_the_menu_says_where_one_is() -> None:
    links = context.frame(request_of("inhoud", "/covenant/x/"))["nav"]
    assert [link.url for link in links if link.current] == ["/covenant/"]
    assert [link.url for link in context.frame(request_of("inhoud"))["nav"] if link.current] == ["/"]
    assert [link.url for link in context.frame(request_of("inhoud", "/me/"))["nav"] if link.current] == []


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/log/", "/log/"),
        ("/log/review/x/", "/log/review/"),
        ("/log/sample/", "/log/review/"),
        ("/log/exports/", "/log/"),
    ],
)
def test_what_lies_under_the_log_has_its_own_place_in_the_menu(path: str, place: str) -> None:
    links = context.frame(request_of("toezicht", path))["nav"]
    assert [link.url for link in links if link.current] == [place]


def test_the_account_menu_tells_who_one_is_and_lets_one_leave() -> None:
    html = page(request_of("inhoud"))
    assert "Z. Org" in html
    assert "zorgcoördinator" in html
    assert re.search(r'<form[^>]*method="post"[^>]*action="/logout/"', html)
    assert 'href="/me/"' in html


def test_oversight_is_named_by_its_family_where_no_role_says_more() -> None:
    with translation.override("nl"):
        assert context.frame(request_of("toezicht"))["account"].role == "toezicht"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_look_stands_on_the_page(theme: str) -> None:
    assert f'data-theme="{theme}"' in page(request_of(theme=theme))


@pytest.mark.parametrize("cookie", ["system", "", '"><script>', "DARK"])
def test_any_other_look_follows_the_device(cookie: str) -> None:
    request = request_of(theme=cookie)
    assert theme_of(request) == "system"
    assert "data-theme" not in page(request)


def test_choosing_a_look_keeps_one_word_and_goes_back() -> None:
    answer = Client().post("/theme/", {"theme": "dark", "next": "/covenant/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/covenant/"
    assert answer.cookies["theme"].value == "dark"
    assert answer.cookies["theme"]["httponly"]
    assert answer.cookies["theme"]["samesite"] == "Lax"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_choosing_a_look_never_leads_elsewhere(target: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_an_unknown_look_is_not_kept() -> None:
    assert "theme" not in Client().post("/theme/", {"theme": "pink", "next": "/"}).cookies


def test_a_look_is_chosen_by_a_form_with_its_token_only() -> None:
    assert Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"}).status_code == 403
    assert Client().get("/theme/").status_code == 405


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline() -> None:
    html = page(request_of("inhoud"))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert " style=" not in html
    assert "<script" not in html


def test_an_icon_is_hidden_from_who_listens() -> None:
    html = icon("eye", "large")
    assert 'aria-hidden="true"' in html
    assert 'class="icon large"' in html
    assert html.count("#eye") == 1


def test_an_icon_cannot_bring_markup_in() -> None:
    assert "<script" not in icon('"><script>')


def test_names_are_said_as_people_say_them() -> None:
    with translation.override("nl"):
        assert people_phrase([]) == ""
        assert people_phrase(["a"]) == "a"
        assert people_phrase(["a", "b", "c"]) == "a, b en c"
        assert role_name("chair") == "voorzitter"
        assert role_name("new_role") == "new role"
        assert str(CATEGORIES["gez"]) == "gezondheid"


def test_categories_stand_in_the_order_of_the_screen() -> None:
    order = list(CATEGORIES)
    assert (order[0], order[-1]) == ("id", "prc")
    assert len(CATEGORIES) == 14
