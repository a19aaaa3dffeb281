"""The callback: what WeChat sends is opened and answered, all else is refused with its status."""

from __future__ import annotations

import pytest

from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.envelope import REPLAY_SECONDS, WINDOW_SECONDS, Callback
from bot.channels.wechat.messages import Text
from bot.channels.wechat.outgoing import Text as Words
from bot.channels.wechat.outgoing import Transfer
from bot.channels.wechat.replies import ACK
from bot.channels.wechat.signature import sign
from bot.channels.wechat.xml import MAX_BYTES, cdata, element, parse
from bot.errors import BadInput, NotAllowed, NotSendable, RequestError, TooLarge
from tests.wechat.official import CIPHERTEXTS, COMPATIBLE, CRYPTO, SAMPLE
from tests.wechat.pushing import APPID, CIPHER, KEY, NOW, PLAIN, SAFE, TOKEN, over, sealed, signed

CHALLENGE = next(vector for vector in CRYPTO["signatures"] if "echostr" in vector)
STRANGER = MessageCipher(KEY, "wx0000000000000000")


def at(vector: dict[str, str], *, safe: bool = True) -> Callback:
    """The callback to which a published request was sent, at its own time."""
    cipher = MessageCipher(vector["encoding_aes_key"], vector["receiver_id"]) if safe else None
    return Callback(vector["token"], cipher, clock=lambda: float(vector["timestamp"]))


def query_of(vector: dict[str, str]) -> dict[str, str]:
    return {name: vector[name] for name in ("timestamp", "nonce", "signature", "msg_signature") if name in vector}


def code(refused: pytest.ExceptionInfo[RequestError]) -> tuple[int, str]:
    return refused.value.status, refused.value.code


@pytest.mark.parametrize("callback", [PLAIN, SAFE], ids=["plain", "safe"])
@pytest.mark.parametrize("echostr", ["4375120948345356249", "<script>alert(1)</script>", "", "字\ud800"])
def test_a_signed_challenge_is_given_back_as_it_is(callback: Callback, echostr: str) -> None:
    assert callback.challenge({**signed(), "echostr": echostr}) == echostr


