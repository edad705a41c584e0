"""The vault: identities, data keys and pseudonyms; imported by `conference.cases` only."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "conference.vault"
    label = "vault"
