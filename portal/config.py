"""Settings from the environment: every name begins with PACELINE_, each may be a file (*_FILE)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LEAST_SECRET_LENGTH = 32
# The part before @ may have 64 characters, of which a signature takes up to 50.
LONGEST_LOCAL = 13
WEAK_SECRETS = {"secret", "changeme", "change-me", "development", "password", "paceline"}


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what would be right."""


class Settings(BaseSettings):
    """All that may differ from one installation to the next. Immutable once read."""

    model_config = SettingsConfigDict(env_prefix="PACELINE_", frozen=True, extra="ignore")

    environment: str = Field("production", description="production, development or test")
    data_dir: Path = Field(Path("var"), description="Folder for SQLite, search index and files")
    database_url: str = Field(
        "", description="SQLAlchemy address; empty: SQLite in the data folder"
    )
    files_url: str = Field(
        "", description="Address of the folder for pictures, as fsspec knows it; empty: data folder"
    )
    secret_key: SecretStr = Field(SecretStr(""), description="At least 32 characters, random")
    public_url: str = Field("http://127.0.0.1:8000", description="Address that readers type")
    trusted_hosts: str = Field("", description="Comma-separated hosts; empty: public_url's host")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Proxies in front whose X-Forwarded-* headers are believed"
    )
    smtp_url: SecretStr = Field(
        SecretStr(""), description="smtp://user:password@host:587, smtps://…; empty: mails are kept"
    )
    mail_from: str = Field("", description="Sender of mails; empty: portal@ the public host")
    port: int = Field(8000, ge=1, le=65535, description="Port on which `paceline serve` listens")
    host: str = Field("127.0.0.1", description="Address on which `paceline serve` listens")
    check_external_links: bool = Field(
        False, description="Whether links of texts to other hosts are asked for, once a week each"
    )
    scanner_url: str = Field(
        "", description="Virus scanner: clamd://host:3310 or clamd:///run/clamd.ctl; empty: none"
    )
    mail_in_address: str = Field(
        "", description="Address that takes requests by mail, such as requests@…; empty: none"
    )
    tracker_secret: SecretStr = Field(
        SecretStr(""),
        description="Last part of the address that issue trackers call; empty: none is heard",
    )
    mail_in_server: str = Field(
        "", description="Name by which our mail server signs Authentication-Results; empty: none"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics; empty: only from this machine"
    )

    @field_validator("environment")
    @classmethod
    def _known_environment(cls, value: str) -> str:
        if value not in {"production", "development", "test"}:
            raise ValueError("must be production, development or test")
        return value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be a whole address such as https://success.example.com")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_address(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (
            parts.scheme not in {"smtp", "smtps"} or not parts.hostname
        ):
            raise ValueError("must look like smtp://user:password@host:587")
        return value

    @field_validator("scanner_url")
    @classmethod
    def _scanner_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme != "clamd" or not (parts.hostname or parts.path)):
            raise ValueError("must look like clamd://host:3310 or clamd:///run/clamd.ctl")
        return value

    @field_validator("mail_in_address")
    @classmethod
    def _one_address(cls, value: str) -> str:
        local, _at, host = value.partition("@")
        if value and (not local or not host or "+" in local or len(local) > LONGEST_LOCAL):
            raise ValueError("must look like requests@portal.example.com, without a plus")
        return value

    @model_validator(mode="after")
    def _strong_secret(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if self.environment == "production" and (
            len(secret) < LEAST_SECRET_LENGTH
            or secret.lower() in WEAK_SECRETS
            or len(set(secret)) < LEAST_SECRET_LENGTH // 4
        ):
            raise ValueError(
                "PACELINE_SECRET_KEY is missing or weak: set at least 32 random characters, "
                "for example the output of `openssl rand -hex 32`"
            )
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'paceline.db').absolute()}"
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def signing_key(self) -> str:
        """What cookies and links in mails are signed with."""
        return self.secret_key.get_secret_value() or "only-for-development-and-tests"

    @property
    def files(self) -> str:
        """The folder of pictures in force."""
        return self.files_url or str((self.data_dir / "files").absolute())

    @property
    def request_files(self) -> str:
        """The folder of what is attached to requests."""
        return self.files.rstrip("/") + "/requests"

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def hosts(self) -> list[str]:
        """Host names that a request may name; anything else is refused."""
        named = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        return named or [self.public_host, "localhost", "127.0.0.1"]

    @property
    def sender(self) -> str:
        return self.mail_from or f"portal@{self.public_host}"

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS."""
        return self.public_url.startswith("https://")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the variables; raises SettingsError naming the variable that is wrong."""
    variables = dict(os.environ if environ is None else environ)
    values = {}
    for field in Settings.model_fields:
        value = _value_of(f"PACELINE_{field.upper()}", variables)
        if value is not None:
            values[field] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        raise SettingsError(_sentence(wrong)) from None


def _value_of(name: str, variables: Mapping[str, str]) -> str | None:
    file = variables.get(f"{name}_FILE")
    if not file:
        return variables.get(name)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise SettingsError(f"{name}_FILE: cannot read {file}: {failure.strerror}") from None


def _sentence(wrong: ValidationError) -> str:
    first = wrong.errors()[0]
    reason = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return reason
    return f"PACELINE_{str(first['loc'][0]).upper()}: {reason}"
