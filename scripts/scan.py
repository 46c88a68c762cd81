"""Let two foreign scanners look for holes in a running demo: wapiti crawls and attacks, sqlmap tries every parameter for SQL.

    python scripts/scan.py http://127.0.0.1:8000 --tools FOLDER [--seconds 240]

FOLDER is the virtual environment that holds both programs: they are no dependencies of Kith, and are installed apart
(`pip install wapiti3 sqlmap`). Only a server on this machine is attacked. Nothing here runs in bin/test: it takes ten minutes, and
what it finds is for a person to judge. See docs/house/scan.md.
"""

import argparse
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var/scan"
DEMO = ("ada@kultasatama.example", "amber lantern harbour")
#: Addresses with their parameters, for sqlmap; {list} is the slug of an object.
ASKED = (
    "/{list}/?filter=name:contains:a&sort=name&q=a&columns=name&shown=50",
    "/{list}/?after=WyJzdHIiLCAiYSIsIDFd",
    "/{list}/filter/?f=name&op=contains&v=a&at=0",
    "/{list}/lookup/?field=owner&q=a",
    "/{list}/lookup/choose/?q=a",
    "/{list}/export/?format=csv&filter=name:is:a&sort=name",
    "/{list}/1/?filter=name:contains:a&sort=-name&q=a",
    "/{list}/1/story/?show=all",
    "/command/?q=a",
    "/settings/?q=a",
)
#: Forms that read and write, as (address, body).
SENT = (
    ("/{list}/new/", "fields=name&name=a&once=scan"),
    ("/{list}/bulk/", "ids=1&action=change&field=owner"),
    ("/preferences/", "theme=dark&density=cosy&language=en&next=/"),
)

#: Screens without parameters of their own, with forms that wapiti fills in.
SCREENS = (
    "/",
    "/{list}/",
    "/{list}/new/",
    "/{list}/1/",
    "/{list}/import/",
    "/{list}/trash/",
    "/settings/",
    "/preferences/",
)
#: What wapiti leaves alone: the end of its own session, and files that are the same for everybody.
LEFT_OUT = ("/sign-out/", "/static/*", "/account/*")
MODULES = "sql,xss,permanentxss,exec,file,ssrf,xxe,crlf,redirect,csrf,http_headers,cookieflags,csp,methods,upload"


def main(arguments: list[str] | None = None) -> int:
    """Sign in, run both, and print what they found; return 1 when either says that it found something."""
    told = parser().parse_args(arguments)
    host = urllib.parse.urlsplit(told.base).hostname
    if host not in ("127.0.0.1", "localhost", "::1"):
        print("scan: only a server on this machine is attacked.", file=sys.stderr)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    cookies = sign_in(told.base, told.email, told.password)
    found = [line for run in (sqlmap, wapiti) if told.only in ("", run.__name__) for line in run(told, cookies)]
    for line in found:
        print(line)
    print(f"{len(found)} findings; the reports are in {OUT.relative_to(ROOT)}.")
    return int(bool(found))


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(prog="scan", description=__doc__.split("\n", 1)[0])
    top.add_argument("base", help="where the demo is served, such as http://127.0.0.1:8000")
    top.add_argument("--tools", type=Path, required=True, help="the virtual environment with wapiti and sqlmap")
    top.add_argument("--email", default=DEMO[0])
    top.add_argument("--password", default=DEMO[1])
    top.add_argument(
        "--lists", nargs="*", default=["people", "companies"], help="slugs of objects (default: %(default)s)"
    )
    top.add_argument("--only", choices=("sqlmap", "wapiti"), default="", help="one of the two")
    top.add_argument("--seconds", type=int, default=240, help="for each of the two (default: %(default)s)")
    return top


