"""Who sends slowly, or never ends, is closed by the proxy; a few of them keep nobody waiting."""

import http.client
import re
import socket
from pathlib import Path

import pytest

from oms.channels.rules.files import LARGEST_FILE
from tests.core.test_web_worker import port, server

__all__ = ["port", "server"]
HALF = {
    "headers": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
    "a body shorter than it says": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nab",
    "chunks without end": (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
    ),
}


def seconds(said):
    return {"s": 1, "m": 60}[said[-1]] * int(said[:-1])


def test_the_proxy_that_is_described_closes_them_within_half_a_minute():
    said = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text()
    [written] = re.findall(r"```nginx\n(.*?)```", said, re.DOTALL)
    directives = dict(re.findall(r"^\s*(\w+) ([^;{]+);", written, re.MULTILINE))

    assert seconds(directives["client_header_timeout"]) <= 30
    assert seconds(directives["client_body_timeout"]) <= 30
    assert directives["proxy_request_buffering"] == "on"
    assert directives["limit_conn"].split()[0] in directives["limit_conn_zone"]
    assert int(directives["client_max_body_size"].removesuffix("m")) * 1024**2 > LARGEST_FILE


@pytest.mark.parametrize("said", HALF.values(), ids=list(HALF))
def test_a_few_of_them_keep_nobody_waiting(server, port, said):
    slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(3)]
    for each in slow:
        each.sendall(said)

    for _ in range(3):
        quick = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        quick.request("GET", "/")
        assert quick.getresponse().status == 200
        quick.close()

    for each in slow:
        each.close()
