"""Everyday questions with dates, in five languages, asked on Friday, 8 March 2024."""

from __future__ import annotations

import time
from datetime import date

import pytest

from qa.base.types import NoticeCode
from qa.search.date_ranges import date_ranges, read_dates

FRIDAY = date(2024, 3, 8)
OPEN = "0001-01-01"
LATER = "9999-12-31"
TODAY = "2024-03-08"


def meant(question: str) -> list[tuple[str, str, str]]:
    """(the words, the first day, the last day) of each date range."""
    return [(dates.span.of(question), str(dates.first), str(dates.last)) for dates in date_ranges(question, FRIDAY)]


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        ("What happened before June 2023?", "before June 2023", OPEN, "2023-05-31"),
        ("Who governed before 1990?", "before 1990", OPEN, "1989-12-31"),
        ("What opened before last week?", "before last week", OPEN, "2024-02-25"),
        ("What opened before the end of 2022?", "before the end of 2022", OPEN, "2022-12-31"),
        ("What has changed since 2020?", "since 2020", "2020-01-01", TODAY),
        ("What has opened since last Monday?", "since last Monday", "2024-03-04", TODAY),
        ("What opened since the beginning of 2023?", "since the beginning of 2023", "2023-01-01", TODAY),
        ("Who led the council until March 2023?", "until March 2023", OPEN, "2023-03-31"),
        ("Who led the council until 5 March 2023?", "until 5 March 2023", OPEN, "2023-03-05"),
        ("What was built after May 2022?", "after May 2022", "2022-06-01", TODAY),
        ("What was built after 5 May 2022?", "after 5 May 2022", "2022-05-06", TODAY),
        ("What becomes of the garden after 2024?", "after 2024", "2025-01-01", LATER),
        ("Who resigned between May and July 2023?", "between May and July 2023", "2023-05-01", "2023-07-31"),
        ("Who resigned between November 2022 and February?", "between November 2022 and February", "2022-11-01", "2023-02-28"),
        ("Who resigned between November and February?", "between November and February", "2023-11-01", "2024-02-29"),
        ("Who resigned between November and February 2023?", "between November and February 2023", "2022-11-01", "2023-02-28"),
        ("How much did it grow between 2007 and 2021?", "between 2007 and 2021", "2007-01-01", "2021-12-31"),
        ("What did the crime rate do from 2019 to 2022?", "from 2019 to 2022", "2019-01-01", "2022-12-31"),
        ("What happened between 3 and 5 March 2023?", "between 3 and 5 March 2023", "2023-03-03", "2023-03-05"),
        ("What happened from March 3 to 5?", "from March 3 to 5", "2024-03-03", "2024-03-05"),
        ("What happened from March 3 to March 5, 2022?", "from March 3 to March 5, 2022", "2022-03-03", "2022-03-05"),
        ("How far did sales fall in the first half of 2023?", "in the first half of 2023", "2023-01-01", "2023-06-30"),
        ("How far did they fall in the second half of last year?", "in the second half of last year", "2023-07-01", "2023-12-31"),
        ("What changed in the first half of the year?", "in the first half of the year", "2024-01-01", "2024-06-30"),
        ("What was the profit in the third quarter of 2023?", "in the third quarter of 2023", "2023-07-01", "2023-09-30"),
        ("What was the profit in Q1 2024?", "Q1 2024", "2024-01-01", "2024-03-31"),
        ("Who led before the first quarter of 2023?", "before the first quarter of 2023", OPEN, "2022-12-31"),
        ("Who died on 17 February?", "on 17 February", "2024-02-17", "2024-02-17"),
        ("Who died on 17 April?", "on 17 April", "2023-04-17", "2023-04-17"),
        ("Who was born on June 19, 1865?", "on June 19, 1865", "1865-06-19", "1865-06-19"),
        ("What will open on March 12?", "on March 12", "2024-03-12", "2024-03-12"),  # it looks ahead
        ("Which film is expected in June?", "in June", "2024-06-01", "2024-06-30"),
        ("Who stormed the building on Jan. 6?", "on Jan. 6", "2024-01-06", "2024-01-06"),
        ("Who won from February 26 to 29, 2020?", "from February 26 to 29, 2020", "2020-02-26", "2020-02-29"),
        ("Who won from February 29 to 29, 2020?", "from February 29 to 29, 2020", "2020-02-29", "2020-02-29"),
        ("Who won in the first half of last week?", "of last week", "2024-02-26", "2024-03-03"),
        ("Who won on 12.05.2023?", "on 12.05.2023", "2023-05-12", "2023-05-12"),
        ("What did the mayor say last week?", "last week", "2024-02-26", "2024-03-03"),
        ("harbour fire last week", "last week", "2024-02-26", "2024-03-03"),
        ("Brand im Hafen letzte Woche", "letzte Woche", "2024-02-26", "2024-03-03"),
        ("Was passierte vor Juni 2023?", "vor Juni 2023", OPEN, "2023-05-31"),
        ("Wer starb am 17. Februar?", "am 17. Februar", "2024-02-17", "2024-02-17"),
        ("Was geschah letzte Woche?", "letzte Woche", "2024-02-26", "2024-03-03"),
        ("Was geschah zwischen Mai und Juli 2023?", "zwischen Mai und Juli 2023", "2023-05-01", "2023-07-31"),
        ("Wie viele kamen im ersten Halbjahr 2023?", "im ersten Halbjahr 2023", "2023-01-01", "2023-06-30"),
        ("Wie hoch war der Gewinn im dritten Quartal 2023?", "im dritten Quartal 2023", "2023-07-01", "2023-09-30"),
        ("Was geschah vor drei Tagen?", "vor drei Tagen", "2024-03-05", "2024-03-05"),
        ("Was geschah vom 3. bis 5. März 2023?", "vom 3. bis 5. März 2023", "2023-03-03", "2023-03-05"),
        ("Wer regierte bis zum 5. März 2023?", "bis zum 5. März 2023", OPEN, "2023-03-05"),
        ("Was hat sich seit letztem Freitag geändert?", "seit letztem Freitag", "2024-03-01", TODAY),
        ("Was geschah in den letzten drei Wochen?", "in den letzten drei Wochen", "2024-02-16", TODAY),
        ("Was geschah am 03.04.2023?", "am 03.04.2023", "2023-04-03", "2023-04-03"),
        ("Was geschah nach dem 5. März 2023?", "nach dem 5. März 2023", "2023-03-06", TODAY),
        ("Was geschah vorgestern?", "vorgestern", "2024-03-06", "2024-03-06"),
        ("Que s'est-il passé avant juin 2023 ?", "avant juin 2023", OPEN, "2023-05-31"),
        ("Qui est mort le 17 février ?", "le 17 février", "2024-02-17", "2024-02-17"),
        ("Que s'est-il passé la semaine dernière ?", "la semaine dernière", "2024-02-26", "2024-03-03"),
        ("Que s'est-il passé entre mai et juillet 2023 ?", "entre mai et juillet 2023", "2023-05-01", "2023-07-31"),
        ("Combien de ventes au premier semestre 2023 ?", "au premier semestre 2023", "2023-01-01", "2023-06-30"),
        ("Qui a gouverné jusqu'en mars 2023 ?", "jusqu'en mars 2023", OPEN, "2023-03-31"),
        ("Qui a gouverné de 1994 à 2003 ?", "de 1994 à 2003", "1994-01-01", "2003-12-31"),
        ("Que s'est-il passé du 3 au 5 mars 2023 ?", "du 3 au 5 mars 2023", "2023-03-03", "2023-03-05"),
        ("Que s'est-il passé il y a trois jours ?", "il y a trois jours", "2024-03-05", "2024-03-05"),
        ("Que s'est-il passé le 03/04/2023 ?", "03/04/2023", "2023-04-03", "2023-04-03"),
        ("Wat gebeurde er voor juni 2023?", "voor juni 2023", OPEN, "2023-05-31"),
        ("Wie stierf op 17 februari?", "op 17 februari", "2024-02-17", "2024-02-17"),
        ("Wat gebeurde er vorige week?", "vorige week", "2024-02-26", "2024-03-03"),
        ("Wat gebeurde er tussen mei en juli 2023?", "tussen mei en juli 2023", "2023-05-01", "2023-07-31"),
        ("Hoeveel waren het in de eerste helft van 2023?", "in de eerste helft van 2023", "2023-01-01", "2023-06-30"),
        ("Wat is er sinds 2020 veranderd?", "sinds 2020", "2020-01-01", TODAY),
        ("Wie regeerde tot maart 2023?", "tot maart 2023", OPEN, "2023-03-31"),
        ("Wat gebeurde er drie dagen geleden?", "drie dagen geleden", "2024-03-05", "2024-03-05"),
        ("¿Qué pasó antes de junio de 2023?", "antes de junio de 2023", OPEN, "2023-05-31"),
        ("¿Quién murió el 17 de febrero?", "el 17 de febrero", "2024-02-17", "2024-02-17"),
        ("¿Qué pasó la semana pasada?", "la semana pasada", "2024-02-26", "2024-03-03"),
        ("¿Qué pasó entre mayo y julio de 2023?", "entre mayo y julio de 2023", "2023-05-01", "2023-07-31"),
        ("¿Cuánto se vendió en el primer semestre de 2023?", "en el primer semestre de 2023", "2023-01-01", "2023-06-30"),
        ("¿Qué ha cambiado desde el año 2020?", "desde el año 2020", "2020-01-01", TODAY),
        ("¿Quién gobernó hasta marzo de 2023?", "hasta marzo de 2023", OPEN, "2023-03-31"),
        ("¿Qué pasó del 3 al 5 de marzo de 2023?", "del 3 al 5 de marzo de 2023", "2023-03-03", "2023-03-05"),
        ("¿Qué pasó después del 5 de marzo de 2023?", "después del 5 de marzo de 2023", "2023-03-06", TODAY),
        ("¿Qué pasó el lunes pasado?", "el lunes pasado", "2024-03-04", "2024-03-04"),
        ("¿Qué pasó hace tres días?", "hace tres días", "2024-03-05", "2024-03-05"),
    ],
)
def test_a_question_is_read_as_it_is_meant(question: str, words: str, first: str, last: str) -> None:
    assert meant(question) == [(words, first, last)]


