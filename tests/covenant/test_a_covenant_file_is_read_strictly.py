"""The file: what is accepted, and every way in which one is refused, with its place."""

from datetime import UTC, date, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conference.covenant import example, matrix
from conference.covenant.file import CovenantError, parse
from tests.covenant import builders as b


def refused(data):
    with pytest.raises(CovenantError) as caught:
        parse(data)
    return caught.value.code, caught.value.place


def changed(*path, to):
    """The example with one place set to something else."""
    data = b.raw()
    spot = data
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = to
    return data


def without(*path):
    data = b.raw()
    spot = data
    for key in path[:-1]:
        spot = spot[key]
    del spot[path[-1]]
    return data


def test_the_shipped_example_is_a_covenant_and_active():
    covenant = example.covenant()
    assert covenant.is_active(b.NOW)
    assert covenant.process == "zvh_procesregie"
    assert {"politie", "veilig_thuis", "gi", "comensha"} <= set(covenant.parties)
    assert len(matrix.cells(covenant)) == len(covenant.parties) * 14 * 5


def test_text_and_plain_data_give_the_same_covenant():
    from_text, from_data = parse(example.text()), parse(yaml.safe_load(example.text()))
    assert matrix.cells(from_text) == matrix.cells(from_data)
    assert from_text.source == from_data.source


def test_json_text_is_read_too():
    import json

    assert matrix.cells(parse(json.dumps(b.raw()))) == matrix.cells(b.covenant())


def test_unread_bases_keep_their_mark():
    assert [category.code for category in b.covenant().categories.values() if category.unread] == ["pol", "jus"]


def test_a_missing_row_is_five_dashes():
    assert b.covenant().parties["kwintes"].cells["pol"] == "-----"


def test_a_party_whose_check_is_open_has_no_cells_at_all():
    woman = b.covenant().parties["pretty_woman"]
    assert woman.check == "opdracht"
    assert not woman.checked
    assert set(woman.cells.values()) == {"-----"}
    assert b.covenant().parties["kwintes"].checked


@pytest.mark.parametrize("key", ["covenant", "phases", "codes", "never", "categories", "parties"])
def test_every_part_is_needed(key):
    assert refused(without(key)) == ("missing_key", key)


@pytest.mark.parametrize("key", ["id", "version", "valid_from", "approved_by"])
def test_every_part_of_the_header_is_needed(key):
    assert refused(without("covenant", key)) == ("missing_key", f"covenant.{key}")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("extra",), "x", "unknown_key"),
        (("covenant", "extra"), "x", "unknown_key"),
        (("codes", "x"), "x", "unknown_key"),
        (("categories", "pol", "extra"), "x", "unknown_key"),
        (("parties", "politie", "extra"), "x", "unknown_key"),
        (("parties", "politie", "xyz"), "opIII", "unknown_key"),
        (("parties", "kwintes", "checked", "extra"), "x", "unknown_key"),
        (("covenant", "id"), "Met Spaties", "bad_id"),
        (("covenant", "id"), "", "bad_type"),
        (("covenant", "version"), None, "bad_type"),
        (("covenant", "version"), "1\n2", "bad_type"),
        (("covenant", "version"), "x" * 501, "bad_type"),
        (("covenant", "valid_from"), "1 januari", "bad_date"),
        (("covenant", "valid_from"), "2026-02-30", "bad_date"),
        (("covenant", "valid_from"), "20260101", "bad_date"),
        (("covenant", "valid_from"), "0001-01-01", "bad_date"),
        (("covenant", "valid_from"), ["2026-01-01"], "bad_date"),
        (("covenant", "valid_until"), "2025-12-31", "bad_date"),
        (("covenant", "approved_by"), "politie", "bad_type"),
        (("phases",), ["triage"], "bad_phases"),
        (("phases",), ["triage", "aanmelding", "verrijking", "overleg", "uitvoering"], "bad_phases"),
        (("never",), "x", "bad_type"),
        (("categories",), {}, "bad_type"),
        (("categories",), [], "bad_type"),
        (("categories", "ABC"), {"nl": "x", "basis": "x"}, "bad_id"),
        (("categories", "art"), {"nl": "x", "basis": "x"}, "bad_id"),
        (("parties",), {}, "bad_type"),
        (("parties", "Hoofdletter"), {"class": "P"}, "bad_id"),
        (("parties", "politie", "class"), "X", "bad_class"),
        (("parties", "politie", "class"), ["P"], "bad_class"),
        (("parties", "politie", "process"), "true", "bad_type"),
        (("parties", "politie", "secrecy"), "", "bad_type"),
        (("parties", "rvdk", "only_if"), "adult", "bad_condition"),
        (("parties", "kwintes", "checked", "on"), "ooit", "bad_date"),
        (("parties", "kwintes", "checked", "by"), "ggz", "bad_confirmer"),
        (("parties", "kwintes", "checked", "by"), "niemand", "bad_confirmer"),
        (("parties", "kwintes", "checked", "by"), None, "bad_confirmer"),
        (("parties", "politie", "pol"), "opII", "wrong_length"),
        (("parties", "politie", "pol"), "opIIII", "wrong_length"),
        (("parties", "politie", "pol"), "opIIx", "unknown_code"),
        (("parties", "politie", "pol"), None, "bad_type"),
        (("parties", "comensha", "id"), "----p", "class_d_handover"),
        (("parties", "comensha", "id"), "----o", "class_d_handover"),
        (("parties", "vng_ministerie", "id"), "----v", "class_z_empty"),
        (("parties", "politie", "id"), "----v", "handover_class"),
        (("parties", "kwintes", "id"), "-pIII", "class_q_triage"),
        (("parties", "politie", "gez"), "----p", "consent_only"),
        (("parties", "politie", "adr"), "----I", "consent_only"),
        (("parties", "politie", "vbl"), "----I", "consent_only"),
        (("parties", "kwintes", "bsn"), "----I", "bsn_receiver"),
        (("parties", "kwintes", "bsn"), "o----", "bsn_receiver"),
        (("parties", "comensha", "bsn"), "----v", "bsn_receiver"),
        (("parties", "veilig_thuis", "pol"), "----I", "class_q_police_data"),
        (("parties", "ggz", "jus"), "---I-", "class_q_police_data"),
    ],
)
def test_a_broken_place_is_refused_and_named(path, value, code):
    assert refused(changed(*path, to=value)) == (code, ".".join(path))


