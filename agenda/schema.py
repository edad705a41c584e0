"""The live protocol as TypeScript: `python -m agenda.schema > frontend/island/protocol.ts`.

Generated from `agenda.protocol` by way of msgspec's JSON Schema, so that the island's
type check fails when the protocol changes under it. Pure.
"""

import sys
from collections.abc import Mapping
from typing import Any

import msgspec

from agenda import protocol

HEAD = """\
// Generated from agenda/protocol.py by `python -m agenda.schema`; do not edit by hand.

export type Uuid = string;
"""

TAIL = """\
export type Key = `${keyof Bodies}:${Uuid}`;

/** The whole view, on connecting and whenever rights changed. */
export interface Snapshot {
  type: "snapshot";
  cseq: number;
  view: Record<string, Body>;
}

/** What came or changed (`put`) and what went (`gone`) in this viewer's own view. */
export interface Change {
  type: "change";
  cseq: number;
  put: Record<string, Body>;
  gone: string[];
}

export type Body = Bodies[keyof Bodies];
export type ServerFrame = Snapshot | Change | Ack | Nack | Presence | Ping | Notice;
"""

SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
SERVER_FRAMES = [protocol.Ack, protocol.Nack, protocol.Presence, protocol.Ping, protocol.Notice]


def typescript() -> str:
    """Return the protocol's types as the text of a TypeScript module."""
    arguments = list(dict.fromkeys(protocol.COMMANDS.values()))
    shapes = [*protocol.OBJECTS.values(), *arguments, *SERVER_FRAMES]
    _, components = msgspec.json.schema_components(shapes, ref_template="{name}")
    parts = [HEAD]
    parts += [_interface(name, schema) for name, schema in components.items()]
    parts.append(_index("Bodies", {name: shape.__name__ for name, shape in protocol.OBJECTS.items()}))
    parts.append(_index("Commands", {name: shape.__name__ for name, shape in protocol.COMMANDS.items()}))
    parts.append(TAIL)
    return "\n".join(parts)


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    """One struct as an interface; a field with a default may be left out."""
    required = set(schema.get("required", ()))
    lines = [
        f"  {field}{'' if field in required else '?'}: {_type(shape)};"
        for field, shape in schema.get("properties", {}).items()
    ]
    return "\n".join([f"export interface {name} {{", *lines, "}", ""])


def _type(shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"])
    if "anyOf" in shape:
        return " | ".join(_type(one) for one in shape["anyOf"])
    if "enum" in shape:
        return " | ".join(f'"{value}"' for value in shape["enum"])
    if shape.get("type") == "array":
        inner = _type(shape["items"])
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if shape.get("format") == "uuid":
        return "Uuid"
    return SCALARS.get(str(shape.get("type")), "unknown")


def _index(name: str, entries: Mapping[str, str]) -> str:
    lines = [f'  "{key}": {value};' for key, value in entries.items()]
    return "\n".join([f"export interface {name} {{", *lines, "}", ""])


if __name__ == "__main__":
    sys.stdout.write(typescript())
