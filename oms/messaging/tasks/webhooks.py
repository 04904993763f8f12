"""Sending webhooks: one job for each endpoint that something is due for."""

from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from time import monotonic, time

from django.utils import timezone

from oms.core import outbound, stopping
from oms.core.errors import Refusal
from oms.core.jobs import ClaimedJob, JobKind, Record, describe, enqueue, exponential
from oms.core.routines import Routine
from oms.messaging import selectors, services
from oms.messaging.errors import EndpointNotFound
from oms.messaging.rules import retrying, signing
from oms.messaging.rules.retrying import Judgement, Verdict
from oms.messaging.services.delivering import Answer, Parcel, Tried
from oms.messaging.services.relaying import KIND

LANES = 8
"""How many stories of one endpoint are told side by side."""

SLICE_SECONDS = 5.0
TIMEOUT_SECONDS = 10.0
QUICK_SECONDS = 0.05


def deliver(job: ClaimedJob) -> Record | None:
    """Send what is due to one endpoint, and ask for the next turn when more will be.

    Only threads talk to the endpoint; the database is this thread's business alone.
    """
    try:
        _send_what_is_due(job.key)
    except EndpointNotFound:
        return None
    return _next_turn(job)


def _send_what_is_due(endpoint: str) -> None:
    end = monotonic() + SLICE_SECONDS
    flying: dict[Future[Answer], Parcel] = {}
    with ThreadPoolExecutor(LANES, thread_name_prefix="webhook") as pool:
        while True:
            if monotonic() < end and not stopping.asked():
                for parcel in services.take_due(
                    endpoint=endpoint, limit=LANES - len(flying), at=timezone.now()
                ):
                    flying[pool.submit(send, parcel)] = parcel
            if not flying:
                return
            tried = []
            for each in _landed(flying):
                parcel = flying.pop(each)
                tried.append(Tried(parcel.delivery_id, parcel.number, each.result()))
            services.record_attempts(endpoint=endpoint, tried=tried, at=timezone.now())


def _landed(flying: Collection[Future[Answer]]) -> Collection[Future[Answer]]:
    """Wait for all of a quick endpoint's answers, for the first one of a slow endpoint."""
    done, _ = wait(flying, timeout=QUICK_SECONDS)
    return done or wait(flying, return_when=FIRST_COMPLETED)[0]


def _next_turn(job: ClaimedJob) -> Callable[[], None]:
    def ask() -> None:
        due = selectors.next_due(job.key)
        if due is not None:
            enqueue(KIND, key=job.key, payload={}, due_at=due)

    return ask


def send(parcel: Parcel) -> Answer:
    """Send one message, signed for this moment; say how it went."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "OMS-Webhooks/1",
        **signing.headers(
            message_id=parcel.message_id,
            timestamp=int(time()),
            body=parcel.body,
            secrets_in_force=parcel.secrets,
        ),
    }
    began = monotonic()
    try:
        outbound.check_url(parcel.url, https_only=True)
        reply = outbound.request(
            "POST", parcel.url, headers=headers, content=parcel.body, timeout=TIMEOUT_SECONDS
        )
    except Refusal as refusal:
        return Answer(Judgement(Verdict.FAILED, str(refusal)), ms=_since(began))
    except Exception as problem:
        return Answer(Judgement(Verdict.FAILED, describe(problem)), ms=_since(began))
    judged = retrying.judge(reply.status, reply.headers, at=timezone.now())
    return Answer(judged, reply.status, _since(began))


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)


WEBHOOK = JobKind(
    KIND,
    run=deliver,
    max_attempts=50,
    lease=timedelta(seconds=45),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(minutes=15)),
    hands=6,
)


def clear() -> bool:
    return services.clear_webhooks(at=timezone.now())


CLEAR_WEBHOOKS = Routine(clear, every=timedelta(hours=1))
