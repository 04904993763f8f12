"""The outside systems that messages go through, other than mail servers: SMS and chat, by HTTP."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from oms.core import outbound
from oms.core.jobs import GiveUp, TryLater

ASK_AGAIN = {408, 425, 429}


class SmsGateway(Protocol):
    """Who delivers an SMS. `id` is ours and the same at every try, so that a repeat is known."""

    def send(self, *, to: str, text: str, id: str) -> None: ...


@dataclass(frozen=True)
class HttpGateway:
    """Posts `{to, text, id}`, and `from` where one is set, as JSON; any 2xx is taken."""

    url: str
    user: str = ""
    password: str = ""
    sender: str = ""

    def send(self, *, to: str, text: str, id: str) -> None:
        body = {"to": to, "text": text, "id": id}
        if self.sender:
            body["from"] = self.sender
        headers = {"Content-Type": "application/json", "Idempotency-Key": id}
        if self.user or self.password:
            token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {token}"
        post_json(self.url, body, headers, whom="The SMS gateway")


@dataclass(frozen=True)
class FileGateway:
    """Writes each SMS to a file, as mail does without a server."""

    folder: Path

    def send(self, *, to: str, text: str, id: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(id.encode()).hexdigest()[:32]
        said = json.dumps({"to": to, "text": text, "id": id}, ensure_ascii=False, indent=1)
        (self.folder / f"{name}.json").write_text(said)


def gateway() -> SmsGateway:
    """Return the gateway of `SMS_URL`."""
    if settings.SMS_GATEWAY:
        return HttpGateway(**settings.SMS_GATEWAY)
    return FileGateway(settings.OMS_HOME / "sms")


def post_json(url: str, body: dict[str, str], headers: dict[str, str], *, whom: str) -> None:
    """Post JSON once. What is refused for good is given up, anything else may be tried again.

    Raises: GiveUp, TryLater, AddressNotAllowed, Unreachable.
    """
    content = json.dumps(body, ensure_ascii=False).encode()
    reply = outbound.request("POST", url, headers=headers, content=content)
    if 200 <= reply.status < 300:
        return
    after = reply.headers.get("retry-after", "")
    if reply.status == 429 and after.isdigit():
        raise TryLater(min(int(after), 3600), f"{whom} asks for patience.")
    if 400 <= reply.status < 500 and reply.status not in ASK_AGAIN:
        raise GiveUp(f"{whom} refused it: {reply.status}")
    raise ConnectionError(f"{whom} answered {reply.status}")
