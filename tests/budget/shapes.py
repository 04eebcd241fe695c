"""Hostile texts of any length: what makes patterns go back, lists grow, and brackets stay open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_REPEATED = {
    "one letter": "a",
    "one digit": "7",
    "blanks": " ",
    "tabs": "\t",
    "lines": "\n",
    "full stops": ".",
    "question marks": "?",
    "opening brackets": "[",
    "pictures": "![",
    "closing brackets": "]",
    "parentheses": "(",
    "quotation marks": '"',
    "single quotes": "'",
    "opening quotes": "“",
    "backticks": "`",
    "asterisks": "*",
    "underscores": "_",
    "tildes": "~",
    "hashes": "#",
    "greater-than": ">",
    "less-than": "<",
    "pipes": "|",
    "backslashes": "\\",
    "dashes": "-",
    "ampersands": "&",
    "combining marks": "e\u0301",
    "marks alone": "\u0301",
    "right-to-left": "\u0634\u0644\u0648\u0645 ",
    "right-to-left without blanks": "\u05d0",
    "directions": "\u202e\u202c",
    "no blanks": "語",
    "Japanese": "これは文です。",
    "emoji": "👩\u200d👩\u200d👧",
    "words": "word ",
    "names": "Anna ",
    "one-letter sentences": "A. ",
    "figures": "1. ",
    "short sentences": "It rained. ",
    "equal lines": "The harbour is closed today.\n",
    "equal paragraphs": "The harbour is closed today.\n\n",
    "quoted sentences": "“It rained.” ",
    "commas": "a, ",
    "links": "[a](b) ",
    "open links": "[a](",
    "links in links": "[[a](b)](c) ",
    "labels": "[a][b] ",
    "definitions": "[a]: b\n",
    "emphasis": "*a **b ",
    "underscored": "a_b_",
    "code": "`a ``b ",
    "tags": "<a b='",
    "whole tags": "<b>a</b>",
    "comments": "<!-- a ",
    "comment lines": "<!--\n",
    "entities": "&amp;",
    "fences": "```\n",
    "open fences": "~~~ a\n",
    "headings": "# a\n",
    "list items": "- a\n",
    "nested items": "- ",
    "quotations": "> a\n",
    "rows": "| a | b |\n",
    "a table": "| a | b |\n|---|---|\n",
    "rules": "---\n",
    "front matter": "a: b\n",
    "footnotes": "a.[1] ",
    "years": "2024 ",
    "dates": "on 5 March 2024 ",
    "days in numbers": "03/04/2024 ",
    "bounds": "between March and ",
    "greetings": "hi there ",
    "tasks": "please summarise this ",
    "pronouns": "did he see it ",
    "apostrophes": "a'b ",
    "hyphens": "a-b-",
    "addresses": "http://a.b/c?d ",
    "mails": "a@b.c ",
    "tracking": "utm_a&",
    "German ordinals": "am 3. Mai ",
    "read more": "Read more: a\n",
    "newsletter": "Sign up for ",
}  # fmt: skip


def _repeated(pattern: str) -> Callable[[int], str]:
    return lambda characters: (pattern * (characters // len(pattern) + 1))[:characters]


def _around(begin: str, pattern: str, end: str) -> Callable[[int], str]:
    """The repeated pattern with something before it and behind it, so that a match fails at its very end."""
    inside = _repeated(pattern)
    return lambda characters: begin + inside(max(0, characters - len(begin) - len(end))) + end


def _halves(one: str, other: str) -> Callable[[int], str]:
    """The first half of one, the second of another, such as brackets that open and close."""
    return lambda characters: _repeated(one)(characters // 2) + _repeated(other)(characters - characters // 2)


SHAPES: Mapping[str, Callable[[int], str]] = {
    **{name: _repeated(pattern) for name, pattern in _REPEATED.items()},
    "a heading and blanks": _around("# a", " ", "b"),
    "a heading and hashes": _around("# a", " #", "b"),
    "a heading, blanks and a hash": _around("# a", " ", "b #"),
    "a heading above a link list": _around("Related News", " ", "b"),
    "a word, blanks, a word": _around("a", " ", "b"),
    "blanks in a line": _around("It rained.", " ", "b\n"),
    "no-break spaces": _around("a", "\u00a0", "b"),
    "a quotation mark and blanks": _around('a." ', " ", "b"),
    "a sentence and brackets": _around("a.", ")", "b"),
    "a sentence and footnotes": _around("a.", "[1]", "b"),
    "a sentence and digits": _around("a. [", "1", "b"),
    "a greeting and blanks": _around("hi", " ", "x"),
    "a greeting and marks": _around("hi", "! ", "x"),
    "a task and blanks": _around("please summarise", " ", "x"),
    "a question and blanks": _around("what is", " ", "x?"),
    "a follow-up and blanks": _around("and what about", " ", "it (x"),
    "a list and blanks": _around("-", " ", "a"),
    "a rule and blanks": _around("---", " ", "a"),
    "a rule of marks": _around("* ", "* ", "a"),
    "an underline": _around("a\n", "=", "b"),
    "a definition": _around("[", "a", "]: b"),
    "a title": _around('[a]: b "', "c", ""),
    "a row of cells": _around("|", " a |", "b"),
    "an escaped row": _around("|", "\\|", " b"),
    "front matter and lines": _around("---\n", "a: b\n", ""),
    "a comment": _around("<!--", " a ", ""),
    "a page": _around("<?xml ?>", "<!-- -->", "x"),
    "a link list": _around("**", "#", "Related News"),
    "brackets": _halves("[", "]"),
    "parentheses closed": _halves("(", ")"),
    "quotations closed": _halves("“", "”"),
    "a link in parentheses": _around("[a](", "(", ""),
    "stars and words": _halves("*a ", "b* "),
    "items deeper and deeper": lambda characters: "".join(
        " " * (number % 40) + "- a\n" for number in range(characters // 24 + 1)
    ),
    "different words": lambda characters: " ".join(f"w{number}" for number in range(characters // 6 + 1)),
    "different sentences": lambda characters: " ".join(f"Ship {number} left." for number in range(characters // 16 + 1)),
    "different labels": lambda characters: "".join(f"[{number}]: b\n" for number in range(characters // 12 + 1)),
    "backticks of all lengths": lambda characters: " ".join("`" * number for number in range(1, int((2 * characters) ** 0.5))),
}
