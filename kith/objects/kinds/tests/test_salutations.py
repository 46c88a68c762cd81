"""How people are addressed in writing, as a table: language, name, title that was given, formality, medium, what is written."""

from __future__ import annotations

from typing import Any

import pytest

from kith.objects.kinds import PersonName
from kith.objects.kinds.salutations import TABLE, salutation

MAIJA = PersonName(given="Maija", family="Korhonen")
DR_MAIJA = PersonName(given="Maija", family="Korhonen", prefix="Dr.")
SATO = PersonName(given="花子", family="佐藤", latin_given="Hanako", latin_family="Sato")
ZAHRA = PersonName(given="زهرا", family="محمدی", latin_given="Zahra", latin_family="Mohammadi")
WANG = PersonName(given="小明", family="王")
KIM = PersonName(given="민준", family="김", latin_given="Minjun", latin_family="Kim")
ANNA = PersonName(given="Анна", family="Петрова", middle="Сергеевна")
IVAN = PersonName(given="Иван", family="Петров")
NAGY = PersonName(given="Éva", family="Nagy", order="family_first")
BERG = PersonName(given="Jan", family="van den Berg")
PROF = PersonName(given="Čedomir", family="Žnidaršič", prefix="prof. dr.")
WHOLE = PersonName(full="María José Fernández de la Cruz")
ONE = PersonName(full="Suharto")

LINES: list[tuple[Any, ...]] = [
    ("en", MAIJA, "ms", "formal", "letter", "Dear Ms Korhonen"),
    ("en", MAIJA, "mr", "formal", "letter", "Dear Mr Korhonen"),
    ("en", MAIJA, "mx", "formal", "letter", "Dear Mx Korhonen"),
    ("en", MAIJA, "", "formal", "letter", "Dear Maija Korhonen"),
    ("en", MAIJA, "dr", "formal", "letter", "Dear Dr Korhonen"),
    ("en", DR_MAIJA, "ms", "formal", "letter", "Dear Dr Korhonen"),
    ("en", PROF, "", "formal", "letter", "Dear Professor Žnidaršič"),
    ("en", MAIJA, "ms", "informal", "letter", "Dear Maija"),
    ("en", MAIJA, "ms", "informal", "mail", "Hi Maija"),
    ("en", SATO, "ms", "formal", "letter", "Dear Ms Sato"),
    ("en", SATO, "", "formal", "letter", "Dear Hanako Sato"),
    ("en", WHOLE, "ms", "formal", "letter", "Dear María José Fernández de la Cruz"),
    ("en", ONE, "mr", "informal", "mail", "Hi Suharto"),
    ("fi", MAIJA, "ms", "formal", "letter", "Hyvä rouva Korhonen"),
    ("fi", MAIJA, "", "formal", "letter", "Hyvä Maija Korhonen"),
    ("fi", DR_MAIJA, "", "formal", "letter", "Hyvä tohtori Korhonen"),
    ("fi", MAIJA, "", "informal", "mail", "Hei Maija"),
    ("sl", PROF, "mr", "formal", "letter", "Spoštovani gospod profesor Žnidaršič"),
    ("sl", MAIJA, "ms", "formal", "letter", "Spoštovana gospa Korhonen"),
    ("sl", MAIJA, "", "formal", "letter", "Pozdravljeni, Maija Korhonen"),
    ("sl", MAIJA, "", "informal", "mail", "Živjo, Maija"),
    ("fa", ZAHRA, "ms", "formal", "letter", "سرکار خانم محمدی"),
    ("fa", ZAHRA, "mr", "formal", "letter", "جناب آقای محمدی"),
    ("fa", ZAHRA, "", "formal", "letter", "زهرا محمدی گرامی"),
    ("fa", ZAHRA, "", "informal", "letter", "زهرا عزیز"),
    ("zh-Hans", WANG, "mr", "formal", "letter", "尊敬的王先生"),
    ("zh-Hans", WANG, "ms", "formal", "letter", "尊敬的王女士"),
    ("zh-Hans", WANG, "prof", "formal", "letter", "尊敬的王教授"),
    ("zh-Hans", WANG, "", "formal", "letter", "尊敬的王小明"),
    ("zh-Hans", WANG, "", "informal", "mail", "王小明，你好"),
    ("ja", SATO, "", "formal", "letter", "佐藤様"),
    ("ja", SATO, "ms", "formal", "mail", "佐藤様"),
    ("ja", SATO, "prof", "formal", "letter", "佐藤先生"),
    ("ja", SATO, "", "informal", "mail", "佐藤さん"),
    ("ja", PersonName(full="佐藤花子"), "", "formal", "letter", "佐藤花子様"),
    ("de", MAIJA, "ms", "formal", "letter", "Sehr geehrte Frau Korhonen"),
    ("de", DR_MAIJA, "ms", "formal", "letter", "Sehr geehrte Frau Dr. Korhonen"),
    ("de", MAIJA, "", "formal", "letter", "Guten Tag Maija Korhonen"),
    ("de", MAIJA, "", "informal", "letter", "Hallo Maija"),
    ("de", MAIJA, "ms", "informal", "letter", "Liebe Maija"),
    ("fr", MAIJA, "ms", "formal", "letter", "Madame Korhonen"),
    ("fr", MAIJA, "", "formal", "mail", "Bonjour Maija Korhonen"),
    ("es", WHOLE, "", "formal", "letter", "Estimado/a María José Fernández de la Cruz"),
    ("es", MAIJA, "ms", "formal", "letter", "Estimada Sra. Korhonen"),
    ("pt-BR", MAIJA, "mr", "formal", "letter", "Prezado Sr. Korhonen"),
    ("it", DR_MAIJA, "ms", "formal", "letter", "Gentile Dott.ssa Korhonen"),
    ("it", MAIJA, "", "formal", "letter", "Gentile Maija Korhonen"),
    ("sv", MAIJA, "ms", "formal", "letter", "Bästa Maija Korhonen"),
    ("ru", ANNA, "ms", "formal", "letter", "Уважаемая Анна Сергеевна"),
    ("ru", IVAN, "mr", "formal", "letter", "Уважаемый г-н Петров"),
    ("ru", IVAN, "", "formal", "letter", "Здравствуйте, Иван Петров"),
    ("ar", ZAHRA, "ms", "formal", "letter", "السيدة زهرا محمدی المحترمة"),
    ("ko", KIM, "", "formal", "letter", "김민준 님께"),
    ("ko", KIM, "prof", "formal", "letter", "김민준 교수님께"),
    ("hu", NAGY, "", "formal", "letter", "Tisztelt Nagy Éva"),
    ("hu", NAGY, "mr", "formal", "letter", "Tisztelt Nagy Úr"),
    ("tr", MAIJA, "", "formal", "letter", "Sayın Maija Korhonen"),
    ("tr", MAIJA, "mr", "informal", "letter", "Sevgili Maija Bey"),
    ("pl", MAIJA, "ms", "formal", "letter", "Szanowna Pani"),
    ("pl", DR_MAIJA, "mr", "formal", "letter", "Szanowny Panie Doktorze"),
    ("nl", BERG, "mr", "formal", "letter", "Geachte heer Van den Berg"),
    ("nl", BERG, "", "formal", "letter", "Geachte Jan van den Berg"),
    ("el", MAIJA, "ms", "formal", "letter", "Maija Korhonen"),
]


