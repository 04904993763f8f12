"""What a load balancer and a monitoring system are told."""

from unittest.mock import Mock

from django.db import OperationalError

from oms.core import health
from oms.core.jobs import AT_ONCE
from oms.core.models import Job


def test_alive_needs_no_database(client):
    response = client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "live"})


def test_ready_with_a_migrated_database(client, db):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": True, "migrations": True},
    }
    assert "no-store" in response["Cache-Control"]


def test_not_ready_while_the_database_is_away(client, db, monkeypatch):
    monkeypatch.setattr(health.sql, "run", Mock(side_effect=OperationalError("gone")))
    monkeypatch.setattr(health.connection, "close", Mock())

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"] == {"database": False, "migrations": False}


def test_not_ready_before_migrations_have_run(client, db, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda self, targets: ["one to go"]
    )

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": False}


def test_metrics_count_jobs_by_kind_and_orders_by_status(client, world):
    world.place(tea=1)
    world.place(tea=1)
    Job.objects.create(kind="mail", key="x", state="dead", due_at=AT_ONCE, created_at=AT_ONCE)

    response = client.get("/metrics")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE oms_jobs gauge" in lines
    assert 'oms_jobs{kind="mail",state="waiting"} 2' in lines
    assert 'oms_jobs{kind="mail",state="dead"} 1' in lines
    assert 'oms_jobs{kind="refund",state="dead"} 0' in lines
    assert 'oms_orders{status="open"} 2' in lines
    assert 'oms_orders{status="completed"} 0' in lines


def test_metrics_cost_the_same_however_many_orders(client, world, django_assert_num_queries):
    for _ in range(3):
        world.place(tea=1)

    with django_assert_num_queries(3):
        client.get("/metrics")
