"""Letters over a real socket: sent once, kept, tried again, given up."""

import email
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from oms.core import jobs
from oms.core.models import Job
from oms.messaging import services
from oms.messaging.letters import Attachment, Letter
from oms.messaging.models import Message
from oms.messaging.tasks import message_id

written = []


def hello(*, name: str, to: str = "robin@example.com") -> Letter | None:
    """A letter for these tests; counted, since it is to be written afresh at each attempt."""
    written.append(name)
    if name == "nobody":
        return None
    return Letter((to,), f"Hello {name}", f"Dear {name}", f"<p>Dear {name}</p>", "SO-1", "nl")


HELLO = f"{__name__}.hello"


class Postbox:
    """Keeps what it is given; answers `reply` when told to refuse."""

    def __init__(self) -> None:
        self.mails = []
        self.reply = ""
        self.recipient_reply = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_reply:
            return self.recipient_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.reply:
            return self.reply
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def port(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.OMS_BASE_URL = "https://shop.example"
    settings.DEFAULT_FROM_EMAIL = "orders@shop.example"
    written.clear()
    return settings.EMAIL_PORT


@pytest.fixture
def server(port):
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield postbox
    controller.stop()


def post(key="hello:1", **arguments):
    services.post(letter=HELLO, key=key, arguments={"name": "Robin", **arguments})


def due_now():
    Job.objects.update(due_at="2000-01-01T00:00:00Z")


@pytest.mark.django_db(transaction=True)
def test_a_letter_goes_out_once_and_is_kept(server):
    post()

    assert jobs.drain("mail") == 1
    assert jobs.drain("mail") == 0

    [mail] = server.mails
    assert mail["Subject"] == "Hello Robin"
    assert mail["To"] == "robin@example.com"
    assert mail["From"] == "orders@shop.example"
    assert mail["Content-Language"] == "nl"
    assert mail["Message-ID"] == message_id("hello:1")
    assert mail["Message-ID"].endswith("@shop.example>")
    assert mail.get_body(["plain"]).get_content().strip() == "Dear Robin"
    assert mail.get_body(["html"]).get_content().strip() == "<p>Dear Robin</p>"
    kept = Message.objects.get()
    assert (kept.key, kept.letter, kept.thread) == ("hello:1", HELLO, "SO-1")
    assert (kept.recipients, kept.subject) == (["robin@example.com"], "Hello Robin")
    assert not Job.objects.exists()


def with_files(*, path: str) -> Letter:
    slip = Attachment("order RO-1.pdf", "application/pdf", b"%PDF-1.7 one")
    invoice = Attachment("invoice.csv", "text/csv", path=path)
    return Letter(("a@b.example",), "Files", "Two files", attachments=(slip, invoice))


@pytest.mark.django_db(transaction=True)
def test_files_go_along_and_are_read_when_the_letter_goes(server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    services.post(letter=f"{__name__}.with_files", key="f", arguments={"path": "x/late.csv"})
    jobs.drain("mail")
    assert Job.objects.get().state == "waiting"
    assert server.mails == []

    default_storage.save("x/late.csv", ContentFile(b"sku,units\ntea,2\n"))
    due_now()
    jobs.drain("mail")

    [mail] = server.mails
    files = [(each.get_filename(), each.get_content_type()) for each in mail.iter_attachments()]
    assert files == [("order RO-1.pdf", "application/pdf"), ("invoice.csv", "text/csv")]
    first, second = mail.iter_attachments()
    assert first.get_content() == b"%PDF-1.7 one"
    assert second.get_content().splitlines() == ["sku,units", "tea,2"]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_was_down_gets_the_letter_once_when_it_is_up(port):
    post()

    jobs.drain("mail")
    waiting = Job.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "refused" in waiting.last_error.lower()
    assert not Message.objects.exists()

    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        due_now()
        jobs.drain("mail")
        jobs.drain("mail")
    finally:
        controller.stop()

    assert len(postbox.mails) == 1
    assert Message.objects.count() == 1
    assert written == ["Robin", "Robin"]


@pytest.mark.django_db(transaction=True)
def test_a_busy_server_is_asked_again(server):
    post()
    server.reply = "451 Try again later"

    jobs.drain("mail")
    server.reply = ""
    assert Job.objects.get().state == "waiting"
    due_now()
    jobs.drain("mail")

    assert len(server.mails) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("refusal", ["reply", "recipient_reply"])
def test_what_a_server_refuses_for_good_is_given_up_and_says_why(server, refusal):
    post()
    setattr(server, refusal, "550 No such mailbox")

    jobs.drain("mail")

    dead = Job.objects.get()
    assert (dead.state, dead.attempts) == ("dead", 1)
    assert dead.last_error == "The mail server refused it: 550 No such mailbox"
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_no_address_is_given_up(server):
    post(to="nobody at all")

    jobs.drain("mail")

    assert Job.objects.get().state == "dead"
    assert server.mails == []


@pytest.mark.django_db(transaction=True)
def test_with_nothing_to_say_the_job_is_done(server):
    post(name="nobody")

    jobs.drain("mail")

    assert not Job.objects.exists()
    assert not Message.objects.exists()
    assert server.mails == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_kept_by_an_attempt_that_came_late_is_not_sent_again(server):
    post()
    jobs.drain("mail")
    post()

    jobs.drain("mail")

    assert len(server.mails) == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_posting_writes_one_row_and_reads_nothing(django_assert_num_queries):
    with django_assert_num_queries(4) as caught:
        post()

    savepoint, key, insert, release = [each["sql"] for each in caught.captured_queries]
    assert savepoint.startswith("SAVEPOINT")
    assert key.startswith("SELECT nextval('core_ids')")
    assert insert.startswith('INSERT INTO "core_job"')
    assert release.startswith("RELEASE")
    assert connection.in_atomic_block
