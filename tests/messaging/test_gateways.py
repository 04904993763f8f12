"""SMS and chats over a real socket: sent once, kept, tried again, given up."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from oms.core import jobs, sms_url
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.models import Job
from oms.messaging import services
from oms.messaging.errors import NoTeam, NotSentAgain
from oms.messaging.models import Message, TeamChat
from oms.messaging.services import notify

KIM = Actor("user", "kim")


class Gateway(ThreadingHTTPServer):
    """Keeps what it is posted; answers with `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts, self.status, self.headers = [], 200, {}

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posts.append((self.path, body, dict(self.headers)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    server = Gateway()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
    settings.SMS_GATEWAY = sms_url.read(f"sms+http://oms:p%40ss@{server.host}/send?from=Tea&v=1")
    yield server
    server.shutdown()
    server.server_close()


def place(world, phone="+31 6 1234-5678"):
    customer = {"name": "Robin Vale", "email": "robin@example.com", "phone": phone}
    order = world.place("W-1", tea=1, fields={"customer": customer})
    services.switch_letter(
        letter="order.confirmation", medium="sms", is_on=True, by=KIM, at=timezone.now()
    )
    return order


def phone_only(world):
    customer = {"name": "Robin Vale", "phone": "+31612345678"}
    return world.place("W-2", tea=1, fields={"customer": customer})


@pytest.mark.django_db
def test_who_has_a_telephone_alone_is_told_by_sms_alone(world, gateway):
    place(world, phone="")
    order = phone_only(world)

    jobs.drain("mail")
    jobs.drain("sms")

    assert [body["to"] for _, body, _ in gateway.posts] == ["+31612345678"]
    assert Message.objects.get(thread=order.number).medium == "sms"


def due_now():
    Job.objects.update(due_at="2000-01-01T00:00:00Z")


@pytest.mark.django_db
def test_a_letter_goes_by_sms_too_when_it_is_switched_on(world, gateway):
    order = place(world)

    jobs.drain("mail")
    assert jobs.drain("sms") == 1
    assert jobs.drain("sms") == 0

    [(path, body, headers)] = gateway.posts
    assert path == "/send?v=1"
    key = f"sms:order_placed:{order.number}"
    assert body["text"].startswith("Shop: we have your order W-1. See where it is: http")
    assert (body["to"], body["id"], body["from"]) == ("+31612345678", key, "Tea")
    assert headers["Authorization"] == "Basic b21zOnBAc3M="
    assert headers["Idempotency-Key"] == key
    kept = Message.objects.get(medium="sms")
    assert (kept.key, kept.thread, kept.text) == (key, order.number, body["text"])
    assert kept.recipients == ["+31 6 1234-5678"]
    assert Message.objects.filter(medium="email").count() == 1


@pytest.mark.django_db
def test_sms_is_off_until_somebody_switches_it_on_and_needs_a_number(world, gateway):
    place(world, phone="")
    world.place("W-2", tea=1)

    jobs.drain("mail")

    assert not Job.objects.filter(kind="sms").exists()
    assert gateway.posts == []


@pytest.mark.django_db
def test_a_gateway_that_is_down_gets_it_later_with_the_same_id(world, gateway):
    place(world)
    jobs.drain("mail")
    gateway.status = 503

    jobs.drain("sms")
    waiting = Job.objects.get(kind="sms")
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "503" in waiting.last_error
    gateway.status = 202
    due_now()
    jobs.drain("sms")

    assert len({body["id"] for _, body, _ in gateway.posts}) == 1
    assert Message.objects.filter(medium="sms").count() == 1


@pytest.mark.django_db
def test_a_gateway_that_asks_for_patience_is_given_it(world, gateway):
    place(world)
    jobs.drain("mail")
    gateway.status, gateway.headers = 429, {"Retry-After": "60"}

    jobs.drain("sms")

    waiting = Job.objects.get(kind="sms")
    assert (waiting.state, waiting.attempts) == ("waiting", 0)


@pytest.mark.django_db
def test_what_a_gateway_refuses_for_good_is_given_up(world, gateway):
    place(world)
    jobs.drain("mail")
    gateway.status = 400

    jobs.drain("sms")

    assert Job.objects.get(kind="sms").state == "dead"
    assert not Message.objects.filter(medium="sms").exists()


@pytest.mark.django_db
def test_what_is_no_telephone_number_is_given_up(world, gateway):
    place(world, phone="ask my sister")
    jobs.drain("mail")

    jobs.drain("sms")

    assert Job.objects.get(kind="sms").state == "dead"
    assert gateway.posts == []


@pytest.mark.django_db
def test_without_a_gateway_an_sms_is_a_file(world, settings, tmp_path):
    settings.SMS_GATEWAY, settings.OMS_HOME = None, tmp_path
    place(world)
    jobs.drain("mail")

    jobs.drain("sms")

    [file] = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text())["to"] == "+31612345678"


def set_chat(url, role="finance", level="attention"):
    services.set_team_chat(role=role, url=url, level=level, by=KIM, at=timezone.now())


@pytest.mark.django_db
def test_a_notice_is_posted_to_the_rooms_of_the_teams_it_is_for(world, gateway, settings):
    settings.OMS_BASE_URL = "https://orders.example"
    world.user("fay", "finance")
    set_chat(f"http://{gateway.host}/finance")
    set_chat(f"http://{gateway.host}/support", role="support")

    for level in ("urgent", "info"):
        notify(
            key=level,
            subject=f"Refund failed, {level}",
            permission="orders.refund_order",
            url="/orders/SO-1/",
            level=level,
        )
    jobs.drain("chat")

    [(path, body, _)] = gateway.posts
    assert path == "/finance"
    assert body == {"text": "Refund failed, urgent\nhttps://orders.example/orders/SO-1/"}
    kept = Message.objects.get()
    assert (kept.medium, kept.recipients) == ("chat", ["finance"])
    with pytest.raises(NotSentAgain):
        services.resend_message(message=kept.pk, by=KIM, at=timezone.now())


@pytest.mark.django_db
def test_a_room_that_was_taken_away_is_posted_nothing(world, gateway):
    world.user("fay", "finance")
    set_chat(f"http://{gateway.host}/finance")
    notify(key="1", subject="Hello", role="finance", level="urgent")
    set_chat("")

    jobs.drain("chat")

    assert gateway.posts == []
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["http://10.0.0.1/", "ftp://chat.example/x", "http://localhost/"])
def test_a_room_in_our_own_network_is_refused(url):
    with pytest.raises(Refusal):
        set_chat(url)
    assert not TeamChat.objects.exists()


@pytest.mark.django_db
def test_only_a_team_has_a_room():
    with pytest.raises(NoTeam):
        set_chat("https://chat.example/x", role="nobody")


@pytest.mark.parametrize("given", ["https://x.example", "sms+https:///send", "sms+ftp://x.example"])
def test_an_sms_address_that_is_wrong_is_told_with_a_sentence(given):
    with pytest.raises(ValueError, match="begins with sms"):
        sms_url.read(given)


def test_no_sms_address_is_no_gateway():
    assert sms_url.read("") is None
