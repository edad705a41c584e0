"""Snapshot plus changes is the fresh snapshot, and both are what the covenant says: in any history."""

import itertools
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from agenda import feed
from agenda.hub.types import Cursor, Shown
from agenda.protocol import COMMANDS
from conference.cases import rights
from tests.agenda.histories import PEOPLE, History
from tests.agenda.room_oracle import Oracle, assert_agrees
from tests.world import Table

SEEDS = range(4)
STEPS = 40


class Follower:
    """A hub without its sockets: keeps each class's last view and applies what a reading brings."""

    def __init__(self, table: Table, at: str) -> None:
        self.conference = table.id("conferences", at)
        seated = {"o1": PEOPLE, "o2": ("nt", "pol", "kw", "zc", "ggz")}[at]
        self.members = table.members(*seated)
        self.names = seated
        self.cursor: Cursor | None = None
        self.views: dict[str, dict[str, Shown]] = {}
        self.bodies: dict[str, bytes] = {}
        self.tokens: dict[bytes, str] = {}
        self.partial = 0

    def follow(self) -> None:
        """Read what changed and apply it, as the hub does."""
        reading = feed.read(self.conference, self.cursor, self.members, frozenset())
        unknown = {cls for cls in reading.classes.values() if cls not in self.views and cls not in full(reading)}
        if unknown:
            reading = feed.read(self.conference, self.cursor, self.members, frozenset(unknown))
        views = {}
        for cls in set(reading.classes.values()):
            view = reading.views.get(cls)
            old = {} if view is None or view.full else self.views[cls]
            shown = self.views[cls] if view is None else {**old, **view.objects}
            self.partial += view is not None and not view.full
            views[cls] = {key: one for key, one in shown.items() if one is not None}
        self.views, self.cursor = views, Cursor(reading.seq, reading.rights)
        self.classes = reading.classes

    def view(self, member: int) -> dict[str, Shown]:
        return self.views[self.classes[member]]

    def fresh(self) -> dict[int, dict[str, Shown]]:
        """Everybody's whole view, read with nothing remembered; what was remembered is put back."""
        kept, kept_rights = dict(feed._states), dict(rights._cache)
        feed._states.clear()
        rights.forget()
        reading = feed.read(self.conference, None, self.members, frozenset())
        feed._states.clear()
        feed._states.update(kept)
        rights.forget()
        rights._cache.update(kept_rights)
        assert reading.classes == self.classes
        return {member: reading.views[cls].objects for member, cls in reading.classes.items()}  # type: ignore[misc]

    def check_versions(self) -> None:
        """Equal bodies have equal versions, and different ones different versions, in all of history."""
        for view in self.views.values():
            for one in view.values():
                body = json.loads(one.body)
                version = body.pop("version")
                plain = json.dumps(body, sort_keys=True).encode()
                assert self.tokens.setdefault(plain, version) == version
                assert self.bodies.setdefault(version, plain) == plain


def full(reading: Any) -> set[str]:
    return {cls for cls, view in reading.views.items() if view.full}


def born(table: Table) -> dict[UUID, date]:
    known = {"s1": date(2008, 12, 1), "s2": date(1980, 2, 29), "t1": date(1999, 1, 5)}
    return {table.id("subjects", name): day for name, day in known.items()}


def check(follower: Follower, table: Table, told: list[str]) -> None:
    follower.follow()
    fresh = follower.fresh()
    oracle = Oracle(follower.conference, born(table))
    for member in follower.members:
        view = follower.view(member.id)
        who = f"{follower.names[member.id]} after {told[-3:]}"
        now = {key: one.body for key, one in fresh[member.id].items()}
        then = {key: one.body for key, one in view.items()}
        wrong = {
            key: (then.get(key), now.get(key)) for key in then.keys() | now.keys() if then.get(key) != now.get(key)
        }
        assert not wrong, (who, wrong)
        assert_agrees(oracle.expected(member.person, member.party), view, who)
    follower.check_versions()


@pytest.mark.parametrize("seed", SEEDS)
def test_snapshot_plus_changes_is_a_fresh_snapshot_and_what_the_covenant_decides(table: Table, seed: int) -> None:
    history = History(table, seed)
    followers = [Follower(table, "o1"), Follower(table, "o2")]
    told = ["the beginning"]
    for follower in followers:
        check(follower, table, told)
    for what in itertools.chain(history.opening(), (history.step() for _ in range(STEPS))):
        told.append(what)
        for follower in followers:
            check(follower, table, told)
    assert sum(follower.partial for follower in followers) > STEPS // 4
    assert set(COMMANDS) <= {what.removesuffix(" ack") for what in history.happened}
