"""The database that comes along: it is there when needed, and it comes back."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from oms.core import embedded_postgres

START = """
import sys
from pathlib import Path
from oms.core import embedded_postgres
print(embedded_postgres.ensure_running(Path(sys.argv[1]), durable=False)["HOST"])
"""


@pytest.fixture
def home():
    """A home that others may enter, as a checkout usually is."""
    directory = Path(tempfile.mkdtemp(prefix="oms-test-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        embedded_postgres.stop(directory)
        shutil.rmtree(directory)


def start(home):
    return embedded_postgres.ensure_running(home, durable=False)


def ask(settings, question):
    with psycopg.connect(
        host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"], autocommit=True
    ) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def server_pid(home):
    return int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def test_reading_the_settings_starts_nothing(home):
    settings = embedded_postgres.settings_for(home)

    assert settings["HOST"] == str(home / "postgres" / "run")
    assert list(home.iterdir()) == []


def test_the_first_start_makes_a_private_database_and_the_next_finds_it(home):
    first = start(home)
    again = start(home)

    assert first == again == embedded_postgres.settings_for(home)
    assert ask(first, "SELECT datcollate FROM pg_database WHERE datname = 'oms'") == "C"
    assert ask(first, "SELECT lower('ÄÖ')") == "äö"
    assert ask(first, "SHOW listen_addresses") == ""
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert (home / "postgres/run").stat().st_mode & 0o777 == 0o700


def test_what_was_committed_is_safe_unless_a_test_says_otherwise(home):
    settings = embedded_postgres.ensure_running(home)

    assert ask(settings, "SHOW fsync") == "on"
    assert ask(settings, "SHOW synchronous_commit") == "on"
    assert ask(settings, "SHOW idle_in_transaction_session_timeout") == "1min"


def test_four_processes_that_race_get_one_server(home):
    racers = [
        subprocess.Popen([sys.executable, "-c", START, str(home)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]

    answers = {racer.communicate(timeout=60)[0] for racer in racers}

    assert answers == {f"{home}/postgres/run\n".encode()}
    assert [racer.returncode for racer in racers] == [0, 0, 0, 0]


def test_the_server_comes_back_after_a_kill_with_what_it_knew(home):
    ask(start(home), "CREATE TABLE kept AS SELECT 7 AS seven")
    ask(start(home), "CHECKPOINT")
    os.kill(server_pid(home), signal.SIGKILL)

    settings = start(home)

    assert ask(settings, "SELECT seven FROM kept") == 7


def test_a_pid_file_that_names_a_stranger_harms_neither(home):
    start(home)
    embedded_postgres.stop(home)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        pid_file = home / "postgres/data/postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{home}\n1\n5432\n")
        assert embedded_postgres.stop(home) is False
        pid_file.write_text(f"{stranger.pid}\n{home}\n1\n5432\n")

        assert ask(start(home), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_start_that_was_cut_short_is_begun_again(home):
    start(home)
    embedded_postgres.stop(home)
    (home / "postgres/data").rename(home / "postgres/data.unfinished")

    assert ask(start(home), "SELECT 1") == 1
    assert not (home / "postgres/data.unfinished").exists()


def test_stopping_is_quick_and_stopping_again_does_nothing(home):
    start(home)
    before = time.monotonic()

    assert embedded_postgres.stop(home) is True
    assert embedded_postgres.stop(home) is False
    assert time.monotonic() - before < 10


def test_a_long_path_gets_a_short_private_socket(home):
    deep = home / ("x" * 100)
    settings = start(deep)
    try:
        assert len(f"{settings['HOST']}/.s.PGSQL.5432") <= 107
        assert Path(settings["HOST"]).stat().st_mode & 0o777 == 0o700
        assert ask(settings, "SELECT 1") == 1
    finally:
        embedded_postgres.stop(deep)
        shutil.rmtree(settings["HOST"], ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can enter closed directories")
def test_a_home_only_root_can_enter_stays_closed_and_the_data_lives_elsewhere(home, capsys):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    settings = start(closed / "home")
    place = Path(settings["HOST"]).parent
    try:
        assert f"the database lives in {place}" in capsys.readouterr().err
        assert place.is_relative_to("/var/lib/oms")
        assert closed.stat().st_mode & 0o777 == 0o700
        assert ask(settings, "SELECT 1") == 1
    finally:
        embedded_postgres.stop(closed / "home")
        shutil.rmtree(place)


def test_data_of_another_version_is_refused_with_a_sentence(home):
    start(home)
    embedded_postgres.stop(home)
    (home / "postgres/data/PG_VERSION").write_text("12\n")

    with pytest.raises(embedded_postgres.DatabaseUnavailable, match="made by PostgreSQL 12"):
        start(home)


def test_the_programs_come_along():
    programs = {path.name for path in embedded_postgres.binaries().iterdir()}

    assert {"postgres", "pg_ctl", "initdb", "pg_dump", "pgbench"} <= programs
