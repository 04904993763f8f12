"""The pages of letters, messages, chats and automation: who may, what they say, what they cost."""

import re

import pytest
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core import jobs
from oms.core.models import Job
from oms.messaging import selectors
from oms.messaging.letters import letter_kinds
from oms.messaging.models import LetterSwitch, Message, TeamChat, Wording

LETTER = "/messages/letters/order.confirmation/"
PAGES = ["/messages/letters/", LETTER, f"{LETTER}preview/", "/messages/chats/"]
WORDS = {"subject": "Tea: {{ number }}", "text": "Hello {{ first_name }}", "sms": "", "based_on": 0}


@pytest.fixture
def ada(world):
    return world.browser(world.user("ada", "administrator"))


def text(answer):
    bare = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(bare.replace("&#x27;", "'").split())


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_edit_letters_sees_no_editor(world, page):
    kim = world.browser(world.user("kim", "support"))

    assert kim.get(page).status_code == 403
    assert kim.post(LETTER, WORDS).status_code == 403
    assert kim.post(f"{LETTER}switch/", {"medium": "email", "to": "off"}).status_code == 403
    assert kim.post(f"{LETTER}restore/", {"version": 0}).status_code == 403
    assert kim.post(f"{LETTER}test/", WORDS).status_code == 403
    assert kim.post("/messages/chats/finance/", {"url": "https://x.example"}).status_code == 403
    assert not Wording.objects.exists()
    assert not LetterSwitch.objects.exists()
    assert not TeamChat.objects.exists()


def test_the_log_is_for_the_desk_and_not_for_the_warehouse(world):
    kim = world.browser(world.user("kim", "support"))
    wim = world.browser(world.user("wim", "warehouse"))

    assert [kim.get(page).status_code for page in ("/messages/", "/automation/")] == [200, 200]
    assert [wim.get(page).status_code for page in ("/messages/", "/automation/")] == [403, 403]


def test_the_list_names_every_letter_under_whom_it_is_for(ada):
    said = text(ada.get("/messages/letters/"))

    for kind in letter_kinds().values():
        assert str(kind.name) in said
    assert said.index("Customers") < said.index("Order confirmation") < said.index("Your team")


def test_words_are_kept_and_a_slip_is_told_by_the_field(ada):
    refused = ada.post(LETTER, {**WORDS, "text": "a\n{{ secret }}"})

    assert refused.status_code == 422
    assert "Line 2: There is no variable “secret” in this letter." in text(refused)
    assert not Wording.objects.exists()
    answer = ada.post(LETTER, WORDS, follow=True)
    assert "From now on it says that." in text(answer)
    assert Wording.objects.get().by == "user:ada"


def test_who_was_overtaken_keeps_their_words_in_the_form(ada):
    ada.post(LETTER, WORDS)

    answer = ada.post(LETTER, {**WORDS, "subject": "Mine: {{ number }}"})

    assert answer.status_code == 409
    assert "ada changed this letter meanwhile." in text(answer)
    assert 'value="Mine: {{ number }}"' in answer.content.decode()
    assert Wording.objects.count() == 1


def test_older_words_and_the_ones_it_came_with_are_a_button_away(ada):
    ada.post(LETTER, WORDS)

    back = ada.post(f"{LETTER}restore/", {"version": "0", "based_on": "1"}, follow=True)
    again = ada.post(f"{LETTER}restore/", {"version": "1", "based_on": "2"}, follow=True)
    late = ada.post(f"{LETTER}restore/", {"version": "0", "based_on": "1"}, follow=True)

    assert "From now on it says that again." in text(back)
    assert "From now on it says that again." in text(again)
    assert "changed this letter meanwhile" in text(late)
    newest = Wording.objects.order_by("-version").first()
    assert (newest.version, newest.subject) == (3, WORDS["subject"])


def test_another_language_begins_with_what_its_readers_get_now(ada):
    page = ada.get(f"{LETTER}?language=nl")

    assert "There are no words in Dutch yet" in text(page)
    ada.post(f"{LETTER}?language=nl", WORDS)
    assert Wording.objects.get().language == "nl"
    assert "There are no words in Dutch yet" not in text(ada.get(f"{LETTER}?language=nl"))
    assert ada.get(f"{LETTER}?language=xx").status_code == 200


def test_a_preview_shows_the_sample_or_a_real_order_and_keeps_nothing(world, ada):
    order = world.place("W-7", tea=1)
    address = f"{LETTER}preview/"

    assert "Thank you, Robin. We have your order." in text(ada.get(address))
    assert "Tea: 1001" in text(ada.post(address, WORDS))
    assert "Tea: W-7" in text(ada.post(address, {**WORDS, "number": order.number}))
    missing = ada.post(address, {**WORDS, "number": "SO-1"})
    assert (missing.status_code, "There is no SO-1." in text(missing)) == (422, True)
    wrong = ada.post(address, {**WORDS, "text": "{% debug %}"})
    assert "Only if and for can be used here, not “debug”." in text(wrong)
    assert not Wording.objects.exists()


def test_a_letter_stands_in_a_frame_of_ours_where_nothing_runs(ada):
    answer = ada.get(f"{LETTER}preview/")

    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "frame-src 'self'" in ada.get(LETTER)["Content-Security-Policy"]
    assert "frame-src" not in ada.get("/messages/letters/")["Content-Security-Policy"]


