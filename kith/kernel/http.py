"""The one door to the outside: every connection that Kith opens to another machine is opened here.

An address that a person typed, or that another server named, must not lead into the network that Kith stands in: to the database,
to the metadata service of a cloud, to a printer. So a name is resolved once, every address that it has is checked, the connection
goes to an address that was checked and to no other, and the socket's own peer is checked again. No redirect is followed, no proxy
of the environment is used, no cookie is kept. An answer is bounded in size and in time, the whole of it and not each read.

There is no switch in the database or on a screen. A private installation names exact addresses in `KITH_OUTBOUND_ALLOW`.
Ranges: the special-purpose registries of IANA (RFC 6890 and its updates), RFC 3056, 4291, 4380, 6052, 6666, 8215, 9637.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import ssl
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from .errors import KithError

SIZE = 1024 * 1024  # bytes of a body, at most
SECONDS = 10.0  # from the first look-up of the name to the last byte
HEAD = 64 * 1024  # bytes of status line and headers
URL_LENGTH = 2000
PORTS = frozenset({80, 443})
_ADDRESSES = 4  # of one name that are tried

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], list[str]]

#: Refused although Python's `ipaddress` may call them global, or because they carry an IPv4 address inside.
DENIED = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
        "168.63.129.16/32",  # answers inside of one large cloud only
        "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip
#: All of IPv6 that has been given out for use in the world so far.
_UNICAST = ip_network("2000::/3")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_OURS = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "cookie",
    "upgrade",
    "te",
    "expect",
}


class Unreachable(KithError):
    """An address was refused, or nobody answered there as agreed. The sentence says what to do."""


class InTransaction(RuntimeError):
    """A programming fault: another machine was asked while a database transaction waited for the answer."""


@dataclass(frozen=True)
class Answer:
    """What came back. A redirect is an answer like others: whoever asked decides."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON; raise Unreachable when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable(_("The other server answered with something that cannot be read.")) from error


@dataclass(frozen=True)
class _Target:
    """An address as it was taken apart and found well-formed."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """What the Host header says."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == (443 if self.secure else 80) else f"{named}:{self.port}"


# Asking


def ask(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    ports: Collection[int] = PORTS,
    size: int = SIZE,
    seconds: float = SECONDS,
    resolve: Resolver | None = None,
) -> Answer:
    """Send one request and return the answer; raise Unreachable with a sentence for everything that is not as it should be.

    `ports` are those that `url` may name. `size` counts bytes of the answer's body, `seconds` the whole conversation.
    """
    _refuse_in_transaction()
    target = _taken_apart(url)
    told = {name.lower(): value for name, value in (headers or {}).items()}
    if wrong := _OURS & set(told):
        raise ValueError(f"{', '.join(sorted(wrong))}: these headers are set by the client alone.")
    told |= {"host": target.host_header, "accept-encoding": "identity", "connection": "close"}
    told.setdefault("user-agent", "Kith")
    deadline = Deadline(seconds)
    with failures(), dial(target.host, target.port, deadline=deadline, ports=ports, resolve=resolve) as plain:
        sock = secured(plain, target.host, deadline) if target.secure else plain
        try:
            return _exchange(sock, method, target.path, body, told, size, deadline)
        finally:
            sock.close()


def get(url: str, **rest: Any) -> Answer:
    """Ask for `url`; see `ask`."""
    return ask("GET", url, **rest)


def post(url: str, body: bytes, **rest: Any) -> Answer:
    """Send `body` to `url`; see `ask`."""
    return ask("POST", url, body=body, **rest)


def _exchange(
    sock: Any, method: str, path: str, body: bytes, headers: Mapping[str, str], size: int, deadline: Deadline
) -> Answer:
    connection = http.client.HTTPConnection(headers["host"])
    connection.auto_open = 0
    connection.sock = Wire(sock, deadline, size + HEAD)
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        # We asked for none: what is a kilobyte on the way may be a gigabyte unpacked.
        raise Unreachable(_("The other server sent a compressed answer although none was asked for."))
    announced = answer.headers.get("Content-Length", "")
    content = b"" if announced.isdecimal() and int(announced) > size else answer.read(size + 1)
    if len(content) > size or (announced.isdecimal() and int(announced) > size and method != "HEAD"):
        raise Unreachable(_too_large())
    if answer.length:  # http.client is content with less than was announced
        raise http.client.IncompleteRead(content, answer.length)
    found = {name.lower(): value for name, value in answer.headers.items() if not name.lower().startswith("set-cookie")}
    return Answer(answer.status, found, content)


def _too_large() -> str:
    return _("The answer of the other server is too large.")


