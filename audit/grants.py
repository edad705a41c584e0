"""PostgreSQL: a role for the application that can add to the log and do nothing else with it.

Run migrations as the owner of the tables; let `serve` log in as this role. Triggers stop an
owner's slip; only a role without the right stops an owner's intent.
"""

import re

from django.db.backends.base.base import BaseDatabaseWrapper

ROLE = "casustafel_app"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_ADD_ONLY = "audit_leaf, audit_found, audit_checkpoint, audit_cosignature, audit_signing"
_STATEMENTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    f"REVOKE UPDATE, DELETE ON {_ADD_ONLY} FROM {{role}}",
    "REVOKE DELETE ON audit_tile, audit_bundle, audit_log, audit_overview_limit, audit_overview_request FROM {role}",
    "REVOKE INSERT, UPDATE ON audit_waiting FROM {role}",
    "REVOKE UPDATE ON audit_log FROM {role}",
    "GRANT UPDATE (size, closed_at) ON audit_log TO {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
)


def grant(connection: BaseDatabaseWrapper, role: str = ROLE) -> None:
    """Make `role` if need be (it cannot log in until it is given a password) and set its rights.

    Run it after every migration: new tables are granted then. Raises ValueError for a name
    that is none.
    """
    if not _NAME.fullmatch(role):
        raise ValueError("A role's name is made of small letters, digits and underscores.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
        for statement in _STATEMENTS:
            cursor.execute(statement.format(role=role))
