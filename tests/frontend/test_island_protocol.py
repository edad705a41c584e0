"""The island is type-checked against the very protocol that the server speaks."""

from pathlib import Path

from agenda import protocol, schema

ISLAND = Path(__file__).resolve().parents[2] / "frontend" / "island"


def test_the_committed_types_are_those_of_the_protocol() -> None:
    assert (ISLAND / "protocol.ts").read_text(encoding="utf-8") == schema.typescript()


def test_every_object_and_every_command_has_a_type() -> None:
    text = schema.typescript()
    for shape in [*protocol.OBJECTS.values(), *protocol.COMMANDS.values()]:
        assert f"export interface {shape.__name__} {{" in text
    for name in [*protocol.OBJECTS, *protocol.COMMANDS]:
        assert f'  "{name}": ' in text


def test_a_field_with_a_default_may_be_left_out_and_others_may_not() -> None:
    text = schema.typescript()
    assert "  agenda_item: Uuid;" in text
    assert "  category?: string;" in text


def test_what_may_be_null_says_so() -> None:
    assert "  title: string | null;" in schema.typescript()


def test_a_closed_list_of_words_is_a_union() -> None:
    assert '  level: "identified" | "pseudonymised";' in schema.typescript()
