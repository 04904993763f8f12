"""A kind of alert whose findings a test says: `TRUE[:] = [Finding("tea", …)]`."""

from datetime import timedelta

from oms.alerts.kinds import AlertKind, Figure, Finding, Threshold, Told

TRUE: list[Finding] = []
ASKED: list[dict] = []


def find(at, thresholds):
    ASKED.append(dict(thresholds))
    return list(TRUE)


def tell(evidence, thresholds):
    left = evidence.get("left", 0)
    return Told(
        title=f"{evidence.get('name', 'Something')} is short",
        summary=f"{left} left",
        figures=[Figure("Left", left, "of five")],
        how="Counted by a test.",
    )


SHORT = AlertKind(
    label="Short",
    meaning="What is short.",
    find=find,
    tell=tell,
    every=timedelta(minutes=10),
    permission="alerts.view_stock_alerts",
    thresholds={"least": Threshold("At least", default=5, least=1, most=9)},
)


def tea(left=1, **fields):
    return Finding("tea", {"name": "Tea", "left": left}, **fields)


def cup(left=2, **fields):
    return Finding("cup", {"name": "Cup", "left": left}, **fields)
