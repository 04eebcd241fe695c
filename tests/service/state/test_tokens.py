"""The file of tokens: what it keeps, what it refuses, and the command that changes it."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from qa.base.errors import TokenError
from qa.base.scopes import Scope
from qa.cli.app import main
from qa.service.state.tokens import TokenFile


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "kept" / "tokens.json")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple]:
    """Runs a command line in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def run_(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        return main([str(argument) for argument in arguments]), *capsys.readouterr()

    return run_


def test_the_file_keeps_the_sha_256_of_a_token_and_not_the_token(file: TokenFile) -> None:
    made, secret = file.create(Scope.WRITE, name="Odette's laptop")
    assert re.fullmatch(r"qa_[A-Za-z0-9_-]{43}", secret)  # 32 bytes
    kept = json.loads(file.path.read_text("utf-8"))
    assert kept["version"] == 1
    assert kept["tokens"] == [
        {
            "id": made.id,
            "name": "Odette's laptop",
            "scope": "write",
            "sha256": hashlib.sha256(secret.encode()).hexdigest(),
            "created_at": made.created_at,
        }
    ]
    assert secret[3:] not in file.path.read_text("utf-8")
    assert file.tokens() == (made,)


def test_the_file_is_its_owner_s_alone_and_nothing_is_left_beside_it_but_the_lock(file: TokenFile) -> None:
    file.create(Scope.READ)
    file.create(Scope.READ)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert sorted(inside.name for inside in file.path.parent.iterdir()) == ["tokens.json", "tokens.json.lock"]


def test_a_token_without_a_name_goes_by_its_id(file: TokenFile) -> None:
    made, _ = file.create(Scope.READ)
    assert made.name == made.id


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_token_is_revoked_by_its_name_or_id_and_the_others_stay(file: TokenFile, by: str) -> None:
    first, _ = file.create(Scope.READ, name="first")
    second, _ = file.create(Scope.ADMIN, name="second")
    assert file.revoke(getattr(first, by)) == first
    assert file.tokens() == (second,)


def test_a_name_is_taken_once_and_one_that_nobody_has_cannot_be_revoked(file: TokenFile) -> None:
    made, _ = file.create(Scope.READ, name="first")
    for taken in ("first", made.id):
        with pytest.raises(TokenError, match="already"):
            file.create(Scope.READ, name=taken)
    with pytest.raises(TokenError, match="has no token 'third'"):
        file.revoke("third")
    assert file.tokens() == (made,)


def test_there_are_no_tokens_where_there_is_no_file(file: TokenFile) -> None:
    assert file.tokens() == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"version": 2, "tokens": []}',
        b'{"version": 1, "tokens": [], "more": 1}',
        b'{"version": 1, "tokens": [{"id": "tok_0123456789abcdef", "name": "a", "scope": "root", "sha256": ""}]}',
    ],
)
def test_a_file_that_is_damaged_is_named_and_left_as_it_is(file: TokenFile, content: bytes) -> None:
    file.path.parent.mkdir()
    file.path.touch(mode=0o600)
    file.path.write_bytes(content)
    for use in (file.tokens, lambda: file.create(Scope.READ), lambda: file.revoke("a")):
        with pytest.raises(TokenError, match=r"tokens\.json is not as `qa token create` writes it"):
            use()
    assert file.path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o644, 0o602, 0o666])
def test_a_file_that_every_user_may_read_or_write_is_refused(file: TokenFile, mode: int) -> None:
    file.create(Scope.READ)
    file.path.chmod(mode)
    with pytest.raises(TokenError, match=rf"mode {mode:o}\)\. Close it with `chmod 600"):
        file.tokens()
    file.path.chmod(0o640)
    assert len(file.tokens()) == 1


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").mkdir(mode=0o700)
    with pytest.raises(TokenError, match=r"tokens\.json cannot be read: Is a directory"):
        TokenFile(tmp_path / "tokens.json").tokens()
    (tmp_path / "plain").touch()
    with pytest.raises(TokenError, match=r"cannot be written"):
        TokenFile(tmp_path / "plain" / "tokens.json").create(Scope.READ)


def test_tokens_that_several_processes_make_at_once_are_all_kept(file: TokenFile) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        made = [token.id for token, _ in processes.map(file.create, [Scope.READ] * 20)]
    assert len(made) == 20
    assert {token.id for token in file.tokens()} == set(made)


@pytest.mark.parametrize(
    ("scope", "covered"), [(Scope.READ, "r"), (Scope.WRITE, "rw"), (Scope.ADMIN, "rwa")], ids=["read", "write", "admin"]
)
def test_a_scope_covers_those_below_it(scope: Scope, covered: str) -> None:
    assert "".join(needed.value[0] for needed in Scope if scope.covers(needed)) == covered


# The command


def test_a_token_is_printed_alone_on_standard_output_and_told_about_beside_it(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "qa",
        "token",
        "create",
        "--scope",
        "admin",
        "--name",
        "ops",
        "--index",
        str(tmp_path / "new"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    (token,) = TokenFile(tmp_path / "new" / "tokens.json").tokens()
    assert hashlib.sha256(done.stdout.removesuffix("\n").encode()).hexdigest() == token.sha256
    assert f"This is {token.id}, with the scope admin, in" in done.stderr


def test_tokens_are_listed_and_revoked(run: Callable[..., tuple], tmp_path: Path) -> None:
    chosen = ("--token-file", tmp_path / "elsewhere.json")
    assert run("token", "list", *chosen) == (0, "", f"There are no tokens in {tmp_path / 'elsewhere.json'}.\n")
    _, secret, _ = run("token", "create", "--name", "press", *chosen)
    code, listed, _ = run("token", "list", *chosen)
    assert code == 0
    assert re.fullmatch(r"tok_[0-9a-f]{16}  read   \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  press\n", listed)
    assert secret.strip() not in listed
    assert run("token", "revoke", "press", *chosen)[1] == f"{listed.split()[0]} (press) is revoked.\n"
    code, _, said = run("token", "revoke", "press", *chosen)
    assert (code, "has no token 'press'" in said) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "--scope", "root"], "'root' is not one of"),
        (["create", "--name", " "], "cannot be a token's name"),
        (["create", "--name", "x" * 101], "cannot be a token's name"),
        (["create", "--name", "red\x1b[31m"], "cannot be a token's name"),
        (["revoke"], "Missing argument"),
    ],
)
def test_wrong_usage_is_told_and_makes_nothing(
    run: Callable[..., tuple], tmp_path: Path, arguments: list[str], said: str
) -> None:
    code, _, told = run("token", *arguments)
    assert (code, said in told) == (2, True)
    assert not (tmp_path / "indexes").exists()


def test_revoking_where_there_is_no_file_makes_nothing(run: Callable[..., tuple], tmp_path: Path) -> None:
    code, _, told = run("token", "revoke", "press")
    assert (code, "has no token 'press'" in told) == (1, True)
    assert not (tmp_path / "indexes").exists()


def test_an_index_is_made_checked_and_made_anew_around_its_tokens(run: Callable[..., tuple], tmp_path: Path) -> None:
    assert run("token", "create")[0] == 0
    (tmp_path / "kiln.txt").write_text("Ora Penhallow fired the lime kiln in 1871. It was hot.", "utf-8")
    assert run("add", "kiln.txt")[0] == 0
    assert run("rebuild")[0] == 0
    assert run("verify")[0] == 0
    assert run("doctor")[0] == 0
    assert len(TokenFile(tmp_path / "indexes" / "default" / "tokens.json").tokens()) == 1
