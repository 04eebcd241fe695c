from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from qa.base.errors import RunError
from qa.base.types import Article, Hit, Ranking, Span
from qa.evaluation.articles import GivenArticles
from qa.evaluation.runs import RankedSpan
from qa.evaluation.trec_runs import ranked_spans, read_trec_run, trec_lines

PIER = Article("art_00000000000000aa", "pier", "The pier", "The pier fell at noon.")
QUAY = Article("art_00000000000000bb", "https://harbour.example/quay:1-2", "The quay", "The quay was calm.")
ARTICLES = GivenArticles([PIER, QUAY])


def written(folder: Path, *lines: str, name: str = "bm25.trec") -> Path:
    file = folder / name
    data = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return file


def test_documents_are_articles_passages_or_other_cuts_of_them(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "q1 Q0 pier 1 4.0 bm25",
        "q1 Q0 https://harbour.example/quay:1-2 2 3.0 bm25",
        "q1 Q0 art_00000000000000aa@01234567:4-8 3 2.0 bm25",
        "q1 Q0 pier:9-13 4 1.0 bm25",
        "q1 Q0 https://harbour.example/quay:1-2:4-8 5 0.5 bm25",
        name="bm25.trec.gz",
    )
    run = read_trec_run(file, ARTICLES)
    assert run.tag == "bm25"
    assert run.hits["q1"] == [
        RankedSpan(PIER.id, Span(0, 22), 4.0),
        RankedSpan(QUAY.id, Span(0, 18), 3.0),
        RankedSpan(PIER.id, Span(4, 8), 2.0),
        RankedSpan(PIER.id, Span(9, 13), 1.0),
        RankedSpan(QUAY.id, Span(4, 8), 0.5),
    ]
    assert run.notes == ()


def test_scores_order_the_hits_and_equal_ones_stay_as_they_came(tmp_path: Path) -> None:
    file = written(tmp_path, "q Q0 pier:0-3 1 1 x", "q Q0 pier:4-8 2 7 x", "q Q0 pier:9-13 3 1.0 x")
    assert [hit.span.start for hit in read_trec_run(file, ARTICLES).hits["q"]] == [4, 0, 9]


def test_what_is_odd_is_counted_and_keeps_its_rank(tmp_path: Path) -> None:
    file = written(
        tmp_path, "q Q0 lighthouse 1 3 x", "q Q0 pier:9-99 2 2 x", "q Q0 pier 3 1 x", "q Q0 pier 4 2.5 x", "p Q0 quay 1 1 y"
    )
    run = read_trec_run(file, ARTICLES)
    assert [hit.article_id for hit in run.hits["q"]] == ["lighthouse", PIER.id, "pier:9-99"]
    assert run.notes == (
        "1 documents named twice for one question; the better score counts",
        "2 tags (x, y), taken as one run",
        "3 hits on documents that are neither an article here nor a part of one; they hold nothing",
    )


def test_our_own_rankings_come_back_as_they_went_out(tmp_path: Path) -> None:
    hits = (Hit(f"{PIER.id}@01234567:4-8", 0.75), Hit(f"{PIER.id}@01234567:0-3", 0.75), Hit(f"{QUAY.id}@89abcdef:0-18", -0.25))
    ranking = Ranking("Who?", "merged", tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))))
    file = written(tmp_path, *trec_lines("q", ranking))
    run = read_trec_run(file, ARTICLES)
    assert run.tag == "merged"
    assert run.hits["q"] == ranked_spans(ranking)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("q Q0 pier 1 2.5", r"line 2: 5 columns, expected six: question Q0 document rank score tag"),
        ("q Q0 the pier 1 2.5 x", r"line 2: 7 columns"),
        ("q Q0 pier 1 high x", r"line 2: the score is 'high'"),
        ("q Q0 pier 1 nan x", r"line 2: the score is not a number"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    file = written(tmp_path, "q Q0 pier 1 2.5 x", line)
    with pytest.raises(RunError, match=complaint):
        read_trec_run(file, ARTICLES)


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no hits"):
        read_trec_run(written(tmp_path), ARTICLES)
    with pytest.raises(RunError, match="cannot be read"):
        read_trec_run(tmp_path / "nothing.trec", ARTICLES)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"q Q0 pier 1 2.5 x\n" * 99)[:-9])
    with pytest.raises(RunError, match="cannot be read"):
        read_trec_run(tmp_path / "cut.gz", ARTICLES)