def test_a_letter_of_a_party_that_is_not_yet_confirmed_must_be_right_too():
    broken = changed("parties", "pretty_woman", "bsn", to="----I")
    assert refused(broken) == ("bsn_receiver", "parties.pretty_woman.bsn")


def test_there_is_nothing_to_confirm_without_a_check():
    broken = changed("parties", "politie", "checked", to={"by": "om", "on": "2026-01-01"})
    assert refused(broken) == ("checked_without_check", "parties.politie.checked")


@pytest.mark.parametrize("also", ["politie", "kwintes", "comensha"])
def test_there_is_exactly_one_process_party(also):
    assert refused(changed("parties", also, "process", to=True)) == ("process_party", "parties")


def test_there_is_no_covenant_without_a_process_party():
    assert refused(without("parties", "zvh_procesregie", "process")) == ("process_party", "parties")


def test_the_process_party_is_of_class_p():
    data = without("parties", "zvh_procesregie", "process")
    data["parties"]["kwintes"]["process"] = True
    assert refused(data) == ("process_party", "parties.kwintes")


@pytest.mark.parametrize("category", ["religie", "etniciteit"])
def test_a_category_that_no_covenant_may_contain_is_refused(category):
    data = changed("never", to=[])
    data["categories"][category] = {"nl": "x", "basis": "x"}
    assert refused(data) == ("never_category", f"categories.{category}")


def test_a_files_own_list_of_never_holds_too():
    data = changed("never", to=["foto"])
    data["categories"]["foto"] = {"nl": "x", "basis": "x"}
    assert refused(data) == ("never_category", "categories.foto")


def test_an_approval_by_somebody_unknown_or_twice_is_refused():
    assert refused(changed("covenant", "approved_by", to=["nobody"])) == ("unknown_party", "covenant.approved_by.0")
    assert refused(changed("covenant", "approved_by", to=["om", "om"])) == ("duplicate", "covenant.approved_by.1")


@pytest.mark.parametrize("value", [b"x", object(), {1: 2}, {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {}}}}}}}}}])
def test_what_no_file_could_hold_is_refused(value):
    assert refused(changed("parties", "politie", to=value))[0] in {"bad_type", "unknown_key"}


@pytest.mark.parametrize("value", [None, 3, "x", [], [{}]])
def test_a_source_that_is_no_mapping_is_refused(value):
    assert refused(yaml.safe_dump(value))[0] == "bad_type"
    assert refused("")[0] == "bad_type"


def test_too_deep_plain_data_is_refused():
    deep = {}
    for _ in range(12):
        deep = {"x": deep}
    assert refused(deep)[0] == "bad_type"


# --- the text ---------------------------------------------------------------------


def test_the_line_of_a_broken_row_is_told():
    lines = example.text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "pol: opIII" in line)
    with pytest.raises(CovenantError) as caught:
        parse(example.text().replace("pol: opIII", "pol: opIIx", 1))
    assert (caught.value.code, caught.value.place) == ("unknown_code", "parties.politie.pol")
    assert caught.value.line == number
    assert str(number) in str(caught.value)


