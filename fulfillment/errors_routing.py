"""The ways routing rules and back-tests say no."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Missing


@dataclass(eq=False)
class RoutingVersionNotFound(Missing):
    version: int

    message = "There is no version {version} of the routing rules."


@dataclass(eq=False)
class RoutingVersionChanged(Conflict):
    """Somebody else saved the draft meanwhile: neither's work is overwritten unseen."""

    version: int
    by: str

    message = "{by} changed version {version} meanwhile. Nothing of yours is saved: look again."


@dataclass(eq=False)
class RoutingVersionSettled(Conflict):
    """Only a draft is changed, published or discarded."""

    version: int
    status: str

    message = "Version {version} is {status}: only a draft can be changed. Begin a new one."


@dataclass(eq=False)
class BackTestNeeded(Conflict):
    """Rules count only after somebody saw what they would have done, as they are now."""

    version: int

    message = (
        "Version {version} has no back-test of its rules as they are now against the live ones: "
        "run one first."
    )


@dataclass(eq=False)
class NothingPublished(Conflict):
    """The built-in rules count: there is nothing before them."""

    message = "No version of the routing rules was ever published: there is nothing to undo."


@dataclass(eq=False)
class RoutingMoved(Conflict):
    """Another version went live meanwhile."""

    live: int

    message = "Another version of the routing rules is live meanwhile. Look again."


@dataclass(eq=False)
class BackTestNotFound(Missing):
    number: str

    message = "There is no back-test {number}."


@dataclass(eq=False)
class BackTestOver(Conflict):
    number: str
    status: str

    message = "{number} is over: {status}."
