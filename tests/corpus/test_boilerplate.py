"""Lines a page carries around its article, and prose that merely speaks of such things."""

from __future__ import annotations

import pytest

from qa.corpus.boilerplate import is_boilerplate, is_link_line, opens_link_list


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
        "You have 3 free articles left this month.",
        "You've read 4 of 5 free articles this month.",
        "This is your last free article.",
        "These articles are for Harbour Post subscribers.",
        "Not a subscriber?",
        "Follow Ann Lee on Twitter: @annlee.",
        "Please consider supporting local journalism with a subscription.",
        "Keep reading to learn more.",
        "The post Ferry sails again appeared first on Harbour Post.",
        "Der Beitrag Fähre fährt wieder erschien zuerst auf Hafenpost.",
        "L’article Le bac repart est apparu en premier sur Le Port.",
        "Het bericht Boot vaart weer verscheen eerst op Havenpost.",
        "La entrada El barco zarpa se publicó primero en El Puerto.",
        "To view the full story, please subscribe to The Post.",
        "If you're seeing this message but you're already a subscriber, you can log in.",
        "Never miss the latest news by signing up for our newsletter.",
        "Sie sind aktuell nicht eingeloggt.",
        "Read the indictment here.",
        "Sie haben in diesem Monat noch 3 kostenlose Artikel.",
        "Dieser Artikel ist nur für Abonnenten.",
        "Jetzt abonnieren und weiterlesen.",
        "Der Artikel wird unter der Anzeige fortgesetzt.",
        "Folgen Sie uns auf Facebook!",
        "Il vous reste 2 articles gratuits.",
        "Il vous reste 78 % de cet article à lire.",
        "Cet article est réservé aux abonnés.",
        "La suite après cette publicité",
        "Inscrivez-vous à notre newsletter.",
        "Je hebt nog 2 gratis artikelen.",
        "Dit artikel is alleen voor abonnees.",
        "Tekst gaat verder onder de advertentie.",
        "Schrijf je in voor onze nieuwsbrief!",
        "Te quedan 2 artículos gratis.",
        "Contenido exclusivo para suscriptores",
        "La noticia continúa después de la publicidad",
        "¡Síguenos en Facebook!",
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
        "You have 3 free tickets left.",
        "This article is for children of five and more.",
        "Supporting local journalism is the aim of the fund, he said.",
        "Keep reading, the teacher told the class.",
        "The post of harbour master first went to a woman in 1921.",
        "Der Beitrag des Hafens zum Haushalt stieg.",
        "To read the full story of his life takes a week.",
        "Never miss a chance to sail, the keeper said.",
        "Read the river as a boatman reads it, she said.",
        "Anzeige gegen den Bürgermeister wurde erstattet.",
        "Hier bestellen die Gäste Fisch.",
        "Sie haben noch 3 Kinder.",
        "Inscrivez-vous avant le 3 mai à la mairie.",
        "La publicité de 1900 remplit le couloir.",
        "Meld je voor vrijdag bij de gemeente.",
        "De tekst gaat over de haven.",
        "Recibe 300 cartas al día.",
        "El artículo sigue en vigor.",
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
        "Recommended for you",
        "Lesen Sie auch:",
        "Das könnte Sie auch interessieren",
        "Meistgelesen",
        "À lire aussi :",
        "Sur le même sujet",
        "Les plus lus",
        "Lees ook:",
        "Meest gelezen",
        "Lea también:",
        "Te puede interesar",
        "Lo más leído",
        "Schon gelesen?",
        "Czytaj też",
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


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Who pays for the bridge?",
        "MORE:Who pays for the bridge? Here is a list.",
        "**Related:** Ferry back in service.",
        "Lesen Sie auch: Wer zahlt die Brücke?",
        ">> Mehr lesen: Die Fähre fährt wieder!",
        "À lire aussi : Qui paie le pont ?",
        "Lees ook | Wie betaalt de brug?",
        "LEA TAMBIÉN: ¿Quién paga el puente?",
    ],
)
def test_a_label_before_a_title_leads_to_another_article(line: str) -> None:
    assert is_link_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Recommended: two doses, a month apart.",
        "Read more than one paper: that is his advice.",
        "Mehr: das sagte keiner.",
        "Related:",
    ],
)
def test_other_lines_with_a_colon_do_not(line: str) -> None:
    assert not is_link_line(line)


def test_a_long_line_with_a_label_tells_a_story() -> None:
    assert not is_link_line("Read more: " + "the council met on Monday and decided on the bridge, " * 5)
