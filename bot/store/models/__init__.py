"""All tables."""

from bot.store.models.base import Base, new_id
from bot.store.models.conversation import (
    Conversation,
    InboxEntry,
    IssuedButton,
    Message,
    OutboxEntry,
    TrackerState,
    Upload,
)
from bot.store.models.customer import Customer, FailedProof, Identity, OrderGrant
from bot.store.models.desk import Account, Approval, Handoff, Ticket, TicketEvent
from bot.store.models.shop import Order, OrderItem, PriceChange, Product, Setting

__all__ = [
    "Account", "Approval", "Base", "Conversation", "Customer", "FailedProof", "Handoff", "Identity", "InboxEntry",
    "IssuedButton", "Message", "Order", "OrderGrant", "OrderItem", "OutboxEntry", "PriceChange", "Product", "Setting",
    "Ticket", "TicketEvent", "TrackerState", "Upload", "new_id",
]  # fmt: skip