def test_the_published_challenge_is_answered() -> None:
    assert (
        at(CHALLENGE, safe=False).challenge({**query_of(CHALLENGE), "echostr": "4375120948345356249"})
        == (CHALLENGE["echostr"])
    )


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"echostr": "x"},
        {**signed(), "signature": "0" * 40, "echostr": "x"},
        {**signed(nonce="1"), "nonce": "2", "echostr": "x"},
        {**signed(token="other"), "echostr": "x"},
        {**signed(NOW - WINDOW_SECONDS - 1), "echostr": "x"},
        {**signed("12e4"), "echostr": "x"},
        {**signed("１７７２６００００0"), "echostr": "x"},
        {**signed("9" * 5000), "echostr": "x"},
        {**signed(nonce="n" * 129), "echostr": "x"},
        {**signed(nonce="a b"), "echostr": "x"},
        {**signed(nonce=""), "echostr": "x"},
        {**signed(nonce="字"), "echostr": "x"},
    ],
)
def test_a_challenge_that_wechat_did_not_sign_now_is_not_given_back(query: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        SAFE.challenge(query)


def test_a_challenge_without_anything_to_give_back_is_malformed() -> None:
    with pytest.raises(BadInput):
        SAFE.challenge(signed())


@pytest.mark.parametrize("side", [-1, 1])
def test_the_clocks_may_be_five_minutes_apart(side: int) -> None:
    assert SAFE.challenge({**signed(NOW + side * WINDOW_SECONDS), "echostr": "x"}) == "x"
    with pytest.raises(NotAllowed) as refused:
        SAFE.challenge({**signed(NOW + side * (WINDOW_SECONDS + 1)), "echostr": "x"})
    assert code(refused) == (403, "stale")


def test_the_published_push_in_compatible_mode_is_opened() -> None:
    opened = at(COMPATIBLE).open(query_of(COMPATIBLE), COMPATIBLE["body"].encode())
    assert isinstance(opened.push, Text)
    assert (opened.push.content, opened.push.msg_id) == ("abcdteT", "6054768590064713728")
    assert opened.nonce == COMPATIBLE["nonce"]


def test_the_published_push_for_a_third_party_platform_is_opened() -> None:
    vector = CIPHERTEXTS["dec-oplat-safe-xml"]
    assert at(vector).open(query_of(vector), vector["body"].encode()).push.kind == "debug_demo"


def test_an_encrypted_body_in_json_is_no_push_of_an_official_account() -> None:
    vector = CIPHERTEXTS["dec-doc-safe-json"]
    body = element("xml", cdata("Encrypt", vector["encrypt"]))
    with pytest.raises(BadInput):
        at(vector).open(query_of(vector), body.encode())


def test_in_compatible_mode_plain_fields_do_not_count() -> None:
    forged = COMPATIBLE["body"].replace("abcdteT", "转人工", 1).replace("oyORnu", "victim", 1)
    push = at(COMPATIBLE).open(query_of(COMPATIBLE), forged.encode()).push
    assert isinstance(push, Text)
    assert (push.content, push.sender) == ("abcdteT", "oyORnuP8q7ou2gfYjqLzSIWZf0rs")


def test_a_plain_push_is_opened_where_there_is_no_key_and_also_in_compatible_mode() -> None:
    assert PLAIN.open(signed(), SAMPLE.encode()).push.kind == "text"
    query = {**signed(str(COMPATIBLE["timestamp"])), "encrypt_type": "aes", "msg_signature": "x"}
    push = at(COMPATIBLE, safe=False).open(query, COMPATIBLE["body"].encode()).push
    assert isinstance(push, Text)
    assert push.content == "abcdteT"


def test_with_a_key_a_plain_push_is_refused_however_well_it_is_signed() -> None:
    for query in (signed(), {**signed(), "encrypt_type": "raw"}, {**signed(), "msg_signature": signed()["signature"]}):
        with pytest.raises(NotAllowed) as refused:
            SAFE.open(query, SAMPLE.encode())
        assert code(refused) == (403, "plaintext_refused")


def test_an_encrypted_push_without_a_key_here_is_named_as_such() -> None:
    query, body = sealed(SAMPLE)
    with pytest.raises(BadInput) as refused:
        PLAIN.open(query, body)
    assert code(refused) == (400, "no_aes_key")


def test_the_plain_signature_does_not_open_an_encrypted_push() -> None:
    query, body = sealed(SAMPLE)
    assert SAFE.open(query, body).push.kind == "text"
    for claimed in (query["signature"], query["msg_signature"].upper(), "", "字"):
        with pytest.raises(NotAllowed):
            SAFE.open({**query, "msg_signature": claimed}, body)


def test_a_ciphertext_under_another_ones_signature_is_refused() -> None:
    query, _ = sealed(SAMPLE)
    _, body = sealed(SAMPLE.replace("this is a test", "转人工"))
    with pytest.raises(NotAllowed) as refused:
        SAFE.open(query, body)
    assert code(refused) == (403, "bad_signature")


def test_a_push_for_another_account_is_refused() -> None:
    with pytest.raises(NotAllowed) as refused:
        SAFE.open(*sealed(SAMPLE, STRANGER))
    assert code(refused) == (403, "wrong_receiver")


@pytest.mark.parametrize("inside", ["", "hello", "{}", "<xml/>", "<!DOCTYPE x><xml/>", SAMPLE[:-5]])
def test_what_cannot_be_read_is_malformed_in_both_modes(inside: str) -> None:
    with pytest.raises(BadInput) as refused:
        PLAIN.open(signed(), inside.encode())
    assert code(refused) == (400, "malformed")
    with pytest.raises(BadInput):
        SAFE.open(*sealed(inside))


def test_a_ciphertext_cut_short_is_malformed() -> None:
    encrypted = CIPHER.encrypt(SAMPLE)
    for broken in (encrypted[:-8], encrypted[:44], "=", encrypted + "A"):
        with pytest.raises(BadInput):
            SAFE.open(*over(broken))


def test_a_body_beyond_one_mebibyte_is_too_large_whoever_sent_it() -> None:
    for callback in (PLAIN, SAFE):
        with pytest.raises(TooLarge):
            callback.open({}, b"x" * (MAX_BYTES + 1))


def test_a_stale_push_is_refused_though_its_signature_is_right() -> None:
    query, body = sealed(SAMPLE)
    late = Callback(TOKEN, CIPHER, clock=lambda: NOW + WINDOW_SECONDS + 1)
    with pytest.raises(NotAllowed) as refused:
        late.open(query, body)
    assert code(refused) == (403, "stale")


def test_by_its_replay_key_a_request_is_known_again_and_a_new_body_under_it_too() -> None:
    first = PLAIN.open(signed(), SAMPLE.encode())
    retry = PLAIN.open(signed(), SAMPLE.encode())
    forged = PLAIN.open(signed(), SAMPLE.replace("1234567890123456", "2").encode())
    other = PLAIN.open(signed(nonce="2"), SAMPLE.encode())
    assert first.replay_key == retry.replay_key == forged.replay_key != other.replay_key
    assert first.push.message_id == retry.push.message_id == other.push.message_id != forged.push.message_id
    assert REPLAY_SECONDS >= 2 * WINDOW_SECONDS


def test_the_answer_goes_back_to_the_sender_from_the_account() -> None:
    opened = PLAIN.open(signed(), SAMPLE.encode())
    answer = parse(PLAIN.answer(opened, Words("您好")).encode())
    told = [answer.get(name) for name in ("ToUserName", "FromUserName", "CreateTime", "Content")]
    assert told == ["fromUser", "toUser", str(NOW), "您好"]


def test_the_answer_to_an_encrypted_push_is_encrypted_and_signed_with_its_nonce() -> None:
    opened = SAFE.open(*sealed(SAMPLE))
    envelope = parse(SAFE.answer(opened, Words("您好")).encode())
    encrypted, nonce, timestamp = (envelope.get(name) or "" for name in ("Encrypt", "Nonce", "TimeStamp"))
    assert (nonce, timestamp) == ("1320562132", str(NOW))
    assert envelope.get("MsgSignature") == sign(TOKEN, timestamp, nonce, encrypted)
    assert parse(MessageCipher(KEY, APPID).decrypt(encrypted).encode()).get("Content") == "您好"


def test_success_is_said_plainly_in_both_modes_and_to_what_has_no_sender() -> None:
    assert PLAIN.answer(PLAIN.open(signed(), SAMPLE.encode())) == ACK
    assert SAFE.answer(SAFE.open(*sealed(SAMPLE))) == ACK
    names = {"ToUserName": "ww1", "CreateTime": "1", "MsgType": "event", "Event": "kf_msg_or_event"}
    wake_up = element("xml", *(cdata(*told) for told in {**names, "Token": "t", "OpenKfId": "wk1"}.items()))
    assert SAFE.answer(SAFE.open(*sealed(wake_up)), Words("您好")) == ACK


def test_who_left_is_not_answered_and_only_a_message_is_handed_to_a_person() -> None:
    event = SAMPLE.replace("[text]", "[event]").replace("</xml>", "<Event>{}</Event></xml>")
    gone, pressed = (PLAIN.open(signed(), event.format(kind).encode()) for kind in ("unsubscribe", "CLICK"))
    assert PLAIN.answer(gone, Words("您好")) == ACK
    assert "您好" in PLAIN.answer(pressed, Words("您好"))
    assert "transfer_customer_service" in PLAIN.answer(PLAIN.open(signed(), SAMPLE.encode()), Transfer())
    with pytest.raises(NotSendable):
        PLAIN.answer(pressed, Transfer())


def test_a_text_too_long_is_not_answered_with() -> None:
    with pytest.raises(NotSendable):
        PLAIN.answer(PLAIN.open(signed(), SAMPLE.encode()), Words("字" * 700))
