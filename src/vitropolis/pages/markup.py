"""HTML and SVG as text: everything that is not markup already is escaped, so no word of a policy can become any."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from re import compile as pattern

EMPTY = frozenset({"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "polyline", "rect", "polygon"})
DATE = pattern(r"(\d{4}-\d{2}-\d{2})")
Value = str | int | float | bool | None


class Html(str):
    """Text that is markup already: it is put in as it is."""

    __slots__ = ()


def words(content: str) -> Html:
    """Escape text, unless it is markup already."""
    return content if isinstance(content, Html) else Html(escape(content, quote=True))


def joined(parts: Iterable[str]) -> Html:
    """Put pieces one after the other, each escaped unless it is markup."""
    return Html("".join(words(part) for part in parts))


def tag(name: str, /, *content: str, **attributes: Value) -> Html:
    """One element. Attributes: a final `_` goes, another becomes `-`; True stands alone, None and False are left out.

    ValueError for `style` and for handlers: neither is allowed by the policy of content under which pages are shown.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in EMPTY:
        return Html(
            f"<{name}{said}/>" if name not in ("br", "hr", "img", "input", "link", "meta") else f"<{name}{said}>"
        )
    return Html(f"<{name}{said}>{joined(content)}</{name}>")


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name == "style" or name.startswith("on"):
        raise ValueError(f"{name} is not allowed in a page")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(number(value), quote=True)}"'


def number(value: Value) -> str:
    """A number of a drawing with at most two decimals; anything else as it is."""
    if isinstance(value, float):
        return f"{round(value, 2):.2f}".rstrip("0").rstrip(".") or "0"
    return str(value)


def dated(content: str) -> Html:
    """Text in which dates do not break at their hyphens."""
    parts = DATE.split(content)
    return joined(tag("span", part, class_="vp-date") if place % 2 else part for place, part in enumerate(parts))


def prose(content: str) -> Html:
    """Text in which words between backticks are code."""
    if isinstance(content, Html):
        return content
    parts = content.split("`")
    if len(parts) % 2 == 0:
        return dated(content)
    return joined(tag("code", part) if place % 2 else dated(part) for place, part in enumerate(parts))


def bare(content: str) -> str:
    """The same for where there is no markup: without the backticks."""
    return content.replace("`", "")
