"""Damaged files of an index: verify finds the damage, or no article, answer or kept answer is another than before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from plan import Plan
from ships import harbour, service_of

from qa.api.answer import answer_shape
from qa.base.errors import QaError
from qa.index.layout import LOCK_SUFFIX, STATE_FILE, WRITER_FILE, WRITER_LOCK_FILE
from qa.service.question import AnswerRequest
from qa.service.service import Service
from qa.service.verification import verify_index

_QUESTIONS = (*(f"Which ship came into the harbour on day {number}?" for number in (2, 7, 11)), "Who bought the oil?")
_WITHOUT_CONTENT = (WRITER_FILE, WRITER_LOCK_FILE)
_CHANGING = ("id", "created_at", "timings_ms", "asked_at")
_PAGE = 4_096  # bytes of one page of SQLite

Seen = dict[str, str]


def whole_index(folder: Path) -> Path:
    """Articles that were added, changed, removed and deleted, and an answer to each question that is kept."""
    shutil.rmtree(folder, ignore_errors=True)
    writer = harbour.indexer(folder)
    writer.add(harbour.articles(1, 12))
    writer.add([harbour.edition(number, 2) for number in (3, 4)])
    writer.remove(["art-5"])
    writer.remove(["art-6"], now=True)
    with service_of(folder) as service:
        for question in _QUESTIONS:
            service.answer(AnswerRequest(question, threshold=0))
    return folder


def seen(service: Service, kept: list[str]) -> Seen:
    """What users are shown: each article, each answer, and each kept answer; an error in words where there is one."""
    shown: Seen = {}

    def show(name: str, look: Callable[[], object]) -> None:
        try:
            shown[name] = json.dumps(look(), default=str, sort_keys=True)
        except QaError as error:
            shown[name] = f"{type(error).__name__}"

    for number in range(1, 13):
        show(f"article {number}", lambda number=number: service.article(f"art-{number}")[0].article)
    for question in _QUESTIONS:
        show(f"answer to {question}", lambda question=question: _stable(service, question))
    for answer_id in kept:
        show(f"kept {answer_id}", lambda answer_id=answer_id: service.kept_answer(answer_id).body)
    return shown


def _stable(service: Service, question: str) -> dict[str, object]:
    answer = answer_shape(service.ask(question, threshold=0)).model_dump(mode="json")
    return {name: value for name, value in answer.items() if name not in _CHANGING}


def _kept(folder: Path) -> list[str]:
    with service_of(folder) as service, service._answers._log._file.reading() as connection:
        return [] if connection is None else [row[0] for row in connection.execute("SELECT id FROM answers ORDER BY id")]


def damage(file: Path, plan: Plan, others: list[Path]) -> str:
    """Damage a file; how, in words."""
    chance, data = plan.chance, bytearray(file.read_bytes())
    at = chance.randrange(len(data)) if data else 0
    match chance.choice(("bit", "byte", "byte", "page", "zeros", "cut", "longer", "swapped pages", "swapped files", "lost")):
        case "bit" if data:
            data[at] ^= 1 << chance.randrange(8)
            how = f"a bit of byte {at} was flipped"
        case "byte" if data:
            data[at] ^= chance.randrange(1, 256)
            how = f"byte {at} was changed"
        case "page" if data:
            begin = at // _PAGE * _PAGE
            data[begin : begin + _PAGE] = chance.randbytes(len(data[begin : begin + _PAGE]))
            how = f"the page at {begin} was overwritten"
        case "zeros" if data:
            data[at : at + 64] = bytes(len(data[at : at + 64]))
            how = f"64 bytes at {at} became 0"
        case "cut" if data:
            del data[at:]
            how = f"it was cut at {at}"
        case "swapped pages" if len(data) >= 2 * _PAGE:
            one, other = chance.sample(range(len(data) // _PAGE), 2)
            first, second = slice(one * _PAGE, (one + 1) * _PAGE), slice(other * _PAGE, (other + 1) * _PAGE)
            data[first], data[second] = data[second], data[first]
            how = f"the pages {one} and {other} were swapped"
        case "swapped files" if others:
            other = chance.choice(others)
            theirs = other.read_bytes()
            _write(other, bytes(data))
            data, how = bytearray(theirs), f"it was swapped with {other.name}"
        case "lost" if file.name != STATE_FILE:  # without it there is a new one
            file.unlink()
            return "it was lost"
        case _:
            data += chance.randbytes(100)
            how = "100 bytes were added"
    _write(file, bytes(data))
    return how


def _write(file: Path, data: bytes) -> None:
    file.unlink()  # a hard link of another edition keeps its content
    file.write_bytes(data)


def rounds(plan: Plan) -> Iterator[None]:
    """One damaged file after the other, each of a whole copy."""
    whole, copy = whole_index(plan.folder / "whole"), plan.folder / "damaged"
    kept = _kept(whole)
    with service_of(whole) as service:
        before = seen(service, kept)
    while True:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        files = sorted(file for file in copy.rglob("*") if file.is_file() and _has_content(file))
        file = plan.chance.choice(files)
        where = f"{file.relative_to(copy)}: {damage(file, plan, [other for other in files if other != file])}"
        _look(plan, copy, kept, before, where)
        yield


def _has_content(file: Path) -> bool:
    return file.name not in _WITHOUT_CONTENT and not file.name.endswith(LOCK_SUFFIX)


def _look(plan: Plan, copy: Path, kept: list[str], before: Seen, where: str) -> None:
    try:
        with service_of(copy) as service:
            try:
                problems = verify_index(service, answers=2).problems
            except QaError as error:
                problems = [str(error)]
            now = seen(service, kept)
    except Exception as error:  # any at all is what is looked for
        plan.fault(f"damage: {error!r}; {where}")
        return
    other = [name for name, shown in now.items() if shown != before[name]]
    wrong = [name for name in other if not _is_error(now[name])]
    plan.outcome.tried["damaged files that verify found" if problems else "damaged files without effect"] += 1
    if other and not problems:
        plan.fault(f"damage: verify found nothing, and {other} changed: {now[other[0]][:300]}; {where}")
    if any(name.startswith("article") for name in wrong):
        plan.fault(f"damage: {wrong} are shown otherwise than they were added: {now[wrong[0]][:300]}; {where}")


def _is_error(shown: str) -> bool:
    return shown.isidentifier()