@contextmanager
def failures() -> Iterator[None]:
    """Turn what can go wrong between two machines into sentences; none of them repeats what the other side said."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            _("The other server could not prove that it is who it says: its certificate is wrong.")
        ) from error
    except TimeoutError as error:
        raise Unreachable(_("The other server took too long to answer.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(_("The other server does not answer as it should.")) from error


def check(url: str) -> None:
    """Raise Unreachable for an address that will never be asked, before it is kept: what it is in itself, names are not looked up.

    What leaves the house regularly is encrypted: only to a place in `KITH_OUTBOUND_ALLOW` may an address begin with http.
    """
    target = _taken_apart(url)
    try:
        address = ip_address(target.host)
    except ValueError:
        allowed = False
    else:
        allowed = _allowed(address, target.port)
        addresses(target.host, target.port)
    if not allowed and not target.secure:
        raise Unreachable(_("Give an address that begins with https://."))
    if not allowed and target.port not in PORTS:
        raise Unreachable(_only_ports())


# Connecting


@contextmanager
def dial(
    host: str,
    port: int,
    *,
    deadline: Deadline | None = None,
    ports: Collection[int] = PORTS,
    resolve: Resolver | None = None,
) -> Iterator[socket.socket]:
    """Open a connection to a checked address of `host`, and close it in the end. Clients of other protocols start here, too."""
    deadline = deadline or Deadline(SECONDS)
    _refuse_in_transaction()
    found = addresses(host, port, ports=ports, resolve=resolve, deadline=deadline)
    sock = _connected(found[:_ADDRESSES], port, deadline)
    try:
        # What the socket says it is connected to counts, not what was meant.
        peer = ip_address(sock.getpeername()[0])
        if peer not in found or refusal(peer, port):
            raise Unreachable(_("The connection led to another place than it should."))
        yield sock
    finally:
        sock.close()


def _connected(found: list[Address], port: int, deadline: Deadline) -> socket.socket:
    for number, address in enumerate(found, 1):
        sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            # An address that does not answer leaves time for those after it.
            sock.settimeout(deadline.left() / (len(found) - number + 1))
            sock.connect((str(address), port))
            return sock
        except OSError:
            sock.close()
            if number == len(found):
                raise
    raise Unreachable(_nobody_there())


def secured(plain: socket.socket, host: str, deadline: Deadline) -> ssl.SSLSocket:
    """Encrypt a connection, and make sure that it is `host` who is there."""
    plain.settimeout(deadline.left())
    return _trust().wrap_socket(plain, server_hostname=host)


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def addresses(
    host: str,
    port: int,
    *,
    ports: Collection[int] = PORTS,
    resolve: Resolver | None = None,
    deadline: Deadline | None = None,
) -> list[Address]:
    """Return the addresses of `host`, all of them checked; raise Unreachable when there is none or a single one is refused."""
    host = named(host)
    try:
        texts = [str(ip_address(host))]
    except ValueError:
        texts = _resolved(host, port, resolve or system_resolver, deadline or Deadline(SECONDS))
    found: dict[Address, None] = {}
    for text in texts:
        try:
            found[ip_address(text)] = None  # a zone ("fe80::1%eth0") is kept by Python and refused below
        except ValueError as error:
            raise Unreachable(_nobody_there()) from error
    if not found:
        raise Unreachable(_nobody_there())
    for address in found:
        # One private address among public ones is how a name is made to lead inside.
        if refusal(address, port):
            raise Unreachable(
                _("%(host)s is not a place on the public internet. An operator can allow it by KITH_OUTBOUND_ALLOW.")
                % {"host": host}
            )
        if port not in ports and not _allowed(address, port):
            raise Unreachable(_only_ports())
    return list(found)


def refusal(address: Address, port: int) -> str | None:
    """Why `address` is not connected to, as a word for logs and tests; None when it may be."""
    if _allowed(address, port):
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return "zone"
        if address.ipv4_mapped:
            return refusal(address.ipv4_mapped, port)
        if address not in _UNICAST:
            return "not unicast"
    if any(address.version == net.version and address in net for net in DENIED):
        return "denied"
    if (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    ):
        return "special"
    return None if address.is_global else "not global"


def _allowed(address: Address, port: int) -> bool:
    """Whether the operator named exactly this address and port when Kith was started."""
    text = f"[{address}]" if address.version == 6 else str(address)
    return f"{text}:{port}" in settings.KITH_OUTBOUND_ALLOW


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that this machine knows for `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


def _resolved(host: str, port: int, resolve: Resolver, deadline: Deadline) -> list[str]:
    # In a thread, because the system's resolver knows no time limit; one that hangs is left behind.
    said: list[Any] = []

    def look() -> None:
        try:
            said.append(resolve(host, port))
        except (OSError, UnicodeError):
            said.append([])

    thread = threading.Thread(target=look, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not said:
        raise TimeoutError
    found: list[str] = said[0]
    return found


# Reading addresses


def _taken_apart(url: str) -> _Target:
    if len(url) > URL_LENGTH or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise Unreachable(_not_an_address())
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreachable(_not_an_address()) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Unreachable(_not_an_address())
    if "@" in parts.netloc:
        raise Unreachable(_("A web address must not carry a name and a password."))
    secure = parts.scheme == "https"
    path = quote(parts.path or "/", safe="%/:=&?~+!$,;'@()*[]-._")
    query = quote(parts.query, safe="%/:=&?~+!$,;'@()*[]-._")
    return _Target(secure, named(parts.hostname), port or (443 if secure else 80), f"{path}?{query}" if query else path)


def named(host: str) -> str:
    """Return `host` in the one spelling that is used from here on; raise Unreachable for one that different programs read differently.

    Digits of other scripts and widths are first turned into plain ones. A host that ends in a number is an IPv4 address in
    four plain decimal parts or nothing: 0177.1, 0x7f.1, 2130706433 and 127.1 are addresses to some programs and names to others.
    """
    text = unicodedata.normalize("NFKC", host).lower().strip("[]")
    if ":" in text:
        try:
            return str(IPv6Address(text))
        except ValueError as error:
            raise Unreachable(_not_an_address()) from error
    text = text.replace("\u3002", ".").replace("\uff0e", ".").replace("\uff61", ".")
    text = text[:-1] if text.endswith(".") else text
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Unreachable(_not_an_address()) from error
    labels = text.split(".")
    if len(text) > 253 or not all(_LABEL.match(label) for label in labels):
        raise Unreachable(_not_an_address())
    if _NUMERIC.match(labels[-1]):
        try:
            return str(IPv4Address(text))  # strict: four decimal parts without leading zeros
        except ValueError as error:
            raise Unreachable(_not_an_address()) from error
    return text


def _not_an_address() -> str:
    return _("This is not a web address that can be asked.")


def _only_ports() -> str:
    return _("Connections go to ports 80 and 443 only.")


def _nobody_there() -> str:
    return _("Nobody is found at this address.")


# Time and size


class Deadline:
    """When the whole of a conversation must be over."""

    def __init__(self, seconds: float):
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise TimeoutError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Wire:
    """A socket as http.client wants one: every read and write ends by the deadline, and all reads together by a number of bytes."""

    def __init__(self, sock: Any, deadline: Deadline, most: int):
        self._sock, self._deadline, self._most = sock, deadline, most

    def makefile(self, *_rest: Any, **_more: Any) -> io.BufferedReader:
        """The reading side."""
        return io.BufferedReader(_Reader(self._sock, self._deadline, self._most))

    def sendall(self, data: bytes) -> None:
        """Send everything; the time limit counts for the whole."""
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def close(self) -> None:
        """Nothing: whoever dialled closes the socket, after the answer has been read."""


class _Reader(io.RawIOBase):
    def __init__(self, sock: Any, deadline: Deadline, most: int):
        self._sock, self._deadline, self._left = sock, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come."""
        self._sock.settimeout(self._deadline.left())
        number: int = self._sock.recv_into(buffer)
        self._left -= number
        if self._left < 0:
            raise Unreachable(_too_large())
        return number