def sign_in(base: str, email: str, password: str) -> str:
    """Return the cookies of a session, as a Cookie header says them."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{base}/sign-in/"
    page = browser.open(address, timeout=30).read().decode()
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    body = urllib.parse.urlencode({**form, "email": email, "login": email, "password": password}).encode()
    browser.open(urllib.request.Request(address, body, {"Referer": address}), timeout=30).close()
    told = {cookie.name: cookie.value for cookie in jar}
    if not any("session" in name for name in told):
        sys.exit("scan: nobody could sign in; are the e-mail address and the password right?")
    return "; ".join(f"{name}={value}" for name, value in told.items())


def wapiti(told: argparse.Namespace, cookies: str) -> list[str]:
    """Attack the addresses of `ASKED` and what they lead to; return a line for each finding."""
    report = OUT / "wapiti.json"
    report.unlink(missing_ok=True)
    starts = [f"{told.base}{address.format(list=slug)}" for slug in told.lists[:1] for address in (*ASKED, *SCREENS)]
    with listening() as (outside, visits):
        command = [
            *(str(told.tools / "bin/wapiti"), "-u", f"{told.base}/", "--flush-session", "--no-bugreport"),
            *(part for start in starts for part in ("-s", start)),
            *(part for left in LEFT_OUT for part in ("-x", f"{told.base}{left}")),
            *("-H", f"Cookie: {cookies}", "-f", "json", "-o", str(report)),
            *("--max-scan-time", str(told.seconds), "--max-attack-time", str(max(30, told.seconds // 7))),
            *("-m", MODULES, "--endpoint", outside, "--skip", "csrfmiddlewaretoken", "--tasks", "8"),
            # The starts are what matters; a list leads to a thousand records that all are the same screen.
            *("-d", "0", "--max-parameters", "12"),
            *("-S", "normal", "-v", "1", "--store-session", str(OUT), "--log", str(OUT / "wapiti.log")),
        ]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command,
                cwd=OUT,
                check=False,
                timeout=told.seconds + 300,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
    if not report.exists():
        return ["wapiti: it wrote no report"]
    said = json.loads(report.read_text())
    print(f"wapiti: {said['infos'].get('crawled_pages_nbr', '?')} pages crawled; modules {MODULES}")
    log = (OUT / "wapiti.log").read_text(errors="replace")
    print(
        "wapiti: cut short: "
        + (", ".join(re.findall(r"[Mm]ax attack time was reached for module (\w+)", log)) or "nothing")
    )
    found = [
        f"wapiti: {name}: {one.get('method')} {one.get('path')} {one.get('parameter') or ''} {one.get('info', '')}"
        for part in ("vulnerabilities", "anomalies")
        for name, all_ in said[part].items()
        for one in all_
    ]
    return found + [f"wapiti: the server asked for {path} of a machine that an attacker named" for path in visits]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Be the machine that attacks on the server's own requests (ssrf, xxe) want it to ask; yields its address and what was asked."""
    visits: list[str] = []

    class Outside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "get_ssrf" not in self.path and "get_xxe" not in self.path:
                visits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_rest: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", visits
    finally:
        server.shutdown()


def sqlmap(told: argparse.Namespace, cookies: str) -> list[str]:
    """Try every parameter; return a line for each that sqlmap holds to be injectable."""
    found, cut, tried = [], [], 0
    asked = [(address, "") for address in ASKED]
    both = [(address.format(list=slug), body) for slug in told.lists for address, body in [*asked, *SENT]]
    pairs = list(dict.fromkeys(both))
    for n, (address, body) in enumerate(pairs):
        # What the cookies hold is read in one place for all addresses: trying it at one of them tries it at all.
        left_out = "csrfmiddlewaretoken" + (",cookie" if n else "")
        command = [
            *(str(told.tools / "bin/sqlmap"), "-u", f"{told.base}{address}", "--batch", "--disable-coloring"),
            *(
                "--cookie",
                cookies,
                "--level",
                "2",
                "--risk",
                "2",
                "--technique",
                "BEU",
                "--threads",
                "4",
                "--timeout",
                "10",
            ),
            *(
                "--retries",
                "0",
                "--flush-session",
                "--output-dir",
                str(OUT / "sqlmap"),
                "--drop-set-cookie",
                "--ignore-code",
                "*",
                "--skip",
                left_out,
            ),
        ]
        if body:
            token = re.search(r"(?:csrftoken|__Host-csrf)=([^;]+)", cookies)
            command += [
                "--data",
                f"{body}&csrfmiddlewaretoken={token[1] if token else ''}",
                "--referer",
                f"{told.base}{address}",
            ]
        try:
            most = max(20, told.seconds // len(pairs))
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=most, stdin=subprocess.DEVNULL
            )
            text = done.stdout
        except subprocess.TimeoutExpired as late:
            text = (late.stdout or b"").decode(errors="replace")
            cut.append(address)
        tried += len(set(re.findall(r"testing if (?:GET|POST) parameter '([^']+)'", text)))
        found += [f"sqlmap: {address} {name}" for name in re.findall(r"Parameter: (.+)", text)]
        (OUT / "sqlmap.log").open("a").write(text)
    print(f"sqlmap: {len(pairs)} addresses, {tried} parameters tried; cut short: {', '.join(cut) or 'nothing'}")
    return found


if __name__ == "__main__":
    sys.exit(main())
