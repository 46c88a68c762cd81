"""The outbound client goes where it was told, only to the public internet, and never waits or reads for ever."""

import datetime as dt
import gzip
import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from ipaddress import ip_address

import pytest
from django.db import transaction

from kith.config import environ
from kith.kernel import http
from kith.kernel.http import InTransaction, Unreachable, addresses, ask, get, named, post, refusal, requests_session

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """A server on this machine that does with each connection what it is told."""

    def __init__(self, answer, wrap=None):
        self.answer, self.wrap, self.asked = answer, wrap, []
        self.gone = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.gone.is_set():
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with closing(connection):
                connection.settimeout(5)
                try:
                    if self.wrap:
                        connection = self.wrap(connection)
                    self.asked.append(self.request(connection))
                    self.answer(connection) if callable(self.answer) else connection.sendall(self.answer)
                    connection.close()
                except OSError:
                    connection.close()

    @staticmethod
    def request(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                break
            data += more
        head, _gap, body = data.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                while len(body) < int(line.split(b":")[1]):
                    body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self):
        self.gone.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


@pytest.fixture
def serving(settings):
    made = []

    def start(answer, *, allow=True, wrap=None):
        server = Server(answer, wrap)
        made.append(server)
        if allow:
            settings.KITH_OUTBOUND_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
        return server

    yield start
    for server in made:
        server.close()


def loopback(_host, _port):
    return ["127.0.0.1"]


# What a request is


def test_a_request_goes_out_under_the_name_and_comes_back_whole(serving):
    server = serving(OK)
    answer = get(f"http://crm.example:{server.port}/a%20b/ä?q=ö&r=%2F#part", headers={"X-Ours": "1"}, resolve=loopback)
    assert (answer.status, answer.body, answer.ok) == (200, b"hello", True)
    assert answer.headers["content-type"] == "text/plain"
    lines = server.asked[0].decode().split("\r\n")
    assert lines[0] == "GET /a%20b/%C3%A4?q=%C3%B6&r=%2F HTTP/1.1"
    assert f"host: crm.example:{server.port}" in lines
    assert {"accept-encoding: identity", "connection: close", "x-ours: 1", "user-agent: Kith"} <= set(lines)
    assert not [line for line in lines if line.lower().startswith(("cookie", "referer", "authorization"))]


def test_a_body_is_sent(serving):
    server = serving(OK)
    post(f"http://127.0.0.1:{server.port}/", b'{"a": 1}', headers={"content-type": "application/json"})
    assert server.asked[0].endswith(b'\r\n\r\n{"a": 1}')


def test_an_answer_in_pieces_is_put_together(serving):
    server = serving(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n")
    assert get(f"http://127.0.0.1:{server.port}/").json() == [1, 2]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 200_000])
def test_an_answer_that_is_no_json_is_refused(serving, body):
    server = serving(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    with pytest.raises(Unreachable, match="cannot be read"):
        get(f"http://127.0.0.1:{server.port}/").json()


@pytest.mark.parametrize(
    "name", ["Host", "Cookie", "Content-Length", "transfer-encoding", "Connection", "Accept-Encoding"]
)
def test_headers_of_the_client_itself_are_not_given_by_callers(name):
    with pytest.raises(ValueError, match="by the client alone"):
        get("http://crm.example/", headers={name: "x"})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
def test_no_header_smuggles_another(serving, value):
    server = serving(OK)
    with suppress(Unreachable):
        get(f"http://127.0.0.1:{server.port}/", headers={"X-Ours": value})
    assert not [line for asked in server.asked for line in asked.split(b"\r\n") if line.startswith(b"X-Evil")]


# What is not followed, kept or read


def test_a_redirect_is_an_answer_and_is_not_followed(serving):
    server = serving(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    answer = get(f"http://127.0.0.1:{server.port}/")
    assert (answer.status, answer.ok) == (302, False)
    assert len(server.asked) == 1


def test_cookies_are_neither_kept_nor_handed_on(serving):
    server = serving(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie2: b=2\r\nContent-Length: 0\r\n\r\n")
    address = f"http://127.0.0.1:{server.port}/"
    assert list(get(address).headers) == ["content-length"]
    get(address)
    assert b"ookie" not in server.asked[1]


def test_proxies_of_the_environment_are_not_asked(serving, monkeypatch):
    server = serving(OK)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert get(f"http://127.0.0.1:{server.port}/").ok
    assert requests_session().get(f"http://127.0.0.1:{server.port}/").ok


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + (b"\r\n10000\r\n" + b"x" * 65536) * 30,
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 60_000) for n in range(90)) + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
    ],
    ids=["said and sent", "never said", "in pieces", "headers", "go on, go on"],
)  # fmt: skip
def test_an_answer_without_end_is_not_read_to_its_end(serving, answer):
    server = serving(answer)
    with pytest.raises(Unreachable, match="too large"):
        get(f"http://127.0.0.1:{server.port}/")


