"""A document of ours with every term and address written out, as JSON-LD's expansion gives it. Pure.

Only what our documents use: a context of prefixes, nodes, typed and plain values. The tests compare it with
a whole implementation of JSON-LD; the product needs no more than this, and asks nothing of any network.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]

_ADDRESSES = frozenset({"@id", "@type"})


def expand(document: Mapping[str, Any]) -> list[Node]:
    """Return the expanded form of a document with a context of prefixes only.

    Raises KeyError for a prefix that the context does not name, ValueError or TypeError for anything but our forms.
    """
    prefixes = document["@context"]
    return [_node({key: value for key, value in document.items() if key != "@context"}, prefixes)]


def full(name: str, prefixes: Mapping[str, str]) -> str:
    """Return an address in full; `prefix:rest` is written out, an absolute `urn:` stays as it is."""
    prefix, colon, rest = name.partition(":")
    if not colon:
        raise ValueError("neither an address nor a term")
    return name if prefix == "urn" else prefixes[prefix] + rest


def _node(node: Mapping[str, Any], prefixes: Mapping[str, str]) -> Node:
    found: Node = {}
    for key, value in node.items():
        if key == "@id":
            found[key] = full(value, prefixes)
        elif key == "@type":
            found[key] = [full(kind, prefixes) for kind in _many(value)]
        elif key.startswith("@"):
            raise ValueError("a keyword that our documents do not use")
        else:
            found[full(key, prefixes)] = [_value(child, prefixes) for child in _many(value)]
    return found


def _value(value: Any, prefixes: Mapping[str, str]) -> Node:
    if isinstance(value, str | bool):
        return {"@value": value}
    if not isinstance(value, Mapping):
        raise TypeError("neither a text, a yes or no, nor a node")
    if "@value" in value:
        return {"@value": value["@value"], "@type": full(value["@type"], prefixes)}
    return _node(value, prefixes)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
