"""What remembers sent forms finds the session although the table does not hold the cookie."""

import pytest
from django.db import transaction
from django.test import RequestFactory

from conference.accounts.session_store import SessionStore
from frontend import once

pytestmark = pytest.mark.django_db


def test_a_form_counts_once_in_its_session():
    request = RequestFactory().post("/")
    request.session = SessionStore()
    request.session["word"] = "KIEVIT"
    request.session.save()
    number = once.new()
    with transaction.atomic():
        assert once.claim(request, number)
        assert not once.claim(request, number)
        assert once.claim(request, once.new())
    assert SessionStore(request.session.session_key)["word"] == "KIEVIT"
