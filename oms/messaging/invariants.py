"""What is true of the feed at every moment."""

from oms.core.books import Invariant

INVARIANTS = (
    Invariant(
        "feed_has_no_gaps",
        "The numbers of the feed count its events.",
        """
        SELECT 'feed' AS feed, count(*) AS events, max(sequence) AS last
        FROM messaging_publishedevent HAVING count(*) <> coalesce(max(sequence), 0)
        """,
    ),
    Invariant(
        "feed_is_fed",
        "Every fact is noted for the feed in the transaction that writes it.",
        """
        SELECT 'core_eventrecord' AS facts
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger
            WHERE tgrelid = 'core_eventrecord'::regclass
              AND tgname = 'core_eventrecord_to_be_published' AND tgenabled <> 'D'
        )
        """,
    ),
)
