"""What a load balancer and a monitoring system ask."""

from collections.abc import Iterable

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from oms.core import heartbeat, sql
from oms.core.models import Job
from oms.core.shell import part

JOBS = """
    SELECT kind, state, count(*),
           extract(epoch FROM statement_timestamp() - min(greatest(due_at, created_at)))
      FROM core_job
     WHERE state IN ('waiting', 'dead')
     GROUP BY kind, state
     ORDER BY kind, state
"""

Sample = tuple[str, dict[str, str], float]


@never_cache
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; nothing else is asked."""
    return JsonResponse({"status": "live"})


@never_cache
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers and is migrated."""
    checks = {"database": False, "migrations": False}
    try:
        sql.run("SELECT 1")
        checks["database"] = True
        checks["migrations"] = _is_migrated()
    except Error:
        connection.close()
    is_ready = all(checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if is_ready else 503)


_migrated = False


def _is_migrated() -> bool:
    """Ask until it is true, then never again: code and database change with a restart."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Write the figures in the Prometheus text format. Three statements, flat as history grows."""
    samples: list[Sample] = [*_jobs()]
    for path in settings.METRICS:
        if measure := part(path):
            samples += measure()
    age = heartbeat.age()
    if age is not None:
        samples.append(("oms_workers_heartbeat_age_seconds", {}, age))
    return HttpResponse(_text(samples), content_type="text/plain; version=0.0.4; charset=utf-8")


def _jobs() -> Iterable[Sample]:
    rows = sql.run(JOBS)
    found = {(kind, state): (count, age) for kind, state, count, age in rows}
    for kind in sorted({*settings.JOBS, *(kind for kind, _state in found)}):
        for state in (Job.State.WAITING, Job.State.DEAD):
            count, age = found.get((kind, state), (0, 0))
            labels = {"kind": kind, "state": str(state)}
            yield "oms_jobs", labels, count
            yield "oms_jobs_oldest_age_seconds", labels, max(0.0, float(age))


HELP = {
    "oms_jobs": "Jobs that wait, or were given up.",
    "oms_jobs_oldest_age_seconds": "How long the oldest job of a kind has been in its state.",
    "oms_feed_backlog": "Facts that have no place in the feed yet, up to a thousand.",
    "oms_webhooks_failures_in_a_row": "Failures in a row, by webhook endpoint.",
    "oms_webhooks_given_up": "Deliveries given up, by webhook endpoint, up to a thousand.",
    "oms_webhooks_lag_seconds": "How long the oldest delivery has waited, by webhook endpoint.",
    "oms_webhooks_waiting": "Deliveries that wait, by webhook endpoint, up to a thousand.",
    "oms_orders": "Orders by status, each counted up to ten thousand.",
    "oms_workers_heartbeat_age_seconds": "Seconds since the background workers last showed life.",
}


def _text(samples: Iterable[Sample]) -> str:
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample[0], []).append(sample)
    lines = []
    for name, group in by_name.items():
        lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
        for _name, labels, value in group:
            said = ",".join(f'{key}="{_escaped(word)}"' for key, word in labels.items())
            lines.append(f"{name}{{{said}}} {value:g}" if said else f"{name} {value:g}")
    return "\n".join(lines) + "\n"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
