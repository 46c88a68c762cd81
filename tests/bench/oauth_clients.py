"""OAuth before clients that others wrote: `python -m tests.bench.oauth_clients [--engine postgresql]`.

Authlib (Python) and oauth4webapi (JavaScript, which believes nothing that the RFCs do not say) let themselves into a served house: a
confidential app by each way to prove itself and a public one, with PKCE, renewed, asked about, shown twice, and shut out. At last an app
is shut out in the middle of an export. Both are put into a folder that is thrown away afterwards; needs node, npm, pip and their
registries. Prints what each of them found; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import venv
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.bench.kills import database
from tests.bench.oauth_programs import AUTHLIB, OAUTH4WEBAPI
from tests.journeys.installation import PASSWORD, Installation

BACK = "https://app.example/back"
#: Records of an export, and letters in each: more than lies in any buffer between the house and whoever reads.
MANY, LETTERS = 1_200, 15_000
FILL = """
from kith.objects.write import Draft, write
write(S, "contacts.company", [Draft({"name": f"Firm {n}", "notes": "x" * %d}) for n in range(%d)])
print("null")
"""
REGISTER = """
from kith.identity import permits
from kith.identity.models import User
from kith.identity.names import actor_of
ada = actor_of(User.objects.get(email="ada@example.com"))
made = {}
for name, secret in (("confidential", True), ("public", False)):
    app, text = permits.register(ada, permits.Wanted(name, secret, ["%s"], [("*", "*")]))
    made[name] = {"id": app.client_id, "secret": text}
print(json.dumps(made))
"""


class Person:
    """Somebody at a browser without scripts, signed in."""

    def __init__(self, house: Installation):
        self.house = house
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.open("/sign-in/")
        self.open("/sign-in/", {"email": "ada@example.com", "password": PASSWORD})

    def open(self, where: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page."""
        url = where if where.startswith("http") else self.house.url + where
        key = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
        data = None if form is None else urlencode({**form, "csrfmiddlewaretoken": key or ""}).encode()
        try:
            with self.opener.open(urllib.request.Request(url, data, {"Referer": url}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def answers(self, url: str, said: str) -> dict[str, Any]:
        """Where she is led who says this to an app; the status of the page where she is led nowhere."""
        status, page = self.open(url)
        if 'name="answer_to_app"' in page:
            status, page = self.open(url, {"answer_to_app": said})
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
        return {"back": unescape(found[1])} if found else {"status": status}


def broken_off(house: Installation, person: Person, app: dict[str, str]) -> dict[str, Any]:
    """How an export ends for an app that is shut out while it reads: bytes that came, and whether they were said to be all."""
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code", "client_id": app["id"], "redirect_uri": BACK, "scope": "contacts.company:view contacts.company:export",
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    led = person.answers(f"{house.url}/oauth/authorize/?{urlencode(asked)}", "let_in")["back"]
    (code,) = parse_qs(urlsplit(led).query)["code"]
    told = {"grant_type": "authorization_code", "client_id": app["id"], "code": code, "code_verifier": verifier}
    token = json.loads(_post(f"{house.url}/oauth/token", told))["access_token"]
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    connection.request("GET", "/api/v1/companies/export", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    came = len(answer.read(1000))
    _post(f"{house.url}/oauth/revoke", {"client_id": app["id"], "token": token})
    try:
        came += len(answer.read())
        whole = True
    except http.client.IncompleteRead as error:
        came += len(error.partial)
        whole = False
    connection.close()
    return {"status": answer.status, "bytes": came, "of about": MANY * LETTERS, "said to be whole": whole}


def _post(url: str, form: dict[str, str]) -> bytes:
    with urllib.request.urlopen(url, urlencode(form).encode(), timeout=30) as answer:
        return bytes(answer.read())


def talk(command: list[str], folder: Path, given: dict[str, Any], person: Person) -> dict[str, Any]:
    """Let a program of somebody else's work, and answer as the person whom it sends here; what it found."""
    program = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdin
    assert program.stdout
    with program:
        program.stdin.write(json.dumps(given) + "\n")
        program.stdin.flush()
        for line in program.stdout:
            said = json.loads(line)
            if "found" in said:
                return dict(said["found"])
            program.stdin.write(json.dumps(person.answers(said["ask"], said["answer"])) + "\n")
            program.stdin.flush()
    return {"passed": 0, "faults": [f"ended with {program.wait()}"]}


def main() -> int:
    """Read the command line, serve a house, let the programs in."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    told = asked.parse_args()
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-oauth-") as text:
        folder = Path(text)
        venv.create(folder / "python", with_pip=True)
        python = str(folder / "python/bin/python")
        pip = [python, "-m", "pip", "install", "-q", "authlib", "requests"]
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", text, "oauth4webapi"]
        for command in (pip, npm):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (folder / "client.mjs").write_text(OAUTH4WEBAPI)
        (folder / "client.py").write_text(AUTHLIB)
        house = Installation(folder / "house")
        try:
            house.serve()
            given = {"url": house.url, "back": BACK, "apps": house.ask(REGISTER % BACK)}
            person = Person(house)
            found = {
                "authlib": talk([python, "client.py"], folder, given, person),
                "oauth4webapi": talk(["node", "client.mjs"], folder, given, person),
            }
            house.ask(FILL % (LETTERS, MANY))
            broken = broken_off(house, person, given["apps"]["public"])
        finally:
            house.end()
    print(json.dumps({"engine": told.engine, **found, "an export of an app that is shut out": broken}, indent=1))
    return 1 if broken["said to be whole"] or any(one["faults"] or not one["passed"] for one in found.values()) else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
