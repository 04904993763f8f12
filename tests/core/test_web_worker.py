"""Connections are spread over the web workers, not left to whoever wakes first."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections import Counter

import pytest


def application(environ, start_response):
    """Answers with the worker that it runs in."""
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(port):
    command = [sys.executable, "-m", "gunicorn", "tests.core.test_web_worker:application"]
    command += ["--worker-class", "oms.core.web_worker.EvenWorker", "--workers", "2"]
    command += ["--threads", "4", "--preload", "--no-control-socket", "--keep-alive", "5"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    process = subprocess.Popen(command)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield process
    process.terminate()
    process.wait(timeout=20)


def test_eight_connections_that_come_at_once_live_in_both_workers(server, port):
    time.sleep(0.5)
    opened = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(8)]
    for each in opened:
        each.connect()
    for each in opened:
        each.request("GET", "/")
    workers = Counter(each.getresponse().read() for each in opened)

    assert len(workers) == 2
    assert min(workers.values()) >= 2
    for each in opened:
        each.close()


def test_a_worker_that_dies_does_not_keep_the_others_from_accepting(server, port):
    first = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    first.request("GET", "/")
    os.kill(int(first.getresponse().read()), 9)
    time.sleep(1.5)

    for _ in range(6):
        after = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        after.request("GET", "/")
        assert after.getresponse().status == 200
