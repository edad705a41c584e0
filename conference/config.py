"""Configuration from the environment: every CASUSTAFEL_* variable, typed and described."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

PREFIX = "CASUSTAFEL_"


class ConfigError(Exception):
    """The environment cannot be used; `code` is stable, the message names the variable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The product's settings. The README's table is generated from these fields."""

    data: Annotated[str, Meta(description="Folder of the store: database, logs, exports in progress.")] = "data"
    database_url: Annotated[
        str, Meta(description="postgresql://user:password@host/name; empty means SQLite in the data folder.")
    ] = ""
    keys: Annotated[
        str,
        Meta(description="Folder of root key and cohort keys, outside the database and its backups; empty means <data>/keys."),
    ] = ""
    origin: Annotated[
        str, Meta(description="scheme://host:port under which people reach it; empty means what `serve` listens on.")
    ] = ""
    demo: Annotated[bool, Meta(description="Marks a store as demo data; set by `casustafel demo` only.")] = False
    log_level: Annotated[str, Meta(description="Level of the operators' JSON log.", pattern="^(debug|info|warning|error)$")] = "info"

    @property
    def data_folder(self) -> Path:
        return Path(self.data).resolve()

    @property
    def keys_folder(self) -> Path:
        return Path(self.keys).resolve() if self.keys else self.data_folder / "keys"

    @property
    def postgres(self) -> bool:
        return bool(self.database_url)


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration; an unknown or malformed variable is refused by name.

    Raises ConfigError("unknown_setting" | "bad_setting").
    """
    known = {field.encode_name for field in msgspec.structs.fields(Config)}
    values: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in known:
            raise ConfigError("unknown_setting", f"Unknown setting {name}.")
        values[key] = value
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError("bad_setting", f"Bad setting: {error}") from None
