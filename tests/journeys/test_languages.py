"""Every page in each of the five languages: nothing left in English, the right direction, no page that scrolls sideways.

And in two languages that nobody speaks: in the one every sentence is longer and in brackets, in the other from right to left.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from babel.messages.pofile import read_po

from kith.kernel.policy import TOKEN
from scripts.catalogues import pseudo

from .conftest import QUIET, browser_path
from .crawl import CUT_OFF, OUTSIDE, TEXTS, WIDE, Stop, crawl
from .installation import ROOT, Installation

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

#: Django's code → folder of the catalogue.
LANGUAGES = {"en": "", "fi": "fi", "zh-hans": "zh_Hans", "fa": "fa", "sl": "sl"}
BENT = ("en-xa", "ar-xb")
#: As in `BENT_WIDTHS`, the one at which a page is opened comes first.
WIDTHS = (1440, 1920, 1080, 760, 390, 320)

FILL = """
import tempfile
from datetime import timedelta
from pathlib import Path
from kith.events.models import Run
from kith.events.runs import execute
from kith.hooks import inlets, webhooks
from kith.hooks.models import Arrival, Attempt, Sending
from kith.identity import links, people, permits, tokens, trusting
from kith.identity.models import Token, User
from kith.identity.names import actor_by_id
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects import directory, places
from kith.objects.access.models import Role
from kith.objects.actions import act
from kith.objects.exchange import accept, begin, describe, save_mapping
from kith.objects.favourites import star
from kith.objects.views import change_view, keep_view
from kith.objects.write import change, create, remove
from kith.threads import files, snippets
from kith.threads.models import Note
S = actor_by_id(User.objects.get().pk)
c = create(S, "contacts.company", name="Ruokakauppa Äijälä Oy", website="https://aijala.example")
p = create(S, "contacts.person", {"name.given": "سارا", "name.family": "محمدی", "name.latin_given": "Sara",
    "name.latin_family": "Mohammadi",
    "companies": [c.pk], "emails": "sara@example.com", "phones": "+358 40 1234567", "stage": "", "address.country": "IR"})
p = change(S, p, notes="Zavoj 12")
g = create(S, "contacts.company", name="Gone d.o.o.")
remove(S, g)
file = Path(tempfile.mkdtemp()) / "file.csv"
file.write_text("Nome,Correo,Nacimiento\\nBo Ek,bo@example.com,2001-02-03\\nMia Ek,no address,2001-02-31\\n")
def brought():
    one = accept(S, "contacts.person", file, "file.csv")
    save_mapping(S, one, {g.column: {"to": g.to, "blanks": "keep"} for g in describe(S, one).columns if g.to}, None)
    return one
waiting, done = brought(), brought()
execute(begin(S, done).pk)
done.refresh_from_db()
tokens.make(S, tokens.Wanted("Varasto", [("*", "view")], 90, ["192.0.2.0/24"]))
tokens.make_for_scim(S, tokens.Wanted("Okta"))
group = directory.make_group(System("SCIM Okta"), "Myynti", "", [S.user_id])
ben = people.add(S, "ben@example.com", "Ben Bäck")
team = places.save_team(S, None, "Länsi", ben.pk, None, [ben.pk, S.user_id])
territory = places.save_territory(S, None, "Uusimaa", None, [ben.pk], {"contacts.company": "address.country:in:FI"})
provider = trusting.save(S, None, trusting.Wanted("talo", "Talo", "oidc", "https://talo.example", "kith", "salainen"))
role = Role.objects.order_by("pk").first()
from kith.objects import defining
from kith.objects.declare import object_type
person = object_type("contacts.person")
field = defining.add_field(S, person, {"label": "Väri", "kind": "choice", "options": [{"label": "Sini", "hue": 250}]})
aside = defining.add_field(S, person, {"label": "Koko", "kind": "text"})
defining.put_field_aside(S, aside)
from django.utils import translation
with translation.override("fi"):
    ship = defining.add_object(S, {"label": "Alus", "plural": "Alukset", "icon": "ship"})