@pytest.mark.parametrize(("language", "name", "title", "formality", "medium", "expected"), LINES)
def test_how_somebody_is_addressed(
    language: str, name: PersonName, title: str, formality: Any, medium: Any, expected: str
) -> None:
    assert salutation(name, language, formality, medium, title=title) == expected


@pytest.mark.parametrize("language", TABLE)
def test_no_gender_is_used_unless_one_was_given(language: str) -> None:
    """The same name says the same for a woman's and a man's given name, where nothing was said of either."""
    for formality in ("formal", "informal"):
        said = {
            salutation(PersonName(given=g, family="Noe"), language, formality).replace(g, "·") for g in ("Anna", "Paul")
        }  # type: ignore[arg-type]
        assert len(said) == 1


@pytest.mark.parametrize("language", [*TABLE, "el", ""])
@pytest.mark.parametrize("title", ["", "ms", "mr", "mx", "dr", "prof"])
def test_whatever_is_known_there_is_something_to_begin_with(language: str, title: str) -> None:
    names = (MAIJA, SATO, WHOLE, ONE, PersonName(given="Ada"), PersonName(family="Noe"), PersonName(latin_given="Yuki"))
    for name in names:
        for formality in ("formal", "informal"):
            for medium in ("letter", "mail"):
                said = salutation(name, language, formality, medium, title=title)  # type: ignore[arg-type]
                assert said.strip()
                assert "{" not in said
                assert "  " not in said
    assert salutation(PersonName(), language, title=title) == ""
