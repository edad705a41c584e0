"""Models: the staircase that imports keep, kept by foreign keys and migrations too."""

import re

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

STEPS = ["audit", "consent", "covenant", "vault", "accounts", "cases", "agenda", "frontend"]
NEIGHBOURS = {("accounts", "vault"), ("vault", "accounts")}
DJANGO = {"sessions", "contenttypes", "auth", "otp_totp", "otp_static"}
OURS = [app for app in STEPS if app != "frontend"]


def relations(app: str) -> list[tuple[str, str]]:
    """Every foreign key of an app as (where, app that it points at)."""
    return [
        (f"{model.__name__}.{field.name}", field.related_model._meta.app_label)
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
        and not isinstance(field.related_model, str)
    ]


@pytest.mark.parametrize("app", OURS)
def test_a_foreign_key_points_down_the_stairs(app: str) -> None:
    below = set(STEPS[: STEPS.index(app) + 1]) | DJANGO
    assert [where for where, target in relations(app) if target not in below or (app, target) in NEIGHBOURS] == []


@pytest.mark.parametrize("app", ["audit", "consent"])
def test_what_must_outlive_a_case_points_at_nobody(app: str) -> None:
    assert [where for where, target in relations(app) if target != app] == []


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


@pytest.mark.parametrize("app", OURS)
def test_migrations_are_named_and_stand_in_one_row(loader: MigrationLoader, app: str) -> None:
    names = sorted(name for label, name in loader.disk_migrations or {} if label == app)
    assert names, f"{app} has no migration"
    for number, name in enumerate(names, 1):
        assert re.fullmatch(rf"{number:04}_[a-z][a-z0-9_]{{3,}}", name), name
        assert "_auto_" not in name
        assert not name.endswith("_initial") or number == 1
    assert len(loader.graph.leaf_nodes(app)) == 1


@pytest.mark.parametrize("app", OURS)
def test_no_model_prints_more_than_its_id(app: str) -> None:
    talkative = [m.__name__ for m in apps.get_app_config(app).get_models() if m.__str__ is not models.Model.__str__]
    assert set(talkative) - {"Person", "TotpDevice"} == set()
