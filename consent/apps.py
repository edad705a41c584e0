"""The consent register: append-only lines and exceptions, one register per victim."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    label = "consent"
