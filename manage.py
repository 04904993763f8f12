#!/usr/bin/env python
"""Run a command of the order management system; its own database is started when needed."""

import os
import sys

NEED_NO_DATABASE = {"help", "collectstatic", "diffsettings", "findstatic", "stop_database"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")

    from django.core.management import execute_from_command_line

    if _needs_own_database(sys.argv[1:]):
        from django.conf import settings

        from oms.core import embedded_postgres

        try:
            embedded_postgres.ensure_running(settings.OMS_HOME)
        except embedded_postgres.DatabaseUnavailable as problem:
            sys.exit(str(problem))
    execute_from_command_line(sys.argv)


def _needs_own_database(arguments: list[str]) -> bool:
    if os.environ.get("DATABASE_URL") or not arguments:
        return False
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    return not asks_for_help and arguments[0] not in NEED_NO_DATABASE


if __name__ == "__main__":
    main()