def test_an_answer_of_exactly_the_largest_size_is_read(serving):
    server = serving(b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + b"x" * http.SIZE)
    assert len(get(f"http://127.0.0.1:{server.port}/").body) == http.SIZE


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "GZIP"])
def test_a_small_answer_that_would_be_a_large_one_unpacked_is_refused(serving, coding):
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(bomb)}\r\n\r\n"
    server = serving(head.encode() + bomb)
    with pytest.raises(Unreachable, match="compressed"):
        get(f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize(
    "answer",
    [b"", b"\r\n\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
     b"\x16\x03\x01" + b"\0" * 99, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_words(serving, answer):
    server = serving(answer)
    with pytest.raises(Unreachable, match="does not answer as it should"):
        get(f"http://127.0.0.1:{server.port}/")


# Time


def drip(first: bytes, drop: bytes):
    def answer(connection):
        connection.sendall(first)
        until = time.monotonic() + 4
        pause = threading.Event()
        while time.monotonic() < until:
            connection.sendall(drop)
            pause.wait(0.05)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    ],
    ids=["body", "status line", "headers", "pieces", "trailers"],
)
def test_drops_are_not_waited_for_longer_than_the_whole_may_take(serving, answer):
    server = serving(answer)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        get(f"http://127.0.0.1:{server.port}/", seconds=0.5)
    assert time.monotonic() - began < 2


def test_silence_is_not_waited_for(serving):
    server = serving(lambda connection: threading.Event().wait(1))
    began = time.monotonic()
    with pytest.raises(Unreachable, match="too long"):
        get(f"http://127.0.0.1:{server.port}/", seconds=0.3)
    assert time.monotonic() - began < 1.5


def test_a_resolver_that_hangs_is_not_waited_for():
    free = threading.Event()
    began = time.monotonic()
    with pytest.raises(Unreachable, match="too long"):
        get("http://crm.example/", seconds=0.3, resolve=lambda *_: free.wait(5) or [])
    free.set()
    assert time.monotonic() - began < 1.5


def test_a_handshake_in_drops_is_not_waited_for(serving, settings):
    server = serving(OK, wrap=drip(b"\x16\x03\x03\x40\x00", b"\0"))
    settings.KITH_OUTBOUND_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
    began = time.monotonic()
    with pytest.raises(Unreachable):
        get(f"https://127.0.0.1:{server.port}/", seconds=0.5)
    assert time.monotonic() - began < 2


# Names and addresses

TRICKS = [
    # loopback and "this machine", in every notation that some program reads
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001",
    "127.0.0.1%00", "127.000.000.001", "0", "0.0.0.0", "00.0.0.0", "0x0", "１２７.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①",
    "127．0．0．1", "127｡0｡0｡1",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
    "127.255.255.254",  "%31%32%37.0.0.1",
    # private networks, link-local, CGNAT
    "10.0.0.1", "10.1", "0xa.0.0.1", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "3232235521", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.169.254.", "100.64.0.1", "100.127.255.255", "100.100.100.200",
    "[fe80::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    # IPv4 inside of IPv6
    "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2002:808:808::1]", "[2001:0:7f00:1::1]",
    "[2001::1]", "[::8.8.8.8]", "[::ffff:0:8.8.8.8]",
    # reserved, multicast, documentation, benchmarks, broadcast
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",  "240.0.0.1", "255.255.255.255", "168.63.129.16", "[ff02::1]", "[ff0e::1]", "[100::1]", "[2001:db8::1]",
    "[2001:2::1]",
    "[2001:10::1]", "[3fff::1]", "[5f00::1]", "[4000::1]", "[e000::1]",
    # what is no host at all
    "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4x.0x1", "a..b", "-a.example", "a-.example", "a b", "exa\tmple", "a%2eb", "[1.2.3.4]",
    "[::1", "*",
    "a" * 64 + ".example", ".".join(["a" * 60] * 5), "xn--\u00e9.0x7f",
]  # fmt: skip


@pytest.mark.parametrize("host", TRICKS)
def test_no_spelling_leads_inside(host, monkeypatch):
    assert len(TRICKS) >= 60
    monkeypatch.setattr(http, "_connected", lambda *_: pytest.fail("a connection was tried"))
    with pytest.raises(Unreachable):
        get(f"http://{host}/", resolve=lambda *_: pytest.fail("a number was looked up as a name"))


@pytest.mark.parametrize(
    "address", [host.strip("[]") for host in TRICKS if "1.2.3.4" not in host and (":" in host or host.count(".") == 3)]
)
def test_a_name_that_leads_inside_is_refused(address, monkeypatch):
    monkeypatch.setattr(http, "_connected", lambda *_: pytest.fail("a connection was tried"))
    with pytest.raises(Unreachable):
        get("http://crm.example/", resolve=lambda *_: [address])


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111",
                "2a00:1450:4001::1", "::ffff:8.8.8.8", "223.255.255.254"],
)  # fmt: skip
def test_the_public_internet_is_let_through(address):
    assert refusal(ip_address(address), 443) is None
    assert addresses("crm.example", 443, resolve=lambda *_: [address]) == [ip_address(address)]


