"""How a person is addressed in writing: a table per language, in that language, whatever the viewer speaks.

A gender is used where it was given ("ms", "mr") and never guessed from a name; without it the form is neutral. CLDR's person names say
how the name itself is formed (`name_forms`), but know no salutations: these are the forms in common use, kept short and polite. The
comma or colon behind a salutation is not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from . import name_forms
from .person_name import PersonName

Formality = Literal["formal", "informal"]
Medium = Literal["letter", "mail"]

MS, MR, MX, DR, PROF = "ms", "mr", "mx", "dr", "prof"
#: Words before a name that mean a doctor or a professor, in small letters without dots.
_PROFESSORS = {
    "prof",
    "professor",
    "profesor",
    "profesora",
    "professore",
    "professeur",
    "پروفسور",
    "教授",
    "교수",
    "профессор",
    "أستاذ",
}
_DOCTORS = {
    "dr",
    "doctor",
    "doktor",
    "dott",
    "dottssa",
    "dra",
    "tohtori",
    "d.phil",
    "دکتر",
    "博士",
    "박사",
    "доктор",
    "دكتور",
}
#: Languages that write Latin letters: a name in other letters is said in its Latin form.
_LATIN = {"en", "fi", "sl", "de", "fr", "es", "pt", "it", "sv", "hu", "tr", "pl", "nl"}


@dataclass(frozen=True)
class Forms:
    """Patterns of one language. Holes: {family}, {given}, {full} (in the order of her culture), {middle}.

    `ms`, `mr` are formal forms for a gender that was given, `neutral` the formal one for everybody. `dr`, `prof` are (ms, mr, neutral)
    for those titles. `mail` and `dear` are the informal forms of mail and letter; `dear_ms`, `dear_mr` where a letter's differ.
    """

    ms: str
    mr: str
    neutral: str
    dr: tuple[str, str, str]
    prof: tuple[str, str, str]
    mail: str
    dear: str
    dear_ms: str = ""
    dear_mr: str = ""
    mx: str = ""


TABLE: Mapping[str, Forms] = {
    "en": Forms(
        "Dear Ms {family}", "Dear Mr {family}", "Dear {full}", ("Dear Dr {family}",) * 3, ("Dear Professor {family}",) * 3,
        "Hi {given}", "Dear {given}", mx="Dear Mx {family}",
    ),
    "fi": Forms(
        "Hyvä rouva {family}", "Hyvä herra {family}", "Hyvä {full}", ("Hyvä tohtori {family}",) * 3, ("Hyvä professori {family}",) * 3,
        "Hei {given}", "Hyvä {given}",
    ),
    "sl": Forms(
        "Spoštovana gospa {family}", "Spoštovani gospod {family}", "Pozdravljeni, {full}",
        ("Spoštovana gospa dr. {family}", "Spoštovani gospod dr. {family}", "Pozdravljeni, dr. {full}"),
        ("Spoštovana gospa profesorica {family}", "Spoštovani gospod profesor {family}", "Pozdravljeni, prof. {full}"),
        "Živjo, {given}", "Pozdravljeni, {given}", "Draga {given}", "Dragi {given}",
    ),
    "fa": Forms(
        "سرکار خانم {family}", "جناب آقای {family}", "{full} گرامی",
        ("سرکار خانم دکتر {family}", "جناب آقای دکتر {family}", "دکتر {full} گرامی"),
        ("سرکار خانم پروفسور {family}", "جناب آقای پروفسور {family}", "پروفسور {full} گرامی"),
        "سلام {given}", "{given} عزیز",
    ),
    "zh": Forms(
        "尊敬的{family}女士", "尊敬的{family}先生", "尊敬的{full}", ("尊敬的{family}博士",) * 3, ("尊敬的{family}教授",) * 3,
        "{full}，你好", "亲爱的{full}",
    ),
    "ja": Forms("{family}様", "{family}様", "{family}様", ("{family}先生",) * 3, ("{family}先生",) * 3, "{family}さん", "{family}さん"),
    "de": Forms(
        "Sehr geehrte Frau {family}", "Sehr geehrter Herr {family}", "Guten Tag {full}",
        ("Sehr geehrte Frau Dr. {family}", "Sehr geehrter Herr Dr. {family}", "Guten Tag Dr. {full}"),
        ("Sehr geehrte Frau Professorin {family}", "Sehr geehrter Herr Professor {family}", "Guten Tag Prof. {full}"),
        "Hallo {given}", "Hallo {given}", "Liebe {given}", "Lieber {given}",
    ),
    "fr": Forms(
        "Madame {family}", "Monsieur {family}", "Bonjour {full}",
        ("Madame la Docteure {family}", "Monsieur le Docteur {family}", "Bonjour Dr {full}"),
        ("Madame la Professeure {family}", "Monsieur le Professeur {family}", "Bonjour Pr {full}"),
        "Bonjour {given}", "Bonjour {given}", "Chère {given}", "Cher {given}",
    ),
    "es": Forms(
        "Estimada Sra. {family}", "Estimado Sr. {family}", "Estimado/a {full}",
        ("Estimada Dra. {family}", "Estimado Dr. {family}", "Estimado/a Dr./Dra. {family}"),
        ("Estimada Profa. {family}", "Estimado Prof. {family}", "Estimado/a Prof./Profa. {family}"),
        "Hola, {given}", "Hola, {given}", "Querida {given}", "Querido {given}",
    ),
    "pt": Forms(
        "Prezada Sra. {family}", "Prezado Sr. {family}", "Prezado(a) {full}",
        ("Prezada Dra. {family}", "Prezado Dr. {family}", "Prezado(a) Dr.(a) {family}"),
        ("Prezada Profa. {family}", "Prezado Prof. {family}", "Prezado(a) Prof.(a) {family}"),
        "Olá, {given}", "Olá, {given}", "Cara {given}", "Caro {given}",
    ),
    "it": Forms(
        "Gentile Sig.ra {family}", "Gentile Sig. {family}", "Gentile {full}",
        ("Gentile Dott.ssa {family}", "Gentile Dott. {family}", "Gentile Dott./Dott.ssa {family}"),
        ("Gentile Prof.ssa {family}", "Gentile Prof. {family}", "Gentile Prof./Prof.ssa {family}"),
        "Ciao {given}", "Ciao {given}", "Cara {given}", "Caro {given}",
    ),
    "sv": Forms("Bästa {full}", "Bästa {full}", "Bästa {full}", ("Bästa doktor {family}",) * 3, ("Bästa professor {family}",) * 3,
                "Hej {given}", "Hej {given}"),
    "ru": Forms(
        "Уважаемая г-жа {family}", "Уважаемый г-н {family}", "Здравствуйте, {full}",
        ("Уважаемая доктор {family}", "Уважаемый доктор {family}", "Здравствуйте, доктор {family}"),
        ("Уважаемая профессор {family}", "Уважаемый профессор {family}", "Здравствуйте, профессор {family}"),
        "Привет, {given}", "Здравствуйте, {given}", "Дорогая {given}", "Дорогой {given}",
    ),
    "ar": Forms(
        "السيدة {full} المحترمة", "السيد {full} المحترم", "تحية طيبة، {full}",
        ("الدكتورة {full} المحترمة", "الدكتور {full} المحترم", "تحية طيبة، د. {full}"),
        ("الأستاذة الدكتورة {full} المحترمة", "الأستاذ الدكتور {full} المحترم", "تحية طيبة، أ.د. {full}"),
        "مرحبًا {given}", "مرحبًا {given}", "عزيزتي {given}", "عزيزي {given}",
    ),
    "ko": Forms("{full} 님께", "{full} 님께", "{full} 님께", ("{full} 박사님께",) * 3, ("{full} 교수님께",) * 3, "{given} 님",
                "{given} 님께"),
    "hu": Forms(
        "Tisztelt {family} Asszony", "Tisztelt {family} Úr", "Tisztelt {full}", ("Tisztelt dr. {full}",) * 3,
        ("Tisztelt {family} Professzor Asszony", "Tisztelt {family} Professzor Úr", "Tisztelt {family} Professzor"),
        "Szia {given}", "Kedves {given}",
    ),
    "tr": Forms("Sayın {full}", "Sayın {full}", "Sayın {full}", ("Sayın Dr. {full}",) * 3, ("Sayın Prof. {full}",) * 3,
                "Merhaba {given}", "Merhaba {given}", "Sevgili {given} Hanım", "Sevgili {given} Bey"),
    "pl": Forms(
        "Szanowna Pani", "Szanowny Panie", "Szanowni Państwo", ("Szanowna Pani Doktor", "Szanowny Panie Doktorze", "Szanowni Państwo"),
        ("Szanowna Pani Profesor", "Szanowny Panie Profesorze", "Szanowni Państwo"), "Cześć, {given}", "Dzień dobry, {given}",
    ),
    "nl": Forms(
        "Geachte mevrouw {family}", "Geachte heer {family}", "Geachte {full}", ("Geachte dr. {family}",) * 3,
        ("Geachte professor {family}",) * 3, "Hallo {given}", "Beste {given}",
    ),
}  # fmt: skip


def salutation(
    name: PersonName, language: str, formality: Formality = "formal", medium: Medium = "letter", *, title: str = ""
) -> str:
    """What a letter or a mail to the person begins with, in `language` (BCP 47); "" for a name with nothing to be seen.

    `title` is "ms", "mr", "mx", "dr", "prof" or "" for nothing said; a doctor or professor before the name itself counts as well. In a
    language that has no table, and for a name that was never taken apart, it is the name as CLDR says it to her.
    """
    spoken = name_forms.language_of(language)
    forms = TABLE.get(spoken)
    said = _in_letters_of(name, spoken)
    full = name_forms.in_order(said, language)
    if forms is None or not full:
        return said.said("addressing", "long", formality, language=language) if full else ""
    parts = {
        "full": full,
        "family": name_forms.visible(said.family),
        "given": name_forms.visible(said.given),
        "middle": name_forms.visible(said.middle),
    }
    pattern = _informal(forms, title, medium) if formality == "informal" else _formal(forms, spoken, said, title)
    if any(not parts[hole] for hole in ("family", "given", "middle") if f"{{{hole}}}" in pattern):
        # Half a name, or one that is kept whole: said whole, and without a word that would need the missing half.
        pattern = pattern if _whole_goes(pattern) else forms.neutral if formality == "formal" else forms.mail
        parts |= {hole: parts[hole] or full for hole in ("family", "given")}
    if spoken == "nl":
        # Behind "heer" and "mevrouw" the first word of the family name is written with a capital: Geachte heer Van den Berg.
        parts["family"] = parts["family"][:1].upper() + parts["family"][1:]
    return pattern.format(**parts)


def _whole_goes(pattern: str) -> bool:
    """Whether a whole name may stand where the pattern has half of one: 様 and さん take both."""
    return pattern in {"{family}様", "{family}さん", "{family}先生"}


def _formal(forms: Forms, language: str, name: PersonName, title: str) -> str:
    place = 0 if title == MS else 1 if title == MR else 2
    degree = title if title in (DR, PROF) else _degree(name)
    if degree:
        return (forms.prof if degree == PROF else forms.dr)[place]
    if language == "ru" and name.given and name.middle and place < 2:
        # By first name and patronymic, where both are known.
        return ("Уважаемая {given} {middle}", "Уважаемый {given} {middle}")[place]
    if title == MX and forms.mx:
        return forms.mx
    return (forms.ms, forms.mr, forms.neutral)[place]


def _informal(forms: Forms, title: str, medium: Medium) -> str:
    if medium == "mail":
        return forms.mail
    return (title == MS and forms.dear_ms) or (title == MR and forms.dear_mr) or forms.dear


def _degree(name: PersonName) -> str:
    """What the title before the name says."""
    words = {word.strip(".") for word in name.prefix.lower().replace(".", " ").split()}
    return PROF if words & _PROFESSORS else DR if words & _DOCTORS else ""


def _in_letters_of(name: PersonName, language: str) -> PersonName:
    """The name in Latin letters for a language that is written in them, where it has such a form."""
    if language not in _LATIN or not (name.latin_given or name.latin_family):
        return name
    order = "family_first" if name.family_first and language == "hu" else "given_first"
    return replace(name, given=name.latin_given, family=name.latin_family, middle="", full="", order=order)


__all__ = ["DR", "MR", "MS", "MX", "PROF", "TABLE", "salutation"]
