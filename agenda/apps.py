"""The meeting: conferences, agenda, minutes, decisions, actions; the live feed; exports."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "agenda"
    label = "agenda"
