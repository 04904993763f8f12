"""What tests of the order desk ask of a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="support"))


def queries(client, url):
    """The queries of a page beyond those of every page: who is asking, and what surrounds it."""
    counted = []
    for address in (url, "/preferences/"):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            response = client.get(address)
        assert response.status_code == 200
        counted.append(len(caught))
    return counted[0] - counted[1]


def text(response):
    return response.content.decode()


def reported(response):
    return [str(message) for message in response.context["messages"]]
