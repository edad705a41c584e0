"""The handshake: exactly one good Origin, Host and cookie, and a second factor in that session."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from conference.accounts import commands, sockets
from conference.accounts.models import SignIn
from conference.accounts.sessions import machine_now

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "tafel.example:8443"
ORIGIN = f"https://{HOST}"


def ask(client, *, origin=ORIGIN, host=HOST, cookie=None, more=()):
    """Do the handshake's check with these headers; None leaves a header out."""
    if cookie is None:
        cookie = f"csrftoken=abc; sessionid={client.cookies['sessionid'].value}"
    named = [(b"origin", origin), (b"host", host), (b"cookie", cookie)]
    headers = [(name, value.encode("latin-1")) for name, value in named if value is not None] + list(more)
    return async_to_sync(sockets.authenticate)({"type": "websocket", "headers": headers})


@pytest.fixture
def browser(somebody, origin):
    return somebody.log_in()


def test_the_own_page_opens_a_socket(browser, somebody):
    identity = ask(browser)
    assert identity is not None
    assert identity.person == somebody.person.id
    assert (identity.party, identity.family, identity.roles) == ("politie", "inhoud", ("participant",))
    assert identity.session == SignIn.objects.get().id


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "",
        "null",
        "https://evil.example",
        "https://tafel.example",
        "https://tafel.example:443",
        "https://tafel.example:8444",
        "http://tafel.example:8443",
        "https://tafel.example:8443.evil.example",
        "https://evil-tafel.example:8443",
        "https://sub.tafel.example:8443",
        "https://tafel.example:8443@evil.example",
        "https://tafel.example:8443/",
        "https://TAFEL.example:8443",
        "wss://tafel.example:8443",
        "file://",
        "https://tafel.example:8443 https://evil.example",
        "*",
    ],
)
def test_a_foreign_origin_opens_nothing(browser, forged):
    assert ask(browser, origin=forged) is None


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "",
        "evil.example",
        "tafel.example",
        "tafel.example:443",
        "tafel.example:8443.evil.example",
        "tafel.example.:8443",
        "tafel.example:8443,evil.example",
        "127.0.0.1:8443",
    ],
)
def test_a_foreign_host_opens_nothing(browser, forged):
    assert ask(browser, host=forged) is None


@pytest.mark.parametrize("name", [b"origin", b"Origin", b"host", b"cookie"])
def test_a_header_that_comes_twice_opens_nothing(browser, name):
    value = {b"host": HOST, b"cookie": "sessionid=x"}.get(name.lower(), ORIGIN)
    assert ask(browser, more=[(name, value.encode())]) is None


def test_two_session_cookies_open_nothing(browser):
    key = browser.cookies["sessionid"].value
    assert ask(browser, cookie=f"sessionid={key}; sessionid={key}") is None


@pytest.mark.parametrize("cookie", ["", "sessionid=", "sessionid=guess", "other=1", "sessionid", "=", "\xe9=1", ";;;"])
def test_without_the_right_cookie_nothing_opens(browser, cookie):
    assert ask(browser, cookie=cookie) is None


def test_half_a_login_opens_nothing(somebody, origin):
    client = somebody.client()
    somebody.password_step(client)
    assert ask(client) is None


def test_the_cookie_of_before_the_second_factor_opens_nothing(somebody, origin):
    client = somebody.client()
    somebody.password_step(client)
    half = client.cookies["sessionid"].value
    client.post("/login/code/", {"code": somebody.code()})
    assert ask(client, cookie=f"sessionid={half}") is None
    assert ask(client) is not None


def test_without_any_allowed_origin_nothing_opens(browser, settings):
    settings.ALLOWED_ORIGINS = []
    assert ask(browser) is None


def test_an_origin_with_the_usual_port_is_written_as_browsers_write_it(somebody, settings):
    settings.ALLOWED_ORIGINS = ["https://tafel.example:443"]
    client = somebody.log_in()
    assert ask(client, origin="https://tafel.example", host="tafel.example") is not None
    assert ask(client, origin="https://tafel.example", host="tafel.example:443") is not None
    assert ask(client, origin="https://tafel.example:443", host="tafel.example") is None


def test_origin_and_host_must_belong_together(somebody, settings):
    settings.ALLOWED_ORIGINS = ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
    client = somebody.log_in()
    assert ask(client, origin="http://127.0.0.1:8000", host="127.0.0.1:8000") is not None
    assert ask(client, origin="http://[::1]:8000", host="[::1]:8000") is not None
    assert ask(client, origin="http://localhost:8000", host="127.0.0.1:8000") is None


def living(client) -> bool:
    session = SignIn.objects.latest("started_at").id
    return sockets.alive([session]) == {session}


def test_logging_out_ends_its_own_sockets_and_no_others(somebody, origin):
    first, second = somebody.log_in(), somebody.log_in()
    ids = [ask(first).session, ask(second).session]
    cookie = f"sessionid={first.cookies['sessionid'].value}"
    assert sockets.alive(ids) == set(ids)
    first.post("/logout/")
    assert sockets.alive(ids) == {ids[1]}
    assert ask(first, cookie=cookie) is None
    assert ask(second) is not None


@pytest.mark.parametrize(
    "column", [{"started_at": timedelta(hours=12, seconds=1)}, {"last_seen_at": timedelta(hours=1, seconds=1)}]
)
def test_time_ends_an_open_socket(browser, column):
    assert living(browser)
    SignIn.objects.update(**{name: machine_now() - age for name, age in column.items()})
    assert not living(browser)
    assert ask(browser) is None


@pytest.mark.parametrize("column", ["started_at", "last_seen_at"])
def test_a_clock_that_ran_back_ends_a_session_instead_of_lengthening_it(browser, column):
    SignIn.objects.update(**{column: machine_now() + timedelta(hours=1)})
    assert not living(browser)


def test_frames_that_people_send_keep_a_long_meeting_open(browser):
    session = SignIn.objects.get()
    SignIn.objects.update(last_seen_at=machine_now() - timedelta(minutes=59))
    sockets.note_activity([session.id])
    session.refresh_from_db()
    assert machine_now() - session.last_seen_at < timedelta(seconds=10)


def test_activity_brings_no_ended_session_back(browser):
    session = SignIn.objects.get()
    SignIn.objects.update(last_seen_at=machine_now() - timedelta(minutes=61))
    sockets.note_activity([session.id])
    assert not living(browser)


def test_looking_whether_sessions_live_is_one_query_and_writes_nothing(browser, django_assert_num_queries):
    session = SignIn.objects.get().id
    with django_assert_num_queries(1):
        assert sockets.alive([session] * 3) == {session}
    with django_assert_num_queries(0):
        assert sockets.alive([]) == set()


@pytest.mark.parametrize("change", ["disable", "end_sessions", "invite", "reset_factor"])
def test_an_administrators_act_ends_all_sessions_at_once(somebody, administrator, browser, change):
    by = None
    assert living(browser)
    getattr(commands, change)(somebody.person.id, by=by, origin="cli")
    assert not SignIn.objects.filter(id__in=sockets.alive(list(SignIn.objects.values_list("id", flat=True)))).exists()
    assert ask(browser) is None


@pytest.mark.parametrize(
    ("column", "offset"), [("screened_until", -1), ("trained_on", 1), ("secrecy_on", 1), ("screened_until", None)]
)
def test_a_standing_that_is_lost_ends_an_open_socket(browser, somebody, column, offset):
    from conference import clock

    value = None if offset is None else clock.today() + timedelta(days=offset)
    type(somebody.person).objects.filter(id=somebody.person.id).update(**{column: value})
    assert not living(browser)
