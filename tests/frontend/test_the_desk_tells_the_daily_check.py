"""What the last check of the whole log found stands beside the log, good or bad."""

from datetime import UTC, datetime

import pytest

from audit.models import Check
from tests.frontend.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_a_good_check_is_told_with_its_moment(visit: Visit) -> None:
    Check.objects.create(at=MORNING, entries=18_204, ok=True)
    body = visit("fg").get("/log/?purpose=security").content.decode()
    assert "Helemaal nagekeken op 23 november 2026 om 06.00 uur." in body
    assert "beschadigd" not in body


def test_damage_is_told_with_its_first_line_and_what_to_do(visit: Visit) -> None:
    Check.objects.create(at=MORNING, entries=18_204, ok=False, year=2026, first_bad=12_003, reason="entry_differs")
    body = visit("fg").get("/log/?purpose=security").content.decode()
    assert "Het logboek is beschadigd." in body
    assert "Regel 12.003 is de eerste die niet meer is zoals zij is ondertekend." in body
    assert "Meld dit bij je beheerder en verander niets." in body
