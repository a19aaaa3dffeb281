"""What waits goes out in as few messages as fit: everything once and in order, whatever its length."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.content import Media
from bot.channels.wechat.delivery.lines import Line, Packing, Parcel, with_more
from bot.channels.wechat.outgoing import Text
from bot.channels.wechat.split import LIMIT
from tests.wechat.often import often

OWN = "0123456789abcdef" * 2


def label(key: str, **fields: Any) -> str:
    return " ".join((key, *map(str, fields.values())))


PACKING = Packing(label, media=True)


def line(number: int, text: str, *, role: str = "bot", doubtful: bool = False, files: tuple[str, ...] = ()) -> Line:
    shown = {"attachments": [{"id": name, "type": "image/png", "url": ""} for name in files]} if files else {}
    return Line(number, 0, role, text, shown, doubtful)


def sent(lines: list[Line], packing: Packing = PACKING) -> list[Parcel]:
    """All messages, one after the other, as if each arrived."""
    parcels: list[Parcel] = []
    while (parcel := packing.next_of(lines)) is not None:
        parcels.append(parcel)
        gone = {covers.entry_id: covers for covers in parcel.covers}
        done = {number for number, covers in gone.items() if covers.is_all}
        lines = [
            Line(each.entry_id, gone[each.entry_id].gone, each.role, each.text, each.content, each.is_doubtful)
            if each.entry_id in gone
            else each
            for each in lines
            if each.entry_id not in done
        ]
        assert len(parcels) < 200
    return parcels


def told(parcels: list[Parcel]) -> list[str]:
    return [parcel.told.content if isinstance(parcel.told, Text) else "file" for parcel in parcels]


def test_short_replies_are_one_message() -> None:
    assert told(sent([line(1, "一"), line(2, "二"), line(3, "三", role="agent")])) == ["一\n\n二\n\n三"]


def test_a_file_stands_between_the_texts_before_and_after_it() -> None:
    assert told(sent([line(1, "一"), line(2, "看", files=(OWN,)), line(3, "三")])) == ["一\n\n看", "file", "三"]


def test_where_no_file_can_be_sent_its_place_is_told_in_words() -> None:
    parcels = sent([line(1, "看", files=(OWN,)), line(2, "二")], Packing(label, media=False))
    assert told(parcels) == ["看\n\nlabel_wechat_picture\n\n二"]
    assert not any(isinstance(parcel.told, Media) for parcel in parcels)


def test_what_may_have_come_before_is_said_with_others_only_and_as_what_it_is() -> None:
    doubtful = line(1, "也许来过", doubtful=True)
    assert PACKING.next_of([doubtful]) is None
    assert told(sent([doubtful, line(2, "新的")])) == ["label_wechat_unconfirmed 也许来过\n\n新的"]


def test_a_question_for_a_word_stands_at_the_end_where_it_fits() -> None:
    (parcel,) = sent([line(1, "一")])
    assert told([with_more(parcel, "还有")]) == ["一\n\n还有"]
    (full,) = sent([line(1, "a" * LIMIT)])
    assert with_more(full, "还有") == full


@often
@given(st.lists(st.text("字a，。\n", min_size=1, max_size=1800).filter(str.strip), min_size=1, max_size=6))
def test_everything_is_said_once_in_order_and_no_message_is_too_long(texts: list[str]) -> None:
    parcels = sent([line(number, text) for number, text in enumerate(texts, start=1)])
    assert all(len(text.encode()) <= LIMIT for text in told(parcels))
    assert "".join("".join(told(parcels)).split()) == "".join("".join(texts).split())