@pytest.mark.parametrize(
    ("host", "same"),
    [
        ("CRM.Example", "crm.example"),
        ("crm.example.", "crm.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("8.8.8.8", "8.8.8.8"),
        ("８.８.８.８", "8.8.8.8"),
        ("2606:4700:0:0::1111", "2606:4700::1111"),
        ("a_b.example", "a_b.example"),
    ],
)  # fmt: skip
def test_a_host_has_one_spelling(host, same):
    assert named(host) == same


@pytest.mark.parametrize(
    "url",
    ["", "crm.example", "//crm.example/", "ftp://crm.example/", "file:///etc/passwd", "gopher://crm.example/", "http://", "http:///a",
     "http://crm.example:0/",
     "http://crm.example:99999/", "http://crm.example:x/", "http://ann@crm.example/", "http://crm.example@127.0.0.1/",
     "http://127.0.0.1\\@crm.example/",
     "http://crm.example/\r\nX: y", "http://crm.example/ a", "ht\ntp://crm.example/", "javascript:alert(1)", "http://[::1]crm.example/",
     "https://crm.example/" + "a" * 2000],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url, monkeypatch):
    monkeypatch.setattr(http, "_connected", lambda *_: pytest.fail("a connection was tried"))
    with pytest.raises(Unreachable):
        get(url, resolve=lambda *_: ["8.8.8.8"])


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8080, 8443])
def test_other_ports_are_named_by_the_caller_or_not_reached(port, monkeypatch):
    reached = []

    def connected(found, at, _deadline):
        reached.append(at)
        raise ConnectionRefusedError

    monkeypatch.setattr(http, "_connected", connected)
    with pytest.raises(Unreachable, match="ports 80 and 443 only"):
        get(f"http://crm.example:{port}/", resolve=lambda *_: ["8.8.8.8"])
    with pytest.raises(Unreachable, match="does not answer"):
        get(f"http://crm.example:{port}/", resolve=lambda *_: ["8.8.8.8"], ports={port})
    assert reached == [port]


def test_one_private_address_among_public_ones_refuses_the_name():
    with pytest.raises(Unreachable, match="not a place on the public internet"):
        addresses("crm.example", 443, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("said", [[], ["nonsense"], ["999.1.1.1"]])
def test_a_name_without_an_address_is_refused(said):
    with pytest.raises(Unreachable, match="Nobody is found"):
        addresses("crm.example", 443, resolve=lambda *_: said)


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to(monkeypatch):
    """DNS rebinding: the second answer would be a private address."""
    answers, connected = [["8.8.8.8"], ["127.0.0.1"]], []

    def connect(_sock, address):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Unreachable):
        get("http://crm.example/", resolve=lambda *_: answers.pop(0))
    assert connected == [("8.8.8.8", 80)]
    assert len(answers) == 1


def test_the_peer_of_the_socket_is_checked_again(serving, monkeypatch):
    server = serving(OK, allow=False)
    monkeypatch.setattr(http, "_connected", lambda *_: socket.create_connection(("127.0.0.1", server.port)))
    with pytest.raises(Unreachable, match="another place"):
        get("http://crm.example/", resolve=lambda *_: ["8.8.8.8"])
    assert server.asked in ([], [b"\r\n\r\n"])


