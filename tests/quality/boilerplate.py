"""How much boilerplate could be cited, and how much content is lost, on pages with each sentence marked.

    python tests/quality/boilerplate.py [--list]
    python tests/quality/boilerplate.py --annotated FOLDER

The pages are in `boilerplate_pages/`, six in each of five languages: {+content+} and {-boilerplate-}. The script counts for
trafilatura's text, and for what qa would cite of it. `--list` names the sentences that went wrong. FOLDER is `tests/` of
trafilatura's repository: real pages, of which some strings are known to be content or boilerplate.
"""

from __future__ import annotations

import argparse
import html
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from qa.base.errors import ArticleError
from qa.corpus.formats.html import extract, read_html
from qa.corpus.sentences import split_sentences
from qa.evaluation.report.slices import Share

PAGES = Path(__file__).parent / "boilerplate_pages"
LANGUAGES = ("en", "de", "fr", "nl", "es")
_MARKED = re.compile(r"\{([+-])(.*?)\1\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class MarkedPage(NamedTuple):
    """A page without its marks, and what was marked."""

    name: str
    source: bytes
    content: tuple[str, ...]
    boilerplate: tuple[str, ...]


class Outcome(NamedTuple):
    """The marked strings of a page that went wrong: boilerplate that is left, content that is lost."""

    page: MarkedPage
    left: tuple[str, ...]
    lost: tuple[str, ...]


def plain(text: str) -> str:
    """One line without tags."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def marked_page(path: Path) -> MarkedPage:
    marked = path.read_text()
    said = {sign: tuple(plain(text) for kind, text in _MARKED.findall(marked) if kind == sign) for sign in "+-"}
    return MarkedPage(path.stem, _MARKED.sub(r"\2", marked).encode(), said["+"], said["-"])


def marked_pages() -> list[MarkedPage]:
    return [marked_page(path) for language in LANGUAGES for path in sorted(PAGES.glob(f"{language}-*.html"))]


def annotated_pages(folder: Path) -> Iterator[MarkedPage]:
    """The real pages of trafilatura's own evaluation."""
    for address, said in json.loads((folder / "evaldata.json").read_text()).items():
        for path in (folder / "cache" / said["file"], folder / "eval" / said["file"]):
            if path.is_file():
                content, boilerplate = (tuple(map(plain, said[key])) for key in ("with", "without"))
                yield MarkedPage(address, path.read_bytes(), content, boilerplate)


def by_trafilatura(page: MarkedPage) -> Outcome:
    """Of trafilatura's text, all of it."""
    from trafilatura import extract as main_text

    return _outcome(page, [plain(line) for line in (main_text(page.source, include_comments=False) or "").splitlines()])


def by_qa(page: MarkedPage) -> Outcome:
    """Of the sentences that qa could cite."""
    try:
        draft = read_html(page.source, origin=page.name, parse=lambda _kind, source, _origin: extract(source))
    except ArticleError:  # a page without a text, or in a damaged encoding
        return _outcome(page, [])
    sentences = split_sentences(draft.text, language=(draft.language or "en")[:2])
    return _outcome(page, [plain(one.span.of(draft.text)) for one in sentences if one.citable])


def _outcome(page: MarkedPage, kept: Sequence[str]) -> Outcome:
    together = _dense(" ".join(kept))
    parts = [_dense(part) for part in kept if " " in part]
    left = tuple(one for one in page.boilerplate if _dense(one) in together or any(part in _dense(one) for part in parts))
    return Outcome(page, left, tuple(one for one in page.content if _dense(one) not in together))


def _dense(text: str) -> str:
    """Without white space, which may stand between two sentences or not."""
    return "".join(text.split())


def boilerplate_left(outcomes: Sequence[Outcome]) -> Share:
    return Share(sum(len(one.left) for one in outcomes), sum(len(one.page.boilerplate) for one in outcomes))


def content_lost(outcomes: Sequence[Outcome]) -> Share:
    return Share(sum(len(one.lost) for one in outcomes), sum(len(one.page.content) for one in outcomes))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--annotated", type=Path, metavar="FOLDER")
    arguments.add_argument("--list", action="store_true")
    chosen = arguments.parse_args()
    pages = list(annotated_pages(chosen.annotated)) if chosen.annotated else marked_pages()
    for name, read in (("trafilatura", by_trafilatura), ("qa", by_qa)):
        outcomes = [read(page) for page in pages]
        print(f"{name}: boilerplate left {_said(boilerplate_left(outcomes))}, content lost {_said(content_lost(outcomes))}")
        for one in outcomes if chosen.list else ():
            for mark, texts in (("left", one.left), ("lost", one.lost)):
                for text in texts:
                    print(f"  {one.page.name} {mark}: {text}")


def _said(share: Share) -> str:
    low, high = share.interval
    return f"{share.count} of {share.n}, {share.value:.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
