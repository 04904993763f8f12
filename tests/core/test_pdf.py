import base64
import io
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from oms.core import pdf
from oms.core.pdf import RenderFailed, render, render_many, render_together

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def test_a_page_of_html_becomes_a_page_of_pdf():
    document = read(render("<p>Two cups, and tea.</p>"))

    assert len(document.pages) == 1
    assert "Two cups, and tea" in document.pages[0].extract_text()


def test_a_batch_keeps_its_order_and_its_style():
    texts = [f"parcel {n}" for n in range(5)]

    drawn = list(render_many([f"<p>{text}</p>" for text in texts], stylesheets=["oms/slip.css"]))

    assert [read(document).pages[0].extract_text().splitlines()[0] for document in drawn] == texts
    assert read(drawn[0]).pages[0].mediabox.height == pytest.approx(841.9, abs=0.1)


def test_a_fresh_child_goes_on_after_so_many(monkeypatch):
    monkeypatch.setattr(pdf, "DOCUMENTS_PER_CHILD", 2)
    assert len(list(render_many(["<p>a</p>"] * 5))) == 5


def test_a_stylesheet_that_is_not_ours_is_a_bug():
    with pytest.raises(FileNotFoundError, match="other"):
        render("<p>", stylesheets=["oms/other.css"])


def test_a_picture_inside_the_document_is_drawn():
    document = read(render(f'<img src="data:image/png;base64,{PIXEL}">'))
    assert len(document.pages[0].images) == 1


def test_nothing_outside_the_document_is_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        web = f"http://127.0.0.1:{server.getsockname()[1]}/"
        markup = f"data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()}"
        document = render(
            f"<link rel=attachment href='{secret.as_uri()}'><link rel=attachment href='{web}'>"
            f"<link rel=stylesheet href='{web}a.css'><style>@import '{web}b.css';"
            f"@font-face {{ font-family: x; src: url({web}x.woff) }} p {{ font-family: x }}</style>"
            f"<base href='{web}'><img src=x.png><img src='{secret.as_uri()}'><img src='{markup}'>"
            f"<svg><image href='{web}y.png'/><use href='{web}z.svg#a'/></svg><p>x</p>"
        )
        with pytest.raises(TimeoutError):
            server.accept()

    assert read(document).attachments == {}
    assert len(read(document).pages[0].images) == 0
    assert b"root:x" not in document


def test_a_document_that_takes_too_long_is_given_up_and_the_process_lives():
    endless = "<table>" + "<tr><td>x<td>y<td>z" * 100_000 + "</table>"
    with pytest.raises(RenderFailed, match="took longer than 1 s"):
        list(render_many(["<p>ready</p>", endless], seconds=1))
    assert render("<p>still here</p>").startswith(b"%PDF")


def test_a_document_that_takes_too_much_memory_kills_only_the_child():
    many = "<p>" + "x" * 15_000_000
    with pytest.raises(RenderFailed, match="needs too much memory"):
        list(render_many([many], memory_bytes=290 * 1024 * 1024, seconds=120))


def test_a_child_that_is_killed_is_a_failed_render(monkeypatch):
    started = []
    popen = pdf.subprocess.Popen

    def start(*args, **options):
        started.append(popen(*args, **options))
        return started[0]

    monkeypatch.setattr(pdf.subprocess, "Popen", start)
    drawn = render_many(["<p>a</p>", "<p>b</p>"])
    assert next(drawn).startswith(b"%PDF")
    started[0].kill()
    with pytest.raises(RenderFailed, match=r"ended early \(-9\)"):
        next(drawn)


def test_a_batch_left_early_leaves_no_child(monkeypatch):
    started = []
    popen = pdf.subprocess.Popen
    monkeypatch.setattr(
        pdf.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[0]
    )
    batch = render_many(["<p>a</p>"] * 3)
    next(batch)
    batch.close()

    assert started[0].returncode is not None


def test_the_child_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s")
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(pdf._environment())
    assert pdf._environment()["PATH"] == os.environ["PATH"]


def test_threads_draw_side_by_side():
    with ThreadPoolExecutor(3) as pool:
        drawn = list(pool.map(render, [f"<p>{n}</p>" for n in range(3)]))
    assert [read(document).pages[0].extract_text() for document in drawn] == ["0", "1", "2"]
    assert threading.active_count() < 10


def test_a_document_longer_than_twenty_megabytes_is_refused():
    with pytest.raises(RenderFailed, match="longer than 20 MB"):
        render("x" * 20_000_001)


def test_documents_are_drawn_into_one_and_each_counts_its_own_pages():
    style = "<style>@page { @bottom-left { content: counter(page) ' of ' counter(pages) } }</style>"
    two = f"{style}<p>a</p><p style='break-before: page'>b</p>"
    one = f"{style}<p>c</p>"
    deep = "<div>" * 5_000

    whole, rest = render_together([[two, one], [deep, one]], seconds=10)

    texts = [page.extract_text().split() for page in read(whole.pdf).pages]
    assert texts == [["a", "1", "of", "2"], ["b", "2", "of", "2"], ["c", "1", "of", "1"]]
    assert whole.failed == {}
    assert list(rest.failed) == [0]
    assert [page.extract_text().split()[0] for page in read(rest.pdf).pages] == ["c"]


SLIPS = {"stylesheets": ["oms/slip.css"], "together": ["oms/slips-together.css"]}


def slip(name, *, language="en", more=""):
    return (
        f'<html lang="{language}"><body><main class="slip"><div class="code"><p data-doc="{name}">'
        f"{name}</p></div>{more}</main></body></html>"
    )


def test_documents_of_a_page_are_laid_out_together_and_longer_ones_alone():
    rest = "<p style='break-before: page'>rest</p>"
    part = [
        slip("a"),
        slip("b", more=rest),
        slip("c", language="nl"),
        slip("x", language="nl", more="<div>" * 1_500 + "</div>" * 1_500),
        slip("d", more="<br>"),
        slip("e", more=rest + "<p>" * 9),
    ]

    [made] = render_together([part], seconds=10, **SLIPS)

    pages = [page.extract_text().split() for page in read(made.pdf).pages]
    assert [(page[0], page[-3:]) for page in pages] == [
        ("a", ["1", "/", "1"]),
        ("b", ["1", "/", "2"]),
        ("rest", ["2", "/", "2"]),
        ("c", ["1", "/", "1"]),
        ("d", ["1", "/", "1"]),
        ("e", ["1", "/", "2"]),
        ("rest", ["2", "/", "2"]),
    ]
    assert list(made.failed) == [3]
    assert [entry["/Title"] for entry in read(made.pdf).outline] == ["a", "b", "c", "d", "e"]


@pytest.mark.full
def test_who_of_many_is_the_end_of_the_child_is_found_out_and_left_out():
    endless = slip("b", more="<table>" + "<tr><td>x</td></tr>" * 4_000 + "</table>")
    [made] = render_together([[slip("a"), endless, slip("c")]], seconds=1, **SLIPS)

    assert [page.extract_text().split()[0] for page in read(made.pdf).pages] == ["a", "c"]
    assert made.failed == {1: "it took longer than 1 s"}
