"""Documents printed from the code say what the code says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oms.core import printing


def test_the_printed_documents_are_up_to_date():
    call_command("print_docs", "--check")


def test_a_stale_document_is_named(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lifecycles.md").write_text(printing.lifecycles())

    with pytest.raises(CommandError, match=r"^Not what the code says: reactions\.md\. "):
        call_command("print_docs", "--check")

    out = StringIO()
    call_command("print_docs", stdout=out)
    assert out.getvalue() == "docs/reactions.md\n"
    call_command("print_docs", "--check")


def test_every_lifecycle_is_there():
    text = printing.lifecycles()

    for title in ("## Order", "## Fulfillment order", "## Shipment", "## Return", "## Refund"):
        assert f"\n{title}\n" in text
    assert "| `complete` | `open` | `completed` |" in text
    assert "    open --> completed: complete\n" in text


def test_every_reaction_is_told_in_words():
    text = printing.reactions()

    assert "## `order.placed`\n\nAn order was accepted.\n" in text
    assert "(`fulfillment.reactions.route`)" in text
