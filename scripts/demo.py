"""bin/demo: a believable company in a running Kith, from a clean checkout in one command."""

import argparse
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from scripts.prepare import PYTHON, ROOT, VAR, Fault, Steps, digest, end_in_order, files, only_one

HOME = VAR / "demo"
STAMPS = HOME / "ready"
PATIENCE = 30.0  # seconds for the server to answer
LOAD = """
import json, django
django.setup()
from kith.contacts import demo
demo.load()
print(json.dumps(list(demo.SIGN_IN)))
"""


def main(arguments: list[str] | None = None) -> int:
    """Prepare, fill and serve; return the exit code."""
    told = parser().parse_args(arguments)
    steps = Steps(quiet=told.check)
    end_in_order()
    try:
        with only_one(
            VAR / "demo.lock", "bin/demo is already running on this checkout; stop it first (Ctrl-C where it runs)."
        ):
            if told.reset:
                shutil.rmtree(HOME, ignore_errors=True)
            if not told.check:
                refuse_taken(told.port)
            steps.say("Preparing (only what is not done yet):")
            steps.everything(tests=False)
            email, password = data(steps)
            if told.check:
                return check(steps, email, password)
            steps.say(f"Ready after {time.monotonic() - steps.begun:.0f} s.\n")
            steps.say(
                f"Sign in as {email} with the password {password}\nStop with Ctrl-C; bin/demo --reset starts over.\n"
            )
            return serve(told.port)
    except Fault as fault:
        print(f"bin/demo: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="bin/demo",
        description="Serve Kith with the data of a made-up company, kept in var/demo. It changes nothing else.",
    )
    top.add_argument("--port", type=int, default=8000, help="port on this machine (default: %(default)s)")
    top.add_argument("--reset", action="store_true", help="throw away what was changed in the demo, and start over")
    top.add_argument(
        "--check",
        action="store_true",
        help="start, ask for two pages as a signed-in person, say so in one line, and end",
    )
    return top


def environment() -> dict[str, str]:
    """Return the environment of the demo: its own folder, and nothing of a real installation."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith("KITH_") and name != "DATABASE_URL"
    }
    return {**ours, "KITH_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "kith.config.settings"}


def data(steps: Steps) -> tuple[str, str]:
    """Make the tables and the company; return the e-mail address and password to sign in with."""
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = environment()
    for name in set(os.environ) - set(mine):
        del os.environ[name]
    there = (HOME / "kith.sqlite3").exists
    migrations = digest(*files("kith/*/migrations/*.py"), "requirements.lock")
    migrate = [str(PYTHON), "-m", "kith", "migrate"]
    steps.once(
        "tables", migrations, there, lambda: steps.run(migrate, fault="The tables could not be made.", **mine), STAMPS
    )
    note = HOME / "sign-in.json"

    def load() -> None:
        said = steps.run([str(PYTHON), "-c", LOAD], fault="The company could not be made.", **mine)
        note.write_text(said.strip().splitlines()[-1])

    # Once, whatever the code says later: what somebody changed in the demo stays. --reset makes it anew.
    steps.once("company", "1", note.exists, load, STAMPS)
    email, password = json.loads(note.read_text())
    return email, password


def serve(port: int) -> int:
    """Run the server until it is stopped."""
    server = subprocess.Popen([str(PYTHON), "-m", "kith", "serve", "--port", str(port)], cwd=ROOT, env=environment())
    # Ctrl-C reaches the server by itself, and it is the server that knows how to end; a plain kill is passed on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    return server.wait()


def check(steps: Steps, email: str, password: str) -> int:
    """Ask a server of its own for two pages, over real HTTP, as somebody who signed in; print one line."""
    port = free_port()
    with serving(port) as server:
        visitor = Visitor(f"http://127.0.0.1:{port}")
        visitor.wait(server)
        visitor.sign_in(email, password)
        start, people = visitor.page("/"), visitor.page("/people/")
    if not re.search(r'href="/people/\d+/', people):
        raise Fault("The people list shows nobody.")
    took = time.monotonic() - steps.begun
    size = (len(start) + len(people)) // 1024
    print(f"bin/demo: the start page and the people list answered {email} ({size} KB); {took:.1f} s in all.")
    return 0


class Visitor:
    """A browser in miniature: cookies, redirects and forms."""

    def __init__(self, address: str) -> None:
        """Visit the server at `address`."""
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # No proxy of the environment: the server is on this machine.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def wait(self, server: subprocess.Popen[bytes]) -> None:
        """Return when the server answers at all."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if server.poll() is not None:
                raise Fault(f"The server ended by itself (code {server.returncode}); run bin/demo to see what it says.")
            try:
                self.page("/sign-in/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise Fault(f"The server did not answer within {PATIENCE:.0f} s.")

    def page(self, path: str, posted: dict[str, str] | None = None) -> str:
        """Return a page; raise Fault for an answer that is not 200."""
        data = urllib.parse.urlencode(posted).encode() if posted else None
        asked = urllib.request.Request(self.address + path, data=data, headers={"Referer": self.address + path})
        try:
            with self.opener.open(asked, timeout=PATIENCE) as answer:
                return str(answer.read().decode("utf-8"))
        except urllib.error.HTTPError as error:
            raise Fault(f"{path} answered {error.code} {error.reason}.") from error

    def sign_in(self, email: str, password: str) -> None:
        """Fill in the form of the sign-in page and send it."""
        form = Form()
        form.feed(self.page("/sign-in/"))
        if not (form.name and form.password):
            raise Fault("The sign-in page has no form with a name and a password.")
        after = self.page(form.action or "/sign-in/", {**form.hidden, form.name: email, form.password: password})
        if 'type="password"' in after:
            raise Fault(f"{email} could not sign in.")


class Form(HTMLParser):
    """The form of a page that asks for a password."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.action = self.name = self.password = ""
        self.hidden: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form and its inputs; the form that counts is the one with the password."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.password:
            self.hidden, self.name, self.action = {}, "", given.get("action", "")
        if tag != "input" or "name" not in given:
            return
        kind = given.get("type", "text")
        if kind == "hidden" and not self.password:
            self.hidden[given["name"]] = given.get("value", "")
        elif kind == "password":
            self.password = given["name"]
        elif kind in {"text", "email"} and not self.name:
            self.name = given["name"]


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for as long as the block lasts."""
    command = [str(PYTHON), "-m", "kith", "serve", "--port", str(port), "--workers", "1"]
    with (HOME / "check.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            yield server
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_taken(port: int) -> None:
    """Raise Fault when something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise Fault(f"Port {port} cannot be used ({why}); try bin/demo --port {port % 60000 + 1}.") from error
