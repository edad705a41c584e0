"""Templates and texts: nothing inline, nothing unescaped, and a Dutch text for every English one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from frontend.locale_build import Key, collect
from tests.architecture.tree import ROOMS, of_kind, python, text

SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[,\su]|count)+)\)"
)
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TEMPLATES = [path for path in of_kind(".html", under=ROOMS) if "templates" in path.parts]


def in_python() -> Iterator[tuple[Key, str]]:
    for path, tree in python(under=ROOMS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (key := _key(node)):
                yield key, f"{path}:{node.lineno}"


def _key(call: ast.Call) -> Key | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in SINGLE and len(texts) == 1:
        return Key(texts[0])
    if name in PLURAL and len(texts) >= 2:
        return Key(texts[0], texts[1])
    if name in CONTEXT and len(texts) == 2:
        return Key(texts[1], context=texts[0])
    return None


def in_templates() -> Iterator[tuple[Key, str]]:
    for path in TEMPLATES:
        for name, arguments in CALL.findall(templatize(text(path))):
            texts = [
                ast.literal_eval(part) for part in re.findall(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", arguments)
            ]
            if name in {"_", "gettext"}:
                yield Key(texts[0]), str(path)
            elif name == "ngettext":
                yield Key(texts[0], texts[1]), str(path)
            elif name == "pgettext":
                yield Key(texts[1], context=texts[0]), str(path)


def test_every_text_of_the_screen_has_its_dutch() -> None:
    # By text alone: a module may bind its context once (`_ = partial(pgettext_lazy, "log")`).
    known = {(key.text, key.plural) for key in collect()}
    found = (*in_python(), *in_templates())
    missing = {f"{where}: {key.text!r}" for key, where in found if (key.text, key.plural) not in known}
    assert sorted(missing) == []


def test_every_translation_keeps_the_places_of_its_text() -> None:
    wrong = [
        key.text
        for key, dutch in collect().items()
        for index, translated in enumerate(dutch)
        if set(PLACE.findall(translated)) != set(PLACE.findall(key.plural if index else key.text))
        and set(PLACE.findall(translated)) != set(PLACE.findall(key.plural or key.text))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_has_nothing_inline_and_nothing_unescaped(path: Path) -> None:
    content = text(path)
    assert not re.search(r"<script(?![^>]*\bsrc=)", content), "an inline script would not run"
    assert not re.search(r"""\sstyle=|\son[a-z]+\s*=|javascript:|<style|<base\b""", content)
    assert not re.search(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq", content)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", content), "nothing is loaded from elsewhere"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_form_that_changes_something_has_its_token(path: Path) -> None:
    forms = re.findall(
        r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", text(path), flags=re.DOTALL | re.IGNORECASE
    )
    assert [form[:80] for form in forms if "csrf_token" not in form] == []


def test_no_view_declares_its_own_text_safe() -> None:
    # mark_safe is refused by ruff (S308) unless a reason stands beside it.
    told = [
        str(path) for path in of_kind(".py", under=ROOMS) if re.search(r"csrf_exempt|__html__|SafeString\(", text(path))
    ]
    assert told == []
