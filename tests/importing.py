"""Bringing in a file in a test: what `import_data` prints, refusals included."""

from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command


class Files:
    """Writes a file and brings it in."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def bring_in(self, kind: str, text: str, *options: str) -> str:
        path = self._place / f"{kind}.csv"
        path.write_text(text)
        out = StringIO()
        try:
            call_command("import_data", kind, str(path), *options, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}{error}\n"
        return out.getvalue()
