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
from bot.store.models.desk import (
    Account,
    Approval,
    DeskSession,
    FailedLogin,
    Handoff,
    Note,
    Survey,
    Ticket,
    TicketEvent,
)
from bot.store.models.promise import MadePromise
from bot.store.models.shop import Order, OrderItem, PriceChange, Product, Setting

__all__ = [
    "Account", "Approval", "Base", "Conversation", "Customer", "DeskSession", "FailedLogin", "FailedProof", "Handoff",
    "Identity", "InboxEntry", "IssuedButton", "MadePromise", "Message", "Note", "Order", "OrderGrant", "OrderItem",
    "OutboxEntry", "PriceChange", "Product", "Setting", "Survey", "Ticket", "TicketEvent", "TrackerState", "Upload",
    "new_id",
]  # fmt: skip
