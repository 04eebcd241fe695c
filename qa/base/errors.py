"""All errors with causes outside the caller's code, as one tree.

    QaError
    ├── SettingsError         a setting, variable or qa.toml that cannot be used
    ├── ArticleError          one file or record that cannot become an article; others are still read
    ├── ArticleNotFound       no article of the index has this id
    ├── ArticleUnclear        several articles are called so
    ├── VersionNotFound       the article's text has changed, and this version is not kept
    ├── AnswerNotFound        no answer of this id is kept
    ├── ConversationNotFound  no conversation of this id is kept
    ├── JobNotFound           no job of this id is kept
    ├── SnapshotNotFound      no snapshot of this name is kept
    ├── NothingBeside         no index stands beside the one that answers, or not the one to switch to
    ├── SnapshotNameError     a name that no snapshot can have, or that one has already
    ├── SentenceNotFound      the answer shows no sentence of this number
    ├── LineNotFound          no article has a sentence of these words that could be cited
    ├── QuestionError         a question that cannot be asked (blank, too long)
    ├── ServerError           a server that cannot listen at its address, or must not without a token
    ├── TokenError            a token file that cannot be used, or a token that is not in it
    ├── ExtraMissing          an optional package that is not installed
    ├── ClientError           a request of `qa.api.client` that failed
    │   ├── ServerUnreachable no server answers at the address, or the connection broke
    │   ├── ServerTimeout     the server did not answer in time
    │   └── RequestRefused    the server returned a problem without an error class here
    ├── EngineError           Milvus refuses a call, or is not what the index needs
    │   └── EngineUnreachable Milvus does not answer
    ├── ModelError            an encoder that is missing, damaged or of another kind
    ├── DatasetError          a set of judged questions that cannot be used
    ├── RunError              a run file that cannot be read, or compared with another
    └── StoreError            the index folder
        ├── IndexNotFound     there is no index at this path
        ├── IndexMismatch     built with another encoder, passage rule or format
        ├── IndexDamaged      a file does not match its digest, or cannot be read
        │   └── ArticleDamaged one article is not as it was added; others still answer
        ├── CopyUnusable      a snapshot or an exported index is damaged, cut off, or made by another qa
        ├── IndexBusy         another process has held the writer's lock too long
        └── StorageError      the disk is full, or the folder cannot be written
            └── StateDamaged  what serving keeps (answers, conversations, jobs) cannot be read; articles still answer

Each message says what is wrong (with the value), what was expected and what to do. A programming mistake of the caller is
a ValueError instead. Abstaining is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class QaError(Exception):
    """The root: `except QaError` catches every failure that a user can fix."""


class SettingsError(QaError):
    """A setting cannot be used; the message names it, its value and what is accepted."""


class ArticleError(QaError):
    """One file, or one record of a file, cannot become an article.

    Attributes: `origin` (path or address), `line` (from 1; None for the whole file), `reason` (what is wrong and what was
    expected, without origin and line).
    """

    def __init__(self, origin: str, reason: str, *, line: int | None = None) -> None:
        self.origin = origin
        self.line = line
        self.reason = reason
        super().__init__(f"{origin}{f', line {line}' if line else ''}: {reason}")


class ArticleNotFound(QaError):
    """No article of the index has this id, apart from removed ones."""

    def __init__(self, article_id: str, *, nearest: Sequence[str] = ()) -> None:
        """`nearest` are articles that may be meant, in words."""
        self.article_id = article_id
        meant = f" Near it: {'; '.join(nearest)}." if nearest else ""
        super().__init__(f"No article {article_id!r} in this index.{meant} `qa list` shows their ids.")


class ArticleUnclear(QaError):
    """Several articles have this title or file name."""

    def __init__(self, name: str, count: int, first: Sequence[str]) -> None:
        """`first` are the first of them, in words."""
        more = f"; and {count - len(first):,} more" if count > len(first) else ""
        super().__init__(f"{count:,} articles are called {name!r}: {'; '.join(first)}{more}. Give the id of one.")


class VersionNotFound(QaError):
    """The article exists, but no version of it with this digest is kept."""

    def __init__(self, article_id: str, digest: str) -> None:
        self.article_id = article_id
        self.digest = digest
        super().__init__(
            f"No text of {article_id} with the digest {digest[:12]}… is kept: it has been changed, and no kept answer shows it."
        )


class AnswerNotFound(QaError):
    """No answer with this id is kept in this index's folder."""

    def __init__(self, answer_id: str) -> None:
        self.answer_id = answer_id
        super().__init__(f"No answer {answer_id!r} is kept here. `qa ask --json` and the API name an answer's id.")


