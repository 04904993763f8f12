import contextlib
import socket
import threading
import time

import pytest

from oms.core import outbound
from oms.core.outbound import AddressNotAllowed, Unreachable, check_url, request

REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://[::1]/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:a00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://localhost/",
    "http://localhost./",
    "http://127.0.0.1./",
    "http://intranet/",
    "http://db.internal/",
    "http://user@example.com/",
    "http://user:word@example.com/",
    "http://@example.com/",
    "http://example.com:22/",
    "http://example.com:8080/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/",
    "//example.com/",
    "example.com",
    "",
    "http://",
    "http:///x",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/\r\nX: y",
    "http://example.com:99999/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://１２７.0.0.1/",  # noqa: RUF001
    "http://example.com/" + "a" * 2000,
]


@pytest.fixture
def connections(monkeypatch):
    """Every connection that is tried, none of which is made."""
    tried = []

    def connect(self, address):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.fixture
def listen(settings):
    """Start servers that treat one connection each as told; return their address."""
    servers = []

    def start(treat):
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        port = server.getsockname()[1]

        def serve():
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    treat(connection)

        threading.Thread(target=serve, daemon=True).start()
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{port}", f"shop.example:{port}"]
        return f"127.0.0.1:{port}"

    yield start
    for server in servers:
        server.close()


def answering(reply: bytes, heard: list[bytes] | None = None):
    def treat(connection):
        asked = connection.recv(65536)
        if heard is not None:
            heard.append(asked)
        connection.sendall(reply)

    return treat


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_leads_inward_is_refused_when_saved_and_when_called(url, connections):
    def resolve(host, port):
        pytest.fail(f"asked for the address of {host}")

    with pytest.raises(AddressNotAllowed):
        check_url(url)
    with pytest.raises(AddressNotAllowed):
        request("POST", url, resolver=resolve)
    assert connections == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook?a=b",
        "http://example.com:443/",
        "https://xn--bcher-kva.example/",
        "https://bücher.example/",
        "https://example.com./",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::1]/",
    ],
)
def test_a_public_address_may_be_saved(url):
    check_url(url)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"],
        ["nonsense"],
    ],
)
def test_a_public_name_with_an_address_of_ours_is_refused(addresses, connections):
    with pytest.raises(AddressNotAllowed):
        request("GET", "https://example.com/", resolver=lambda host, port: addresses)
    assert connections == []


def test_a_name_that_changes_between_check_and_connect_is_asked_once(connections):
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    with pytest.raises(Unreachable):
        request("GET", "http://example.com/", resolver=lambda host, port: next(answers))

    assert connections == [("93.184.216.34", 80)]
    assert next(answers) == ["127.0.0.1"]


def test_an_answer_is_returned_with_its_status_and_the_name_is_told(listen):
    heard: list[bytes] = []
    port = listen(answering(b"HTTP/1.1 418 No\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi", heard))
    port = port.rpartition(":")[2]

    reply = request(
        "POST",
        f"http://shop.example:{port}/a?b=c",
        headers={"X-Id": "7", "host": "other"},
        content=b"{}",
        resolver=lambda host, port: ["127.0.0.1"],
    )

    assert (reply.status, reply.headers["x-a"], reply.body) == (418, "b", b"hi")
    assert heard[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert f"Host: shop.example:{port}\r\n".encode() in heard[0]
    assert b"other" not in heard[0]
    assert b"X-Id: 7" in heard[0]


def test_a_redirect_is_an_answer_and_is_not_followed(listen, settings):
    inner = listen(answering(b""))
    outer = listen(
        answering(
            f"HTTP/1.1 302 F\r\nLocation: http://{inner}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
    )
    settings.OUTBOUND_ALLOWED_HOSTS = [outer, inner]

    assert request("GET", f"http://{outer}/").status == 302


def test_proxies_of_the_environment_are_ignored(listen, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    host = listen(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))

    assert request("GET", f"http://{host}/").status == 200


def test_an_exception_is_for_that_port_only(listen):
    host = listen(answering(b""))
    with pytest.raises(AddressNotAllowed):
        check_url(f"http://127.0.0.1:{int(host.rpartition(':')[2]) + 1}/")


def test_a_reply_without_end_is_cut_at_64_kilobytes(listen):
    def treat(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    reply = request("GET", f"http://{listen(treat)}/")
    assert reply.body == b"x" * 65536


def test_a_packed_reply_is_not_unpacked(listen):
    host = listen(
        answering(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x00"
        )
    )
    assert request("GET", f"http://{host}/").body == b"\x1f\x8b\x00"


@pytest.mark.parametrize(
    "opening",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
)
def test_a_reply_that_trickles_is_given_up_at_the_deadline(listen, opening):
    def treat(connection):
        connection.recv(65536)
        connection.sendall(opening)
        while True:
            connection.sendall(b"a")
            time.sleep(0.05)

    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"longer than 0\.5 s"):
        request("GET", f"http://{listen(treat)}/", timeout=0.5)
    assert time.monotonic() - started < 3
    time.sleep(0.3)
    assert "outbound" not in {thread.name for thread in threading.enumerate()}


def test_a_resolver_that_hangs_is_given_up(monkeypatch, connections):
    monkeypatch.setattr(outbound, "RESOLVE_SECONDS", 0.1)
    hang = threading.Event()

    with pytest.raises(Unreachable, match="not resolved in time"):
        request("GET", "https://example.com/", resolver=lambda host, port: hang.wait(5) or [])
    hang.set()
    assert connections == []


def test_a_name_that_does_not_exist_is_unreachable(connections):
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match="not known"):
        request("GET", "https://example.com/", resolver=resolve)


@pytest.mark.parametrize(
    "reply", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"]
)
def test_a_broken_answer_is_unreachable(listen, reply):
    with pytest.raises(Unreachable):
        request("GET", f"http://{listen(answering(reply))}/")


def test_tls_asks_for_the_name_though_it_connects_to_the_address(listen):
    hello: list[bytes] = []
    port = listen(answering(b"", hello)).rpartition(":")[2]

    with pytest.raises(Unreachable):
        request("GET", f"https://shop.example:{port}/", resolver=lambda host, port: ["127.0.0.1"])
    assert b"shop.example" in hello[0]
