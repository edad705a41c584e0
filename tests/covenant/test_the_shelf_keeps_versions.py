"""The shelf: what is adopted, what rules when, and what can never be changed."""

from copy import deepcopy
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Leaf
from conference.covenant import example, shelf
from conference.covenant.models import CovenantVersion
from conference.covenant.reading import read
from conference.covenant.trouble import CovenantError
from consent.versions import versions as rights_versions

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)


def source(**header):
    data, _ = read(example.text())
    data["covenant"].update(header)
    return data


def adopt(data):
    return shelf.adopt(data, by=uuid4(), origin="cli")


def test_an_empty_shelf_has_nothing_that_rules():
    assert shelf.active(MAY) is None
    assert shelf.shown(MAY) is None
    assert shelf.ruling_at(MAY)[1] is None


def test_an_approved_version_rules_from_its_day():
    adopt(source(valid_from="2026-05-02"))
    assert shelf.active(MAY) is None
    assert shelf.ruling_at(MAY)[1] == datetime(2026, 5, 1, 22, tzinfo=UTC)
    assert shelf.shown(MAY).version == "1.0-voorbeeld"
    assert shelf.active(datetime(2026, 5, 1, 22, tzinfo=UTC)).version == "1.0-voorbeeld"


def test_a_version_that_not_everybody_approved_never_rules():
    adopt(source(approved_by=["politie"]))
    assert shelf.active(MAY) is None
    assert shelf.ruling_at(datetime(2020, 1, 1, tzinfo=UTC))[1] is None


def test_a_later_version_replaces_the_earlier_from_the_day_it_begins():
    adopt(source(version="1"))
    adopt(source(version="2", valid_from="2026-06-01"))
    begins = datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert shelf.active(MAY).version == "1"
    assert shelf.active(MAY).active_until(MAY) == begins
    assert shelf.active(begins).version == "2"
    assert shelf.ruling_at(MAY)[1] == begins
    assert shelf.ruling_at(begins)[1] is None


def test_a_later_version_that_is_not_approved_replaces_nothing():
    adopt(source(version="1"))
    adopt(source(version="2", valid_from="2026-02-01", approved_by=[]))
    assert shelf.active(MAY).version == "1"


def test_what_was_replaced_does_not_come_back_when_its_successor_ends():
    adopt(source(version="1"))
    adopt(source(version="2", valid_from="2026-02-01", valid_until="2026-03-01"))
    assert shelf.active(MAY) is None


def test_at_most_one_version_rules_at_any_moment():
    adopt(source(version="1", valid_from="2026-03-01"))
    adopt(source(version="2", valid_from="2026-02-01", valid_until="2026-12-31"))
    adopt(source(version="3", valid_from="2026-06-01"))
    for month in range(1, 13):
        at = datetime(2026, month, 15, tzinfo=UTC)
        ruling = [covenant.version for covenant in shelf.versions() if covenant.is_active(at)]
        assert len(ruling) == (0 if month < 2 else 1)


def test_adopting_raises_the_scope_and_is_in_the_log():
    before = rights_versions([shelf.SCOPE])[shelf.SCOPE]
    size = Leaf.objects.count()
    adopt(source())
    assert rights_versions([shelf.SCOPE])[shelf.SCOPE] == before + 1
    assert Leaf.objects.count() == size + 1
    assert Leaf.objects.order_by("id").last().act == "covenant.adopted"


def test_adopting_the_same_file_again_changes_nothing():
    adopt(source())
    before = rights_versions([shelf.SCOPE])
    adopt(source())
    assert CovenantVersion.objects.count() == 1
    assert rights_versions([shelf.SCOPE]) == before


def test_parties_and_categories_keep_the_files_order():
    given = adopt(source())
    kept = shelf.active(MAY)
    assert list(kept.parties) == list(given.parties) == list(source()["parties"])
    assert list(kept.categories) == list(source()["categories"])
    assert kept.source == given.source


def test_more_approvals_may_come_under_the_same_version():
    adopt(source(approved_by=["politie"]))
    assert shelf.active(MAY) is None
    adopt(source())
    assert shelf.active(MAY) is not None


def test_other_rules_under_the_same_version_are_refused():
    adopt(source())
    changed = deepcopy(source())
    changed["parties"]["politie"]["gez"] = "----c"
    with pytest.raises(CovenantError) as refused:
        adopt(changed)
    assert refused.value.code == "version_exists"
    assert CovenantVersion.objects.count() == 1


def test_a_confirmed_check_opens_a_party_under_the_same_version():
    adopt(source())
    assert shelf.active(MAY).letter("pretty_woman", "hlp", 3) == "-"
    confirmed = source()
    confirmed["parties"]["pretty_woman"]["checked"] = {"by": "college_uitvoering", "on": "2026-04-01"}
    adopt(confirmed)
    assert shelf.active(MAY).letter("pretty_woman", "hlp", 3) == "c"


def test_a_broken_file_is_not_adopted():
    broken = source()
    del broken["phases"]
    with pytest.raises(CovenantError):
        adopt(broken)
    assert not CovenantVersion.objects.exists()


def test_a_failed_adoption_leaves_no_trace_in_what_rules():
    mark = transaction.savepoint()
    adopt(source())
    assert shelf.active(MAY) is not None
    transaction.savepoint_rollback(mark)
    assert shelf.active(MAY) is None


def test_an_adopted_version_cannot_be_changed_or_removed():
    adopt(source())
    row = CovenantVersion.objects.get()
    row.version = "9"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


REPLACE = """INSERT OR REPLACE INTO covenant_covenantversion
    SELECT id, number, covenant_id, '9', text, adopted_at, adopted_by FROM covenant_covenantversion"""
UPDATE = "UPDATE covenant_covenantversion SET version = '9'"


@pytest.mark.parametrize("statement", [UPDATE, REPLACE] if connection.vendor == "sqlite" else [UPDATE])
def test_the_database_itself_refuses_a_change(statement):
    adopt(source())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert CovenantVersion.objects.get().version == "1.0-voorbeeld"
