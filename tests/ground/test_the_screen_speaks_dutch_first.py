"""Language: Dutch unless somebody chose English; every text has its Dutch."""

import gettext
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from frontend import locale_build
from frontend.locale_build import Key, LocaleError, as_mo, as_po, collect, read

pytestmark = pytest.mark.django_db
CATALOGUE = {
    Key("One"): ("Een",),
    Key("%(n)s case", "%(n)s cases"): ("%(n)s casus", "%(n)s casussen"),
    Key("Close", context="door"): ("Sluiten",),
    Key('Say "so"\n\\'): ('Zeg "zo"\n\\ é €',),
}


@pytest.mark.parametrize("header", [{}, {"accept-language": "en-GB,en"}, {"accept-language": "fr"}])
def test_a_browsers_own_language_decides_nothing(client: Client, header: dict[str, str]) -> None:
    answer = client.get("/nothing/", headers=header)
    assert answer.headers["Content-Language"] == "nl"
    assert "Deze pagina is er niet" in answer.content.decode()
    assert '<html lang="nl"' in answer.content.decode()


def test_who_chooses_english_gets_english(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/login/"})
    assert answer.headers["Location"] == "/login/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["httponly"]
    assert "This page is not there" in client.get("/nothing/").content.decode()


@pytest.mark.parametrize("value", ["de", "xx", "nl\r\nX: y", "en" * 500, "../en"])
def test_a_language_that_we_do_not_speak_is_dutch(client: Client, value: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    assert client.get("/nothing/").headers["Content-Language"] == "nl"


def test_a_chosen_language_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer.headers["Location"]


def test_what_is_committed_is_what_the_parts_build_to() -> None:
    folder = locale_build.LOCALE / "LC_MESSAGES"
    catalogue = collect()
    hint = "run: python -m frontend.locale_build"
    assert (folder / "django.po").read_text("utf-8") == as_po(catalogue), hint
    assert (folder / "django.mo").read_bytes() == as_mo(catalogue), hint


def test_pythons_gettext_reads_what_we_build() -> None:
    dutch = gettext.GNUTranslations(io.BytesIO(as_mo(CATALOGUE)))
    assert dutch.gettext("One") == "Een"
    assert dutch.gettext('Say "so"\n\\') == 'Zeg "zo"\n\\ é €'
    assert [dutch.ngettext("%(n)s case", "%(n)s cases", n) for n in (0, 1, 2)] == [
        "%(n)s casussen",
        "%(n)s casus",
        "%(n)s casussen",
    ]
    assert dutch.pgettext("door", "Close") == "Sluiten"
    assert dutch.gettext("Unknown") == "Unknown"


def test_a_written_catalogue_is_read_back_unchanged() -> None:
    assert read(as_po(CATALOGUE)) == CATALOGUE


def test_long_texts_may_stand_on_several_lines() -> None:
    text = '# a remark\nmsgid ""\n"One "\n"two"\nmsgstr ""\n"Een "\n"twee"\n'
    assert read(text) == {Key("One two"): ("Een twee",)}


@pytest.mark.parametrize(
    "text",
    [
        'msgid "One"\nmsgstr ""\n',
        'msgid "One"\n',
        'msgid "One"\nmsgid_plural "Ones"\nmsgstr[0] "Een"\n',
        'msgid "One"\nmsgstr "Een"\n\nmsgid "One"\nmsgstr "Eentje"\n',
        'msgid One\nmsgstr "Een"\n',
        'msgid "One\nmsgstr "Een"\n',
        'mzgid "One"\nmsgstr "Een"\n',
        '"One"\n',
    ],
    ids=["empty", "missing", "no plural", "two", "unquoted", "open quote", "unknown word", "no word"],
)
def test_a_broken_part_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(LocaleError, match=r"^part\.po:\d+: "):
        read(text, "part.po")


def test_two_parts_may_not_translate_a_text_differently(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "a.po").write_text('msgid "One"\nmsgstr "Een"\n')
    (parts / "b.po").write_text('msgid "One"\nmsgstr "Eén"\n')
    with pytest.raises(LocaleError, match=r"^b\.po: "):
        collect(tmp_path)
