"""The promises every service makes, read from the services themselves."""

import ast
import importlib
import inspect
import re
import textwrap

import pytest

from oms.core.locking import LOCK_ORDER

APPS = ["oms.catalog", "oms.customers", "oms.channels", "oms.messaging", "oms.alerts"]
APPS += ["inventory", "orders", "fulfillment", "returns", "b2b"]
SERVICES = [
    pytest.param(getattr(module, name), id=f"{app}.{name}")
    for app in APPS
    for module in [importlib.import_module(f"{app}.services")]
    for name in module.__all__
    if inspect.isfunction(getattr(module, name))
]


def declared(service, word):
    found = re.search(
        rf"^\s*{word}: (.+?)(?:\.\s*$|\n\s*(?:Raises|Locks|Publishes):|\Z)",
        inspect.getdoc(service) or "",
        re.M | re.S,
    )
    return re.findall(r"[A-Z]\w+", found[1]) if found else []


def called(service, function):
    """The names given to calls of `function` in the service's own code: `publish(X(…))`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(service))))
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function and node.args:
            inner = node.args[0]
            while isinstance(inner, ast.Call | ast.Attribute):
                inner = inner.func if isinstance(inner, ast.Call) else inner.value
            if isinstance(inner, ast.Name) and inner.id[0].isupper():
                names.append(inner.id)
    return names


@pytest.mark.parametrize("service", SERVICES)
def test_takes_keywords_only(service):
    kinds = {p.kind for p in inspect.signature(service).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("service", SERVICES)
def test_is_typed_and_says_what_it_promises(service):
    signature = inspect.signature(service)
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(p.annotation is not p.empty for p in signature.parameters.values())
    assert inspect.getdoc(service)


@pytest.mark.parametrize("service", SERVICES)
def test_names_its_locks_in_the_one_order(service):
    locks = declared(service, "Locks")
    assert locks == sorted(locks, key=LOCK_ORDER.index)


@pytest.mark.parametrize("service", SERVICES)
def test_says_what_it_locks(service):
    models = set(called(service, "lock") + called(service, "lock_one"))
    assert models <= set(declared(service, "Locks"))


@pytest.mark.parametrize("service", SERVICES)
def test_says_what_it_publishes(service):
    assert set(called(service, "publish")) <= set(declared(service, "Publishes"))
