"""The box, and what lies in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.columns import (
    CONTACT,
    FREE_TEXT,
    HIGH,
    IDENTITY,
    NONE,
    TITLE,
    Address,
    Boolean,
    Choice,
    Country,
    Date,
    DateTime,
    Decimal,
    Email,
    Emails,
    Integer,
    Language,
    Link,
    LongText,
    ManyLinks,
    Money,
    Option,
    Owner,
    PersonName,
    Phone,
    Phones,
    Record,
    Recurrence,
    Section,
    Tags,
    Text,
    TimeZone,
    User,
    WebAddress,
)  # fmt: skip
from kith.objects.declare import Due


class Box(Record):
    """Something that toys lie in."""

    name = Text(lazy("Name"), required=True, search=TITLE, pii=NONE, lookup=True)
    country = Country(lazy("Country"))
    parent = Link("toybox.Box", lazy("Inside of"))
    owner = Owner()

    class Meta:
        verbose_name, verbose_name_plural = lazy("Box"), lazy("Boxes")

    class Crm:
        key, slug, icon, title = "toybox.box", "boxes", "package", "name"
        new = lazy("New box")
        list = ["name", "country", "owner"]
        form = [Section(lazy("Box"), "name", "country", "parent", "owner")]


def no_thirteen(actor: Actor, toy: Any, changed: set[str]) -> None:
    """A rule of the room: nobody buys a puzzle of thirteen pieces."""
    if "pieces" in changed and toy.pieces == 13:
        raise Refused(_("A toy never has thirteen pieces."), field="pieces")


class Toy(Record):
    """A toy with a field of every kind."""

    name = PersonName(lazy("Name"), required=True, search=TITLE, pii=IDENTITY)
    nickname = Text(lazy("Nickname"), max_length=60, search=HIGH, pii=IDENTITY)
    story = LongText(lazy("Story"), pii=FREE_TEXT)
    pieces = Integer(lazy("Pieces"))
    weight = Decimal(lazy("Weight"), places=3)
    fragile = Boolean(lazy("Fragile"))
    made_on = Date(lazy("Made on"), calendar=True)
    seen_at = DateTime(lazy("Last seen"))
    state = Choice(
        lazy("State"),
        options=[
            Option("new", lazy("New"), "sparkles", 220, "open"),
            Option("used", lazy("Used"), "history", 90, "open"),
            Option("lost", lazy("Lost"), "x", 20, "lost"),
        ],
        board=True,
        track=True,
    )
    tags = Tags(lazy("Tags"), pii=NONE)
    box = Link("toybox.Box", lazy("Box"))
    friends = ManyLinks("toybox.Toy", lazy("Friends"), related=lazy("Friend of"))
    owner = Owner()
    keeper = User(lazy("Keeper"))
    email = Email(lazy("E-mail"), pii=CONTACT, search=HIGH, lookup=True)
    emails = Emails(lazy("E-mail addresses"), pii=CONTACT, search=HIGH, lookup=True)
    phone = Phone(lazy("Phone"), pii=CONTACT)
    phones = Phones(lazy("Phones"), pii=CONTACT, search=HIGH)
    website = WebAddress(lazy("Website"), pii=NONE)
    country = Country(lazy("Country"))
    language = Language(lazy("Language"))
    zone = TimeZone(lazy("Time zone"))
    address = Address(lazy("Address"), pii=CONTACT)
    price = Money(lazy("Price"))
    wound_up = Recurrence(lazy("Wound up"))
    plan = Text(lazy("Plan"), pii=NONE)
    plan_on = Date(lazy("Planned for"))

    class Meta:
        verbose_name, verbose_name_plural = lazy("Toy"), lazy("Toys")

    class Crm:
        key, slug, icon, title = "toybox.toy", "toys", "puzzle", "name"
        list = ["name", "nickname", "box", "state", "owner", "emails", "price", "made_on", "tags"]
        form = [
            Section(
                lazy("Toy"),
                "name",
                "nickname",
                "story",
                "pieces",
                "weight",
                "fragile",
                "made_on",
                "seen_at",
                "state",
                "tags",
            ),
            Section(
                lazy("Where"),
                "box",
                "friends",
                "owner",
                "keeper",
                "country",
                "language",
                "zone",
                "address",
                "price",
                "wound_up",
            ),
            Section(lazy("Contact"), "email", "emails", "phone", "phones", "website"),
        ]
        rules = [no_thirteen]
        next_step = ("plan", "plan_on")


class Task(Record):
    """Something to be done about a box or a toy, by a moment."""

    name = Text(lazy("Name"), required=True, search=TITLE, pii=NONE)
    due_at = DateTime(lazy("Due"))
    done = Boolean(lazy("Done"))
    box = Link("toybox.Box", lazy("Box"), related=False)
    toy = Link("toybox.Toy", lazy("Toy"), related=False)
    owner = Owner()

    class Meta:
        verbose_name, verbose_name_plural = lazy("Task"), lazy("Tasks")

    class Crm:
        key, slug, icon, title, nav = "toybox.task", "tasks", "list-checks", "name", False
        list = ["name", "due_at", "done", "owner"]
        form = [Section(lazy("Task"), "name", "due_at", "done", "box", "toy", "owner")]
        due = Due("due_at", "owner", "done:is:no")
        about = ["box", "toy"]


class Talk(Record):
    """What was said about a box or a toy, by telephone or by mail."""

    name = Text(lazy("Subject"), required=True, search=TITLE, pii=NONE)
    way = Choice(
        lazy("Way"),
        options=[
            Option("call", lazy("Call"), "phone", 220, "open"),
            Option("mail", lazy("E-mail"), "mail", 90, "open"),
        ],
    )
    words = LongText(lazy("What was said"), pii=FREE_TEXT)
    minutes = Integer(lazy("Minutes"))
    address = Email(lazy("To"), pii=CONTACT)
    box = Link("toybox.Box", lazy("Box"), related=False)
    toy = Link("toybox.Toy", lazy("Toy"), related=False)
    owner = Owner()

    class Meta:
        verbose_name, verbose_name_plural = lazy("Conversation"), lazy("Conversations")

    class Crm:
        key, slug, icon, title, nav = "toybox.talk", "talks", "phone", "name", False
        list = ["name", "way", "minutes", "owner"]
        form = [Section(lazy("Conversation"), "name", "way", "words", "minutes", "address", "box", "toy", "owner")]
        about = ["box", "toy"]
        body = "words"
