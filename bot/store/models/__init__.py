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
    TicketLink,
    TicketNews,
)
from bot.store.models.duty import ClockEvent, DutyClock, Job, PenaltyEntry
from bot.store.models.promise import MadePromise
from bot.store.models.shop import Order, OrderItem, PriceChange, Product, Refund, Setting
from bot.store.models.wechat_api import WeChatMedium, WeChatScene, WeChatState, WeChatToken
from bot.store.models.wechat_delivery import WeChatPush, WeChatUser

__all__ = [
    "Account", "Approval", "Base", "ClockEvent", "Conversation", "Customer", "DeskSession", "DutyClock",
    "FailedLogin", "FailedProof", "Handoff", "Identity", "InboxEntry", "IssuedButton", "Job", "MadePromise", "Message",
    "Note", "Order", "OrderGrant", "OrderItem", "OutboxEntry", "PenaltyEntry", "PriceChange", "Product", "Refund",
    "Setting", "Survey", "Ticket", "TicketEvent", "TicketLink", "TicketNews", "TrackerState", "Upload",
    "WeChatMedium", "WeChatPush", "WeChatScene", "WeChatState", "WeChatToken", "WeChatUser", "new_id",
]  # fmt: skip