boat = create(S, f"custom.o{ship.pk}", {object_type(f"custom.o{ship.pk}").title_field.name: "Aino"})
p = change(S, p, next_step="Soittaa", next_on="2026-03-02")
mia = create(S, "contacts.person", {"name.given": "سارا", "name.family": "محمدی", "emails": "sara@example.com", "stage": "lead"})
act(S, "add_note", p, text="Tavattu Turussa")
note = Note.objects.get().event
act(S, "change_note", p, note=note, text="Tavattu Porissa", version=None)
act(S, "answer_note", p, to=note, text="Hyvä")
paper = files.add(S, p, "sopimus.txt", [b"Sopimus"])
snippets.keep(S, "Terveiset", "Terveisin Ada", shared=True)
view = keep_view(S, "contacts.person", "Omat", {"layout": "board"})
view = change_view(S, view, everybody=True)
star(S, "contacts.person", p.pk)
star(S, "contacts.company", c.pk)
hook, _secret = webhooks.make(S, {"name": "Varasto", "url": "https://varasto.example/kith", "object": "contacts.affiliation",
    "kinds": ["removed"]})
sent = Sending.objects.create(webhook=hook, message="msg_1", type="contacts.affiliation.removed", event=1, body={"type": "x"},
    state=Sending.FAILED)
Attempt.objects.create(sending=sent, webhook=hook, url=hook.url, error="Se ei vastannut.")
Attempt.objects.create(sending=sent, webhook=hook, url=hook.url, status=302, answer="Muualla")
inlet, _secret = inlets.make(S, {"name": "Kauppa", "secured": "signed", "object": "contacts.company",
    "mapping": [{"to": "name", "from": "firma"}]})
came = Arrival.objects.create(inlet=inlet, key="id:1", body='{"firma": 5}', state=Arrival.FAILED, error="Se ei ole nimi.")
app, _secret = permits.register(S, permits.Wanted("Posti", True, ["https://posti.example/back"],
    [("contacts.person", "view"), ("*", "view")]))
ada, hour = User.objects.get(pk=S.user_id), timedelta(hours=1)
let_in = permits.give(ada, app, [("contacts.person", "view")], "https://posti.example/back", "x" * 43, "code", hour)
prefix, secret = tokens.new()
Token.objects.create(prefix=prefix, digest=tokens.digest(secret), owner=ada, permit=let_in, name=app.name, scopes=let_in.scopes,
    made_by=ada.name, expires_at=clock.now() + hour)
print(json.dumps({"person": p.pk, "company": c.pk, "gone": g.pk, "waiting": waiting.pk, "done": done.pk, "run": done.run_id,
    "group": group.pk, "ben": ben.pk, "team": team.pk, "territory": territory.pk, "provider": provider.pk, "role": role.pk,
    "field": field.pk, "ship": ship.pk, "ships": ship.slug, "boat": boat.pk, "mia": mia.pk, "note": note, "paper": paper.pk,
    "view": view.pk, "hook": hook.pk, "sent": sent.pk, "inlet": inlet.pk, "came": came.pk, "app": app.client_id,
    "link": links.make(links.INVITE, ben)}))
"""

#: Routes that answer with something else than a page, and what.
NO_PAGE = {
    "export": "a file",
    "import-errors": "a file",
    "import-resume": "leads to the step at which the import stands",
    "import-run": "leads to the report, since the import has ended; what it shows while it runs is seen in test_first_hour",
    "cell": "a part of a list, which has no page of its own",
    "provider-begin": "leads to another house",
    "openid_connect_callback": "comes back from another house, and leads on",
    "saml_metadata": "XML, for programs",
    "saml_finish_acs": "comes back from another house, and leads on",
    "saml_sls": "leads to the sign-in",
    "calendar": "a part of a form; it is seen there",
    "totals": "a part of a list; it is seen there",
    "addition": "a part of a record's page; it is seen there",
    "oauth-description": "JSON, for programs",
    "live": "a stream of events, for scripts",
    "manifest": "JSON, for browsers",
    "worker": "a script, for browsers",
    "waiting-pass": "JSON, for scripts",
    "fresh": "a part of a list: how many new records belong into it",
    "board-cards": "a part of a board, for scripts; the cards are seen on the board",
    "file-content": "the file itself",
    "file-picture": "a picture",
}

#: Routes that strangers see.
STRANGERS = {"sign-in", "one-time-link"}


def stops(known: dict[str, Any]) -> list[Stop]:
    """Where to go, by the name of the route; an object that is not for everyday lists is seen on the pages of its subject."""
    person, company, gone = (
        f"/people/{known['person']}/",
        f"/companies/{known['company']}/",
        f"/companies/{known['gone']}/",
    )
    waiting, done = f"/people/import/{known['waiting']}/", f"/people/import/{known['done']}/"
    hook, inlet = f"/settings/webhooks/{known['hook']}/", f"/settings/webhooks/in/{known['inlet']}/"
    lets_in = urlencode({
        "response_type": "code", "client_id": known["app"], "redirect_uri": "https://posti.example/back",
        "code_challenge": "x" * 43, "code_challenge_method": "S256",
    })  # fmt: skip
    places = {
        "sign-in": ["/sign-in/"],
        "home": ["/"],
        "favourites": ["/favourites/"],
        "search": ["/search/", "/search/?q=sara", "/search/?q=sa&in=people", "/search/?q=zzzz"],
        "keyboard": ["/keyboard/"],
        "command": ["/command/", "/command/?q=sara"],
        "run": [f"/runs/{known['run']}/"],
        "settings": ["/settings/"],
        "one-time-link": [f"/sign-in/link/{known['link']}/", "/sign-in/link/no-such-link/"],
        "settings-role": [f"/settings/roles/{known['role']}/"],
        "settings-object": ["/settings/fields/contacts.person/", f"/settings/fields/custom.o{known['ship']}/"],
        "settings-field-new": ["/settings/fields/contacts.person/new/"],
        "settings-field": [f"/settings/fields/contacts.person/{known['field']}/"],
        "settings-seeing-person": [f"/settings/seeing/{known['ben']}/"],
        "settings-territory": [f"/settings/territories/{known['territory']}/"],
        "settings-team": [f"/settings/teams/{known['team']}/"],
        "provider-edit": [f"/settings/sign-in/{known['provider']}/"],
        "user-edit": [f"/settings/users/{known['ben']}/"],
        "access": [f"{person}access/"],
        "label": [f"{person}address/label/"],
        "authorize": [f"/oauth/authorize/?{lets_in}", "/oauth/authorize/?client_id=nobody"],
        "hook": [hook],
        "hook-edit": [f"{hook}edit/"],
        "hook-remove": [f"{hook}remove/"],
        "hook-message": [f"{hook}messages/{known['sent']}/"],
        "hook-in": [inlet],
        "hook-in-make": ["/settings/webhooks/in/new/companies/"],
        "hook-in-edit": [f"{inlet}edit/"],
        "hook-in-remove": [f"{inlet}remove/"],
        "hook-in-arrival": [f"{inlet}arrivals/{known['came']}/"],
        "scim-group": [f"/settings/scim/groups/{known['group']}/"],
        "list": [
            *("/people/", "/companies/", "/affiliations/", "/people/?q=nobody-is-called-so"),
            "/people/?filter=stage:empty&sort=-name",
            "/people/?filter=stage:empty;tags:filled;birthday:last:3;any(stage:in:lead,customer|emails:filled)",
            "/people/?filter=nothing:is:such",
            *("/people/?layout=board", "/people/?layout=calendar", "/people/?layout=calendar&span=week"),
            *("/people/?group=stage", f"/people/?view={known['view']}", "/people/?aggregates=stage:filled"),
            f"/{known['ships']}/",
        ],
        "filter-all": [
            "/people/filter/all/",
            "/people/filter/all/?filter=any(stage:in:lead,customer|emails:filled)",
        ],
        "sums": ["/people/sums/"],
        "views": ["/people/views/"],
        "view": [f"/people/views/{known['view']}/"],
        "merge": [f"/people/merge/?ids={known['person']},{known['mia']}", "/people/merge/"],
        "board-look": ["/people/board/stage/look/?value=lead"],
        "move": [f"{person}move/?by=stage", f"{person}move/?by=stage&to=lead"],
        "day": [f"{person}day/?on=next_on"],
        "history": [f"{person}history/"],
        "next": [f"{person}next/"],
        "note-edit": [f"{person}notes/{known['note']}/edit/"],
        "note-past": [f"{person}notes/{known['note']}/past/"],
        "suggest": [f"{person}suggest/?sign=@&q=b", f"{person}suggest/?sign=/", f"{person}suggest/?sign=@&q=zzz"],
        "file": [f"{person}files/{known['paper']}/"],
        "filter": [f"/people/filter/?field={name}" for name in ("stage", "birthday", "companies", "address.country")],
        "lookup": ["/people/lookup/?find=sa&name=v"],
        "bulk": ["/people/bulk/", "/people/bulk/?field=stage", "/people/bulk/?field=companies"],
        "trash": ["/people/trash/", "/companies/trash/"],
        "new": ["/people/new/", "/companies/new/", "/affiliations/new/"],
        "choose": [
            "/companies/lookup/choose/?q=ruoka&name=companies",
            "/companies/lookup/choose/?q=zzz&name=companies",
        ],
        "import": ["/people/import/", "/companies/import/"],
        "import-file": [f"{waiting}file/"],
        "import-map": [f"{waiting}map/"],
        "import-check": [f"{waiting}check/"],
        "import-report": [f"{done}report/", f"{done}report/?show=refused"],
        "import-undo": [f"{done}undo/"],
        "record": [
            *(person, company, gone, f"{person}?tab=history", f"{person}?tab=related"),
            f"/{known['ships']}/{known['boat']}/",
        ],
        **{name: [f"{person}{name}/"] for name in ("peek", "facts", "story", "related")},
        "edit": [f"{person}edit/", f"{company}edit/"],
        "do": [f"{person}do/merge/"],
        "fact": [f"{person}{name}/fact/" for name in ("name", "emails", "address", "birthday", "companies")],
        "a-fault": ["/a-fault/"],
        "forbidden": ["/forbidden/", "/no-such-page/", "/people/999999/"],
    }
    made = [Stop(path, route, route not in STRANGERS) for route, paths in places.items() for path in paths]
    # Pages without a number in their address come by themselves: a new page of settings is crawled from its first day.
    for name, pattern, methods in routes():
        if name not in places and "GET" in methods and "<" not in pattern and name not in NO_PAGE:
            made.append(Stop(f"/{pattern}", name))
    return made


def routes() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, pattern and methods of every address of the house, but for those that want a token and answer to programs."""
    from .crawled_urls import urlpatterns

    def walk(patterns: list[Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            elif (policy := getattr(one.callback, "policy", None)) and policy.who != TOKEN:
                yield one.name, str(one.pattern), policy.methods

    return walk(urlpatterns)


def english_of(folder: str) -> set[str]:
    """Sentences that this language says otherwise than English does; those with holes are known by their parts elsewhere."""
    said: set[str] = set()
    same: set[str] = set()
    for path in ROOT.glob(f"kith/*/locale/{folder}/LC_MESSAGES/django.po"):
        with Path(path).open("rb") as file:
            for message in read_po(file):
                for source, target in _pairs(message):
                    (same if source == target else said).add(source)
    return {s for s in said - same if "%(" not in s and "{" not in s and len(s) > 2}


def _pairs(message: Any) -> list[tuple[str, str]]:
    if not message.id:
        return []
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(source, message.string[0]) for source in message.id]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that also speaks the pseudo-languages."""
    if sys.platform != "linux" or not (ROOT / "kith/config/collected/staticfiles.json").exists():
        pytest.skip("the static files are not built; bin/test builds them")
    catalogues = tmp_path_factory.mktemp("pseudo")
    pseudo(catalogues)
    made = Installation(
        tmp_path_factory.mktemp("house"), "tests.journeys.crawled_settings", KITH_PSEUDO=str(catalogues)
    )
    try:
        made.serve()
        yield made
    finally:
        made.end()


def visits(everywhere: list[Stop]) -> list[tuple[str, Stop]]:
    """Which pages are visited in which languages: with KITH_LOOKS=all every page in each of the seven.

    Else every page in the longer one, which finds what is not translated and what is cut off; and a page of each route in one of the
    other six, in turn.
    """
    if os.environ.get("KITH_LOOKS") == "all":
        return [(language, stop) for language in (*LANGUAGES, *BENT) for stop in everywhere]
    others = [language for language in (*LANGUAGES, *BENT) if language != BENT[0]]
    first = {stop.route: stop for stop in reversed(everywhere)}.values()
    dealt = zip(itertools.cycle(others), sorted(first, key=lambda stop: stop.path), strict=False)
    return [*((BENT[0], stop) for stop in everywhere), *dealt]


def test_every_page_in_every_language(house: Installation):
    """One story and not one for each language: two workers would walk through the whole house twice."""
    browser = browser_path()
    if not browser:
        pytest.skip("there is no Chromium on this machine; bin/test installs Debian's when it may")
    known = house.ask(FILL)
    english = {language: english_of(folder) for language, folder in LANGUAGES.items() if folder}
    crawled = crawl(browser, QUIET, house.url, visits(stops(known)), WIDTHS, english)
    assert set(crawled) == {*LANGUAGES, *BENT}
    assert sum(seen.pages for seen in crawled.values()) == len(visits(stops(known)))
    faults = [f"{language}: {fault}" for language, seen in crawled.items() for fault in seen.faults]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


BROKEN = """<p>⟦Fine ⟦inside⟧⟧ left</p><button title="⟦ok⟧ but" style="width:40px;overflow:hidden">⟦Much too long⟧</button>
<bdi>Ada</bdi><span data-stored>Main</span><div style="width:3000px">⟦x⟧</div>
<p style="height:9px;overflow:hidden">⟦Low⟧</p><p style="width:9px;overflow:auto;white-space:nowrap">⟦To be scrolled⟧</p>
<a class="b" style="display:block;width:20px;white-space:nowrap">⟦Sticking out⟧</a><p style="margin-left:-30px">⟦Off⟧</p>
<p style="width:1px;overflow:hidden">⟦Only heard⟧</p><h2 style="width:40px;overflow:hidden"><bdi>Somebody's long name</bdi></h2>
<p style="width:200px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">
<b>⟦So long a sentence that dots stand at its end⟧</b></p>"""


def test_the_crawler_finds_what_it_looks_for(chromium: Any):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.set_content(f"<!DOCTYPE html><html lang=en dir=ltr>{BROKEN}")
    assert sorted(page.evaluate(OUTSIDE)) == ["left", "title: but"]
    assert "Main" not in page.evaluate(TEXTS)
    assert "⟦Much too long⟧" in page.evaluate(TEXTS)
    assert page.evaluate(WIDE).startswith("DIV.")
    cut = {said.partition(" (")[0]: said.partition("): ")[2] for said in page.evaluate(CUT_OFF, True)}
    assert cut == {
        "⟦Much too long⟧": "cut off by BUTTON.",
        "⟦Low⟧": "above or below P.",
        "⟦Sticking out⟧": "runs out of A.b",
        "⟦Off⟧": "outside of the page",
        "⟦So long a sentence that dots stand at its end⟧": "cut off by P.",
    }
    assert {said.partition(" (")[0] for said in page.evaluate(CUT_OFF, False)} >= set(cut)
    page.close()


def test_every_address_is_visited_or_says_why_not():
    visited = {stop.route for stop in stops(defaultdict(int))}
    pages = {name for name, _pattern, methods in routes() if "GET" in methods}
    assert not pages - visited - set(NO_PAGE), "Give these a place in `stops`, or say in NO_PAGE what they answer with."
    assert not set(NO_PAGE) & visited
    assert not set(NO_PAGE) - pages


def test_the_sign_in_page_speaks_the_browsers_language_first(visit: Any, house: Installation):
    for locale, words in (("fi-FI", "fi"), ("fa-IR", "fa"), ("zh-CN", "zh-hans"), ("sl-SI", "sl"), ("de-DE", "en")):
        page = visit(locale=locale).go("/sign-in/")
        assert page.evaluate("document.documentElement.lang.toLowerCase()") == words, locale
