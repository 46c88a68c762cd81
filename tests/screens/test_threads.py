"""Notes with mentions, links, snippets and files; the inbox and its switches."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from .looks import DESK, looks, shows

BOX = """
from kith.objects.write import create
made = create(as_user('ada@kultasatama.example'), 'contacts.company', name=NAME).pk
"""
PICTURE = """(field) => {
  const bytes = Uint8Array.from(
    atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
    (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@shows(43)
@looks(widths=DESK)
def test_people_records_and_snippets_are_reached_by_keys_and_a_pasted_picture_is_taken_in(
    come: Any, house: Any, look: Any
):
    pk = house.make(f"NAME = 'Threaded {look}'\n" + BOX)
    house.make(
        "from kith.threads.models import Snippet\nmade = Snippet.objects.create(name='regards', text='Kind regards').pk"
    )
    ada = come(look)
    page = ada.go(f"/companies/{pk}/")
    field = page.locator("#cmp-text")
    field.click()
    page.keyboard.type("Ask @mik")
    expect(page.locator("#cmp-text-list [role=option]").first).to_be_visible()
    expect(field).to_have_attribute("aria-activedescendant", "cmp-text-o0")
    page.keyboard.press("Enter")
    page.keyboard.type("about #threaded")
    expect(page.locator("#cmp-text-list [role=option][data-token^='#']").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("/reg")
    expect(page.locator("#cmp-text-list [role=option][data-text]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Ask @Mikko " + field.input_value().split("@Mikko ", 1)[1])
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:note:'))")
    page.reload()
    expect(page.locator("#cmp-text")).to_have_value("Ask " + page.locator("#cmp-text").input_value()[4:])
    page.locator("#cmp-text").press("Control+Enter")
    expect(page.locator("#tl .ev .at").first).to_be_visible()
    expect(page.locator("#tl .ev .bx .lk").first).to_be_visible()
    page.locator("#cmp-text").evaluate(PICTURE)
    expect(page.locator(".fs-list li").first).to_contain_text("pasted")


@shows(43)
@looks(widths=DESK)
def test_a_file_on_its_way_shows_how_far_it_is_and_can_be_stopped(come: Any, house: Any, look: Any):
    pk = house.make(f"NAME = 'Filed {look}'\n" + BOX)
    page = come(look).go(f"/companies/{pk}/")
    page.locator("#cmp-text").click()
    on_the_way: list[Any] = []

    def hold(route: Any) -> None:
        """It never arrives."""
        on_the_way.append(route)

    page.route("**/files/", hold)
    page.locator("#cmp-text").evaluate(PICTURE)
    row = page.locator(".ups li")
    expect(row).to_contain_text("pasted.png")
    expect(row.locator("progress")).to_have_attribute("max", "1")
    row.locator("button").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    for request in on_the_way:
        request.abort()  # or it would go on when nobody holds it any more
    page.unroute("**/files/")
    page.reload()
    expect(page.locator(".fs-list li")).to_have_count(0)
    # The same, dropped and not stopped.
    page.locator("#cmp-text").click()
    page.locator("#cmp-text").evaluate(
        PICTURE.replace("ClipboardEvent('paste', { clipboardData", "DragEvent('drop', { dataTransfer")
    )
    expect(page.locator(".fs-list li").first).to_contain_text("pasted")


TOLD = """
from kith.events.outbox import deliver
from kith.identity.models import User
from kith.kernel.actor import cause
from kith.objects.actions import act
from kith.objects.query import find
from kith.objects.write import change, create
from kith.threads.models import Note, Rhythm, Wish
ada = User.objects.get(email="ada@kultasatama.example")
hers, his = as_user(ada.email), as_user("mikko@kultasatama.example")
Wish.objects.filter(user=ada).delete()
Rhythm.objects.filter(user=ada).delete()
made = []
"""
MENTION = """
for which in ("first", "second"):
    record = create(S, "contacts.company", name=f"{NAME} {which}")
    with cause(f"test:{NAME} {which}"):
        act(his, "add_note", find(his, "contacts.company", record.pk), text="@{%d} look" % ada.pk)
    made.append(record.pk)
with cause(f"test:{NAME} owner"):
    change(his, find(his, "contacts.company", made[0]), owner=ada.pk)
while deliver():
    pass
"""


def tell(house: Any, code: str, **names: Any) -> Any:
    """Let something happen that Ada, who decided nothing about notifications, is told of."""
    return house.make(TOLD + code, **names)


STREAMS = """
window.streams = [];
const Plain = EventSource;
window.EventSource = class extends Plain { constructor(...told) { super(...told); streams.push(this); } };
"""
TWENTY = (
    "() => { for (let n = 0; n < 20; n++) streams.at(-1).dispatchEvent(new MessageEvent('told', { data: '{}' })); }"
)


@shows(61)
@looks(widths=DESK)
def test_of_many_notifications_at_once_a_page_asks_for_the_first_and_for_all_the_rest(come: Any, look: Any):
    ada = come(look)
    page = ada.page
    page.add_init_script(STREAMS)
    ada.go("/people/")
    page.wait_for_function("() => streams.at(-1)?.readyState === 1")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/inbox/") else None)
    with page.expect_response("**/inbox/"):
        page.evaluate(TWENTY)
    page.evaluate(TWENTY)
    page.wait_for_event("requestfinished", lambda request: len(asked) == 2)
    assert len(asked) == 2


EVERYTHING = """
from kith.kernel import clock
from datetime import timedelta
from kith.threads.alarms import ring
for kind in ("reply", "due"):
    Wish.objects.create(user=ada, kind=kind, app=True)
for which in ("first", "second"):
    record = create(hers, "toybox.task", name=f"{NAME} {which}", due_at=clock.now() + timedelta(hours=1), owner=ada.pk)
    with cause(f"test:{NAME} {which}"):
        act(his, "add_note", find(his, "toybox.task", record.pk), text="@{%d} look" % ada.pk)
    made.append(record.pk)
first = made[0]
with cause(f"test:{NAME} given"):
    change(S, find(S, "toybox.task", first), owner=his.user_id)
with cause(f"test:{NAME} back"):
    change(S, find(S, "toybox.task", first), owner=ada.pk)
act(hers, "add_note", find(hers, "toybox.task", first), text="Who knows?")
act(his, "answer_note", find(his, "toybox.task", first), to=Note.objects.latest("pk").event, text="I do")
while deliver():
    pass
with clock.frozen(clock.now() + timedelta(hours=1)):
    ring()
"""


@shows(61)
@looks(widths=DESK)
def test_the_inbox_is_worked_off_by_keys_record_by_record_and_what_is_done_comes_back(come: Any, house: Any, look: Any):
    first, second = tell(house, EVERYTHING, NAME=f"Inbox {look}")
    ada = come(look)
    page = ada.go("/inbox/")
    above, below = (page.locator(f".ib[data-about='toybox.task:{pk}']") for pk in (first, second))
    # One entry for a record, with all that was told of it: it is due, was answered, was assigned to her, and she was mentioned.
    expect(above.locator(".il > li")).to_have_count(4)
    icons = "(lines) => lines.map((line) => line.querySelector('use')?.getAttribute('href').split('#')[1])"
    assert above.locator(".il > li").evaluate_all(icons)[:3] == ["calendar-clock", "reply", "user-check"]
    expect(above.locator(".il > li").first).to_contain_text(ada.say("Due %(day)s", "of a next step").partition(" %")[0])
    expect(below.locator(".il > li")).to_have_count(2)
    expect(below).to_have_class("ib un")
    below.locator(".ti").focus()
    page.keyboard.press("u")
    expect(below).to_have_class("ib")
    expect(below.locator(".ti")).to_be_focused()
    page.keyboard.press("u")
    expect(below).to_have_class("ib un")
    page.keyboard.press("e")
    expect(below).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(below).to_have_count(1)
    below.locator(".ti").focus()
    page.keyboard.press("h")
    expect(page.locator(".menu:popover-open .mi").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(below).to_have_count(0)
    expect(above).to_have_count(1)
    page.goto(page.url + "?box=snoozed")
    below.locator(".ti").focus()
    page.keyboard.press("h")
    expect(below).to_have_count(0)
    page.goto(page.url.partition("?")[0])
    expect(below).to_have_count(1)
    # What is done needs no reminding: the line goes by itself, and the rest of the record's stays.
    tell(house, 'change(hers, find(hers, "toybox.task", PK), done=True)\nwhile deliver():\n    pass', PK=second)
    page.reload()
    expect(below.locator(".il > li")).to_have_count(1)
    # After G the same key is a jump.
    below.locator(".ti").focus()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(house.url + "/")


@looks()
def test_what_comes_into_the_inbox_is_there_at_once_and_the_sidebar_counts_it(come: Any, house: Any, look: Any):
    # The pill says 99 of whatever is more, and other stories told her of much.
    tell(house, "from kith.threads.models import Notice\nNotice.objects.filter(user=ada).delete()")
    ada = come(look)
    pages = [ada.go("/inbox/"), ada.visitor.context.new_page()]
    pages[1].goto(house.url + "/companies/")
    for page in pages:
        page.wait_for_function("() => document.documentElement.dataset.listening === '1'")
    pill = "() => document.querySelector('#unread').textContent.trim()"
    before = [page.evaluate(pill) for page in pages]
    first, second = tell(house, MENTION, NAME=f"Live {look}")
    item = pages[0].locator(f".ib[data-about$=':{first}']")
    expect(item).to_be_visible()
    expect(item.locator(".il > li")).to_have_count(2)
    expect(pages[0].locator(f".ib[data-about$=':{second}']")).to_have_class("ib un")
    for page, was in zip(pages, before, strict=True):
        page.wait_for_function(f"(was) => ({pill})() !== was", arg=was)
    # Somebody is just at one of them: it stays under her hands, and what is new comes above.
    pages[0].bring_to_front()
    item.locator(".ti").focus()
    third, _fourth = tell(house, MENTION, NAME=f"Later {look}")
    expect(pages[0].locator(".ib").first).not_to_have_attribute("data-about", f"contacts.company:{first}")
    expect(pages[0].locator(f".ib[data-about$=':{third}']")).to_be_visible()
    expect(item.locator(".ti")).to_be_focused()


PAIR = """
from kith.objects.write import create
his = as_user("mikko@kultasatama.example")
names = {"given": "Aino", "family": NAME}
made = [create(his, "contacts.person", name=names, emails=[f"{NAME}{n}@example.com".lower()], owner=his.user_id).pk for n in "ab"]
firm = create(his, "contacts.company", name=NAME, owner=his.user_id)
create(his, "contacts.affiliation", person=made[1], company=firm.pk)
"""
THERE = """
from kith.objects.query import count
made = count(S, "contacts.person", search=NAME).value
"""


@looks(widths=DESK, most=1)
def test_whoever_merged_two_records_takes_it_back_with_one_press(come: Any, house: Any, look: Any):
    name = f"Merged{look}".replace("-", "")
    one, two = house.make(PAIR, NAME=name)
    ben = come(look, "mikko@kultasatama.example")
    page = ben.go(f"/people/merge/?ids={one}&ids={two}")
    page.locator("form.mrg button.p").click()
    page.wait_for_url("**/people/*/")
    ben.visitor.ready()
    assert house.make(THERE, NAME=name) == 1
    # The toast goes after a while; the entry of the timeline stays for as long as it can be undone.
    page.reload()
    page.locator("#tl .ev-undo button").first.click()
    page.wait_for_url("**/people/*/")
    assert house.make(THERE, NAME=name) == 2


@looks(widths=DESK, most=1)
def test_the_keys_of_the_inbox_are_places_on_a_persian_keyboard(come: Any, house: Any, look: Any):
    pk = tell(house, MENTION, NAME="Keys")[1]
    page = come(look).go("/inbox/")
    item = page.locator(f".ib[data-about$=':{pk}']")
    item.locator(".ti").focus()
    item.locator(".ti").dispatch_event(
        "keydown", {"key": "\u062b", "code": "KeyE", "bubbles": True, "cancelable": True}
    )
    expect(item).to_have_count(0)


@shows(63)
@looks(widths=DESK)
def test_a_toast_says_what_one_did_oneself_and_all_that_it_says_stands_elsewhere_too(come: Any, house: Any, look: Any):
    pk = tell(house, MENTION, NAME=f"Toast {look}")[1]
    page = come(look).go(f"/companies/{pk}/")
    page.wait_for_function("() => document.documentElement.dataset.listening === '1'")
    # What somebody else does arrives where it belongs, and not in a toast.
    tell(house, 'act(his, "add_note", find(his, "contacts.company", PK), text="Arrived by itself")', PK=pk)
    expect(page.locator("#tl").get_by_text("Arrived by itself")).to_be_visible()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    page.goto(page.url.partition("/companies/")[0] + "/inbox/")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    item = page.locator(f".ib[data-about$=':{pk}']")
    item.locator("[data-k=e]").click()
    expect(page.locator("#toasts .toast form[data-undo]")).to_have_count(1)
    # What the toast offers is also where the record went.
    page.goto(page.url + "?box=done")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    item.locator("[data-k=e]").click()
    expect(item).to_have_count(0)
    page.goto(page.url.partition("?")[0])
    expect(item).to_have_count(1)


@pytest.mark.expects_refusals(422)
@looks()
def test_every_kind_has_switches_and_nothing_is_on_but_mentions_assignments_and_what_of_hers_fails(
    come: Any, house: Any, look: Any
):
    tell(house, "")
    page = come(look).go("/settings/notifications/")
    boxes = page.locator(".tells input[type=checkbox]")
    named = "(boxes) => boxes.filter((box) => box.checked).map((box) => box.name).sort()"
    on = ["app.assigned", "app.mention", "app.webhook", "mail.assigned", "mail.mention", "mail.webhook"]
    assert boxes.evaluate_all(named) == on
    kinds = {name.partition(".")[2] for name in boxes.evaluate_all("(boxes) => boxes.map((box) => box.name)")}
    assert boxes.count() == 2 * len(kinds) >= 10
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    # Each saves by itself. Hours that begin and never end are asked about, and what was typed stays.
    for deed in (
        lambda: page.locator(".tells [name='app.reply']").check(),
        lambda: page.locator(".tells [name='mail.mention']").uncheck(),
        lambda: page.locator(".rf #quiet_from, form[data-saves] #quiet_from").first.fill("22:00"),
        lambda: page.locator(".rf #quiet_until, form[data-saves] #quiet_until").first.fill("07:30"),
    ):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            deed()
    expect(page.locator("#toasts .toast form[data-undo]")).to_be_visible()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    page.reload()
    now = [*on, "app.reply"]
    now.remove("mail.mention")
    assert boxes.evaluate_all(named) == sorted(now)
    expect(page.locator("#quiet_from")).to_have_value("22:00")
    expect(page.locator("#quiet_until")).to_have_value("07:30")