def _refuse_in_transaction() -> None:
    for connection in connections.all(initialized_only=True):
        # The transaction that a test is wrapped in is none of the program's.
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise InTransaction(
                "Another machine is asked inside of a database transaction, which would keep its locks until the answer comes. "
                "Write first; let a delivery ask."
            )


# For libraries that speak through `requests`


def requests_session() -> Any:
    """Return a `requests.Session` whose every request goes through `ask`: no redirects, no proxies, no cookies."""
    import requests
    from requests.adapters import BaseAdapter
    from requests.cookies import RequestsCookieJar

    class Through(BaseAdapter):
        """Carries out prepared requests."""

        def send(self, request: Any, stream: bool = False, timeout: Any = None, **_rest: Any) -> Any:  # type: ignore[override]
            body = request.body or b""
            told = {name: value for name, value in request.headers.items() if name.lower() not in _OURS}
            try:
                found = ask(
                    request.method or "GET",
                    request.url or "",
                    body=body.encode() if isinstance(body, str) else body,
                    headers=told,
                )
            except Unreachable as error:
                raise requests.ConnectionError(str(error), request=request) from error
            answer = requests.Response()
            answer.status_code, answer.url, answer.request = found.status, request.url or "", request
            answer.headers.update(found.headers)
            answer.raw = io.BytesIO(found.body)
            answer._content = found.body
            return answer

        def close(self) -> None:
            return None

    class Plain(requests.Session):
        """Follows nothing."""

        def resolve_redirects(self, *_rest: Any, **_more: Any) -> Any:
            return iter(())

    session = Plain()
    session.trust_env = False
    session.cookies = RequestsCookieJar()
    session.headers["User-Agent"] = "Kith"
    with suppress(KeyError):
        del session.headers["Accept-Encoding"]
    for scheme in list(session.adapters):
        session.mount(scheme, Through())
    return session
