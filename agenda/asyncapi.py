"""The live socket as an AsyncAPI 3 document: `python -m agenda.asyncapi > docs/asyncapi.yaml`.

Generated from `agenda.protocol` by way of msgspec's JSON Schema, so that the document
cannot promise other frames than the server reads and writes. Pure.
"""

import sys
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from agenda import protocol

SERVER_FRAMES = (protocol.Ack, protocol.Nack, protocol.Presence, protocol.Ping, protocol.Notice)

_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_CHANNEL = {"$ref": "#/channels/room"}

DESCRIPTION = """\
One socket per person and tab, at `/ws/conferences/<id>/`. JSON text frames only.

The client's first frame is `hello`; the answer is always a snapshot of all that this viewer
may see. After it, every change of the viewer's own view comes as a `change`. Applying all
changes to the snapshot gives exactly what a fresh snapshot would be. A change of rights may
come as a new snapshot. `cseq` is the socket's own: 1 in the first snapshot, then 1 more in
each snapshot and change. Nothing is sent when nothing changed for this viewer.

Close codes: 4400 malformed frame, 4401 session ended, 4403 no longer admitted, 4408 too slow
(more than 256 unseen frames, or the oldest unseen for 10 s), 4429 too fast (more than 20
commands a second on a socket). Without a full session, or for a conference that is not
yours or does not exist, the handshake is answered with 403, always the same bytes.
"""

_VIEW_KEY = "Keys are `<object>:<id>`; the object's name tells which body follows."


def document() -> dict[str, Any]:
    """Return the AsyncAPI 3.0.0 document as plain data."""
    received = {"Hello": _message("HelloFrame", "The first frame of a socket.")}
    received["Seen"] = _message("SeenFrame", "The highest `cseq` that the client has applied.")
    received |= {_title(name): _command(name) for name in protocol.COMMANDS}
    sent = {"Snapshot": _message("Snapshot", "The whole view.")}
    sent["Change"] = _message("Change", "What came or changed and what went.")
    sent |= {frame.__name__: _message(frame.__name__, _SAID[frame.__name__]) for frame in SERVER_FRAMES}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Casustafel live room",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "channels": {"room": _room([*received, *sent])},
        "operations": {
            "receiveFrames": _operation("receive", list(received)),
            "sendFrames": _operation("send", list(sent)),
        },
        "components": {"messages": received | sent, "schemas": _schemas()},
    }


_SAID: Mapping[str, str] = {
    "Ack": "The command was committed; `version` is the sender's own view of the object.",
    "Nack": "The command was refused; with `conflict`, `current` is the value in the sender's view.",
    "Presence": "Who is in the room; a person once, however many tabs.",
    "Ping": "A sign of life with the product's time.",
    "Notice": "A state of the server; `log_unavailable`: nothing is shown until the log is back.",
}


def _room(messages: list[str]) -> dict[str, Any]:
    return {
        "address": "/ws/conferences/{conference}/",
        "parameters": {"conference": {"description": "The conference's id (UUID)."}},
        "messages": {name: {"$ref": _MESSAGES + name} for name in messages},
    }


def _operation(action: str, messages: list[str]) -> dict[str, Any]:
    references = [{"$ref": f"#/channels/room/messages/{name}"} for name in messages]
    return {"action": action, "channel": _CHANNEL, "messages": references}


def _message(schema: str, summary: str) -> dict[str, Any]:
    return {"summary": summary, "payload": {"$ref": _SCHEMAS + schema}}


def _command(name: str) -> dict[str, Any]:
    """Return the message of a command: id, verb, the version it expects and its arguments."""
    properties = {
        "id": {"type": "string", "format": "uuid", "description": "A repeat gives the first answer."},
        "do": {"const": name},
        "expect": {"anyOf": [{"type": "string", "maxLength": 64}, {"type": "null"}], "default": None},
        "with": {"$ref": _SCHEMAS + protocol.COMMANDS[name].__name__},
    }
    payload = {
        "type": "object",
        "properties": properties,
        "required": ["id", "do", "with"],
        "additionalProperties": False,
    }
    return {"name": name, "summary": f"The command {name}.", "payload": payload}


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace(".", "_").split("_"))


def _schemas() -> dict[str, Any]:
    arguments = list(dict.fromkeys(protocol.COMMANDS.values()))
    frames = [protocol.HelloFrame, protocol.SeenFrame, *SERVER_FRAMES]
    shapes = [*protocol.OBJECTS.values(), *arguments, *frames]
    _, components = msgspec.json.schema_components(shapes, ref_template=_SCHEMAS + "{name}")
    return {"Snapshot": _snapshot(), "Change": _change(), **components}


def _bodies() -> dict[str, Any]:
    bodies = [{"$ref": _SCHEMAS + shape.__name__} for shape in protocol.OBJECTS.values()]
    keys = "|".join(protocol.OBJECTS)
    return {
        "type": "object",
        "description": _VIEW_KEY,
        "propertyNames": {"pattern": f"^({keys}):[0-9a-f-]{{36}}$"},
        "additionalProperties": {"anyOf": bodies},
    }


def _snapshot() -> dict[str, Any]:
    return _numbered("snapshot", {"view": _bodies()})


def _change() -> dict[str, Any]:
    gone = {"type": "array", "items": {"type": "string"}}
    return _numbered("change", {"put": _bodies(), "gone": gone})


def _numbered(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    cseq = {"type": "integer", "minimum": 1}
    properties = {"type": {"const": kind}, "cseq": cseq, **fields}
    return {"type": "object", "properties": properties, "required": list(properties)}


def text() -> str:
    """Return the document as YAML; the same protocol gives the same text."""
    return yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


class _Plain(yaml.SafeDumper):
    """Writes every value out, without anchors, and long texts as blocks, as people read them."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Plain.add_representer(str, _string)


if __name__ == "__main__":
    sys.stdout.write(text())