class ConversationNotFound(QaError):
    """No conversation with this id is kept, or its last change can no longer be undone."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        super().__init__(
            f"No conversation {conversation_id!r} is kept here. `qa conversations` and the page /conversations list those kept."
        )


class JobNotFound(QaError):
    """No job with this id is kept."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"No job {job_id!r} is kept here. The response that began a job names its id.")


class SnapshotNotFound(QaError):
    """No snapshot with this name is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"No snapshot {name!r} is kept here. `qa snapshots` lists those kept.")


class NothingBeside(QaError):
    """No index stands beside the one that answers, or not the one to switch to."""


class SnapshotNameError(QaError):
    """No snapshot can have this name, or one has it already."""


class SentenceNotFound(QaError):
    """The answer exists, but shows no sentence with this number. `shown` is `citations` or `nearest`."""

    def __init__(self, answer_id: str, shown: str, number: int) -> None:
        self.answer_id = answer_id
        self.shown = shown
        self.number = number
        super().__init__(f"The answer {answer_id!r} has no number {number} among its {shown}.")


class LineNotFound(QaError):
    """No article has a sentence of these words that could be cited, or nobody has decided on it."""

    def __init__(self, sentence: str, reason: str) -> None:
        self.sentence = sentence
        super().__init__(f"{reason}: {sentence[:200]!r}. Give one whole sentence, as it stands in an article.")


class QuestionError(QaError):
    """The question cannot be asked: blank, or longer than `max_question_characters`."""


class ServerError(QaError):
    """The server cannot listen at its address, or must not without a token."""


class TokenError(QaError):
    """A token file cannot be used, or contains no token of this name."""


class ExtraMissing(QaError):
    """A feature needs an optional package that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} needs packages that are not installed: pip install 'article-qa[{extra}]'")


class ClientError(QaError):
    """A request of `qa.api.client` failed, or the address is not that of a qa server."""


class ServerUnreachable(ClientError):
    """No server answers at the address, or the connection broke."""


class ServerTimeout(ClientError):
    """The server did not answer in time. Whether it carried out the request is unknown."""


@dataclass(frozen=True, slots=True)
class WrongPlace:
    """One invalid part of a request. `pointer` is `#/field` in the body, `?name` in the query, `{name}` in the path."""

    pointer: str
    code: str
    detail: str


class RequestRefused(ClientError):
    """The server refused the request with a problem (RFC 9457).

    Attributes: `status` (HTTP), `type` (`/problems/<name>`), `title`, `detail`, `errors` (each invalid part), `request_id`
    (as in the server's log), `retry_after_seconds` (None if the server gives none).
    """

    def __init__(
        self,
        status: int,
        *,
        type_: str,
        title: str,
        detail: str,
        request_id: str,
        errors: tuple[WrongPlace, ...],
        retry_after_seconds: int | None,
    ) -> None:
        self.status = status
        self.type = type_
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.errors = errors
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{title} ({status}, {request_id}): {detail}")


class EngineError(QaError):
    """Milvus refuses a call, has another version than is needed, or its collection is not that of the index."""


class EngineUnreachable(EngineError):
    """Milvus does not answer. What was stored stays stored, and the next change sends it."""


class ModelError(QaError):
    """The encoder is missing, damaged, or not a sentence-transformers model."""


class DatasetError(QaError):
    """A set of judged questions cannot be used. The message names the file, and the line of a wrong question."""


class RunError(QaError):
    """A run file cannot be read, or two runs cannot be compared."""


class StoreError(QaError):
    """A problem of the index folder `path`."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        super().__init__(message)


class IndexNotFound(StoreError):
    """There is no index at this path."""


class IndexMismatch(StoreError):
    """The index was built with another encoder, passage rule or format."""


class IndexDamaged(StoreError):
    """A file of the index does not match its digest or cannot be read."""


class ArticleDamaged(IndexDamaged):
    """An article's text, title, URL, dates or source are not what was added. Nothing of it is quoted."""

    def __init__(self, path: Path, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(
            path,
            f"The article {article_id} of {path} was damaged: it is not as it was added, so nothing of it is quoted. "
            f"Add it again, or remove it: `qa remove {article_id} --now`. `qa verify` looks for more.",
        )


class CopyUnusable(StoreError):
    """A snapshot or an exported index is damaged, cut off, or made by another qa. The index is unchanged."""


class IndexBusy(StoreError):
    """Another process holds the writer's lock for longer than qa waits."""


class StorageError(StoreError):
    """The disk is full, or the folder cannot be written. The index is unchanged."""


class StateDamaged(StorageError):
    """`state.sqlite` is damaged or no database. Articles are not in it."""
