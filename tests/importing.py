"""Bringing in a file in a test: by the command, and on the screen."""

from io import StringIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from oms.core import jobs


class Files:
    """Writes a file, brings it in by the command, and returns what that prints."""

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


def upload(text, name="stock.csv", **fields):
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile(name, content, "text/csv"), **fields}


def look(browser, kind, text, **fields):
    """Bring a file on the screen, have it looked at, and return its page."""
    brought = browser.post(f"/files/{kind}/", upload(text, f"{kind}.csv", **fields))
    assert brought.status_code == 302, brought.content.decode()
    jobs.drain("file")
    return browser.get(brought["Location"], follow=True)


def act(browser, page, verb, **fields):
    """Press a button on the page of a file, have it done, and return its page."""
    number = page.context["file"].number
    pressed = browser.post(f"/files/imports/{number}/{verb}/", fields, follow=True)
    jobs.drain("file")
    if verb == "bring-in" and pressed.context["messages"]:
        return pressed
    return browser.get(f"/files/imports/{number}/", follow=True)
