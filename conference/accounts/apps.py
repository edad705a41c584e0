"""People, parties, roles, login, second factor, sessions, and the sockets' check."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "conference.accounts"
    label = "accounts"
