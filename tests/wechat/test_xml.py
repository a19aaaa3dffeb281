"""XML: whatever stands in a text of ours comes out again; whatever strangers send is read within bounds or refused."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.xml import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, cdata, clean, element, parse
from bot.errors import BadInput, TooLarge
from tests.wechat.often import anything, often


@often
@given(anything, anything)
def test_any_text_comes_out_as_it_went_in(first: str, second: str) -> None:
    document = parse(element("xml", cdata("A", first), cdata("B", second)).encode())
    assert [(node.name, node.text) for node in document.children] == [("A", clean(first)), ("B", clean(second))]


def test_the_end_of_a_cdata_section_in_a_text_is_only_text() -> None:
    written = cdata("Content", "a]]><b>x</b>")
    assert written == "<Content><![CDATA[a]]]]><![CDATA[><b>x</b>]]></Content>"
    assert parse(written.encode()).text == "a]]><b>x</b>"


def test_what_xml_cannot_hold_is_dropped() -> None:
    assert clean("a\x00\x08\x0b\x0c\x1f\ufffe\uffff\ud800b\r\nc\rd\t") == "ab\nc\nd\t"


def test_blanks_around_a_value_do_not_count_and_an_empty_one_is_none() -> None:
    document = parse("\ufeff\n<xml>\n<A>\n<![CDATA[ x ]]>\n</A><B><![CDATA[]]></B><C/></xml>\n".encode())
    assert [document.get(name) for name in "ABCD"] == ["x", None, None, None]


def test_repeated_and_nested_elements_are_all_found() -> None:
    document = parse(b"<xml><L><I>1</I></L><L><I>2</I><I>3</I></L></xml>")
    assert [node.text for node in document.all("L/I")] == ["1", "2", "3"]
    assert document.get("L/I") == "1"


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "empty": b"",
    "no xml": b"hello",
    "json": b'{"MsgType": "text"}',
    "cut off": b"<xml><A>",
    "two roots": b"<xml/><xml/>",
    "document type": b"<!DOCTYPE x><xml/>",
    "document type in lower case": b"<!doctype x><xml/>",
    "entity": b'<!DOCTYPE x [<!ENTITY a "zzz">]><xml><A>&a;</A></xml>',
    "outside entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
    "outside subset": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
    "billion laughs": f'<!DOCTYPE x [<!ENTITY e0 "ha">{BOMB}]><xml>&e9;</xml>'.encode(),
    "undeclared entity": b"<xml>&a;</xml>",
    "forbidden character by number": b"<xml>&#1;</xml>",
    "no utf-8": b"<xml>\xff\xfe</xml>",
    "half a character": "<xml>字</xml>".encode()[:6],
    "utf-16": '<?xml version="1.0" encoding="utf-16"?><xml/>'.encode("utf-16"),
    "surrogate in bytes": b"<xml>\xed\xa0\x80</xml>",
    "too deep": b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
    "very deep": b"<a>" * 100_000,
    "too many elements": b"<xml>" + b"<a/>" * MAX_ELEMENTS + b"</xml>",
    "a million attributes": b"<xml " + b" ".join(b'a%d=""' % n for n in range(90_000)) + b"><a>" * 20,
    "an endless name": b"<" + b"a" * (MAX_BYTES - 1),
    "endless brackets": b"<" * MAX_BYTES,
    "endless comment": b"<!--" + b"-" * (MAX_BYTES - 4),
    "endless section": b"<xml><![CDATA[" + b"]" * (MAX_BYTES - 14),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_small_plain_xml_is_refused_at_once(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(BadInput):
        parse(body)
    assert time.process_time() - started < 2


def test_what_is_larger_than_one_mebibyte_is_refused_unread() -> None:
    fits = b"<xml>" + b"a" * (MAX_BYTES - 11) + b"</xml>"
    assert len(parse(fits).text) == MAX_BYTES - 11
    with pytest.raises(TooLarge):
        parse(fits + b" ")


def test_markup_that_a_customer_writes_is_a_text_like_any_other() -> None:
    for said in ('<!DOCTYPE html [<!ENTITY a "b">]>', "&a; <xml>", "<?php ?>", "\x0b退款\x1b"):
        assert parse(element("xml", cdata("Content", said)).encode()).get("Content") == clean(said)


def test_the_encoding_that_a_document_claims_does_not_count() -> None:
    body = '<?xml version="1.0" encoding="gbk"?><xml><A>退款</A></xml>'
    assert parse(body.encode()).get("A") == "退款"


@often
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    with contextlib.suppress(BadInput):
        parse(b"<xml>" + body + b"</xml>")
