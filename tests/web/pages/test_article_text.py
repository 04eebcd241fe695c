from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.base.types import Article, SentenceKind
from qa.corpus.sentences import split_sentences
from web.pages.article_text import Block, Piece, blocks_of

_LINES = st.sampled_from(
    [
        "He came. She left.",
        "# Heading",
        "- an item",
        "Advertisement",
        "Share this article",
        "قال إنه جاء. ثم ذهب.",
        "a\r",
        " ",
        "",
    ]
)
_TEXTS = st.one_of(st.text().filter(lambda text: "|" not in text), st.lists(_LINES).map("\n".join))  # no tables


def _article(text: str, *, is_markdown: bool = False) -> Article:
    return Article(id="a", given_id="a", title="A title", text=text, is_markdown=is_markdown)


def _blocks(text: str) -> list[Block]:
    return blocks_of(_article(text), split_sentences(text))


@given(_TEXTS)
def test_the_pieces_rejoin_to_the_text(text: str) -> None:
    assert "".join(piece.text for block in _blocks(text) for piece in block.pieces) == text


@given(_TEXTS)
def test_every_sentence_is_one_piece_in_a_block_of_its_kind(text: str) -> None:
    sentences = split_sentences(text)
    found = [(piece, block.kind) for block in blocks_of(_article(text), sentences) for piece in block.pieces]
    expected = [(Piece(sentence.span.of(text), sentence.index), sentence.kind) for sentence in sentences]
    assert [(piece, kind) for piece, kind in found if piece.sentence_index is not None] == expected


def test_sentences_on_one_line_stand_in_one_block() -> None:
    assert _blocks("He came. She left.") == [
        Block(SentenceKind.PROSE, False, (Piece("He came.", 0), Piece(" ", None), Piece("She left.", 1)))
    ]


def test_a_line_end_begins_a_block_and_a_blank_line_sets_it_apart() -> None:
    blocks = _blocks("He came.\nShe left.\r\n\r\nThey met.")
    assert [(block.pieces[0].text, block.after_blank_line) for block in blocks] == [
        ("He came.", False),
        ("She left.", False),
        ("They met.", True),
    ]


def test_blanks_before_the_first_sentence_begin_the_first_block() -> None:
    assert _blocks("\n He came.")[0].pieces[0] == Piece("\n ", None)


def test_a_text_of_blanks_is_one_block_without_sentences() -> None:
    assert _blocks(" \n ") == [Block(SentenceKind.PROSE, False, (Piece(" \n ", None),))]


def test_markdown_is_shown_without_its_marks_and_items_with_bullets() -> None:
    text = "## Fares\n\n---\n\n- **Adults** pay [2.40](/fares).\n\n| Day | Hour |\n|---|---|\n| Sunday | 9 |"
    shown = [
        "".join(piece.text for piece in block.pieces).strip()
        for block in blocks_of(_article(text, is_markdown=True), split_sentences(text))
    ]
    assert shown == ["Fares", "• Adults pay 2.40.", "Day · Hour", "Day: Sunday · Hour: 9"]


def test_a_row_is_shown_with_the_heads_of_its_columns_in_any_text() -> None:
    text = "| Day | Hour |\n|---|---|\n| Sunday | 9 |"
    assert [piece.text for block in _blocks(text) for piece in block.pieces if piece.text.strip()] == [
        "Day · Hour",
        "Day: Sunday · Hour: 9",
    ]
