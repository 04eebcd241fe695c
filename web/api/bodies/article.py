"""The bodies that add, put, fetch and read articles."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from qa.corpus.fetch import is_address
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.markdown import title_of
from web.api.bodies.fields import LONGEST_FIELD, Body, Clean, Line, Text, with_example
from web.api.examples.article import ADD_BODY, FETCH_BODY, PUT_BODY


class _ArticleFields(Body):
    """The parts of an article, without its id."""

    text: Text
    title: Line | None = None
    url: Line | None = None
    source: Line | None = None
    author: Line | None = None
    published_at: Annotated[Line | None, Field(description="A date or time in any common spelling.")] = None
    language: Annotated[Line | None, Field(description="For example en, or en-GB.")] = None
    format: Annotated[
        Literal["text", "markdown"],
        Field(description="What the text is: of Markdown, answers and pages show the words without its marks."),
    ] = "text"

    def draft(self, given_id: str | None) -> ArticleDraft:
        """The draft of the article, with this id if one is given."""
        is_markdown = self.format == "markdown"
        return ArticleDraft(
            self.text,
            title=self.title or (title_of(self.text) if is_markdown else None),
            given_id=given_id,
            url=self.url,
            source=self.source,
            author=self.author,
            published_at=self.published_at,
            language=self.language,
            is_markdown=is_markdown,
        )


class ArticleBody(_ArticleFields):
    """An article to add. It is identified by `id`, else by `url`, else by its text."""

    id: Line | None = None


class AddBody(Body):
    model_config = with_example(ADD_BODY)

    articles: Annotated[list[ArticleBody], Field(min_length=1, max_length=100)]


class PutBody(_ArticleFields):
    """The whole article: a field that is left out will be empty."""

    model_config = with_example(PUT_BODY)


def _address(value: str) -> str:
    if not is_address(value.strip()):
        raise ValueError("expected an address that begins with http:// or https://")
    return value.strip()


_Address = Annotated[
    str,
    Field(max_length=LONGEST_FIELD, json_schema_extra={"pattern": r"^https?://."}),
    Clean,
    AfterValidator(_address),
]


class FetchBody(Body):
    model_config = with_example(FETCH_BODY)

    urls: Annotated[list[_Address], Field(min_length=1, max_length=10, description="Addresses of pages, PDFs or text.")]


class ReadBody(Body):
    """The article to read, and its version."""

    article_id: Annotated[Line, Field(min_length=1, description="As a citation or a passage names it, or as it was given.")]
    version: Annotated[
        Line | None, Field(description="The `article_digest` of the text that was cited; default: the text as it is now.")
    ] = None
