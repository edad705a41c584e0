"""Configuration from the environment: every CASUSTAFEL_* variable, typed and described. Pure."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from audit.tree.notes import COSIGNATURE, NoteError, Verifier

PREFIX = "CASUSTAFEL_"
DATABASE_SCHEMES = ("postgresql", "postgres")


class ConfigError(Exception):
    """The environment cannot be used; `code` is stable, the message names the variable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The product's settings. The README's table is generated from these fields."""

    data: Annotated[
        str, Meta(description="Folder of the store: database, logs, exports in progress.", min_length=1)
    ] = "data"
    database_url: Annotated[
        str, Meta(description="postgresql://user:password@host/name; empty means SQLite in the data folder.")
    ] = ""
    keys: Annotated[
        str,
        Meta(
            description="Folder of root key and cohort keys, outside the database and its backups; "
            "empty means the folder keys in the data folder."
        ),
    ] = ""
    origin: Annotated[
        str,
        Meta(
            description="scheme://host:port under which people reach it; empty means what `serve` listens on. "
            "https means that a proxy in front ends TLS and sets X-Forwarded-Proto itself."
        ),
    ] = ""
    host: Annotated[str, Meta(description="Address that `serve` listens on.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port that `serve` listens on; 0 takes a free one.", ge=0, le=65535)] = 8000
    proxies: Annotated[
        int,
        Meta(
            description="Number of own proxies in front that append to X-Forwarded-For; "
            "0 means that the connection's address is the client's.",
            ge=0,
            le=5,
        ),
    ] = 0
    session_hours: Annotated[
        int, Meta(description="Hours after which a login ends, whatever happens in it.", ge=1, le=12)
    ] = 12
    idle_minutes: Annotated[
        int, Meta(description="Minutes without a sign of life after which a login ends.", ge=1, le=60)
    ] = 60
    witness_url: Annotated[
        str,
        Meta(
            description="Address of the outside witness that cosigns the log, as `audit witness` prints it; "
            "empty means none, or one that is asked by files."
        ),
    ] = ""
    witness_vkey: Annotated[
        str, Meta(description="Public key of that witness, as it prints it: only its own signature is kept.")
    ] = ""
    store_country: Annotated[
        str,
        Meta(
            description="Country where the store and its backups lie, in two letters such as NL, for consent records; "
            "empty means that they call it not known.",
            pattern="^([A-Z]{2})?$",
        ),
    ] = ""
    log_level: Annotated[
        str,
        Meta(
            description="Level of the operators' JSON log: debug, info, warning or error.",
            pattern="^(debug|info|warning|error)$",
        ),
    ] = "info"

    @property
    def data_folder(self) -> Path:
        return Path(self.data).resolve()

    @property
    def keys_folder(self) -> Path:
        return Path(self.keys).resolve() if self.keys else self.data_folder / "keys"

    @property
    def postgres(self) -> bool:
        return bool(self.database_url)

    @property
    def https(self) -> bool:
        return self.origin.startswith("https://")


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; an unknown or malformed variable is refused by name.

    Raises ConfigError("unknown_setting" | "bad_setting"). No message repeats a value:
    a database's password may stand in it.
    """
    known = {field.encode_name: field.type for field in msgspec.structs.fields(Config)}
    values: dict[str, object] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in known or name != name.upper():
            raise ConfigError("unknown_setting", f"Unknown setting {name}.")
        values[key] = _convert(name, value, known[key])
    return _checked(Config(**values))  # type: ignore[arg-type]  # each value was converted to its field's type


def _convert(name: str, value: str, kind: object) -> object:
    if any(not char.isprintable() for char in value):
        raise ConfigError("bad_setting", f"{name} holds a character that cannot be printed.")
    try:
        return msgspec.convert(value.strip(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError("bad_setting", f"{name} cannot be used: {error}.") from None


def _checked(config: Config) -> Config:
    """Check what a field's type alone cannot say."""
    if config.origin and not _is_origin(config.origin):
        raise ConfigError("bad_setting", f"{PREFIX}ORIGIN must be scheme://host or scheme://host:port only.")
    if config.database_url and not _is_database(config.database_url):
        raise ConfigError("bad_setting", f"{PREFIX}DATABASE_URL must be postgresql://user:password@host/name.")
    _check_witness(config)
    return config


def _check_witness(config: Config) -> None:
    """Check that a witness's key is one, and that no address comes without its key."""
    if config.witness_url and not config.witness_vkey:
        raise ConfigError("bad_setting", f"{PREFIX}WITNESS_URL needs {PREFIX}WITNESS_VKEY beside it.")
    if config.witness_url and not _is_address(config.witness_url):
        raise ConfigError("bad_setting", f"{PREFIX}WITNESS_URL must be http(s)://host:port, perhaps with a path.")
    if config.witness_vkey and not _is_witness_key(config.witness_vkey):
        raise ConfigError("bad_setting", f"{PREFIX}WITNESS_VKEY must be the key that the witness printed.")


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    plain = url.username is None and bool(url.hostname) and not url.query and not url.fragment
    return url.scheme in {"http", "https"} and plain and port != 0


def _is_witness_key(text: str) -> bool:
    try:
        return Verifier.parse(text).kind == COSIGNATURE
    except NoteError:
        return False


def _is_origin(text: str) -> bool:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    rebuilt = f"{url.scheme}://{url.netloc}"
    plain = url.username is None and url.hostname is not None and "*" not in text
    return url.scheme in {"http", "https"} and rebuilt == text and plain and port != 0


def _is_database(text: str) -> bool:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    return url.scheme in DATABASE_SCHEMES and len(url.path) > 1 and port != 0


def table() -> str:
    """The README's table of settings, in Markdown: one row for each field of Config."""
    rows = ["| variable | default | what it sets |", "| --- | --- | --- |"]
    hints = get_type_hints(Config, include_extras=True)
    for field in msgspec.structs.fields(Config):
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        meta = next(part for part in get_args(hints[field.name]) if isinstance(part, Meta))
        shown = f"`{default}`" if default else "(empty)"
        rows.append(f"| `{PREFIX}{field.encode_name.upper()}` | {shown} | {meta.description} |")
    return "\n".join(rows) + "\n"


def env_file() -> str:
    """Every setting with its meaning and default, commented out: what `init` lays down."""
    lines: list[str] = []
    hints = get_type_hints(Config, include_extras=True)
    for field in msgspec.structs.fields(Config):
        meta = next(part for part in get_args(hints[field.name]) if isinstance(part, Meta))
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        lines += [f"# {meta.description}", f"#{PREFIX}{field.encode_name.upper()}={default}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table())
