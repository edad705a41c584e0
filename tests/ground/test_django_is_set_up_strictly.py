"""Django's settings: what differs with https, what signs, and which database they name."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent


def in_a_process(code: str, **ours: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new Python with these CASUSTAFEL_ settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CASUSTAFEL_", "DJANGO_"))}
    environ = plain | {"DJANGO_SETTINGS_MODULE": "conference.settings", "PYTHONPATH": str(ROOT)}
    environ |= {f"CASUSTAFEL_{name.upper()}": value for name, value in ours.items()}
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)


def setting(*names: str, **ours: str) -> Any:
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
    done = in_a_process(code, **ours)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_django_refuses_to_sign_before_the_root_key_is_open() -> None:
    done = in_a_process("from django.core.signing import dumps; dumps('x')")
    assert done.returncode == 1
    assert ImproperlyConfigured.__name__ in done.stderr
    assert "SECRET_KEY" in done.stderr


def test_the_signing_key_comes_from_the_root_key() -> None:
    from conference import crypto

    assert settings.SECRET_KEY.startswith(crypto.ring().derive("zvh/v1/django").hex())
    assert len(settings.SECRET_KEY) == 128


def test_with_https_cookies_are_secure_and_browsers_are_told_to_stay() -> None:
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "ALLOWED_HOSTS",
    )
    assert setting(*names, origin="https://tafel.example.org:8443") == [
        True,
        True,
        True,
        31536000,
        ["tafel.example.org"],
    ]
    assert setting(*names, origin="http://127.0.0.1:8000") == [False, False, False, 0, ["127.0.0.1"]]


def test_without_an_origin_only_this_machine_is_served() -> None:
    assert setting("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS") == [["127.0.0.1", "localhost", "[::1]"], []]


def test_forms_are_trusted_from_the_origin_only() -> None:
    assert setting("CSRF_TRUSTED_ORIGINS", origin="https://t.example.org") == [["https://t.example.org"]]


def test_cookies_are_out_of_reach_of_scripts() -> None:
    names = ("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
    assert setting(*names) == [True, True, "Lax", "Strict"]


def test_a_login_ends_after_the_hours_that_are_set() -> None:
    assert setting("SESSION_COOKIE_AGE", session_hours="2") == [7200]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://u:p%40ss@db:5433/n%20m", ("n m", "u", "p@ss", "db", "5433")),
        ("postgresql://u@/n?host=/run/pg", ("n", "u", "", "/run/pg", "")),
        ("postgres:///n?host=%2Frun%2Fpg&user=u", ("n", "u", "", "/run/pg", "")),
    ],
)
def test_a_postgresql_url_is_read_as_libpq_reads_it(url: str, wanted: tuple[str, ...]) -> None:
    (databases,) = setting("DATABASES", database_url=url)
    database = databases["default"]
    assert tuple(database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == wanted


def test_tls_to_the_database_can_be_asked_for() -> None:
    (databases,) = setting("DATABASES", database_url="postgresql://u@db/n?sslmode=verify-full&unknown=1")
    options = databases["default"]["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert "unknown" not in options


def test_djangos_own_check_for_deployment_finds_nothing() -> None:
    code = (
        "import django; from django.conf import settings; django.setup();"
        "settings.SECRET_KEY = 'k9' * 16 + 'abcdefghij' * 4;"
        "from django.core.management import call_command;"
        "call_command('check', '--deploy', '--fail-level=WARNING')"
    )
    done = in_a_process(code, origin="https://tafel.example.org")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


@pytest.mark.django_db
def test_the_database_syncs_every_commit_and_guards_its_triggers() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        return
    values = {}
    with connection.cursor() as cursor:
        for pragma in ("journal_mode", "synchronous", "recursive_triggers", "foreign_keys"):
            values[pragma] = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
    assert values == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "foreign_keys": 1}
