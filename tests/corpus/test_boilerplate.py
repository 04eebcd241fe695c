"""Lines a page carries around its article, and prose that merely speaks of such things."""

from __future__ import annotations

import pytest

from qa.corpus.boilerplate import is_boilerplate, opens_link_list


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter",
        "Subscribe to The Post today",
        "Get the latest news in your inbox every morning",
        "Click here to read on.",
        "Share this article",
        "Share on Facebook",
        "Follow us on X",
        "Advertisement",
        "We use cookies to improve this site.",
        "Accept all cookies",
        "© 2024 The Harbour Post",
        "Copyright 2024 The Post",
        "All rights reserved.",
        "Story continues below",
        "Image credit: N. Callum",
        "Privacy policy",
        "Read more: Ships in port",
        "> Sign up here for alerts",
        "**Share this story**",
        "Already a subscriber? Log in",
        "Support our journalism",
        "By continuing you agree to our terms",
    ],
)
def test_lines_around_an_article_are_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "The newsletter was founded in 1921.",
        "He signed up for the navy at sixteen.",
        "Sign up for the race by Friday, the club said.",
        "Cookies were sold at the fair.",
        "The council shared this article of faith.",
        "Advertisement for the ferry is banned.",
        "An image of the quay was shown.",
        "Subscribers fell by a tenth.",
        "The privacy policy of the port was changed in May.",
        "They read more books than ever.",
        "The follow-up will be printed.",
    ],
)
def test_prose_about_such_things_is_kept(sentence: str) -> None:
    assert not is_boilerplate(sentence)


def test_a_long_sentence_tells_a_story_whatever_its_first_words() -> None:
    assert is_boilerplate("Subscribe to the Post.")
    assert not is_boilerplate("Subscribe to the Post " + "and see what comes of it " * 12)


@pytest.mark.parametrize(
    "line",
    [
        "Related News",
        "RELATED ARTICLES",
        "## Related",
        "**Read more**",
        "See also:",
        "More on this story",
        "Most read",
        "You may also like",
        " Top stories ",
        "Editors' picks",
    ],
)
def test_a_line_over_links_opens_a_link_list(line: str) -> None:
    assert opens_link_list(line)


@pytest.mark.parametrize(
    "line",
    [
        "Related industries suffered.",
        "See also the mayor's speech of May.",
        "Most read it twice",
        "Topics of the day were many",
        "",
        "Tagsüber",
    ],
)
def test_a_line_that_says_more_does_not(line: str) -> None:
    assert not opens_link_list(line)


@pytest.mark.parametrize(
    "told",
    [
        "By signing the treaty, the two countries agree to cut emissions by 40%.",
        "By using a loophole in the terms of the loan, the bank saved 3 million.",
        "(c) The contractor pays 5 million.",
        "Advertisement spending rose 4% last year.",
        "Copyright 2024 rules changed the market.",
        "Log in to the tax portal before 31 July to claim the 500 euros.",
        "Get the truth out, said the editor of the newsletter.",
    ],
)
def test_news_that_opens_like_boilerplate_is_news(told: str) -> None:
    assert not is_boilerplate(told)
