"""What stands beside a firm's name only to say how it is liable: Oy, GmbH, d.o.o., 有限公司, شرکت, ООО.

People leave it away, files write it out. `apart` splits a name into what it is called by and its form, for matching; names are
always shown as they were written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .text import fold

#: One line per form, all its spellings as `_plain` gives them. Spellings of one line mean one form; "Oy" and "Ltd" are two firms.
_BEHIND = """
oy | osakeyhtio | oy ab | ab oy
oyj | julkinen osakeyhtio | abp
ky | kommandiittiyhtio
tmi | toiminimi
osk | osuuskunta
ab | aktiebolag | ab publ | aktiebolaget
hb | handelsbolag
as | a s | aksjeselskap | aktieselskab
asa
aps | anpartsselskab
ehf
ltd | limited | co ltd | company limited | ltd co
plc | public limited company
llc | l l c | limited liability company | fz llc
llp
lp | limited partnership
inc | incorporated | corp | corporation | co inc
co | company | and co | & co
pty ltd | pty | proprietary limited
pvt ltd | private limited | p ltd | प्राइवेट लिमिटेड | प्रा लि
लिमिटेड
pte ltd | pte
sdn bhd
bhd | berhad
fze
fzco | fz co
dmcc
gmbh | gesellschaft mit beschrankter haftung | gesellschaft mbh | ges m b h | gesmbh | mbh
ag | aktiengesellschaft
gmbh & co kg | gmbh co kg | gmbh und co kg
kg | kommanditgesellschaft
ohg
ug | ug haftungsbeschrankt | ug haftungsbeschraenkt
ek | e k
kgaa
se
sarl | s a r l
sas
sasu
eurl
snc
sa | s a | societe anonyme | sociedad anonima | sociedade anonima | spolka akcyjna
sl | s l | sociedad limitada
slu
sa de cv
s de rl de cv
srl | s r l | societa a responsabilita limitata | srls
spa | s p a | societa per azioni
ltda | limitada | lda
eireli
bv | b v | besloten vennootschap
nv | n v | naamloze vennootschap
vof
doo | d o o | druzba z omejeno odgovornostjo | d o o o
dd | d d | delniska druzba
sp | s p
dno | d n o
sp z o o | sp z oo | sp zoo | spolka z o o | spolka z ograniczona odpowiedzialnoscia
sp k | sp j
sro | s r o | spol s r o
kft
zrt
nyrt
bt
ou | osauhing
sia
uab
ood | оод
еоод
ад
еад
ооо
оао
зао
пао
ао
ип
тов
αε | ανωνυμη εταιρεια | ανωνυμη εταιρια
επε
ικε
οε
a s | anonim sirketi
ltd sti | limited sirketi
tbk
jsc
有限公司
有限责任公司 | 有限責任公司
股份有限公司
株式会社
有限会社
合同会社
주식회사
유한회사
จํากัด | จํากัด มหาชน
سهامی خاص
سهامی عام
با مسئولیت محدود | با مسیولیت محدود
ذمم | ذ م م
شمم | ش م م
בעמ | בע מ
"""
_BEFORE = """
ооо | общество с ограниченнои ответственностью
оао
зао
пао
ао | акционерное общество
ип
тов
ad
pt
cv
ab
as
oy
sia
uab
ou
株式会社
有限会社
合同会社
주식회사
유한회사
شرکت | شرکه
شرکت سهامی خاص
شرکت سهامی عام
บริษัท
cong ty tnhh
cong ty co phan
"""
#: Words of other meanings too, when they are not written as a form is: SpA and S.p.A. are one, a Spa is not.
_ALSO_WORDS = {*re.findall(r"\w+", "spa as se sa sp dd ad ao pt cv ab ou sl sia lp bt ek ug sas")}
#: Forms written against the name in scripts without spaces.
_JOINED_BEHIND = (
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "株式会社",
    "有限会社",
    "合同会社",
    "주식회사",
    "유한회사",
    "จํากัด",
)
#: As one sign, ㈱ and ㈜, or in parentheses.
_SHORT = {"(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(주)": "주식회사", "(유)": "유한회사"}
_JOINED_BEFORE = ("株式会社", "有限会社", "合同会社", "주식회사", "유한회사", "บริษัท")


def _table(lines: str) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for line in lines.strip().splitlines():
        spellings = [fold(spelling) for spelling in line.split(" | ")]
        found |= {tuple(spelling.split()): spellings[0] for spelling in spellings}
    return found


_ENDS, _STARTS = _table(_BEHIND), _table(_BEFORE)
_LONGEST = max(map(len, [*_ENDS, *_STARTS]))
#: Dots between the letters of a form; what else stands between words.
_DOTS = re.compile(r"(?<!\w)((?:\w{1,3}[.]){1,6}\w{0,3})(?=\W|\Z)")
_INNER = re.compile(r"(?<=\w)['’‘׳״\"/](?=\w)")
_SIGNS = re.compile(r"[^\w&\u0e00-\u0e7f\u0900-\u0dff]+")


@lru_cache(maxsize=10_000)
def apart(name: str) -> tuple[str, str]:
    """What a firm is called by, folded and without signs, and its form ("" for none).

    >>> apart("Suomen Ruokakauppa Oy")
    ('suomen ruokakauppa', 'oy')
    """
    written = _words(name)
    words = [fold(word) for word in written]
    form = ""
    for _round in range(3):
        first, last, found = _form_of(words, written)
        if not found or last - first < 1:
            break
        form = form or found
        words, written = words[first:last], written[first:last]
    bare, joined = _unjoined(" ".join(words))
    return bare, form or joined


def same_firm(one: str, other: str) -> bool:
    """Whether two names may mean one firm: called the same, and not of two different forms."""
    (bare, form), (bare_too, form_too) = apart(one), apart(other)
    return bool(bare) and bare == bare_too and (form == form_too or not form or not form_too)


def _words(name: str) -> list[str]:
    """Words as written, the dots of forms taken out ("d.o.o." is "doo", but marked as dotted by its capitals)."""
    name = unicodedata.normalize("NFKC", name)
    for short, form in _SHORT.items():
        name = name.replace(short, f" {form} ")
    # What was dotted or slashed is meant as a form, whatever its case.
    name = _DOTS.sub(lambda m: m[1].replace(".", "").upper() if m[1].count(".") > 1 else m[1].replace(".", ""), name)
    name = _INNER.sub("", re.sub(r"\b([aA])/([sS])\b", "AS", name))
    return [word for word in _SIGNS.sub(" ", name).split() if fold(word)]


def _form_of(words: list[str], written: list[str]) -> tuple[int, int, str]:
    """(first, last, form): the words between which the name stands without one form, at either end."""
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        end, start = tuple(words[-length:]), tuple(words[:length])
        if end in _ENDS and (end == ("ab",) or _meant(end, written[-1])):
            rest = len(words) - length
            # "Tiffany & Co": the sign belongs to the form.
            return 0, rest - 1 if rest > 1 and words[rest - 1] == "&" else rest, _ENDS[end]
        if start in _STARTS and _meant(start, written[0]):
            return length, len(words), _STARTS[start]
    return 0, len(words), ""


def _meant(form: tuple[str, ...], written: str) -> bool:
    return len(form) > 1 or form[0] not in _ALSO_WORDS or sum(c.isupper() for c in written) > 1


def _unjoined(name: str) -> tuple[str, str]:
    for form in _JOINED_BEHIND:
        if name.endswith(form) and name != form:
            return name.removesuffix(form).strip(), form
    for form in _JOINED_BEFORE:
        if name.startswith(form) and name != form:
            return name.removeprefix(form).strip(), form
    return name, ""
