"""Cases, the people in them, the items that parties bring, and the one gate to all of it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "conference.cases"
    label = "cases"
