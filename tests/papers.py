"""How papers are drawn, looked at in this process."""

import io
from xml.etree import ElementTree as Tree

from pypdf import PdfReader
from weasyprint import HTML

from oms.core.pdf import DEFAULTS, _static_text
from oms.core.pdf_worker import Paper, Renderer, root_of


def strokes(html: str, stylesheets: tuple[str, ...], *, with_all_of_html: bool) -> list[bytes]:
    """Return what is drawn on each page, with our defaults or those WeasyPrint has for all HTML."""
    renderer = Renderer(
        base=_static_text(DEFAULTS),
        stylesheets=[_static_text(name) for name in stylesheets],
        together=(),
    )
    if with_all_of_html:
        document = HTML(string=html, url_fetcher=renderer.fetcher)
    else:
        document = Paper(root_of(html), base=renderer.base, fetcher=renderer.fetcher)
    drawn = document.write_pdf(stylesheets=renderer.stylesheets, font_config=renderer.fonts)
    return [page.get_contents().get_data() for page in PdfReader(io.BytesIO(drawn)).pages]


def looks_the_same(html: str, stylesheets: tuple[str, ...]) -> bool:
    """Whether our defaults, and the quick parser, make of a paper what WeasyPrint would."""
    assert Tree.fromstring(html).tag == "html"  # noqa: S314 (a paper of ours)
    ours, usual = (strokes(html, stylesheets, with_all_of_html=each) for each in (False, True))
    return ours == usual and all(ours)
