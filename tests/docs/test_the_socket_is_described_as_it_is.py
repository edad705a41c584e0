"""docs/asyncapi.yaml: the committed description is that of the running protocol."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from agenda import asyncapi, protocol
from agenda.consumers import MALFORMED, TOO_FAST
from agenda.hub.member import NOT_ADMITTED, SESSION_ENDED, TOO_SLOW, Limits

COMMITTED = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in the document."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)


def resolve(reference: str) -> Any:
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_description_is_the_generated_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == asyncapi.text()


def test_every_reference_leads_somewhere() -> None:
    references = [node["$ref"] for node in nodes(DOCUMENT) if "$ref" in node]
    assert references
    for reference in references:
        assert isinstance(resolve(reference), dict)


@pytest.mark.parametrize("name", sorted(protocol.COMMANDS))
def test_every_command_is_a_message_with_its_arguments(name: str) -> None:
    messages = DOCUMENT["components"]["messages"].values()
    (found,) = [one for one in messages if one.get("name") == name]
    arguments = resolve(found["payload"]["properties"]["with"]["$ref"])
    assert set(arguments["properties"]) == set(protocol.COMMANDS[name].__struct_encode_fields__)
    assert arguments["additionalProperties"] is False


@pytest.mark.parametrize("name", sorted(protocol.OBJECTS))
def test_every_object_of_a_view_is_described_field_by_field(name: str) -> None:
    shape = protocol.OBJECTS[name]
    described = DOCUMENT["components"]["schemas"][shape.__name__]["properties"]
    assert set(described) == set(shape.__struct_encode_fields__)


def test_a_frame_of_the_server_has_the_described_fields() -> None:
    frame = msgspec.json.decode(msgspec.json.encode(protocol.Ping(now="2026-11-23T13:30:00+01:00")))
    described = DOCUMENT["components"]["schemas"]["Ping"]
    assert set(frame) == set(described["properties"])
    assert frame["type"] in described["properties"]["type"]["enum"]


def test_the_server_receives_commands_and_sends_views() -> None:
    operations = DOCUMENT["operations"]
    assert operations["receiveFrames"]["action"] == "receive"
    assert operations["sendFrames"]["action"] == "send"
    received = {one["$ref"].rsplit("/", 1)[1] for one in operations["receiveFrames"]["messages"]}
    sent = {one["$ref"].rsplit("/", 1)[1] for one in operations["sendFrames"]["messages"]}
    assert {"Hello", "Seen", "DecisionAdopt"} <= received
    assert {"Snapshot", "Change", "Ack", "Nack", "Presence", "Ping", "Notice"} == sent
    assert len(received) == 2 + len(protocol.COMMANDS)


@pytest.mark.parametrize("code", [MALFORMED, SESSION_ENDED, NOT_ADMITTED, TOO_SLOW, TOO_FAST])
def test_every_close_code_is_explained(code: int) -> None:
    assert str(code) in DOCUMENT["info"]["description"]


def test_the_described_limits_are_those_that_hold() -> None:
    limits = Limits()
    said = " ".join(DOCUMENT["info"]["description"].split())
    assert f"more than {limits.unseen_frames} unseen frames" in said
    assert f"unseen for {limits.unseen_seconds:.0f} s" in said
