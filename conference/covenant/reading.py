"""A covenant file's text as plain data with line numbers: strict YAML, strings only. Pure.

Nothing is guessed from how a scalar looks: version 1.10 stays "1.10", the key `on` stays
"on". Only null, true and false have a meaning of their own.
"""

from typing import Any

import yaml

from conference.covenant.trouble import CovenantError, Place

MAX_CHARACTERS = 500_000
_NULLS = frozenset({"", "~", "null"})
_TRUTHS = {"true": True, "false": False}
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)

Lines = dict[Place, int]


class _Composer(yaml.SafeLoader):
    """Composes nodes only; refuses aliases, with which a small file can unfold into a huge one."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise CovenantError("alias", (), "an alias (*) is not allowed", self.line + 1)
        return super().compose_node(parent, index)


def read(text: str) -> tuple[Any, Lines]:
    """Return (plain data, line of each place). Raises CovenantError("bad_yaml" | "duplicate_key" | ...)."""
    if len(text) > MAX_CHARACTERS:
        raise CovenantError("too_large", (), f"the file is longer than {MAX_CHARACTERS} characters")
    lines: Lines = {}
    try:
        node = yaml.compose(text, Loader=_Composer)
        return (_plain(node, (), lines) if node else None), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise CovenantError("bad_yaml", (), error.problem or "the file is not YAML", line) from None
    except yaml.YAMLError:
        raise CovenantError("bad_yaml", (), "the file holds a character that YAML does not allow") from None
    except RecursionError:
        raise CovenantError("bad_yaml", (), "the file is nested too deeply") from None


def _plain(node: yaml.Node, place: Place, lines: Lines) -> Any:
    lines[place] = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        raise CovenantError("bad_yaml", place, "a type tag is not allowed", lines[place])
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, str(index)), lines) for index, child in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(node: yaml.MappingNode, place: Place, lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise CovenantError("bad_key", place, "a key must be a word", line)
        key = key_node.value
        if key in found:
            raise CovenantError("duplicate_key", (*place, key), "this key stands here twice", line)
        found[key] = _plain(value_node, (*place, key), lines)
    return found


def _scalar(node: yaml.ScalarNode) -> str | bool | None:
    value = str(node.value)
    if node.style is not None:  # quoted: always a word
        return value
    if value.lower() in _NULLS:
        return None
    return _TRUTHS.get(value.lower(), value)
