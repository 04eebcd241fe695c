"""Every setting with its default and unit, from arguments, QA_* variables and `qa.toml`, in this order.

Nothing is read at import. `load_settings` reads the environment and the `qa.toml` of the current folder. It translates
pydantic's errors into a SettingsError that names the setting and its variable. Settings are grouped: a group is a class here,
a table in `qa.toml` and a section of `qa doctor`. Python and the environment name settings without their group.
"""

from __future__ import annotations

import json
import logging
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from qa.base.errors import SettingsError

Precision = Literal["float32", "bfloat16", "int8"]  # how a model computes

PACKAGED_ENCODER = "multilingual-e5-small"
ENGLISH_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_READER = "qa-reader"
NO_READER = "none"
PACKAGED_RANKER = "qa-ranker"
NO_RANKER = "none"
SETTINGS_FILE = "qa.toml"
_PREFIX = "QA_"
TOKEN_VARIABLE = "QA_TOKEN"  # no setting: what commands show to a running server that asks for a token
ENGINE_TOKEN_VARIABLE = "QA_ENGINE_TOKEN"  # no setting either, so that nothing prints it: what Milvus is shown
LOCAL, MILVUS = "local", "milvus"  # engines
_INDEX_TABLE = re.compile(r"^[ \t]*\[[ \t]*index[ \t]*\]", re.MULTILINE)
_INDEX_BEFORE_TABLES = re.compile(r"(?:(?![ \t]*\[|[ \t]*index[ \t]*[=.]).*\n)*[ \t]*index[ \t]*[=.]")
_DATES_COUNT = "The ranker weighs dates by itself. Set dates_count = false where no date shall count."
_GONE = {"recency_weight": _DATES_COUNT, "period_weight": _DATES_COUNT}  # of earlier versions, and what is in their place
_NO_SETTINGS = (TOKEN_VARIABLE, ENGINE_TOKEN_VARIABLE)
_log = logging.getLogger(__name__)


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


def _values(given: object) -> object:
    """A variable holds several values as a JSON list or with commas between them; Python and qa.toml have lists."""
    if not isinstance(given, str):
        return given
    try:
        listed = json.loads(given)
    except ValueError:
        listed = None
    return listed if isinstance(listed, list) else [value.strip() for value in given.split(",") if value.strip()]


_FromVariable = (NoDecode, BeforeValidator(_values))


class IndexSettings(BaseModel):
    """Which index, and how it is made. An index keeps the encoder, `passage_prompt` and the three sizes of passages.

    Another value of one of these five asks for a rebuild.
    """

    index: Path = Field(Path("indexes/default"), description="the index folder")
    encoder: str = Field(PACKAGED_ENCODER, description="a sentence-transformers model: packaged name, folder or hub name")
    passage_prompt: str | None = Field(None, description="prompt before each passage")
    passage_characters: int = Field(900, ge=100, le=10_000, description="target length of a passage, characters")
    passage_overlap_sentences: int = Field(0, ge=0, le=5, description="sentences a passage shares with the one before")
    title_tokens: int = Field(32, ge=0, le=64, description="longest title that is embedded with a passage, tokens")
    question_prompt: str | None = Field(None, description="prompt before each question")
    encoder_precision: Literal["auto", "float32", "bfloat16", "int8"] = Field(
        "auto", description="arithmetic of encoder and reader; auto: the fastest that the processor or GPU has"
    )


class EngineSettings(BaseModel):
    """Where the vectors and postings of an index are searched. An index keeps the first three."""

    engine: Literal["local", "milvus"] = Field(
        "local", description="local: files of the index folder; milvus: a Milvus server, which needs the extra milvus"
    )
    uri: str = Field("http://127.0.0.1:19530", pattern=r"^https?://\S+$", description="address of the Milvus server")
    collection: str = Field(
        "qa", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,254}$", description="collection of the Milvus server, one for each index"
    )
    consistency: Literal["strong", "bounded", "session", "eventually"] = Field(
        "strong", description="what a search of Milvus must see; all but strong may find articles for a moment after removal"
    )
    engine_timeout_seconds: float = Field(10, gt=0, description="longest wait for one call of the Milvus server, seconds")
    engine_retries: int = Field(
        2, ge=0, le=20, description="how often a call is repeated when the Milvus server cannot be reached"
    )