def test_the_next_address_is_tried_when_one_does_not_answer(serving, settings):
    server = serving(OK)
    with closing(socket.create_server(("127.0.0.2", 0))) as taken:
        assert taken
    settings.KITH_OUTBOUND_ALLOW = frozenset({f"127.0.0.1:{server.port}", f"127.0.0.3:{server.port}"})
    assert get(f"http://crm.example:{server.port}/", resolve=lambda *_: ["127.0.0.3", "127.0.0.1"]).ok


# What an operator allows


def test_only_the_exact_place_that_was_named_is_allowed(serving, settings):
    server = serving(OK, allow=False)
    address = f"http://127.0.0.1:{server.port}/"
    for allow in (
        (),
        {"127.0.0.1:1"},
        {f"127.0.0.2:{server.port}"},
        {"127.0.0.1"},
        {f"localhost:{server.port}"},
        {"*"},
        {f"*:{server.port}"},
    ):
        settings.KITH_OUTBOUND_ALLOW = frozenset(allow)
        with pytest.raises(Unreachable):
            get(address)
    settings.KITH_OUTBOUND_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
    assert get(address).ok


def test_the_environment_names_exact_places(tmp_path):
    def read(told):
        return environ.outbound_allow_of({"KITH_OUTBOUND_ALLOW": told})

    assert read("") == frozenset()
    assert read("10.0.0.7:443, [fd00:0::7]:8443") == {"10.0.0.7:443", "[fd00::7]:8443"}
    for wrong in (
        "10.0.0.7",
        "10.0.0.0/8:443",
        "*:443",
        "crm.example:443",
        "10.0.0.7:0",
        "10.0.0.7:99999",
        "10.0.0.7:*",
        "fd00::7:٣",
        "true",
        "0x7f.1:80",
    ):
        with pytest.raises(environ.ImproperlyConfigured, match="exact places"):
            read(wrong)


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for crm.example and its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crm.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("crm.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "crm.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure(serving, certificate):
    """A server that speaks TLS as crm.example, and what it was called by."""
    called = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _sock, name, _context: called.append(name)
    server = serving(OK, wrap=lambda connection: context.wrap_socket(connection, server_side=True))
    server.called = called
    return server


def trusting(certificate):
    context = ssl.create_default_context(cafile=str(certificate))
    return lambda: context


def test_tls_is_verified_against_the_name_and_the_name_is_said(secure, certificate, monkeypatch):
    with pytest.raises(Unreachable, match="certificate is wrong"):
        get(f"https://crm.example:{secure.port}/", resolve=loopback)
    monkeypatch.setattr(http, "_trust", trusting(certificate))
    assert get(f"https://crm.example:{secure.port}/", resolve=loopback).body == b"hello"
    assert secure.called == ["crm.example"] * 2
    with pytest.raises(Unreachable, match="certificate is wrong"):
        get(f"https://other.example:{secure.port}/", resolve=loopback)


def test_old_tls_is_refused():
    context = http._trust()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


# Transactions


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_another_machine(serving):
    server = serving(OK)
    with transaction.atomic(), pytest.raises(InTransaction):
        get(f"http://127.0.0.1:{server.port}/")
    assert server.asked == []
    assert get(f"http://127.0.0.1:{server.port}/").ok


@pytest.mark.django_db
def test_the_transaction_around_a_test_does_not_count_but_one_inside_does(serving):
    server = serving(OK)
    assert get(f"http://127.0.0.1:{server.port}/").ok
    with transaction.atomic(), pytest.raises(InTransaction):
        get(f"http://127.0.0.1:{server.port}/")


# For libraries


def test_a_library_that_speaks_through_requests_goes_through_the_same_door(serving, settings):
    import requests

    server = serving(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\n{}")
    with requests_session() as session:
        answer = session.post(f"http://127.0.0.1:{server.port}/token", data={"grant_type": "x"}, auth=("id", "secret"))
        assert (answer.status_code, answer.json()) == (302, {})
        assert not session.cookies
        assert b"Basic" in server.asked[0]
        assert server.asked[0].endswith(b"grant_type=x")
        assert len(server.asked) == 1
        with pytest.raises(requests.RequestException):
            session.get("http://169.254.169.254/latest/meta-data/")
        with pytest.raises(requests.RequestException):
            session.get("ftp://crm.example/")


def test_asking_by_any_method_is_bounded_alike(serving):
    server = serving(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
    assert ask("HEAD", f"http://127.0.0.1:{server.port}/").status == 200
