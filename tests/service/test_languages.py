"""Questions in other languages than English, over articles in several."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.base.types import Article, Filters
from qa.corpus.articles import make_article
from qa.service.service import Service

ARTICLES = {
    "de": (
        "Die Fähre nach Skerrin kam am Freitag wegen dichten Nebels zehn Minuten zu spät an. Das sagte der Hafenmeister Jens "
        "Brandt der Zeitung. Die Häuser am alten Kai wurden im 18. Jahrhundert gebaut. Niemand wurde bei dem Unfall verletzt."
    ),
    "ru": (
        "Паром в Скеррин пришёл в пятницу с опозданием на десять минут из-за густого тумана. Об этом сообщил капитан порта Иван "
        "Петров. Дома у старого причала были построены в восемнадцатом веке. Никто не пострадал."
    ),
    "zh": "渡轮周五因大雾晚点十分钟。没有人受伤。老码头的房子建于十八世纪。港务长李明说将会改进。",
    "ja": "フェリーは金曜日に濃霧のため十分遅れた。けが人はいなかった。古い埠頭の家は十八世紀に建てられた。",
    "th": "เรือข้ามฟากมาสายสิบนาทีในวันศุกร์เพราะหมอกหนา\n\nบ้านที่ท่าเรือเก่าสร้างในศตวรรษที่สิบแปด\n\nไม่มีใครได้รับบาดเจ็บ",
}
QUESTIONS = {
    "de": ("Wann wurden die Häuser am Kai gebaut?", "Die Häuser am alten Kai wurden im 18. Jahrhundert gebaut."),
    "ru": ("Когда были построены дома у причала?", "Дома у старого причала были построены в восемнадцатом веке."),
    "zh": ("老码头的房子建于什么时候？", "老码头的房子建于十八世纪。"),
    "ja": ("古い埠頭の家はいつ建てられた？", "古い埠頭の家は十八世紀に建てられた。"),
    "th": ("บ้านที่ท่าเรือเก่าสร้างเมื่อไร", "บ้านที่ท่าเรือเก่าสร้างในศตวรรษที่สิบแปด"),
}


@pytest.fixture(scope="module")
def index(
    open_service: Callable[..., Service], tmp_path_factory: pytest.TempPathFactory, sample_articles: list[Article]
) -> Service:
    service = open_service(tmp_path_factory.mktemp("languages") / "index", threshold=0)
    others = [make_article(text, given_id=language) for language, text in ARTICLES.items()]
    service.add_articles([*sample_articles, *others])
    return service


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_finds_the_sentence_of_its_language_among_many(index: Service, language: str) -> None:
    question, sentence = QUESTIONS[language]
    cited = index.ask(question, max_citations=1).citations[0]
    assert (cited.given_id, cited.quote) == (language, sentence)


def test_sentences_are_split_by_the_articles_language(index: Service) -> None:
    stored, sentences = index.article("de")
    assert [sentence.span.of(stored.article.text) for sentence in sentences][2] == QUESTIONS["de"][1]  # not after "18."


SHORT_ANSWERS = {"de": "im 18. Jahrhundert", "ru": "восемнадцатом веке", "zh": "十八世纪", "ja": "十八世紀"}


@pytest.mark.parametrize("language", SHORT_ANSWERS)
def test_a_question_in_any_language_has_a_short_answer(index: Service, language: str) -> None:
    assert index.ask(QUESTIONS[language][0], filters=Filters(language=language)).short_answer == SHORT_ANSWERS[language]


def test_a_question_in_one_language_is_answered_from_an_article_in_another(index: Service) -> None:
    found = index.ask("When were the houses at the old quay of Skerrin built?", filters=Filters(language="ru"))
    assert found.short_answer == SHORT_ANSWERS["ru"]


def test_without_a_reader_there_is_no_short_answer(index: Service, open_service: Callable[..., Service]) -> None:
    by_likeness = open_service(index.settings.index, threshold=0, reader="none")
    for question, sentence in QUESTIONS.values():
        found = by_likeness.ask(question, max_citations=1)
        assert (found.citations[0].quote, found.short_answer) == (sentence, None)


def test_a_rebuilt_index_answers_the_same(index: Service) -> None:
    before = [index.ask(question).citations[0].quote for question, _ in QUESTIONS.values()]
    index.rebuild()
    assert [index.ask(question).citations[0].quote for question, _ in QUESTIONS.values()] == before


def test_a_language_filter_counts_articles_whose_language_was_guessed_and_hits_and_citations_say_so(index: Service) -> None:
    in_german = Filters(language="de")
    hits = index.search(QUESTIONS["de"][0], filters=in_german).hits
    assert {(hit.article.given_id, hit.source.guessed_language) for hit in hits} >= {("de", "de")}
    assert {hit.source.language for hit in hits} == {"de", None}  # the samples declare theirs
    assert index.ask(QUESTIONS["de"][0], filters=in_german).citations[0].source.guessed_language == "de"
    assert index.article("de")[0].article.guessed_language == "de"
