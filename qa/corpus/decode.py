"""Bytes → cleaned text. The encoding is guessed only if the guess is a confident one.

Order: known binary files, byte order marks, UTF-16 and ISO-2022-JP by their patterns, UTF-8, charset-normalizer.
"""

from __future__ import annotations

import codecs
import re

from qa.base.errors import ArticleError

_UNSAFE = re.compile("[\x00\ud800-\udfff]")
# UTF-32 before UTF-16: its mark begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PICTURES = (
    (re.compile(rb"\x89PNG\r\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "TIFF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"\x00\x00.{2}ftyp(?:hei[cx]|mif1)", re.DOTALL), "HEIC"),
    (re.compile(rb"\x00\x00.{2}ftypavi[fs]", re.DOTALL), "AVIF"),
    (re.compile(rb"BM.{4}\x00{4}", re.DOTALL), "BMP"),
)
_RECORDINGS = (
    (re.compile(rb"ID3[\x02-\x04]|\xff\xfb"), "MP3"),
    (re.compile(rb"OggS\x00"), "Ogg"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )", re.DOTALL), "WAV or AVI"),
    (re.compile(rb"\x00\x00.{2}ftyp", re.DOTALL), "MP4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "WebM or Matroska"),
)
_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh91AY&SY", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a Linux program"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
)
_EXPECTED = "which is not read; add text, Markdown, HTML, PDF, Word (.docx), EPUB, a feed, a web archive, JSON, JSONL or CSV"
_SAVE_AS = "save it as UTF-8 and read it again"
_UTF16_SAMPLE = 4096  # bytes
_GUESS_SAMPLE = 100_000  # bytes around the first one that is not UTF-8
# charset-normalizer may choose among these only: of all 90 it prefers rare ones (mac_latin2) for plain French.
_WESTERN = "cp1252"
_GUESSES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "iso8859_2", "koi8_r"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
# Tested on a sentence in each of 17 languages in 1 to 4 encodings, and on 500 English, 38 Spanish, 32 German and 33 Russian
# articles in theirs. With these limits none is decoded wrongly; 5 of the Russian articles are refused.
_MOST_CHAOS = 0.1  # "mess" of the decoded text, 0..1
_COHERENCE = 0.1  # similarity to a language's letter frequencies, 0..1
_MULTI_BYTE = 0.2  # 1 - characters / bytes, at most 0.5; only East Asian text reaches it
_FEW_ACCENTS = 0.02  # of all letters; English news has under 0.01
_NOT_WESTERN = re.compile(r"(?<=[^\W\d_])[¹²³¿¡¼½¾¬¦±µ¶·¸¢£¥]|[¹²³¡¿¼½¾¬¦±¶¸¢](?=[a-zß-ÿ])")
_MOST_ODD = 0.1  # of the characters outside ASCII
_TIE = 0.02  # difference of chaos within which windows-1252 is preferred
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.1  # share of control characters; a text has no more …
_MOST_CONTROL_GUESSED = 0.02  # the share where no encoding is likely: random bytes have 0.11, legacy text next to none
_MOST_CONTROL_SHORT = 0.3  # … and the share if there are fewer than eight


def clean(text: str) -> str:
    """The same text with each NUL and lone surrogate replaced by U+FFFD; offsets stay."""
    return _UNSAFE.sub("\ufffd", text)