@pytest.mark.parametrize(
    "question",
    [
        "Who won in the second quarter of the game?",
        "Which team led at the half?",
        "When was the eclipse after the war?",
        "Who came when May spoke of it in the house and may speak again?",
        "How many copies were sold the next day?",
        "Wer sah den Mai?",
        "Qui a vu la planète Mars ?",
        "Wie at een mei?",
        "¿Quién vio a Julio?",
    ],
)
def test_words_that_are_no_time_are_left_alone(question: str) -> None:
    assert meant(question) == []


@pytest.mark.parametrize("question", ["When was the eclipse before the 2024 event?", "What changed after the 2024 election?"])
def test_what_is_before_or_after_something_of_a_year_is_no_more_than_of_that_year(question: str) -> None:
    assert meant(question) == [("2024", "2024-01-01", "2024-12-31")]


@pytest.mark.parametrize(
    ("question", "words", "problem"),
    [
        ("Who won on 31 February?", "on 31 February", NoticeCode.NO_SUCH_DAY),
        ("Who won on February 29, 2023?", "on February 29, 2023", NoticeCode.NO_SUCH_DAY),
        ("Who won before 31 February?", "31 February", NoticeCode.NO_SUCH_DAY),
        ("Who won on 2023-02-31?", "on 2023-02-31", NoticeCode.NO_SUCH_DAY),
        ("Who won on 31.02.2023?", "on 31.02.2023", NoticeCode.NO_SUCH_DAY),
        ("Who won between 3 and 31 February 2023?", "31 February 2023", NoticeCode.NO_SUCH_DAY),
        ("Who won between 30 and 3 February 2023?", "between 30 and 3 February 2023", NoticeCode.NO_SUCH_DAY),
        ("Wer gewann am 31. Februar?", "am 31. Februar", NoticeCode.NO_SUCH_DAY),
        ("¿Qué pasó el 31 de febrero?", "el 31 de febrero", NoticeCode.NO_SUCH_DAY),
        (
            "Who won between 29 February and 3 March 2023?",
            "between 29 February and 3 March 2023",
            NoticeCode.NO_SUCH_DAY,
        ),
        ("Who won between 2023 and 2020?", "between 2023 and 2020", NoticeCode.ENDS_BEFORE_IT_BEGINS),
        ("Who won from 5 May 2023 to 3 May 2023?", "from 5 May 2023 to 3 May 2023", NoticeCode.ENDS_BEFORE_IT_BEGINS),
        ("Who won between 5 and 3 May 2023?", "between 5 and 3 May 2023", NoticeCode.ENDS_BEFORE_IT_BEGINS),
    ],
)
def test_words_that_mean_no_days_are_told_apart(question: str, words: str, problem: NoticeCode) -> None:
    read = read_dates(question, FRIDAY)
    assert read.ranges == ()
    assert [(span.of(question), why) for span, why in read.problems] == [(words, problem)]


@pytest.mark.parametrize("today", [date.min, date.max])
@pytest.mark.parametrize(
    "words",
    ["before {}", "after {}", "since {}", "until {}", "between {} and {}", "the first half of {}", "after the end of {}"],
)
@pytest.mark.parametrize("when", ["last week", "May", "5 May", "29 February", "2024", "Monday", "yesterday", "this year"])
def test_a_clock_at_the_end_of_time_breaks_no_bound(today: date, words: str, when: str) -> None:
    question = f"Who sailed {words.replace('{}', when)}?"
    assert all(dates.first <= dates.last for dates in date_ranges(question, today))


def test_reading_is_linear_in_the_length_of_the_question() -> None:
    def seconds(times: int) -> float:
        question = "Who sailed between May and July 2023, before 31 February or in the first half of last year? " * times
        started = time.process_time()
        read_dates(question, FRIDAY)
        return time.process_time() - started

    seconds(1)
    assert min(seconds(400) for _ in range(3)) < 40 * min(seconds(40) for _ in range(3))  # were it not, by 100 times
