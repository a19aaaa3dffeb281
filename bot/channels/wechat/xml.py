"""XML from strangers, read within bounds, and XML of ours that no text can break.

A document type is refused by the parser when it comes to one, so that no entity is ever declared or expanded. A
customer who writes "<!DOCTYPE" in a message is read like any other: there it stands inside a CDATA section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from bot.errors import BadInput, TooLarge

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 16
"""WeChat's deepest is 5: a picture's checksum in a menu event."""
MAX_ELEMENTS = 2000

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")


@dataclass(frozen=True)
class Node:
    """An element: its own text as it stands, and the elements in it. Attributes are not kept: WeChat has none."""

    name: str
    text: str = ""
    children: tuple[Node, ...] = ()

    def get(self, path: str) -> str | None:
        """The stripped text of the first element at `path`, such as "ScanCodeInfo/ScanType"; None where it is empty."""
        found = next(self.all(path), None)
        return (found.text.strip() or None) if found else None

    def all(self, path: str) -> Iterator[Node]:
        """Every element at `path`, in order."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                yield from child.all(rest) if rest else (child,)


def parse(body: bytes) -> Node:
    """The root element. Raises TooLarge beyond 1 MiB, BadInput for all that is no well-formed, small, plain UTF-8 XML.

    Control characters that XML forbids are dropped: a customer's odd keyboard must not make the service fail.
    """
    if len(body) > MAX_BYTES:
        raise too_large()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _malformed() from error
    return _Builder().build(clean(text).strip())


def clean(text: str) -> str:
    """The text without what XML cannot hold (control characters, lone surrogates), each line end a newline."""
    return _LINE_END.sub("\n", _NOT_XML.sub("", text))


def element(name: str, *content: str) -> str:
    """An element of ours; `content` is XML already."""
    return f"<{name}>{''.join(content)}</{name}>"


def cdata(name: str, text: str) -> str:
    """An element that holds the text as it is, whatever stands in it."""
    safe = clean(text).replace("]]>", "]]]]><![CDATA[>")
    return element(name, f"<![CDATA[{safe}]]>")


class _Builder:
    """Builds the tree from expat's events. The encoding is ours: what the document declares does not count."""

    def __init__(self) -> None:
        self._open: list[tuple[str, list[str], list[Node]]] = [("", [], [])]
        self._count = 0

    def build(self, text: str) -> Node:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            raise _malformed() from error
        return self._open[0][2][0]

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise _malformed()
        self._open.append((name, [], []))

    def _end(self, _name: str) -> None:
        name, texts, children = self._open.pop()
        self._open[-1][2].append(Node(name, "".join(texts), tuple(children)))

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _refuse(self, *_declaration: Any) -> NoReturn:
        raise _malformed()


def too_large() -> TooLarge:
    """The refusal of a body beyond the limit."""
    return TooLarge(f"a push may have {MAX_BYTES} bytes")


def _malformed() -> BadInput:
    return BadInput("not the XML that WeChat pushes", "malformed")
