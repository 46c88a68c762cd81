"""A train goes through a tunnel: what was seen can be read, what is written waits, is sent once, and nothing pretends to be saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import looks, shows

#: What waits is sent by the service worker, with no page open.
WHOLE_BROWSER = True
#: The first time that the page asks whether it may send, nothing comes back.
FIRST_IN_VAIN = """() => { const real = window.fetch; window.tries = 0; window.fetch = (at, ...rest) =>
  String(at).includes("/waiting/pass/") && ++window.tries === 1 ? Promise.reject(new TypeError("cut")) : real(at, ...rest); }"""
COMPANY = """
from kith.objects.write import create
made = create(S, "contacts.company", name=name, owner=as_user("ada@kultasatama.example").user_id).pk
"""
NOTES = """
from kith.events.models import Event
made = [e.data["text"] for e in Event.objects.filter(name="note.added", object="contacts.company", record=pk)]
"""
RENAME = """
from kith.objects.query import find
from kith.objects.write import change
change(as_user(who), find(S, "contacts.company", pk), name=name)
made = None
"""
NAME = """
from kith.objects.query import find
made = find(S, "contacts.company", pk).name
"""
FOUND = """
from kith.objects.query import count
made = count(S, "contacts.person", search=words).value
"""
STORE = """(deed) => new Promise((well) => {
  const asked = indexedDB.open("kith", 1);
  asked.onsuccess = () => {
    const step = asked.result.transaction("waiting", "readwrite"), found = deed(step.objectStore("waiting"));
    step.oncomplete = () => { asked.result.close(); well(found.result); };
  };
})"""
WAITS = f"() => ({STORE})((store) => store.getAll())"
WAIT_ON = f"(all) => ({STORE})((store) => all.map((one) => store.put(one))[0])"
BEN = "mikko@kultasatama.example"


def until(page: Any, holds: str, patience: int = 15_000) -> None:
    """Ask the asynchronous function `holds` of the page again until it answers with something true; `patience` in milliseconds.

    Playwright's `wait_for_function` does not wait for what is promised: it takes the promise itself for "true".
    """
    asked = f"""async (patience) => {{
      const holds = {holds}, until = performance.now() + patience;
      while (!(await holds())) {{
        if (performance.now() > until) return false;
        await new Promise((well) => setTimeout(well, 20));
      }}
      return true;
    }}"""
    assert page.evaluate(asked, patience), f"It never came true: {holds}"


def ready(page: Any) -> Any:
    """Wait until the service worker has kept this page, the forms and the screen of what waits."""
    page.evaluate("() => navigator.serviceWorker.ready")
    page.reload()
    until(
        page,
        """async () => {
          const names = (await caches.keys()).filter((n) => /^kith-(page|form)-/.test(n));
          const keys = (await Promise.all(names.map(async (n) => (await (await caches.open(n)).keys()).map((k) => k.url)))).flat();
          return [location.href, '/people/new/', '/people/new/?kith-part=1', '/waiting/'].every((end) => keys.some((k) => k.endsWith(end)));
        }""",
    )
    return page


@shows(84)
@looks()
def test_a_note_and_a_person_written_in_a_tunnel_arrive_once(come: Any, house: Any, look: Any):
    mark = f"tunneli{look}".replace("-", "")
    pk = house.make(COMPANY, name=f"{mark} Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    context = ada.visitor.context
    ada.cut()
    # What was seen can be read, and says as of when it is.
    page.goto(page.url)
    expect(page.locator("#net .net-kept")).to_be_visible()
    expect(page.locator("h1").first).to_contain_text(mark)
    # A note waits in sight, marked as waiting.
    page.locator("#cmp textarea").fill(f"Note {mark}")
    page.locator("#cmp textarea").press("Control+Enter")
    expect(page.locator(".ev.wait")).to_contain_text(f"Note {mark}")
    # A new person, from the form that was kept.
    page.goto(house.url + "/people/new/")
    page.locator("[name='name.given']").fill("Aino")
    page.locator("[name='name.family']").fill(mark)
    page.locator("form.rf .fa .b.p").click()
    expect(page.locator("#net [data-waiting]")).to_have_text((ada.look.rtl and "۲") or "2")
    # The page is closed and opened again; nothing was sent, nothing is lost.
    page.close()
    page = ada.page = context.new_page()
    page.goto(house.url + "/waiting/")
    expect(page.locator(".wt")).to_have_count(2)
    assert house.make(NOTES, pk=pk) == []
    ada.cut(off=False)
    expect(page.locator("#net .net-on")).to_be_visible()
    expect(page.locator(".wt")).to_have_count(0)
    expect(page.locator("#toasts .toast")).to_contain_text(ada.say("What waited was sent."))
    page.reload()
    expect(page.locator("[data-none]")).to_be_visible()
    assert house.make(NOTES, pk=pk) == [f"Note {mark}"]
    assert house.make(FOUND, words=mark) == 1


@looks(most=1)
def test_an_edit_from_a_tunnel_that_meets_anothers_is_asked_about(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Yksi Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    if look.phone:
        page.locator("[role=tab].t-details").click()
    page.locator("[data-fact=name] .pen").click()
    field = page.locator("[data-fact=name] form.fe input[name=name]")
    field.fill("Minun Oy")
    ada.cut()
    field.press("Enter")
    expect(page.locator("#net .net-wait")).to_be_visible()
    expect(page.locator("[data-fact=name]")).to_contain_text("Yksi Oy")
    house.make(RENAME, who=BEN, pk=pk, name="Toisen Oy")
    page.goto(house.url + "/waiting/")
    ada.cut(off=False)
    line = page.locator(".wt.conflict")
    expect(line).to_contain_text("Toisen Oy")
    assert house.make(NAME, pk=pk) == "Toisen Oy"
    line.locator("[data-do=mine]").click()
    expect(page.locator(".wt")).to_have_count(0)
    assert house.make(NAME, pk=pk) == "Minun Oy"
    ada.visitor.refusals.discard(409)  # the page heard of it only when it was the one who sent; else the worker did


@pytest.mark.expects_refusals(409)
@looks(most=1)
def test_where_no_worker_sends_in_the_background_the_page_does_and_shows_what_became_of_it(
    come: Any, house: Any, look: Any
):
    pk = house.make(COMPANY, name="Sivu Oy")
    ada = come(look, service_workers="allow")
    ada.page.context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    page = ready(ada.go(f"/companies/{pk}/"))
    if look.phone:
        page.locator("[role=tab].t-details").click()
    page.locator("[data-fact=name] .pen").click()
    field = page.locator("[data-fact=name] form.fe input[name=name]")
    field.fill("Minun Oy")
    ada.cut()
    field.press("Enter")
    expect(page.locator("#net .net-wait")).to_be_visible()
    house.make(RENAME, who=BEN, pk=pk, name="Heidän Oy")
    page.goto(house.url + "/waiting/")
    expect(page.locator(".wt.waiting")).to_have_count(1)
    # A network that is there again may not carry anything yet.
    page.evaluate(FIRST_IN_VAIN)
    ada.cut(off=False)
    expect(page.locator(".wt.conflict")).to_contain_text("Heidän Oy")
    assert page.evaluate("() => window.tries") == 2


@looks(most=1)
def test_what_is_kept_goes_with_the_sign_out_and_another_never_sees_it(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Salainen Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    held = "async () => (await caches.keys()).filter((n) => /^kith-(page|form)-/.test(n)).length"
    assert page.evaluate(held) > 0
    ada.visitor.context.clear_cookies()
    page.goto(house.url + f"/companies/{pk}/")
    page.wait_for_url("**/sign-in/**")
    until(page, f"async () => (await ({held})()) === 0")
    ada.visitor.refusals.discard(401)  # a stream that was just opened again


#: Let the worker's answer for an address that ends so wait until `letGo()`.
HOLD = """(end) => {
  const asked = self.fetch;
  self.fetch = async (request, ...more) => {
    const answer = await asked(request, ...more);
    if (String(request.url ?? request).endsWith(end)) await new Promise((well) => { self.letGo = well; });
    return answer;
  };
}"""
#: Let it go, and give the worker time for many more looks into what it keeps than it needs.
LET_GO = "async () => { self.letGo(); for (let n = 0; n < 100; n++) await caches.keys(); }"


@looks(most=1)
def test_what_was_asked_before_the_sign_out_and_answered_after_it_is_not_kept(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Myöhäinen Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    worker = ada.visitor.context.service_workers[0]
    worker.evaluate(HOLD, "?late=1")
    who = page.evaluate("document.documentElement.dataset.who")
    page.evaluate(
        "(who) => navigator.serviceWorker.controller.postMessage({ warm: [], pages: ['/companies/?late=1'], here: '/waiting/', who })",
        who,
    )
    until(worker, "async () => 'letGo' in self")
    ada.visitor.context.clear_cookies()
    page.goto(house.url + f"/companies/{pk}/")
    page.wait_for_url("**/sign-in/**")
    worker.evaluate(LET_GO)
    assert page.evaluate("async () => (await caches.keys()).filter((n) => /^kith-(page|form)-/.test(n))") == []
    ada.visitor.refusals.discard(401)


@shows(84)
@looks(most=1)
def test_what_was_sent_while_its_answer_was_lost_is_there_once(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Kadonnut Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    ada.cut()
    page.locator("#cmp textarea").fill("Only once")
    page.locator("#cmp textarea").press("Control+Enter")
    expect(page.locator(".ev.wait")).to_contain_text("Only once")
    waits = page.evaluate(WAITS)
    ada.cut(off=False)
    expect(page.locator(".ev.wait")).to_have_count(0)
    assert house.make(NOTES, pk=pk) == ["Only once"]
    # As far as this browser knows it was never answered: it waits on, and is sent again.
    page.evaluate(WAIT_ON, waits)
    page.reload()
    expect(page.locator(".ev.wait")).to_have_count(0)
    until(page, f"async () => !(await ({WAITS})()).length")
    assert house.make(NOTES, pk=pk) == ["Only once"]


@shows(84)
@looks(most=1)
def test_a_page_that_was_kept_hears_what_it_missed_when_the_network_is_back(come: Any, house: Any, look: Any):
    pk = house.make(COMPANY, name="Vanha Oy")
    ada = come(look, service_workers="allow")
    page = ready(ada.go(f"/companies/{pk}/"))
    ada.cut()
    page.goto(page.url)
    expect(page.locator("#net .net-kept")).to_be_visible()
    house.make(RENAME, who=BEN, pk=pk, name="Uusi Oy")
    ada.cut(off=False)
    expect(page.locator("#net .net-on")).to_be_visible()
    expect(page.locator("#net .net-kept")).to_be_hidden()
    expect(page.locator("h1").first).to_contain_text("Uusi Oy")
