"""`decide` against the oracle, over the product of all axes of the covenant's table."""

import random
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from conference.covenant.facts import Item, Level, Subject
from conference.covenant.rules import decide
from tests.covenant import builders as b
from tests.covenant.oracle import ask

SECRET = "ggz"
CATEGORIES = ("id", "bsn", "won", "adr", "fin", "gez", "pol", "jus", "rel", "hnd", "vzn", "hlp", "vbl", "prc")
SUSPECT = Subject("s2", "suspect", None)
CIRCLE_MINOR = Subject("s3", "circle", b.MINOR.birth_date)


def same(viewer, case, item, consents=(), exceptions=(), *, now=b.NOW):
    """Compare product and oracle on one question; return the answer."""
    covenant = b.covenant()
    ruling = decide(covenant, viewer, case, item, consents, exceptions, now)
    expected = ask(b._raw(), covenant.is_active(now), viewer, case, item, consents, exceptions, now)
    assert (ruling.level.value, ruling.reason) == expected, (viewer, case, item, consents, exceptions)
    return expected


def other(party, *, secret):
    """A supplier that is not this party, with or without professional secrecy."""
    if secret:
        return SECRET if party != SECRET else "ggd_soa"
    return "zorgcoordinator" if party != "zorgcoordinator" else "politie"


GROUNDS = {
    "nothing": lambda p, c: ((), ()),
    "consent": lambda p, c: ((b.consent(p, c),), ()),
    "withdrawn": lambda p, c: ((b.consent(p, c), b.consent(p, c, state="ingetrokken", recorded=2)), ()),
    **{f"exception {n}": lambda p, c, n=n: ((), (b.exception(p, c, n),)) for n in range(1, 9)},
}


@pytest.mark.parametrize("phase", b.ALL_PHASES)
def test_every_cell_with_every_track_supplier_and_ground(phase):
    seen = Counter()
    parties = b.covenant().parties
    for party, category, track in product(parties, CATEGORIES, b.TRACKS):
        for supplier in (party, other(party, secret=False), other(party, secret=True)):
            item = b.item(category, supplier)
            case = b.case(party, track=track, phase=phase)
            for ground in GROUNDS.values():
                seen[same(b.viewer(party), case, item, *ground(party, category))] += 1
    assert sum(seen.values()) == len(parties) * 14 * 3 * 3 * len(GROUNDS)


def test_the_product_reaches_every_reason():
    """What the table can answer, the comparison has seen: it does not pass by looking away."""
    reasons = set()
    grounds = (GROUNDS["nothing"], GROUNDS["consent"], GROUNDS["exception 7"])
    for party, category, track, phase in product(b.covenant().parties, CATEGORIES, b.TRACKS, b.ALL_PHASES):
        case = b.case(party, track=track, phase=phase)
        for supplier, ground in product((party, "zorgcoordinator", SECRET), grounds):
            item = b.item(category, supplier)
            reasons.add(same(b.viewer(party), case, item, *ground(party, category))[1])
        reasons |= {same(b.viewer(party), case, b.item(category, "om", status=s))[1] for s in ("draft", "withdrawn")}
        reasons.add(same(b.viewer(party), case, b.item(category, "om", not_for=frozenset({party})))[1])
    reasons |= {same(b.viewer("politie"), b.case(), b.item("pol", "om"))[1]}
    assert reasons == {
        "not_involved",
        "case_shielded",
        "guest_no_account",
        "party_condition",
        "track_forbids",
        "own_contribution",
        "item_draft",
        "item_withdrawn",
        "not_in_covenant",
        "own_only",
        "track_lowers",
        "consent_missing",
        "covenant",
        "consent",
        "exception",
        "condition_excludes",
    }


@pytest.mark.parametrize("family", ["inhoud", "toezicht", "beheer", "anders"])
@pytest.mark.parametrize("verified", [True, False])
def test_families_and_second_factor_over_all_parties_and_involvement(family, verified):
    for party, category, phase, involved in product(b.covenant().parties, CATEGORIES, b.ALL_PHASES, (True, False)):
        case = b.case(*([party] if involved else []), phase=phase)
        same(b.viewer(party, family, verified=verified), case, b.item(category, other(party, secret=False)))


@pytest.mark.parametrize("track", b.TRACKS)
def test_item_status_conditions_and_involvement(track):
    for party, category, status in product(b.covenant().parties, CATEGORIES, ("draft", "released", "withdrawn", "x")):
        supplier = other(party, secret=False)
        for only_for, not_for in ((None, ()), (None, (party,)), ((party,), ()), (("om",), ()), ((party,), (party,))):
            conditions = {
                "only_for": None if only_for is None else frozenset(only_for),
                "not_for": frozenset(not_for),
            }
            for source, parties in product((supplier, party), ((party,), ())):
                item = b.item(category, source, status=status, **conditions)
                same(b.viewer(party), b.case(*parties, track=track), item)


