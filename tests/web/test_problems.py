"""What problems say of the errors that they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.base.errors import ArticleDamaged, CopyUnusable, ModelError, QaError, StorageError
from web.problems import problem_of

INDEX = Path("/srv/my articles/index")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StorageError(INDEX, f"{INDEX}/store.sqlite: disk I/O error. Free some."), "store.sqlite: disk I/O error. Free some."),
        (StorageError(INDEX, f"The index {INDEX} is gone."), "The index index is gone."),
        (
            ModelError("The file /opt/models/x.bin is damaged: https://a.example/b/c."),
            "The file x.bin is damaged: https://a.example/b/c.",
        ),
    ],
)
def test_no_problem_tells_where_the_servers_files_are(error: QaError, said: str) -> None:
    assert problem_of(error).detail == said


def test_the_problem_of_a_damaged_snapshot_names_no_folder() -> None:
    snapshot = INDEX / "snapshots" / "spring"
    problem = problem_of(CopyUnusable(snapshot, f"{snapshot} is damaged: store.sqlite does not match its digest."))
    assert (problem.status_code, problem.detail) == (409, "spring is damaged: store.sqlite does not match its digest.")


def test_the_problem_of_a_damaged_article_names_the_article() -> None:
    detail = problem_of(ArticleDamaged(INDEX, "art_1")).detail
    assert detail.startswith("The article art_1 of index was damaged")
    assert "srv" not in detail
