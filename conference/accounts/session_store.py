"""Django's sessions in the database, under a keyed hash of the cookie instead of the cookie itself.

Whoever reads the table or a backup of it cannot take over a session.
"""

import hmac
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from conference.crypto import ring

_COLUMN = 40  # characters of Django's primary key: 160 bits


class SessionStore(db.SessionStore):
    """The database's sessions; only the lookups differ from Django's own."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found: AbstractBaseSession | None = self._rows().first()
        if found is None:
            self._session_key = None
        return found

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        found: AbstractBaseSession | None = await self._rows().afirst()
        if found is None:
            self._session_key = None
        return found

    def _rows(self) -> Any:
        return self.model.objects.filter(session_key=table_key(str(self.session_key)), expire_date__gt=timezone.now())

    def exists(self, session_key: str) -> bool:
        return super().exists(table_key(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(table_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made = super().create_model_instance(data)
        made.session_key = table_key(made.session_key)
        return made

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made = await super().acreate_model_instance(data)
        made.session_key = table_key(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(table_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            await super().adelete(table_key(key))


def table_key(session_key: str) -> str:
    """Return the key under which the table holds the session of a cookie."""
    return hmac.digest(ring().derive("zvh/v1/session-table"), session_key.encode(), "sha256").hex()[:_COLUMN]
