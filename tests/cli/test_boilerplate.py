"""`qa boilerplate` as it is typed."""

from __future__ import annotations

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_lines_that_recur_are_listed_and_a_user_overrules_them(small: Small, run: Run) -> None:
    line = "Our readers ask: where are the ferries?"
    for letter in "abcdef":
        words = " ".join(f"{letter}{number}" for number in range(20))
        small({"id": letter, "text": f"Nobody knows what {words} may mean. {line}"})
    code, out, _ = run("boilerplate", "list")
    assert (code, out) == (0, f"Without a source\n     6  {line}\n")
    assert run("boilerplate", "cite", line)[:2] == (0, "It may be cited.\n")
    assert run("boilerplate", "list")[1] == f"Overruled: may be cited\n        {line}\n"
    assert run("boilerplate", "forget", line)[:2] == (0, "It is boilerplate where it recurs.\n")
    words = "Nobody knows what " + " ".join(f"a{number}" for number in range(20)) + " may mean."
    assert run("boilerplate", "mask", words)[:2] == (0, "It is never cited.\n")
    assert f"Overruled: never cited\n        {words}\n" in run("boilerplate", "list")[1]
    for unusable in ((), (line, "--mask"), ("…",)):
        assert run("boilerplate", "cite", *unusable)[0] == 2


def test_a_sentence_that_no_article_has_is_refused(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The ferry leaves at noon. Ships are seen."})
    for verb in ("cite", "mask"):
        code, _, err = run("boilerplate", verb, "Ships are sene.")
        assert code == 1 and "No article has this sentence as one that could be cited: 'Ships are sene.'." in err
    code, _, err = run("boilerplate", "forget", "Ships are seen.")
    assert code == 1 and "Nothing was decided on this sentence: 'Ships are seen.'." in err
    assert run("boilerplate", "list")[1].count("Ships") == 0
