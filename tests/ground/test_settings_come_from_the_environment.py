"""Configuration: typed, described, and refused by name when it cannot be used."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.config import PREFIX, Config, ConfigError, load, table

ROOT = Path(__file__).resolve().parent.parent.parent
BEGIN = "<!-- settings: written by `python -m conference.config` -->\n"
END = "<!-- end of settings -->"


def refused(**settings: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load({PREFIX + name.upper(): value for name, value in settings.items()})
    return caught.value


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load({}) == Config()


def test_variables_of_others_are_not_read() -> None:
    assert load({"PATH": "/bin", "DJANGO_DEBUG": "1", "casustafel_port": "1"}) == Config()


def test_each_variable_is_taken_over_with_its_type() -> None:
    config = load(
        {
            "CASUSTAFEL_DATA": "/srv/store",
            "CASUSTAFEL_PORT": "0",
            "CASUSTAFEL_IDLE_MINUTES": "30",
            "CASUSTAFEL_ORIGIN": "https://tafel.example.org",
            "CASUSTAFEL_LOG_LEVEL": "debug",
        }
    )
    assert (config.data, config.port, config.idle_minutes, config.log_level) == ("/srv/store", 0, 30, "debug")
    assert config.https
    assert config.keys_folder == Path("/srv/store/keys")


def test_keys_may_lie_elsewhere() -> None:
    assert load({"CASUSTAFEL_DATA": "/a", "CASUSTAFEL_KEYS": "/b"}).keys_folder == Path("/b")


@pytest.mark.parametrize("name", ["CASUSTAFEL_DTA", "CASUSTAFEL_", "CASUSTAFEL_data", "CASUSTAFEL_DATA_FOLDER"])
def test_an_unknown_variable_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ConfigError, match=name) as caught:
        load({name: "x"})
    assert caught.value.code == "unknown_setting"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", ""),
        ("idle_minutes", "perhaps"),
        ("data", ""),
        ("data", "a\nb"),
        ("data", "a\x00b"),
        ("log_level", "loud"),
        ("session_hours", "13"),
        ("session_hours", "0"),
        ("idle_minutes", "61"),
        ("proxies", "6"),
        ("origin", "example.org"),
        ("origin", "https://example.org/"),
        ("origin", "https://example.org/path"),
        ("origin", "https://user@example.org"),
        ("origin", "https://example.org:port"),
        ("origin", "https://*.example.org"),
        ("origin", "https://"),
        ("origin", "ftp://example.org"),
        ("origin", "https://example.org:0"),
        ("database_url", "sqlite:///x"),
        ("database_url", "postgresql://host"),
        ("database_url", "postgresql://host:port/name"),
        ("database_url", "mysql://host/name"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(name: str, value: str) -> None:
    error = refused(**{name: value})
    assert error.code == "bad_setting"
    assert PREFIX + name.upper() in str(error)


def test_a_refusal_does_not_repeat_the_value() -> None:
    assert "hunter2" not in str(refused(database_url="mysql://u:hunter2@host/name"))
    assert "hunter2" not in str(refused(log_level="hunter2"))


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "https://tafel.example.org", "http://[::1]:80", "https://a-b.example.org:8443"]
)
def test_an_origin_is_scheme_host_and_port(origin: str) -> None:
    assert load({"CASUSTAFEL_ORIGIN": origin}).origin == origin


@pytest.mark.parametrize(
    "url", ["postgresql://u:p%40@db.example.org:5432/name", "postgres://u@/name?host=/run/postgresql"]
)
def test_a_database_may_be_named_by_address_or_by_socket(url: str) -> None:
    assert load({"CASUSTAFEL_DATABASE_URL": url}).postgres


@given(st.sampled_from([f.upper() for f in Config.__struct_fields__]), st.text(max_size=40))
def test_any_text_is_either_used_or_refused_with_a_code(name: str, value: str) -> None:
    try:
        code = "used" if load({PREFIX + name: value}) else ""
    except ConfigError as error:
        code = error.code
    assert code in {"used", "bad_setting"}


def test_the_readme_has_the_table_of_the_settings() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.split(BEGIN)[1].split(END)[0] == table()


def test_the_table_has_one_row_for_each_setting_and_is_what_the_module_prints() -> None:
    assert len(table().splitlines()) == 2 + len(Config.__struct_fields__)
    printed = subprocess.run(
        [sys.executable, "-m", "conference.config"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout == table()
