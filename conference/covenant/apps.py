"""The covenant: what each party may see, as rules, data and a page of versions."""

from django.apps import AppConfig


class CovenantConfig(AppConfig):
    name = "conference.covenant"
    label = "covenant"
