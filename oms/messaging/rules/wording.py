"""Words that staff may write: text, the variables of a letter, `if` and `for`. Nothing else runs.

A variable is a name that the letter declares, or a field of an entry of one of its lists: each is
looked for before anything is filled in, so no method, attribute or model is ever reached. What
people typed elsewhere fills in as text: it cannot become a heading, a row or a link.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.template import Context, Engine, Library, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Node, TextNode, VariableNode
from django.template.defaulttags import ForNode, IfNode, do_for, do_if

from oms.messaging.rules.markup import as_value

Fields = Mapping[str, "frozenset[str] | None"]
"""What a letter declares: a plain variable is None, a list the names of each entry's fields."""

LONGEST = 20_000
DEEPEST = 2
KNOWN = {"if", "elif", "else", "endif", "for", "empty", "endfor"}
OF_LOOP = frozenset({"first", "last", "counter"})

register = Library()
register.tag("if", do_if)
register.tag("for", do_for)


@dataclass
class NotReadable(Exception):
    """These words cannot be used; `line` counts from one."""

    line: int
    reason: str


def check(source: str, declared: Fields) -> None:
    """Pass words that can be filled in, whatever the values will be.

    Raises: NotReadable.
    """
    if len(source) > LONGEST:
        raise NotReadable(1, f"It is longer than {LONGEST} characters.")
    _walk(_compiled(source).nodelist, _Scope(dict(declared)))


def fill(source: str, values: Mapping[str, Any]) -> str:
    """Return checked words with values in them, for `oms.messaging.rules.markup`.

    A line that holds nothing but `if` or `for` leaves no empty line behind.
    """
    filled = {name: plain(value, name) for name, value in values.items()}
    return str(_compiled(BARE.sub(r"\1", source)).render(Context(filled)))


BARE = re.compile(r"^[ \t]*((?:\{%(?:(?!%\})[^\n])*%\}[ \t]*)+)\r?\n", re.M)


def plain(value: Any, name: str = "") -> Any:
    """Return a value as words may hold it: text, whole numbers, yes or no, and lists of those."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, name) for each in value]
    if isinstance(value, str) or hasattr(value, "__mod__"):  # a text not translated yet
        return as_value(str(value), link=name == "url" or name.endswith("_url"))
    raise TypeError(f"{name}: a letter holds text, whole numbers and lists, no {type(value)}")


class _Words(Engine):
    """Templates that know `if` and `for` and no file, filter or other tag."""

    default_builtins = [__name__]


@functools.cache
def _engine() -> Engine:
    return _Words(loaders=[])


@functools.lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    try:
        return Template(source, engine=_engine())
    except TemplateSyntaxError as error:
        raise _said(error) from error


def _said(error: TemplateSyntaxError) -> NotReadable:
    """What is wrong, as somebody who writes letters reads it."""
    token = getattr(error, "token", None)
    line = token.lineno if token else 1
    said = str(error)
    command = token.split_contents()[0] if token and token.contents.strip() else ""
    if token and token.token_type.name == "BLOCK" and command not in KNOWN:
        return NotReadable(line, f"Only if and for can be used here, not “{command}”.")
    if said.startswith("Unclosed tag"):
        return NotReadable(line, f"This “{command}” has no “end{command}”.")
    if "Invalid block tag" in said:
        return NotReadable(line, f"There is nothing open that “{command}” belongs to.")
    if "filter" in said:
        return NotReadable(line, "Variables are used as they are: nothing may follow a “|”.")
    if token and not token.contents.strip():
        return NotReadable(line, "There is nothing between the braces.")
    return NotReadable(line, f"“{token.contents.strip() if token else ''}” cannot be read.")


@dataclass(frozen=True)
class _Scope:
    names: Mapping[str, frozenset[str] | None]
    depth: int = 0


def _walk(nodes: Any, scope: _Scope) -> None:
    for node in nodes:
        line = (node.token and node.token.lineno) or 1
        if isinstance(node, TextNode):
            _text(node, line)
        elif isinstance(node, VariableNode):
            _value(node.filter_expression, scope, line)
        elif isinstance(node, IfNode):
            for condition, inner in node.conditions_nodelists:
                for expression in _expressions(condition):
                    _name(expression, scope, line)
                _walk(inner, scope)
        elif isinstance(node, ForNode):
            _loop(node, scope, line)
        else:
            raise NotReadable(line, f"{_kind(node)} cannot be used here.")


def _kind(node: Node) -> str:
    return type(node).__name__


def _text(node: TextNode, line: int) -> None:
    for number, text in enumerate(node.s.split("\n")):
        if re.search(r"\{[{%]|[}%]\}", text):
            raise NotReadable(line + number, "A pair of braces is not closed on its line.")


def _expressions(condition: Any) -> Iterator[FilterExpression]:
    """Every value a condition compares: operators have a first and a second."""
    if condition is None:
        return
    if isinstance(value := getattr(condition, "value", None), FilterExpression):
        yield value
    for side in ("first", "second"):
        yield from _expressions(getattr(condition, side, None))


def _name(expression: Any, scope: _Scope, line: int) -> frozenset[str] | None:
    """Return what a declared name is: None for plain, else the fields of a list's entries."""
    lookups = getattr(expression.var, "lookups", None)
    if lookups is None:
        return None
    name, *rest = lookups
    if name not in scope.names:
        raise NotReadable(line, f"There is no variable “{name}” in this letter.")
    fields = scope.names[name]
    if not rest:
        return fields
    entry = scope.names.get(f"{name}.")
    if entry is None or len(rest) > 1 or rest[0] not in entry:
        raise NotReadable(line, f"There is no variable “{'.'.join(lookups)}” in this letter.")
    return None


def _value(expression: FilterExpression, scope: _Scope, line: int) -> None:
    if _name(expression, scope, line) is not None:
        name = expression.var.lookups[0]
        raise NotReadable(line, f"“{name}” has several entries: use for, and name their parts.")


def _loop(node: ForNode, scope: _Scope, line: int) -> None:
    if scope.depth >= DEEPEST:
        raise NotReadable(line, f"No more than {DEEPEST} loops may stand in each other.")
    fields = _name(node.sequence, scope, line)
    if fields is None or len(node.loopvars) != 1:
        raise NotReadable(line, "“for” goes through one of the lists of this letter.")
    each = str(node.loopvars[0])
    names = {**scope.names, "forloop": frozenset(), "forloop.": OF_LOOP}
    names[each] = frozenset() if fields else None
    names[f"{each}."] = fields
    inner = replace(scope, names=names, depth=scope.depth + 1)
    _walk(node.nodelist_loop, inner)
    _walk(node.nodelist_empty, scope)
