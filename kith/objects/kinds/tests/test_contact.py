"""E-mail addresses, phones, several of them, and web addresses."""

import json
from typing import Any

import pytest

from kith.kernel.errors import Refused
from kith.kernel.viewer import NEUTRAL, Viewer
from kith.objects.kinds import Email, Emails, Entry, Phone, Phones, WebAddress

from .viewers import CN, DE, EG, FI, GB, IR, US

# ── e-mail ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada@Example.COM", "Ada@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("<ada@example.com>", "ada@example.com"),
        (" ada@example.com ", "ada@example.com"),
        ("用户@例子.中国", "用户@例子.中国"),
        ("o'neill+tag@sub.example.co.uk", "o'neill+tag@sub.example.co.uk"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a/b=c?d@example.com", "a/b=c?d@example.com"),
    ],
)
def test_an_address_is_kept_as_typed_with_its_domain_in_lower_case(text: str, expected: str) -> None:
    assert Email().parse(text, NEUTRAL) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ada",
        "ada@",
        "@example.com",
        "a@b",
        "a@" + "ä." * 40 + "com",
        "a@@b.com",
        "a b@example.com",
        "a@exa mple.com",
        "a@example..com",
        "a@-example.com",
        ".a@example.com",
        "a..b@example.com",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
        "a\u200bb@example.com",
        "a@example.com\u202e",
        "a,b@example.com",
        "a;b@example.com",
        '"a b"@example.com',
        "a@" + "x" * 64 + ".com",
        "x" * 65 + "@example.com",
        "ä" * 40 + "@example.com",
        "a@" + "x." * 130 + "com",
        "Ada <ada@example.com>",
        "a(b)@example.com",
        "a@example.com, b@example.com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Email().parse(text, NEUTRAL)


def test_the_sentence_for_a_text_without_an_at_shows_how_it_is_done() -> None:
    with pytest.raises(Refused, match=r"^An e-mail address looks like name@example\.com\.$"):
        Email().parse("ada.example.com", NEUTRAL)


def test_two_spellings_have_one_key_and_two_mailboxes_have_two() -> None:
    assert Email().keys("Ada@BÜCHER.example") == Email().keys("ada@xn--bcher-kva.example")
    assert Email().keys("josé@example.com") != Email().keys("jose@example.com")
    assert 'href="mailto:a%3Fb@example.com"' in Email().detail("a?b@example.com", NEUTRAL)


# ── phones ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "viewer", "expected"),
    [
        ("040 1234567", FI, "+358401234567"),
        ("+358 40 123 4567", US, "+358401234567"),
        ("00358401234567", FI, "+358401234567"),
        ("(415) 555-2671", US, "+14155552671"),
        ("۰۹۱۲ ۱۲۳ ۴۵۶۷", IR, "+989121234567"),
        ("٠١٠٠ ١٢٣ ٤٥٦٧", EG, "+201001234567"),
        ("＋８６ １３８ １２３４ ５６７８", NEUTRAL, "+8613812345678"),
        ("+44 (0)20 7946 0018", FI, "+442079460018"),
        ("tel:+358401234567", NEUTRAL, "+358401234567"),
        ("+358 9 1234567 ext. 12", NEUTRAL, "+35891234567;ext=12"),
        ("+358 9 1234567 x12", NEUTRAL, "+35891234567;ext=12"),
        ("+358 9 1234567 #12", NEUTRAL, "+35891234567;ext=12"),
        ("+35891234567;ext=12", NEUTRAL, "+35891234567;ext=12"),
        ("+39 06 1234 5678", NEUTRAL, "+390612345678"),
        ("\u202a+358401234567\u202c", NEUTRAL, "+358401234567"),
        ("030/123456", DE, "+4930123456"),
        ("138-1234-5678", CN, "+8613812345678"),
    ],
)
def test_a_phone_is_understood_from_where_it_is_dialled(text: str, viewer: Viewer, expected: str) -> None:
    assert Phone().parse(text, viewer) == expected


