"""Configuration: typed, described, and refused by name when it cannot be used."""

import pytest

from conference.config import Config, ConfigError, load


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load({}) == Config()


def test_variables_of_others_are_not_read() -> None:
    assert load({"PATH": "/bin", "DJANGO_DEBUG": "1"}) == Config()


@pytest.mark.parametrize("name", ["CASUSTAFEL_DTA", "CASUSTAFEL_", "CASUSTAFEL_data", "CASUSTAFEL_DATA_FOLDER"])
def test_an_unknown_variable_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ConfigError, match=name) as caught:
        load({name: "x"})
    assert caught.value.code == "unknown_setting"
