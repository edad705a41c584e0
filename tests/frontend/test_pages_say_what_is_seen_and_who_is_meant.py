"""The words: what somebody sees of a case, people in a text, days; as pure functions."""

from datetime import date
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from agenda.protocol import CategoryScope, Mention
from frontend import said, scope_text
from frontend.categories import ICONS, ORDER, in_order
from frontend.forms.consent import after_months

# Fixed: parallel workers must collect tests by the same names.
ONE = UUID("5f0c2f0e-5d0a-4b1e-9f0c-2a1d5c3e8b10")
TWO = UUID("7a1d3e2b-90c4-4f6a-8b5d-c1e2f3a4b5c6")
HANDLES = {"betrokkene 1": ONE, "betrokkene 12": TWO}


def scope(**levels: str) -> list[CategoryScope]:
    """`gez="none:consent_missing"`; a level alone is what the covenant gives."""
    found = []
    for category, told in levels.items():
        level, _, reason = told.partition(":")
        found.append(
            CategoryScope(category, level, reason or "covenant", own=False, readers=[], readers_with_consent=[])
        )
    return found


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ({"id": "identified"}, "Je ziet één soort gegevens met naam."),
        (
            {"id": "identified", "won": "identified", "pol": "pseudonymised"},
            "Je ziet twee soorten gegevens met naam en één met pseudoniem.",
        ),
        (
            {"id": "identified", "fin": "none:not_in_covenant", "gez": "none:not_in_covenant"},
            (
                "Je ziet één soort gegevens met naam; gezondheid en geld zie je niet, "
                "want het convenant geeft die niet aan jouw organisatie."
            ),
        ),
        (
            {"id": "pseudonymised", "adr": "none:not_in_covenant", "vbl": "none:consent_missing"},
            (
                "Je ziet één soort gegevens met pseudoniem; niet verblijfsrecht (daarvoor is nu geen toestemming) "
                "en geheim adres (staat niet in het convenant)."
            ),
        ),
        (
            {"bsn": "none:track_forbids", "pol": "none:track_forbids", "jus": "none:covenant_unread"},
            (
                "Je ziet van deze casus alleen wat je eigen organisatie inbracht; niet BSN en politie "
                "(horen niet bij dit spoor) en justitie (niet in deze fase)."
            ),
        ),
    ],
)
def test_the_sentence_speaks_of_covenant_and_register(levels: dict[str, str], sentence: str) -> None:
    with translation.override("nl"):
        assert scope_text.sentence(scope(**levels)) == sentence


def test_in_english_it_says_the_same() -> None:
    with translation.override("en"):
        text = scope_text.sentence(scope(id="identified", won="identified", gez="none:consent_missing"))
    assert text == "You see two kinds of data with names; not health (no consent for that now)."


def test_every_kind_has_its_line_in_the_fixed_order_with_an_outline() -> None:
    mixed = scope(prc="pseudonymised", gez="identified:consent", id="identified", adr="none:own_only", zzz="none:what")
    with translation.override("nl"):
        lines = scope_text.kinds(mixed)
    assert [line.icon for line in lines] == [ICONS[code] for code in ("id", "gez", "adr", "prc")] + ["circle"]
    assert [line.text for line in lines] == [
        "Met naam.",
        "Met naam, met toestemming.",
        "Alleen wat je eigen organisatie inbracht.",
        "Met pseudoniem.",
        "Niet in deze fase.",
    ]
    assert set(ICONS) == set(ORDER)


def test_who_will_read_an_own_text_is_said_with_what_consent_adds() -> None:
    def entry(readers: list[str], gated: list[str]) -> CategoryScope:
        return CategoryScope("gez", "identified", "covenant", own=True, readers=readers, readers_with_consent=gated)

    with translation.override("nl"):
        assert scope_text.readers_text(entry([], [])) == "alleen je eigen organisatie"
        assert scope_text.readers_text(entry(["kwintes"], [])) == "Kwintes"
        assert scope_text.readers_text(entry([], ["kwintes"])) == "alleen met toestemming: Kwintes"
        both = scope_text.readers_text(entry(["politie"], ["kwintes", "politie"]))
    assert both == "politie; met toestemming ook Kwintes"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@betrokkene 1 belt", f"{{subject:{ONE}}} belt"),
        ("bel @Betrokkene 1.", f"bel {{subject:{ONE}}}."),
        ("@betrokkene 12 en @betrokkene 1", f"{{subject:{TWO}}} en {{subject:{ONE}}}"),
        ("mail a@betrokkene 1", "mail a@betrokkene 1"),
        ("  niemand  ", "niemand"),
    ],
)
def test_a_handle_becomes_a_mention(typed: str, kept: str) -> None:
    assert said.to_kept(typed, HANDLES) == said.Written(kept, ())


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [("@betrokkene 3", ("@betrokkene 3",)), ("@betrokkene 123 ", ("@betrokkene 123",)), ("@ en @x", ("@", "@x"))],
)
def test_a_handle_of_nobody_is_named(typed: str, unknown: tuple[str, ...]) -> None:
    assert said.to_kept(typed, HANDLES).unknown == unknown


@given(st.text())
def test_no_typed_text_is_lost_or_breaks_anything(typed: str) -> None:
    written = said.to_kept(typed, HANDLES)
    back = written.text.replace(f"{{subject:{ONE}}}", "@betrokkene 1").replace(f"{{subject:{TWO}}}", "@betrokkene 12")
    assert back.casefold() == typed.strip().casefold()


@given(st.lists(st.text(), min_size=1, max_size=5), st.data())
def test_a_text_is_cut_at_its_mentions_whatever_signs_stand_around_them(parts: list[str], data: st.DataObject) -> None:
    text, mentions = "", []
    for part in parts:
        text += part
        start = len(text.encode("utf-16-le", "surrogatepass")) // 2
        text += "Noor"
        mentions.append(Mention(start, start + 4, data.draw(st.sampled_from([ONE, TWO])), True, "betrokkene 1", "P"))
    cut = said.segments(text, list(reversed(mentions)))
    assert "".join(one.text for one in cut) == text
    assert [one.text for one in cut if one.mention] == ["Noor"] * len(mentions)
    firsts = [one.mention.subject for one in cut if one.mention and one.first]
    assert len(firsts) == len(set(firsts)) == len({mention.subject for mention in mentions})


def test_a_mention_outside_its_text_is_left_out() -> None:
    beyond = Mention(2, 90, UUID(int=1), named=False, handle="betrokkene 1", pseudonym="P")
    assert said.segments("abc", [beyond]) == [said.Segment("abc")]


def test_a_pseudonym_is_read_out_in_six_symbols() -> None:
    assert said.short_pseudonym("qh7m 2xak-99") == "QH7M-2X"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 23), 6, date(2027, 5, 23)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert after_months(start, months) == end


def test_categories_stand_once_and_what_is_unknown_comes_last() -> None:
    assert in_order(["prc", "zzz", "gez", "id", "gez"]) == ["id", "gez", "prc", "zzz"]