class SearchSettings(BaseModel):
    """How passages are ranked."""

    candidates: int = Field(100, ge=1, le=1_000, description="passages that each searcher brings")
    lexical_weight: float = Field(0.5, ge=0, le=1, description="share of BM25 in the merged score, the rest is dense")
    ranker: str = Field(
        PACKAGED_RANKER, description="trees that order what the searchers found: packaged name or folder; none: the merged order"
    )
    dates_count: bool = Field(
        True, description="whether the ranker knows when articles were published, and the days that a question names"
    )


class AnswerSettings(BaseModel):
    """What is answered, how surely, and how long an answer is kept."""

    reader: str = Field(
        PACKAGED_READER,
        description="a model that finds answers in passages: packaged name, folder or hub name; none: similarity alone",
    )
    read_passages: int = Field(
        8, ge=1, le=100, description="passages of the last ranking that are read for an answer or a search"
    )
    threshold: float = Field(0.15, ge=0, le=1, description="probability below which nothing is answered")
    answered_threshold: float = Field(0.75, ge=0, le=1, description="probability from which an answer is not called weak")
    max_citations: int = Field(4, ge=1, le=10, description="sentences an answer cites at most")
    keep_answers_days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="how long an answer is kept with its question, so that it can be verified, days; 0: none is kept",
    )


class ServerSettings(BaseModel):
    """How the server serves and what it logs."""

    requests_per_minute: int = Field(
        600, ge=0, description="questions, searches and changes of one client that the server takes a minute; 0: any number"
    )
    receive_timeout_seconds: float = Field(
        30, gt=0, description="longest time for the head of a request, and for a pause in its body, seconds"
    )
    shutdown_timeout_seconds: int = Field(
        20, ge=1, description="longest time for running requests when the server is told to stop, seconds"
    )
    log_format: Literal["quiet", "readable", "json"] = Field(
        "quiet", description="what the server logs: quiet: errors alone; readable or json: each request too, a line each"
    )
    log_questions: bool = Field(
        False, description="whether the server's log may hold questions, and error messages that quote them"
    )
    allowed_hosts: Annotated[tuple[Host, ...], *_FromVariable] = Field(
        (),
        description="further host names of the server, such as qa.example.org; clients need a token then",
    )
    trusted_proxies: Annotated[tuple[_Network, ...], *_FromVariable] = Field(
        (),
        description="addresses or networks of proxies, such as 127.0.0.1, whose X-Forwarded-For and -Proto are believed",
    )


class LimitSettings(BaseModel):
    """The largest input, the longest wait, and what may be fetched."""

    max_question_characters: int = Field(1_000, ge=1, le=100_000, description="longest question, characters")
    max_upload_bytes: int = Field(32 * 2**20, ge=2**10, description="largest request that adds articles to the server, bytes")
    max_file_bytes: int = Field(200 * 2**20, ge=1, description="largest file that is read, bytes")
    max_article_characters: int = Field(5_000_000, ge=1, description="longest article, characters")
    parse_timeout_seconds: float = Field(30, gt=0, description="longest time for one HTML page or PDF, seconds")
    allow_fetch: bool = Field(False, description="whether web addresses may be fetched when somebody adds one")
    fetch_timeout_seconds: float = Field(20, gt=0, description="longest time for fetching one address, seconds")
    max_fetch_bytes: int = Field(20 * 2**20, ge=1, description="largest page that is fetched, bytes")
    fetch_networks: Annotated[tuple[_Network, ...], *_FromVariable] = Field(
        (), description="networks that may be fetched from though they are not public, such as 10.0.0.0/8"
    )
    feed_may_name: Annotated[tuple[Host, ...], *_FromVariable] = Field(
        (), description="sites, with those below them, whose articles fetched feeds of other sites may bring, such as example.org"
    )
    lock_timeout_seconds: float = Field(60, gt=0, description="longest wait for another writer, seconds")


_GROUPS: Mapping[str, type[BaseModel]] = {
    "index": IndexSettings,
    "search": SearchSettings,
    "answer": AnswerSettings,
    "server": ServerSettings,
    "limits": LimitSettings,
    "remote": EngineSettings,
}


def groups() -> dict[str, tuple[str, ...]]:
    """The names of the settings by group, both in the order of the documentation."""
    return {group: tuple(fields.model_fields) for group, fields in _GROUPS.items()}


def _group_of(name: str) -> str | None:
    return next((group for group, names in groups().items() if name in names), None)