@pytest.mark.parametrize("phase", b.ALL_PHASES)
def test_actions_in_every_phase(phase):
    for party, category, track in product(b.covenant().parties, ("prc", "hlp", "id"), b.TRACKS):
        for actions, owner in product(((), (party,), ("om",)), (None, party, "om")):
            case = b.case(party, track=track, phase=phase, actions=actions)
            item = b.item(category, other(party, secret=False), None, open_action_owner=owner)
            same(b.viewer(party), case, item, (b.consent(party, category),))


@pytest.mark.parametrize("track", b.TRACKS)
def test_subjects_of_every_age_and_role(track):
    groups = [
        (),
        (b.ADULT,),
        (b.MINOR,),
        (Subject("s1", "victim"),),
        (b.ADULT, CIRCLE_MINOR),
        (b.MINOR, SUSPECT),
        (Subject("s1", "suspect", b.MINOR.birth_date),),
        (Subject("s1", "suspect"), SUSPECT),
    ]
    for subjects, party, category in product(groups, ("rvdk", "gi", "kwintes", "ggz", "veilig_thuis"), CATEGORIES):
        known = [None, *(subject.id for subject in subjects)]
        for subject, supplier, phase in product(known, ("zorgcoordinator", "ggd_soa"), ("verrijking", "overleg")):
            item = b.item(category, supplier, subject)
            case = b.case(party, track=track, phase=phase, subjects=subjects)
            same(b.viewer(party), case, item)
            every = tuple(b.consent(party, category, subject=one.id) for one in subjects)
            same(b.viewer(party), case, item, every)
            same(b.viewer(party), case, item, every[:1])
            excepted = tuple(b.exception(party, category, 7, subject=one.id) for one in subjects)
            same(b.viewer(party), case, item, every[:1], excepted[1:])
            same(b.viewer(party), case, item, (), excepted)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_random_walk_over_everything_at_once(seed):
    """All axes mixed, lines of several subjects and dates included; the seed makes it repeatable."""
    draw = random.Random(seed)
    parties = [*b.covenant().parties, "nobody"]
    levels = Counter()
    for _ in range(6000):
        party, category = draw.choice(parties), draw.choice(CATEGORIES)
        item = _item(draw, party, category)
        if draw.random() < 0.15:
            item = replace(item, about=_item(draw, party, draw.choice((category, "prc", "gez"))))
        subjects = draw.choice([(b.ADULT, SUSPECT, CIRCLE_MINOR), (b.MINOR, SUSPECT, CIRCLE_MINOR)])
        involved = draw.sample(parties, 8) + [party] * draw.choice((0, 1, 1, 1))
        phase = draw.choice(("verrijking", "overleg", "overleg", "uitvoering", "uitvoering", *b.ALL_PHASES, "later"))
        track = draw.choice((*b.TRACKS, "wgs", "hulp", "geen")[: 5 + (draw.random() < 0.1)])
        case = b.case(*involved, track=track, phase=phase, subjects=subjects, actions=draw.sample(parties, 3))
        now = b.NOW + draw.choice((-1, 0, 1)) * draw.choice((b.timedelta(0), b.timedelta(days=40)))
        levels[same(b.viewer(party), case, item, *_lines(draw, party, category), now=now)[0]] += 1
    assert min(levels[level.value] for level in Level) > 50


def _item(draw, party, category):
    suppliers = ["zorgcoordinator", "politie", "ggz", "pretty_woman", "zvh_procesregie", "kwintes", party, "nobody"]
    return Item(
        category,
        draw.choice(suppliers[: 7 + (draw.random() < 0.1)]),
        draw.choice(("s1", "s1", "s2", "s3", None)),
        draw.choice(("released",) * 8 + ("draft", "withdrawn")),
        draw.choice((None, None, None, frozenset({party}), frozenset({"om"}))),
        draw.choice((frozenset(), frozenset(), frozenset(), frozenset({party}))),
        draw.choice((None, None, party, "om")),
    )


def _lines(draw, party, category):
    states = (
        "gegeven",
        "gegeven",
        "bevestigd",
        "beperkt",
        "geweigerd",
        "ingetrokken",
        "verlopen",
        "ongeldig",
        "gevraagd",
    )
    consents = tuple(
        b.consent(
            party,
            draw.choice((category, category, category, "gez")),
            subject=draw.choice(("s1", "s1", "s2", "s3")),
            state=draw.choice(states),
            recorded=number,
            starts=b.NOW + b.timedelta(days=draw.choice((-90, -30, -30, -30, 0, 20))),
            ends=b.NOW + b.timedelta(days=draw.choice((-5, 30, 60, 60))),
            purpose=draw.choice((b.PURPOSE, b.PURPOSE, b.PURPOSE, "iets anders")),
        )
        for number in range(draw.choice((0, 1, 2, 4, 6)))
    )
    exceptions = tuple(
        b.exception(
            party,
            category,
            draw.randint(0, 9),
            subject=draw.choice(("s1", "s2", "s3")),
            starts=b.NOW - b.timedelta(days=draw.choice((1, 5, -5))),
            ends=b.NOW + b.timedelta(days=draw.choice((-1, 20, 60))),
            reason=draw.choice(("nodig", "nodig", "nodig", "")),
        )
        for _ in range(draw.choice((0, 0, 1, 3)))
    )
    return consents, exceptions