@pytest.mark.parametrize(
    ("text", "viewer", "words"),
    [
        ("hello", FI, "phone number, such as"),
        ("call 040 1234567", FI, "phone number, such as"),
        ("040 1234567", NEUTRAL, "Start the phone number with +"),
        ("+999 1234567", NEUTRAL, "No country"),
        ("+358 1", NEUTRAL, "few digits"),
        ("12", FI, ""),
        ("+358 40 123456789012345", NEUTRAL, "many digits"),
        ("555-2671", US, "area code"),
        ("1-800-FLOWERS", US, "phone number, such as"),
        ("+", FI, ""),
        ("-", FI, ""),
        ("()", FI, ""),
        ("0" * 100, FI, ""),
        ("040 1234567 / 050 7654321", FI, ""),
    ],
)
def test_a_phone_that_cannot_be_dialled_is_refused_with_the_reason(text: str, viewer: Viewer, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        Phone().parse(text, viewer)
    assert words in str(refusal.value)


def test_a_phone_is_national_at_home_and_international_abroad() -> None:
    assert Phone().format("+358401234567", FI) == "040 1234567"
    assert Phone().format("+358401234567", US) == "+358 40 1234567"
    assert Phone().format("+442079460018;ext=12", GB) == "020 7946 0018 x12"
    assert 'dir="ltr"' in Phone().cell("+989121234567", IR)
    assert {"0401234567", "+358401234567"} <= set(Phone().words("+358401234567").split())
    assert Phone().keys("+358401234567") == ["358401234567"]


# ── several ──────────────────────────────────────────────────────────────────────────────────────────────────────────

emails, phones = Emails(), Phones()
ADA, HOME = Entry("ada@example.com", "work", primary=True), Entry("a@home.example", "home", invalid=True)


def test_several_are_read_with_their_marks_and_written_back() -> None:
    text = "ada@example.com (work); a@home.example (home, invalid)"
    assert emails.parse(text, NEUTRAL) == (ADA, HOME)
    assert emails.export((ADA, HOME)) == text


def test_exactly_one_is_primary() -> None:
    assert [e.primary for e in emails.parse("a@b.fi, c@d.fi\ne@f.fi", NEUTRAL)] == [True, False, False]
    assert [e.primary for e in emails.parse("a@b.fi; c@d.fi (primary); e@f.fi (primary)", NEUTRAL)] == [
        False,
        True,
        False,
    ]
    assert emails.export(emails.parse("a@b.fi; c@d.fi (primary)", NEUTRAL)) == "a@b.fi; c@d.fi (primary)"


def test_one_value_given_twice_is_one_entry_with_the_marks_of_both() -> None:
    assert emails.parse("a@b.fi; A@B.fi (home, opted out)", NEUTRAL) == (
        Entry("a@b.fi", "home", primary=True, opted_out=True),
    )


def test_phones_keep_their_extensions_and_parentheses() -> None:
    found = phones.parse("(09) 1234567 (work); +35891234568;ext=12; 040 1234567 (mobile, opted out)", FI)
    assert [e.value for e in found] == ["+35891234567", "+35891234568;ext=12", "+358401234567"]
    assert [e.type for e in found] == ["work", "", "mobile"]


@pytest.mark.parametrize("text", ["a@b.fi (wrok)", "a@b.fi; x", "a@b.fi (home", "(home)", "a@b.fi (primary) c@d.fi"])
def test_a_list_with_a_fault_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(Refused):
        emails.parse(text, NEUTRAL)


@pytest.mark.parametrize(
    "value",
    [
        5,
        {},
        [5],
        [None],
        [{"value": "a@b.fi", "x": 1}],
        [{"value": "a@b.fi", "primary": "yes"}],
        [{"value": "a@b.fi", "type": "fax"}],
        [{"value": ["a"]}],
        [Entry("x")],
        ["a@b.fi"] * 21,
    ],
)
def test_several_are_not_made_of_other_things(value: Any) -> None:
    if value == [None]:
        assert emails.clean(value) == ()
        return
    with pytest.raises(Refused):
        emails.clean(value)


def test_forms_send_rows_and_a_line_is_enough() -> None:
    data = {
        "mail-0.value": "ada@example.com",
        "mail-0.type": "work",
        "mail-2.value": "a@home.example",
        "mail-2.type": "home",
        "mail-2.invalid": "on",
        "mail-3.value": " ",
        "mail-3.type": "other",
        "mail.primary": "0",
    }
    assert emails.read(data, "mail", FI) == (ADA, HOME)
    assert emails.read({"mail": "ada@example.com (work)"}, "mail", FI) == (ADA,)
    assert emails.read({}, "mail", FI) == ()
    assert [e.primary for e in emails.read(data | {"mail.primary": "2"}, "mail", FI)] == [False, True]


def test_editing_in_a_cell_changes_the_primary_entry_only() -> None:
    both = (ADA, HOME)
    assert emails.edit_primary(both, "new@example.com", FI) == (Entry("new@example.com", "work", primary=True), HOME)
    assert emails.edit_primary(both, "ada@example.com", FI) == both
    assert emails.edit_primary(both, "", FI) == (Entry("a@home.example", "home", primary=True, invalid=True),)
    assert emails.edit_primary((), "a@b.fi", FI) == (Entry("a@b.fi", primary=True),)
    assert emails.edit_primary((HOME, ADA), "a@home.example", FI) == (Entry("a@home.example", "work", primary=True),)
    with pytest.raises(Refused):
        emails.edit_primary(both, "nonsense", FI)


def test_a_cell_shows_the_primary_entry_how_many_more_and_warns_in_words() -> None:
    cell = emails.cell((ADA, HOME), IR)
    assert "ada@example.com" in cell
    assert "+۱" in cell
    wrong = emails.cell((Entry("a@b.fi", primary=True, invalid=True, opted_out=True),), US)
    assert "<s>" in wrong
    assert "invalid, opted out" in wrong
    assert emails.companions()["key"][1]((HOME, ADA)) == b"ada@example.com"
    assert emails.keys((ADA, HOME)) == ["ada@example.com", "a@home.example"]
    assert json.loads(json.dumps(emails.pack((ADA,)))) == [
        {"value": "ada@example.com", "type": "work", "primary": True, "invalid": False, "opted_out": False}
    ]


# ── the web ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", "https://example.com"),
        ("HTTP://Example.COM/Path", "http://example.com/Path"),
        ("//example.com", "https://example.com"),
        ("www.example.com/?q=A#B", "https://www.example.com/?q=A#B"),
        ("example.com:8080/x", "https://example.com:8080/x"),
        ("例え.jp/会社", "https://例え.jp/会社"),
    ],
)
def test_a_web_address_gets_its_scheme(text: str, expected: str) -> None:
    assert WebAddress().parse(text, NEUTRAL) == expected


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "mailto:a@b.fi",
        "file:///etc/passwd",
        "https://",
        "https://a b.com",
        "https://user:secret@example.com",
        "example",
        "https://localhost",
        "https://127.0.0.1/",
        "http://[::1]/",
        "http://[::1",
        "https://exa\\mple.com",
        "https://example.com:99999",
        "https://example.com:x",
        "java\tscript:alert(1)",
        "https://example.com/\u202eexe",
        "x" * 501 + ".com",
        "vbscript:x",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        WebAddress().parse(text, NEUTRAL)


def test_links_out_are_safe_and_spellings_of_one_site_agree() -> None:
    shown = WebAddress().detail("https://example.com/", NEUTRAL)
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert 'target="_blank"' in shown
    assert WebAddress().keys("https://www.example.com/") == WebAddress().keys("http://example.com")
    assert WebAddress().format("https://example.com/", NEUTRAL) == "example.com"


@pytest.mark.parametrize("unseen", ["\u200e", "\u200f", "\u200b", "\ufeff", "\u200f\u200e "])
def test_what_is_copied_along_unseen_is_taken_off_the_ends_of_an_address(unseen: str):
    assert WebAddress().parse(f"{unseen}https://www.example.com/{unseen}", NEUTRAL) == "https://www.example.com/"
    assert Email().parse(f"{unseen}ada@example.com{unseen}", NEUTRAL) == "ada@example.com"
    with pytest.raises(Refused):
        WebAddress().parse(f"https://exa{unseen}mple.com/", NEUTRAL)