def test_the_line_of_what_is_missing_is_that_of_what_should_hold_it():
    with pytest.raises(CovenantError) as caught:
        parse(example.text().replace("  id: veenland-mensenhandel\n", ""))
    assert (caught.value.code, caught.value.place) == ("missing_key", "covenant.id")
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "duplicate_key"),
        ("covenant: {id: x, id: y}", "duplicate_key"),
        ("a: &x 1\nb: *x\n", "alias"),
        ("a: [", "bad_yaml"),
        ("a: 1\n--- \nb: 2", "bad_yaml"),
        ("a: \x00", "bad_yaml"),
        ("a: !!python/object:os.system {}", "bad_yaml"),
        ("a: !!binary aGk=", "bad_yaml"),
        ("<<: {a: 1}", "unknown_key"),
        ("? [a]\n: b", "bad_key"),
        ("[" * 3000, "bad_yaml"),
        ("x: " + "y" * 600_000, "too_large"),
    ],
)
def test_text_that_is_no_plain_yaml_is_refused(text, code):
    assert refused(text)[0] == code


def test_words_stay_as_they_are_written():
    text = example.text().replace("version: 1.0-voorbeeld", "version: 1.10")
    assert parse(text).version == "1.10"
    assert parse(changed("covenant", "version", to=2)).version == "2"
    assert b.raw()["parties"]["kwintes"]["checked"]["on"] == "2025-12-11"


def test_a_day_may_come_as_a_day():
    assert parse(changed("covenant", "valid_from", to=date(2026, 3, 1))).valid_from == date(2026, 3, 1)


@given(st.text(max_size=200))
def test_any_text_is_a_covenant_or_a_refusal(text):
    with pytest.raises(CovenantError):
        parse(text)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_change_at_any_place_is_a_covenant_or_a_refusal(data):
    whole = b.raw()
    spot, steps = whole, data.draw(st.integers(0, 3))
    key = data.draw(st.sampled_from(sorted(spot)))
    for _ in range(steps):
        if not isinstance(spot[key], dict) or not spot[key]:
            break
        spot = spot[key]
        key = data.draw(st.sampled_from(sorted(spot)))
    spot[key] = data.draw(PLAIN)
    try:
        covenant = parse(whole)
    except CovenantError:
        return
    assert len(covenant.parties[covenant.process].cells) == len(covenant.categories)


# --- validity ---------------------------------------------------------------------


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_version_rules_on_whole_days_of_amsterdam_the_last_included():
    covenant = parse(changed("covenant", "valid_until", to="2026-06-30"))
    assert not covenant.is_active(at("2025-12-31T23:59:59+01:00"))
    assert covenant.is_active(at("2026-01-01T00:00:00+01:00"))
    assert covenant.is_active(at("2026-06-30T23:59:59+02:00"))
    assert not covenant.is_active(at("2026-07-01T00:00:00+02:00"))


def test_when_a_version_begins_and_ends_is_known_beforehand():
    covenant = parse(changed("covenant", "valid_until", to="2026-06-30"))
    assert covenant.active_until(at("2025-06-01T00:00:00+02:00")) == at("2026-01-01T00:00:00+01:00")
    assert covenant.active_until(at("2026-06-01T00:00:00+02:00")) == at("2026-07-01T00:00:00+02:00")
    assert covenant.active_until(at("2026-08-01T00:00:00+02:00")) is None


@pytest.mark.parametrize("party", ["politie", "kwintes", "pretty_woman"])
def test_every_p_and_q_party_must_approve(party):
    everybody = b.raw()["covenant"]["approved_by"]
    covenant = parse(changed("covenant", "approved_by", to=[name for name in everybody if name != party]))
    assert not covenant.approved
    assert not covenant.is_active(b.NOW)
    assert covenant.active_until(b.NOW) is None


def test_a_version_without_a_first_day_does_not_rule():
    assert not parse(changed("covenant", "valid_from", to=None)).is_active(b.NOW)
    assert refused(changed("covenant", "valid_from", to=None) | {"never": "x"})[0] == "bad_type"


def test_an_end_without_a_beginning_is_refused():
    data = changed("covenant", "valid_from", to=None)
    data["covenant"]["valid_until"] = "2026-01-01"
    assert refused(data) == ("bad_date", "covenant.valid_until")


def test_a_superseded_version_rules_until_then():
    covenant = b.covenant().superseded(b.NOW)
    assert not covenant.is_active(b.NOW)
    assert covenant.is_active(b.NOW - b.timedelta(seconds=1))
    assert covenant.active_until(b.NOW - b.timedelta(seconds=1)) == b.NOW
    assert covenant.as_if_active().is_active(b.NOW)
