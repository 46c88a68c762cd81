"""A passkey is made and used in a real browser, whose authenticator is a virtual one."""

from __future__ import annotations

from typing import Any

import pytest

from .installation import PASSWORD

pytestmark = pytest.mark.journey

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def at(house: Any, visit: Any) -> Any:
    """A page with an authenticator, and a function that opens addresses of the house by a name: passkeys belong to names."""
    base = house.url.replace("127.0.0.1", "localhost")
    page = visit().page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    page.authenticator = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    page.devices = devices
    page.base = base
    return page


def by_password(page: Any) -> None:
    page.goto(f"{page.base}/sign-in/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Any) -> None:
    page.context.clear_cookies()


def test_a_passkey_is_made_and_is_a_second_factor_a_fresh_proof_and_a_way_in_of_its_own(at: Any, house: Any) -> None:
    by_password(at)
    at.wait_for_url(lambda url: "/sign-in/" not in url)
    at.goto(f"{at.base}/settings/security/")
    at.get_by_label("Name of a new passkey").fill("Ada’s laptop")
    at.get_by_role("button", name="Add a passkey").click()
    at.get_by_role("heading", name="Recovery codes").wait_for()
    assert at.locator("#codes li").count() == 10
    at.get_by_role("link", name="I keep them safe").click()
    at.get_by_text("Ada’s laptop").wait_for()
    made = at.devices.send("WebAuthn.getCredentials", {"authenticatorId": at.authenticator})["credentials"]
    assert [one["rpId"] for one in made] == ["localhost"]

    # As a second factor.
    sign_out(at)
    by_password(at)
    at.get_by_role("heading", name="One more proof").wait_for()
    at.get_by_role("button", name="Use a passkey").click()
    at.wait_for_url(lambda url: "/sign-in/" not in url)

    # As a way in of its own: no address, no password.
    sign_out(at)
    at.goto(f"{at.base}/sign-in/?next=/settings/security/")
    at.get_by_role("button", name="Sign in with a passkey").click()
    at.wait_for_url(f"{at.base}/settings/security/")
    assert house.look(
        "SELECT how FROM identity_session WHERE user_id IS NOT NULL ORDER BY started_at DESC LIMIT 1"
    ) == ("passkey",)

    # As a fresh proof.
    at.goto(f"{at.base}/sign-in/again/?next=/settings/users/")
    at.get_by_role("button", name="Use a passkey").click()
    at.wait_for_url(f"{at.base}/settings/users/")


def test_an_authenticator_that_verifies_nobody_is_no_way_in_and_the_page_says_so(at: Any) -> None:
    at.devices.send("WebAuthn.setUserVerified", {"authenticatorId": at.authenticator, "isUserVerified": False})
    at.goto(f"{at.base}/sign-in/")
    at.get_by_role("button", name="Sign in with a passkey").click()
    at.get_by_text("No passkey was used.").wait_for()


@pytest.mark.expects_refusals(422)
def test_a_password_can_be_shown_and_is_hidden_again(at: Any) -> None:
    at.goto(f"{at.base}/sign-in/")
    at.get_by_label("E-mail").fill("nobody@example.com")
    typed = at.get_by_label("Password", exact=True)
    typed.fill("what I typed")
    at.get_by_role("button", name="Show the password").click()
    assert typed.get_attribute("type") == "text"
    assert at.get_by_role("button", name="Show the password").get_attribute("aria-pressed") == "true"
    at.get_by_role("button", name="Sign in", exact=True).click()
    at.get_by_role("alert").first.wait_for()
    assert at.get_by_label("Password", exact=True).get_attribute("type") == "password"