class Settings(EngineSettings, LimitSettings, ServerSettings, AnswerSettings, SearchSettings, IndexSettings, BaseSettings):
    """All groups together; pydantic puts the fields of the last base first."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

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
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=settings_of_file())


def load_settings(**given: object) -> Settings:
    """The settings in force: those given, then QA_* variables, then qa.toml, then the defaults.

    A QA_* variable that names no setting is named in a warning, once for each process.

    Raises:
        SettingsError: an unknown name, a value that is not accepted, or a qa.toml that cannot be read.
    """
    for variable in os.environ:
        is_setting = variable[len(_PREFIX) :].lower() in Settings.model_fields
        if variable.upper().startswith(_PREFIX) and not is_setting and variable not in _NO_SETTINGS:
            _warn_of_unknown(variable)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values, and that is the point
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(item["loc"], item["msg"], item["input"]) for item in error.errors())) from error


@cache
def _warn_of_unknown(variable: str) -> None:
    nearest = _nearest(variable.upper(), [_PREFIX + name.upper() for name in Settings.model_fields])
    meant = f"Do you mean {nearest}? " if nearest else ""
    meant = f"{_GONE[name]} " if (name := variable[len(_PREFIX) :].lower()) in _GONE else meant
    _log.warning("The variable %s names no setting and is ignored. %s`qa doctor -v` lists the settings.", variable, meant)


def settings_of_file() -> dict[str, object]:
    """The settings that the qa.toml of the current folder gives, by name; none where there is no such file.

    A setting stands in the table of its group, `[answer] threshold = 0.3`, or before all tables.

    Raises:
        SettingsError: the file cannot be read, is not TOML, or has an unknown setting, or one in the wrong table or twice.
    """
    path = Path(SETTINGS_FILE).absolute()
    if not path.is_file():
        return {}
    given: dict[str, object] = {}
    for table, name, value in _entries(_content(path)):
        if name not in Settings.model_fields:
            raise SettingsError(_unknown(name, f" in {SETTINGS_FILE}"))
        if table is not None and _group_of(name) not in (table, None):
            raise SettingsError(f"Setting {name!r} stands in [{table}] of {path}; its table is [{_group_of(name)}].")
        if name in given:
            raise SettingsError(f"Setting {name!r} stands twice in {path}, in a table and before all tables. Remove one.")
        given[name] = value
    return given


def _content(path: Path) -> dict[str, object]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if _INDEX_TABLE.search(text) and _INDEX_BEFORE_TABLES.match(text):
            raise SettingsError(
                f"{path} has both `index = …` before its tables and a table [index]; to TOML these are one name, given twice. "
                "Move the line into the table, below [index]."
            ) from error
        raise SettingsError(f"{path} is not TOML: {error}. Mend it or move it away.") from error


def _entries(content: Mapping[str, object]) -> Iterator[tuple[str | None, str, object]]:
    """(table, name, value) of each setting in a file; the table is None for one before all tables."""
    for key, value in content.items():
        if not isinstance(value, dict) and key in _GROUPS and key not in Settings.model_fields:
            raise SettingsError(
                f"{key!r} in {SETTINGS_FILE} is {value!r}; expected a table of settings, which begins with [{key}]."
            )
        if not isinstance(value, dict):
            yield None, key, value
        elif key in _GROUPS:
            yield from ((key, name, one) for name, one in value.items())
        else:
            tables = ", ".join(f"[{group}]" for group in _GROUPS)
            raise SettingsError(f"Unknown table [{key}] in {SETTINGS_FILE}. Known: {tables}.")


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one is most like; None where it is like none."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def _unknown(name: str, place: str = "") -> str:
    if name in _GONE:
        return f"There is no setting {name!r} any more. {_GONE[name]}"
    meant = _nearest(name.lower().replace("-", "_"), Settings.model_fields)
    if meant:
        return f"Unknown setting {name!r}{place}. Do you mean {meant!r}? It is {Settings.model_fields[meant].description}."
    known = ", ".join(name for names in groups().values() for name in names)
    return f"Unknown setting {name!r}{place}. Known: {known}."


def _explain(location: tuple[int | str, ...], message: str, value: object) -> str:
    name, *place_in_list = [str(part) for part in location] or [""]
    if name and name not in Settings.model_fields:
        return _unknown(name)
    if not name:
        return message.removeprefix("Value error, ") + "."
    return (
        f"Setting {name!r} (variable {_PREFIX}{name.upper()}) {'holds' if place_in_list else 'is'} {value!r}: "
        f"{message.removeprefix('Value error, ')}. It is {Settings.model_fields[name].description}."
    )
