"""A demo shop as a stranger gets it: `manage.py demo` in processes of its own, and what it says."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from oms.core import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
IN_TIME = 150
"""Seconds in which the shop has to be open, on a machine that does other things as well."""
TOLD_BY_OTHERS = {"DATABASE_URL", "OMS_BASE_URL", "PORT", "EMAIL_URL"}
SIGN_IN = re.compile(r"^  (?:\w+|buyer, \w+) +(\w+) +(\S+)$", re.MULTILINE)
LINK = re.compile(r"^  (\w[^\n]+)\n    (http\S+)$", re.MULTILINE)


@dataclass
class DemoShop:
    """One running demo; `passwords` and `links` are what it printed."""

    home: Path
    url: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def open(self, *, may_call: str) -> None:
        """Have it serve; `may_call` is the one `host:port` of ours that webhooks may go to."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home.chmod(0o755)
        embedded_postgres.ensure_running(self.home, durable=False)
        said = self.home / "said"
        kept = {key: value for key, value in os.environ.items() if key not in TOLD_BY_OTHERS}
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(port)],
                cwd=ROOT,
                env={
                    **kept,
                    "OMS_HOME": str(self.home),
                    "DJANGO_SETTINGS_MODULE": "oms.settings",
                    "OUTBOUND_ALLOWED_HOSTS": may_call,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        patience = time.monotonic() + IN_TIME
        while "Serving " not in (told := said.read_text()):
            assert self.process.poll() is None, told
            assert time.monotonic() < patience, told
            time.sleep(0.2)
        self.url = f"http://localhost:{port}"
        self.passwords = dict(SIGN_IN.findall(told))
        self.links = dict(LINK.findall(told))

    def close(self) -> None:
        """Leave no process and no file behind."""
        if self.process and self.process.poll() is None:
            main = psutil.Process(self.process.pid)
            family = [main, *main.children(recursive=True)]
            self.process.terminate()
            for process in psutil.wait_procs(family, timeout=40)[1]:
                process.kill()
            self.process.wait()
        embedded_postgres.stop(self.home)
        shutil.rmtree(self.home)

    def link(self, begins: str) -> str:
        """Return the printed address of what begins with these words."""
        [found] = [url for what, url in self.links.items() if what.startswith(begins)]
        return found


def new_home() -> Path:
    return Path(tempfile.mkdtemp(prefix="oms-test-"))
