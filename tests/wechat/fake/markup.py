"""The XML of pushes and of replies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_HERE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class BadMarkup(ValueError):
    """Not the XML that WeChat reads."""


def render(fields: Mapping[str, Any]) -> str:
    """A push: texts as CDATA, numbers bare, mappings nested, a list as the element again and again."""
    return "\n".join(["<xml>", *(_element(name, value) for name, value in fields.items()), "</xml>"])


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        inner = "".join(_element(key, each) for key, each in value.items())
    elif isinstance(value, str):
        inner = f"<![CDATA[{NOT_XML.sub('', value).replace(']]>', ']]]]><![CDATA[>')}]]>"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"


def parse(body: bytes) -> dict[str, Any]:
    """The fields below `<xml>`; an element that repeats is a list. Raises `BadMarkup`."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadMarkup("not UTF-8") from error
    if NOT_HERE.search(text):
        raise BadMarkup("has a document type")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise BadMarkup(f"not XML: {error}") from error
    if root.tag != "xml":
        raise BadMarkup(f"the root is <{root.tag}>")
    fields = _value(root)
    if not isinstance(fields, dict):
        raise BadMarkup("has no elements")
    return fields


def _value(element: ElementTree.Element) -> Any:
    if not len(element):
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in element:
        value = _value(child)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields
