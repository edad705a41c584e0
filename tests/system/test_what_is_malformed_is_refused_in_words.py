"""Broken worlds, covenants, settings and forms end in a stable code and a sentence, never in a traceback."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import Store
from tests.system.stage import Stage
from tests.world import tiny_world

CODE = re.compile(r"[a-z][a-z_]+")
FAR = "9999-12-31"

# What is wrong in the file: the place, the value, the code.
WORLDS: list[tuple[list[str | int], Any, str]] = [
    (["clock"], "9999-12-31T23:59:59+00:00", "bad_moment"),
    (["clock"], "morgen", "bad_moment"),
    (["people", 0, "username"], "x" * 5000, "world_malformed"),
    (["people", 0, "username"], "a\0b", "world_malformed"),
    (["people", 0, "totp_secret"], "geen base32!", "bad_secret"),
    (["people", 0, "screened_until"], "2027-02-30", "bad_moment"),
    (["people", 1, "id"], "vz", "id_twice"),
    (["cases", 0, "subjects", 0, "identity", "birth_date"], FAR, "bad_moment"),
    (["cases", 0, "items", 0, "text"], "{subject:t1}", "unknown_subject"),
    (["cases", 0, "consents", 0, "until"], FAR, "bad_moment"),
    (["cases", 0, "exceptions", 0, "until"], FAR, "bad_moment"),
    (["cases", 0, "exceptions", 0, "code"], 9, "world_malformed"),
    (["conferences", 0, "agenda", 1, "case"], "c9", "unknown_case"),
    (["conferences", 0, "agenda", 1, "actions", 0, "due"], FAR, "bad_moment"),
    (["nobody_knows_this"], 1, "world_malformed"),
]
BYTES = [b"", b"{", b"[" * 100_000, bytes(range(256)), b'{"clock": 1e999}']


def broken(place: list[str | int], value: Any) -> dict[str, Any]:
    world = tiny_world()
    part: Any = world
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return world


def refused(store: Store, *args: str, **options: Any) -> str:
    """Run a command that must be refused; return its code."""
    done = store.run(*args, "--json", **options)
    assert done.returncode == 2, (done.stdout, done.stderr)
    answer = json.loads(done.stdout)
    assert set(answer) == {"error", "message"}
    assert CODE.fullmatch(answer["error"])
    assert len(answer["message"].split()) > 3
    assert "Traceback" not in done.stdout + done.stderr
    return str(answer["error"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "value", "code"), WORLDS, ids=lambda value: str(value)[:40])
def test_a_broken_world_is_refused_with_its_code(
    place: list[str | int], value: Any, code: str, settings: Any, request: pytest.FixtureRequest
) -> None:
    from conference import clock
    from conference.world import WorldError, load
    from conference.world.shape import convert

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    before = clock._offset
    request.addfinalizer(lambda: clock.set_offset(before))
    with pytest.raises(WorldError) as found:
        load(convert(broken(place, value)))
    assert found.value.code == code
    assert len(found.value.message.split()) > 3


def test_seed_says_what_is_wrong_and_keeps_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    for data in BYTES:
        file.write_bytes(data)
        assert refused(store, "seed", str(file)) == "world_malformed"
    for place, value, code in WORLDS[:1] + WORLDS[9:10]:
        file.write_text(json.dumps(broken(place, value)))
        assert refused(store, "seed", str(file)) == code
    assert refused(store, "seed", str(tmp_path / "nowhere.json")) == "file_unreadable"
    file.write_text(json.dumps(tiny_world()))
    assert store.json("seed", str(file))["people"]


@pytest.mark.parametrize(
    "source", ["", "[]", "a: [", "covenant: {}", "a: &a [*a]", "\x00", "a: !!python/object:os.x {}"]
)
def test_a_broken_covenant_is_refused_with_its_place(store: Store, tmp_path: Path, source: str) -> None:
    file = tmp_path / "covenant.yaml"
    file.write_text(source)
    done = store.run("covenant", "check", str(file), "--json")
    assert done.returncode in {1, 2}, (done.stdout, done.stderr)
    assert CODE.fullmatch(json.loads(done.stdout)["error"])
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", "1"),
        ("database_url", "mysql://x"),
        ("origin", "ftp://x"),
        ("port", "many"),
        ("session_hours", "-1"),
    ],
)
def test_a_broken_setting_stops_the_start_by_name(store: Store, name: str, value: str) -> None:
    done = store.run("init", "--json", settings={name: value})
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert CODE.fullmatch(json.loads(done.stdout)["error"])
    assert f"CASUSTAFEL_{name.upper()}" in json.loads(done.stdout)["message"]
    assert "Traceback" not in done.stdout + done.stderr


# --- forms and addresses ----------------------------------------------------------------------

HOSTILE = ("\0", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "x" * 200_000, "{subject:x}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage.open(tmp_path_factory.mktemp("malformed") / "store") as opened:
        yield opened


def test_hostile_forms_are_answered_in_words_and_change_nothing(stage: Stage) -> None:
    case, subject = stage.ids["cases"]["c1"], stage.ids["subjects"]["s1"]
    forms = {
        "zc": [f"/cases/{case}/consent/{subject}/limit/", f"/cases/{case}/consent/{subject}/withdraw/"],
        "vz": ["/me/password/", f"/cases/{case}/items/"],
        "beh": ["/people/new/", f"/people/{stage.ids['people']['pol']}/"],
    }
    before = stage.rows("SELECT count(*) FROM consent_consentline"), stage.rows("SELECT count(*) FROM cases_item")
    for who, paths in forms.items():
        browser = stage.browser(who)
        token = {"csrfmiddlewaretoken": browser.http.cookies["csrftoken"]}
        names = ("party", "category", "ends", "text", "basis", "kind", "subject", "username", "name", "roles", "expect")
        for path in paths:
            for hostile in HOSTILE:
                answer = browser.http.post(
                    path, data=dict.fromkeys((*names, "current", "new", "once"), hostile) | token
                )
                assert answer.status_code < 500, (path, hostile[:5], answer.status_code)
    after = stage.rows("SELECT count(*) FROM consent_consentline"), stage.rows("SELECT count(*) FROM cases_item")
    assert after == before
    assert not [line for line in stage.servers[0].output if "Traceback" in line or '"uncaught"' in line]


def test_hostile_addresses_are_answered_in_words(stage: Stage) -> None:
    room = f"/conferences/{stage.conference}/"
    for path in (
        f"{room}decision-list?for=%00", f"{room}decision-list?for=politie&format=exe", "/covenant/?cell=%00/%ff",
        "/log/?period=9999-99&person=x&case=%00", "/cases/%00/", "/invite/%00/", "/login/?next=%00", "/%ff/",
        f"/api/v1{room}decision-list?for={'x' * 5000}", "/people/not-an-id/",
    ):  # fmt: skip
        for who in ("vz", "fg", "beh"):
            answer = stage.browser(who).get(path)
            assert answer.status_code < 500, (who, path, answer.status_code)
            assert "kanarie" not in answer.text or who == "vz"
