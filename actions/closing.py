"""The end that most flows share: the agreed remedy becomes a ticket; number, time and what comes next are told."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.scene import Scene
from bot import cards
from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.model import Card
from bot.policy.facts import Cause, Claim
from bot.policy.instant import Standing, with_instant
from bot.policy.outcome import with_evidence
from bot.store.models import Ticket

MONEY_COMES = ("refund", "return_refund", "cancel", "price_difference")
GOODS_GO = ("return_refund", "exchange")
GIVE_BACK = ("refund", "return_refund")
WITHOUT = ("rejected", "withdrawn")


async def open_agreed_ticket(cause: Cause, scene: Scene, dispatcher: CollectingDispatcher, detail: str = "") -> None:
    """Open the ticket for the remedy that was confirmed; nothing here says that money was paid.

    `detail`: what whoever works on the ticket needs beside the cause.
    """
    turn, order, decision, remedy = scene.turn, scene.order, scene.decision, scene.remedy
    if order is None or decision is None or remedy is None:
        raise ValueError("a flow may end only with an order and a remedy")
    remedy = with_instant(remedy, Claim(cause), await _standing(turn), scene.pack, turn.now)
    remedy = with_evidence(remedy, decision.evidence_asked, bool(scene.pictures))
    ticket = await tickets.open_ticket(
        turn.session,
        turn.services,
        turn.conversation,
        type=remedy.solution,
        status=remedy.status,
        now=turn.now,
        order_no=order.order_no,
        cause=cause,
        items=scene.claimed_items(),
        amount=remedy.amount,
        freight_payer=remedy.freight_payer,
        reason=detail or cause,
        evidence=scene.pictures,
        rule_ids=remedy.rule_ids,
        due_at=remedy.deadline,
    )
    waits_for_picture = decision.evidence_asked and not scene.pictures
    stays = "_kept" if remedy.goods_stay else ""
    instant = "_instant" if "instant_refund" in remedy.rule_ids else ""
    dispatcher.utter_message(
        response=f"utter_done_{remedy.solution}{stays}{instant}",
        json_message=cards.shown(_refund_card(scene, ticket), _return_card(scene, ticket)),
        ticket=ticket.id,
        due=tickets.when(remedy.deadline, turn.now),
        amount="" if remedy.amount is None else f"{remedy.amount:.2f}",
        items=scene.items_text(),
        order_tail=order.tail,
    )
    if "shipped_interception" in remedy.rule_ids:
        dispatcher.utter_message(response="utter_interception", ticket=ticket.id)
    if "approval_limit" in remedy.rule_ids:
        dispatcher.utter_message(response="utter_needs_approval", ticket=ticket.id)
    elif waits_for_picture:
        dispatcher.utter_message(response="utter_picture_later", ticket=ticket.id)


async def _standing(turn: Turn) -> Standing:
    """The customer's level, and when refunds were asked for before."""
    if turn.customer is None:
        return Standing("")
    asked = Ticket.customer_id == turn.customer.id, Ticket.type.in_(GIVE_BACK), Ticket.status.notin_(WITHOUT)
    refunds = (await turn.session.execute(select(Ticket.created_at).where(*asked))).scalars().all()
    return Standing(turn.customer.level, tuple(refunds))


def _refund_card(scene: Scene, ticket: Any) -> Card | None:
    """How far the money is: submitted, no more."""
    remedy, order = scene.remedy, scene.order
    if remedy is None or order is None or remedy.solution not in MONEY_COMES:
        return None
    return cards.refund(
        scene.turn.label,
        number=ticket.id,
        amount=ticket.amount,
        order_tail=order.tail,
        status=ticket.status,
        applied_at=ticket.created_at,
        goods_back=remedy.goods_back,
    )


def _return_card(scene: Scene, ticket: Any) -> Card | None:
    """Where the goods go; while a person still has to approve nothing is sent yet."""
    remedy = scene.remedy
    if remedy is None or not remedy.goods_back or remedy.solution not in GOODS_GO or ticket.status == "open":
        return None
    return cards.returning(scene.turn.label, scene.turn.services.shop.return_address, ticket.id)
