from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.base.types import SentenceKind
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
_TEXTS = st.one_of(st.text(), st.lists(_LINES).map("\n".join))


def _blocks(text: str) -> list[Block]:
    return blocks_of(text, split_sentences(text))


@given(_TEXTS)
def test_the_pieces_rejoin_to_the_text(text: str) -> None:
    assert "".join(piece.text for block in _blocks(text) for piece in block.pieces) == text


@given(_TEXTS)
def test_every_sentence_is_one_piece_in_a_block_of_its_kind(text: str) -> None:
    sentences = split_sentences(text)
    found = [(piece, block.kind) for block in blocks_of(text, sentences) for piece in block.pieces]
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
