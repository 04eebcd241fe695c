from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.base.errors import ArticleError
from qa.corpus.decode import clean, decode, newlines_to_lf

_ANY = st.text(st.characters())  # surrogates too
FRENCH = "Le ministre a déclaré à l’Assemblée que la réforme serait votée avant l’été. « Nous n’avons plus le choix »."
GERMAN = "Der Bürgermeister eröffnete am Samstag die Brücke über den Fluß. Die Bauarbeiten hätten früher enden müssen."
RUSSIAN = "Мэр открыл новый мост через реку в субботу. Строительство заняло четырнадцать месяцев, сказал он."
JAPANESE = "市長は土曜日に新しい橋を開通させた。工事は十四か月かかったと述べた。カフェは午前中に二百人の客を迎えた。"
POLISH = "Burmistrz otworzył w sobotę nowy most. Budowa trwała czternaście miesięcy, powiedział, żałując środków."


@given(_ANY)
def test_cleaning_keeps_every_other_code_point_in_its_place(text: str) -> None:
    unsafe = {"\x00", *map(chr, range(0xD800, 0xE000))}
    assert list(clean(text)) == ["\ufffd" if letter in unsafe else letter for letter in text]


def test_cleaning_does_not_normalise() -> None:
    assert clean("e\u0301 é \u00a0 \r\n \u2028 👩‍👧") == "e\u0301 é \u00a0 \r\n \u2028 👩‍👧"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_only_carriage_returns_change_line_ends(text: str) -> None:
    assert newlines_to_lf(text) == text
    assert newlines_to_lf(text.replace("\n", "\r\n")) == text


def test_cr_and_crlf_become_lf() -> None:
    assert newlines_to_lf("a\r\nb\rc\n\r\n") == "a\nb\nc\n\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_french_is_read_from_each_encoding(codec: str) -> None:
    assert decode(FRENCH.encode(codec), origin="x") == FRENCH


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "utf-16-le"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        ("It cost £5. “Yes.”", "cp1252"),
        ("Un café, s'il vous plaît.", "latin-1"),
    ],
)
def test_other_encodings_are_guessed(text: str, codec: str) -> None:
    assert decode(text.encode(codec), origin="x") == text


def test_a_long_text_is_guessed_by_the_part_that_is_not_ascii() -> None:
    text = "Plain words.\n" * 20_000 + FRENCH
    assert decode(text.encode("cp1252"), origin="x") == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    words = "The mayor opened it. " + text
    assert decode(words.encode(), origin="x") == words


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "it is a picture (PNG): only text can be added"),
        (b"RIFF\x24\x08\x00\x00WEBPVP8 ", "it is a picture (WebP): only text can be added"),
        (b"\x00\x00\x00\x18ftypheic", "it is a picture (HEIC): only text can be added"),
        (b"\x00\x00\x00\x18ftypisom", "it is a recording (MP4): only text can be added"),
        (b"PK\x03\x04\x14\x00", "it is a ZIP archive, which is not read; add text, "),
        (b"MZ\x90\x00\x03\x00", "it is a Windows program, which is not read; add text, "),
        (bytes(range(32)) * 8, "it is a binary file of an unknown kind, which is not read; add text, "),
        (bytes(Random(1).choices(range(128, 256), k=20) + list(range(256)) * 3), "it is a binary file of an unknown kind"),
        (GERMAN.encode("cp850"), "not UTF-8 (byte 0x81 at position 5), and no other encoding is likely"),
        ("Many good à é ü ï words".encode() + b"\xff", "though most of it is; find the damaged place"),
        (b"\xff\xfea", "not UTF-16 as it seems to be"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as caught:
        decode(data, origin="a/b.txt")
    assert reason in caught.value.reason
    assert caught.value.origin == "a/b.txt"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decode(data, origin="x")
    except ArticleError as error:
        assert error.reason
