"""Every knob with its default and unit, from arguments, QA_* variables and `qa.toml`, in this order.

Nothing is read at import. `load_settings` reads the environment and the `qa.toml` of the current
folder, and translates what pydantic says into a SettingsError that names the setting and its door.
"""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.base.errors import SettingsError

PACKAGED_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_READER = "qa-reader"
NO_READER = "none"
SETTINGS_FILE = "qa.toml"


def _network(written: str) -> str:
    return str(ip_network(written))


_Network = Annotated[str, AfterValidator(_network)]
_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)


def _host(written: str) -> str:
    """A name in lower case, or an address in its usual spelling, without brackets."""
    bare = written.strip("[]")
    try:
        return str(ip_address(bare))
    except ValueError:
        if not _HOST_NAME.fullmatch(bare):
            raise ValueError(f"{written!r} is no host; expected a name or an address alone, such as qa.example.org") from None
        return bare.lower()


Host = Annotated[str, AfterValidator(_host)]


class Settings(BaseSettings):
    """What can be chosen; README lists each with its unit, and a test holds the two together."""

    model_config = SettingsConfigDict(
        env_prefix="QA_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    index: Path = Field(Path("indexes/default"), description="the index folder")

    # Kept in the index: changing one of these five asks for a rebuild.
    encoder: str = Field(PACKAGED_ENCODER, description="a sentence-transformers model: packaged name, folder or hub name")
    passage_prompt: str | None = Field(None, description="prompt before each passage")
    passage_characters: int = Field(900, ge=100, le=10_000, description="target length of a passage, characters")
    passage_overlap_sentences: int = Field(0, ge=0, le=5, description="sentences a passage shares with the one before")
    title_tokens: int = Field(32, ge=0, le=64, description="longest title that is embedded with a passage, tokens")

    question_prompt: str | None = Field(None, description="prompt before each question")
    encoder_precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="arithmetic of the encoder; auto: bfloat16 where the processor has it"
    )

    reader: str = Field(
        PACKAGED_READER,
        description="a model that finds answers in passages: packaged name, folder or hub name; none: likeness alone",
    )

    candidates: int = Field(100, ge=1, le=1_000, description="passages that each searcher brings")
    lexical_weight: float = Field(0.5, ge=0, le=1, description="share of BM25 in the merged score, the rest is dense")
    recency_weight: float = Field(
        0.1, ge=0, le=1, description="what an article of the day of asking has ahead of an old one, on the merged score of 0 to 1"
    )
    period_weight: float = Field(
        0.1, ge=0, le=1, description='the same for one of the days that a question names ("last week", "in March")'
    )
    read_passages: int = Field(5, ge=1, le=100, description="passages of the last ranking that are read for an answer")

    threshold: float = Field(0.2, ge=0, le=1, description="probability below which nothing is answered")
    answered_threshold: float = Field(0.5, ge=0, le=1, description="probability from which an answer is not called weak")
    max_citations: int = Field(4, ge=1, le=10, description="sentences an answer cites at most")
    keep_answers_days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="how long an answer is kept with its question, so that it can be verified, days; 0: none is",
    )
    max_question_characters: int = Field(1_000, ge=1, le=100_000, description="longest question, characters")

    requests_per_minute: int = Field(
        600, ge=0, description="questions, searches and changes of one client that the server takes a minute; 0: any number"
    )
    receive_timeout_seconds: float = Field(
        30, gt=0, description="longest time for the head of a request, and in which nothing of its body comes, seconds"
    )
    shutdown_timeout_seconds: int = Field(
        20, ge=1, description="longest time for the requests in work when the server is told to stop, seconds"
    )
    log_format: Literal["quiet", "readable", "json"] = Field(
        "quiet", description="what the server logs: quiet: what goes wrong alone; readable or json: each request too, a line each"
    )
    log_questions: bool = Field(False, description="whether questions, and what errors say of them, stand in the server's log")
    allowed_hosts: tuple[Host, ...] = Field(
        (),
        description="names the server goes by beside its own, such as qa.example.org; clients need a token then",
    )
    max_upload_bytes: int = Field(32 * 2**20, ge=2**10, description="largest request that adds articles to the server, bytes")
    max_file_bytes: int = Field(200 * 2**20, ge=1, description="largest file that is read, bytes")
    max_article_characters: int = Field(5_000_000, ge=1, description="longest article, characters")
    parse_timeout_seconds: float = Field(30, gt=0, description="longest time for one HTML page or PDF, seconds")
    allow_fetch: bool = Field(False, description="whether addresses of the web may be fetched when somebody adds one")
    fetch_timeout_seconds: float = Field(20, gt=0, description="longest time for fetching one address, seconds")
    max_fetch_bytes: int = Field(20 * 2**20, ge=1, description="largest page that is fetched, bytes")
    fetch_networks: tuple[_Network, ...] = Field(
        (), description="networks that may be fetched from though they are not public, such as 10.0.0.0/8"
    )
    lock_timeout_seconds: float = Field(60, gt=0, description="longest wait for another writer, seconds")

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> Settings:
        if self.threshold > self.answered_threshold:
            raise ValueError(f"threshold {self.threshold} is above answered_threshold {self.answered_threshold}; set both")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the two that qa does not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """The settings in force: those given, then QA_* variables, then qa.toml, then the defaults.

    Raises:
        SettingsError: an unknown name, a value that is not accepted, or a qa.toml that cannot be read.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values, and that is the point
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(item["loc"], item["msg"], item["input"]) for item in error.errors())) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{Path(SETTINGS_FILE).absolute()} is not TOML: {error}. Mend it or move it away.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{Path(SETTINGS_FILE).absolute()} cannot be read: {error}") from error


def _explain(location: tuple[int | str, ...], message: str, value: object) -> str:
    name, *place_in_list = [str(part) for part in location] or [""]
    if name and name not in Settings.model_fields:
        return f"Unknown setting {name!r} in {SETTINGS_FILE} or the call. Known: {', '.join(Settings.model_fields)}."
    if not name:
        return message.removeprefix("Value error, ") + "."
    return (
        f"Setting {name!r} (variable QA_{name.upper()}) {'holds' if place_in_list else 'is'} {value!r}: "
        f"{message.removeprefix('Value error, ')}. It is {Settings.model_fields[name].description}."
    )