def test_a_test_is_sent_and_the_words_stay_in_the_form(ada):
    answer = ada.post(f"{LETTER}test/", WORDS)

    assert "A test goes to ada@oms.example." in text(answer)
    assert "Hello {{ first_name }}" in answer.content.decode()
    assert Job.objects.filter(kind="mail").count() == 1
    assert not Wording.objects.exists()


def test_a_letter_is_switched_where_one_stands(ada):
    back = {"next": "/automation/"}
    answer = ada.post(f"{LETTER}switch/", {"medium": "email", "to": "off", **back})
    assert answer["Location"] == "/automation/"
    assert not LetterSwitch.objects.get().is_on
    away = ada.post(
        f"{LETTER}switch/", {"medium": "email", "to": "on", "next": "https://evil.example/"}
    )
    assert away["Location"] == "/messages/letters/"
    assert LetterSwitch.objects.get().is_on
    wrong = ada.post(f"{LETTER}switch/", {"medium": "chat", "to": "on"}, follow=True)
    assert "does not go by chat" in text(wrong)


@pytest.mark.parametrize("address", ["", "preview/", "test/", "restore/", "switch/"])
def test_a_letter_that_there_is_not_is_not_found(ada, address):
    method = ada.get if address in {"", "preview/"} else ada.post
    found = method(f"/messages/letters/no.such/{address}")

    assert found.status_code == 404


@pytest.mark.django_db
def test_the_log_finds_a_message_shows_it_as_sent_and_sends_it_again(world):
    kim = world.browser(world.user("kim", "support"))
    order = world.place("W-1", tea=1)
    world.place("W-2", tea=1)
    jobs.drain("mail")
    sent = Message.objects.get(thread=order.number)

    for query in (
        f"search={order.number.lower()}",
        "search=robin@example.com",
        "medium=email",
        "letter=orders.letters.order_placed",
    ):
        assert "Your order W-1" in text(kim.get(f"/messages/?{query}")), query
    assert "Your order W-1" not in text(kim.get("/messages/?medium=sms"))
    assert "Your order W-2" not in text(kim.get(f"/messages/?search={order.number}"))
    page = kim.get(f"/messages/{sent.pk}/")
    assert "Order confirmation" in text(page)
    assert kim.get(f"/messages/{sent.pk}/as-sent/").content.decode() == sent.html
    kim.post(f"/messages/{sent.pk}/resend/")
    jobs.drain("mail")
    assert [each.subject for each in mail.outbox].count("Your order W-1") == 2
    assert kim.get("/messages/1/").status_code == 404
    assert kim.post("/messages/1/resend/").status_code == 404


def test_what_waits_and_what_was_given_up_is_in_the_log(world):
    kim = world.browser(world.user("kim", "support"))
    order = world.place("W-1", tea=1)

    waiting = text(kim.get("/messages/?show=waiting"))
    assert "Order confirmation" in waiting
    assert order.number in waiting
    Job.objects.update(state="dead", attempts=1, last_error="550 No such mailbox")
    assert "550 No such mailbox" in text(kim.get("/messages/?show=dead"))
    assert "Nothing is waiting" in text(kim.get("/messages/?show=waiting"))


@pytest.mark.parametrize("show", ["sent", "dead"])
def test_the_log_costs_the_same_for_one_message_and_for_three(world, show):
    kim = world.browser(world.user("kim", "support"))

    def add(key):
        Message.objects.create(
            key=key, letter="x.y", thread="SO-1", subject=key, text="", sent_at=timezone.now()
        )
        Job.objects.create(
            kind="mail", key=key, state="dead", due_at=timezone.now(), created_at=timezone.now()
        )

    counted = []
    for keys in (["a"], ["b", "c"]):
        for key in keys:
            add(key)
        kim.get(f"/messages/?show={show}")
        with CaptureQueriesContext(connection) as caught:
            kim.get(f"/messages/?show={show}")
        ours = [
            each["sql"] for each in caught if "core_job" in each["sql"] or "_message" in each["sql"]
        ]
        counted.append(len([sql for sql in ours if "LIMIT 51" in sql]))
    assert counted == [1, 1]


def test_a_team_gets_a_room_whose_address_is_shown_to_nobody(ada):
    page = "/messages/chats/finance/"

    wrong = ada.post(page, {"url": "http://10.0.0.1/", "level": "urgent"})
    assert wrong.status_code == 422
    assert "private network" in text(wrong)
    ada.post(page, {"url": "https://chat.example/hooks/s3cret", "level": "urgent"})

    assert TeamChat.objects.get().level == "urgent"
    assert "s3cret" not in ada.get(page).content.decode()
    assert "s3cret" not in ada.get("/messages/chats/").content.decode()
    ada.post(page, {"url": "", "level": "urgent"})
    assert not TeamChat.objects.exists()
    assert ada.get("/messages/chats/nobody/").status_code == 404


def test_the_automation_page_tells_every_reaction_in_words(ada):
    said = text(ada.get("/automation/"))

    for paths in configured.REACTIONS.values():
        for path in paths:
            words = selectors.sentence(path)
            assert words in said.replace("&quot;", '"'), path
            assert "_" not in words, path
    assert said.index("An order is placed") < said.index("A parcel leaves")
    assert "Order confirmation" in said


def test_every_fact_that_has_reactions_is_in_the_journey():
    named = {fact for chapter in configured.JOURNEY.values() for fact in chapter}

    assert set(configured.REACTIONS) - named == set()


def test_the_desk_reads_automation_and_switches_nothing(world):
    page = world.browser(world.user("kim", "support")).get("/automation/")

    assert "Switch off" not in text(page)