def newlines_to_lf(text: str) -> str:
    """CRLF and CR → LF. Use it for text, Markdown and HTML files, never for JSON strings or CSV fields."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def byte_order_mark(head: bytes) -> str | None:
    """The codec for the byte order mark, which that codec drops; None without a mark."""
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def _refused(head: bytes) -> str | None:
    """Why a file that begins so holds no text, with what to do; None for text or an unknown type."""
    for magic, name in _PICTURES:
        if magic.match(head):
            return f"it is a picture ({name}): only text can be added"
    for magic, name in _RECORDINGS:
        if magic.match(head):
            return f"it is a recording ({name}): only text can be added"
    kind = next((kind for start, kind in _KINDS if head.startswith(start)), None)
    return f"it is {kind}, {_EXPECTED}" if kind else None


def decode(data: bytes, *, origin: str) -> str:
    """The text of the bytes, without a byte order mark.

    Raises:
        ArticleError: binary content, damaged UTF-8, or an encoding that cannot be guessed with confidence.
    """
    codec = decode_codec(data, origin=origin)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        reason = f"not {codec.upper()} as it seems to be: {error.reason} at byte {error.start:,}; {_SAVE_AS}"
        raise ArticleError(origin, reason) from error
    if _is_binary(text[:_GUESS_SAMPLE]):
        raise ArticleError(origin, f"it is a binary file of an unknown kind, {_EXPECTED}")
    return text


def _is_binary(text: str, *, most: float = _MOST_CONTROL) -> bool:
    controls = len(_CONTROL.findall(text))
    return controls > (most if controls >= 8 else _MOST_CONTROL_SHORT) * len(text)


def decode_codec(data: bytes, *, origin: str) -> str:
    """The name of the encoding of these bytes; raises as `decode` does."""
    refused = _refused(data)
    if refused:
        raise ArticleError(origin, refused)
    codec = byte_order_mark(data) or _without_mark(data)
    if codec is not None:
        return codec
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return _guess(data, error.start, origin)
    return "utf-8"


def _without_mark(data: bytes) -> str | None:
    """UTF-16 or ISO-2022-JP, which would decode as UTF-8 without an error; None for neither."""
    if any(escape in data[:_GUESS_SAMPLE] for escape in (b"\x1b$B", b"\x1b$@", b"\x1b(J")):
        return "iso2022_jp"
    sample = data[:_UTF16_SAMPLE]
    if len(data) % 2 == 0 and 0 in sample:
        first, second = sample[::2], sample[1::2]
        if _is_high_byte(second) and 0 not in first:
            return "utf-16-le"
        if _is_high_byte(first) and 0 not in second:
            return "utf-16-be"
    return None


def _is_high_byte(column: bytes) -> bool:
    """Whether these may be the high bytes of alphabetic text: the one of ASCII and at most one other."""
    counts = sorted((column.count(byte) for byte in set(column)), reverse=True)
    return 0 in column[: len(column) // 2 + 1] and sum(counts[:2]) > 0.8 * len(column) and column.count(0) > 0.05 * len(column)


def _guess(data: bytes, first_bad: int, origin: str) -> str:
    """A legacy encoding, if charset-normalizer is confident."""
    from charset_normalizer import from_bytes

    reason = f"not UTF-8 (byte 0x{data[first_bad]:02x} at position {first_bad:,})"
    sample = _telling_lines(data, first_bad)
    if _is_damaged_utf8(sample):
        raise ArticleError(origin, f"{reason}, though most of it is; find the damaged place, or {_SAVE_AS}")
    if _is_plainly_western(sample):
        return _WESTERN
    matches = list(from_bytes(sample, cp_isolation=list(_GUESSES)))
    likely = [match for match in matches if match.chaos <= matches[0].chaos + _TIE]
    if any(_WESTERN in match.could_be_from_charset for match in likely) and not _looks_eastern(sample):
        return _WESTERN
    best = next((match for match in matches if match.encoding != _WESTERN), None)
    if (best is None or best.chaos > _MOST_CHAOS) and _is_binary(
        data[:_GUESS_SAMPLE].decode("latin-1"), most=_MOST_CONTROL_GUESSED
    ):
        raise ArticleError(origin, f"it is a binary file of an unknown kind, {_EXPECTED}")
    if best is None or best.chaos > _MOST_CHAOS:
        raise ArticleError(origin, f"{reason}, and no other encoding is likely; {_SAVE_AS}")
    if best.coherence < _COHERENCE and best.multi_byte_usage < _MULTI_BYTE:
        raise ArticleError(origin, f"{reason}, and which other encoding it is cannot be told; {_SAVE_AS}")
    return best.encoding


def _is_plainly_western(sample: bytes) -> bool:
    """Whether it is English in windows-1252 with some curly quotation marks, pound signs and accents."""
    text = sample.decode(_WESTERN, errors="replace")
    accented = sum(letter.isalpha() and not letter.isascii() for letter in text)
    if "\ufffd" in text or _CONTROL.search(text) or _looks_eastern(sample):
        return False
    return accented <= _FEW_ACCENTS * sum(letter.isalpha() for letter in text)


def _looks_eastern(sample: bytes) -> bool:
    """Whether decoding as windows-1252 gives signs of another encoding.

    Polish then has superscripts and fractions inside words, and Turkish has Icelandic letters.
    """
    text = sample.decode(_WESTERN, errors="replace")
    if set("ýþð") & set(text) and not set("áíæ") & set(text):
        return True
    return len(_NOT_WESTERN.findall(text)) > _MOST_ODD * sum(not sign.isascii() for sign in text)


def _telling_lines(data: bytes, around: int) -> bytes:
    """The non-ASCII lines of a sample of the data around the byte `around`."""
    start = max(0, data.rfind(b"\n", 0, max(0, around - _GUESS_SAMPLE // 2)) + 1, around - _GUESS_SAMPLE // 2)
    lines = data[start : start + _GUESS_SAMPLE].split(b"\n")
    if len(lines) > 1 and start + _GUESS_SAMPLE < len(data):
        lines.pop()  # it may end inside a character
    return b"\n".join(line for line in lines if not line.isascii()) or data[around : around + _GUESS_SAMPLE]


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether it has more valid UTF-8 sequences than invalid ones; legacy text has few valid ones."""
    text = sample.decode(errors="replace")
    broken = text.count("\ufffd")
    return sum(not letter.isascii() for letter in text) - broken > broken
