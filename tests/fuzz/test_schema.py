"""The API answers whatever its own schema allows, and refuses the rest: nothing falls over.

Requests are made from the schema that is served, the right ones and the wrong ones, with a key of
every scope, and every answer is held against the schema by the checks of schemathesis. One of them
is replaced by one that knows more: a request that the schema allows is refused for a reason that
has a name of its own (`unknown_sku`), or for what no schema can say.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from oms.channels.states import Scope
from oms.wsgi import application


@pytest.fixture(autouse=True)
def _stays_connected():
    """A request that ends closes no connection here: the test goes on with it."""
    request_finished.disconnect(close_old_connections)
    request_started.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)
    request_started.connect(close_old_connections)


PARTS = 20
REQUESTS_OF_A_PART = 1_000
IN_THE_SLICE = 2
UNSAID = (
    "control character",
    "half a character",
    "marks on a letter",
    "may not be blank",
    "no more than",
    "NUL character",
    "out of range",
    "must be a currency",
    "is not a cursor",
    "e-mail",
    "email",
    "null characters",
    "at most",
    "another location",
    "not both",
)


def named_or_unsaid(ctx, response, case):
    """What the schema allows is accepted, or refused by name."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code != 400:
        return
    problem = response.json()
    said = str(problem).casefold()
    if problem["type"] in {"/problems/invalid", "/problems/unknown_field", "/problems/parse_error"}:
        assert any(each.casefold() in said for each in UNSAID), said
    return


def operations():
    config = SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(generation=GenerationConfig(allow_extra_parameters=False))
        )
    )
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json", application, config=config
    )
    return [found.ok() for found in schema.get_all_operations()]


def furnished(world):
    """A shop with something of most kinds, and a key of every scope."""
    world.stock("tea", rotterdam=50, leipzig=5)
    world.kit("gift", tea=2)
    for n in range(3):
        world.place(f"{n}", tea=2, paid=True)
    client = world.api(scopes=Scope.values)
    return {"Authorization": client._credentials["HTTP_AUTHORIZATION"]}


def try_all(headers, found, each, start):
    """Send `each` right and `each` wrong requests to every operation; say all that went wrong."""
    wrong: list[str] = []
    for operation in found:
        for mode in GenerationMode:

            @seed(start)
            @settings(
                max_examples=each,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def send(case):
                case.call_and_validate(
                    headers=headers,
                    excluded_checks=[positive_data_acceptance],
                    additional_checks=[named_or_unsaid],
                )

            try:
                send()
            except (FailureGroup, Failure, BaseExceptionGroup) as failure:
                wrong.append(f"{operation.label} ({mode}): {failure}")
    assert not wrong, "\n".join(wrong)


def test_a_few_requests_to_some_of_what_the_schema_says(world):
    found = operations()
    try_all(furnished(world), found[::18], IN_THE_SLICE, start=1)


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_thousands_of_requests_to_all_of_it(world, part):
    found = operations()
    each = -(-REQUESTS_OF_A_PART // (2 * len(found)))
    try_all(furnished(world), found, each, start=part)
