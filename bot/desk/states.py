"""Who owns a conversation, and how a handoff ends. The words are pinned by the HTTP interface."""

BOT = "bot"
QUEUE = "queue"
AGENT = "agent"
CLOSED = "closed"

QUEUED = "queued"
ACCEPTED = "accepted"
RETURNED = "returned"
CANCELLED = "cancelled"
MESSAGE_LEFT = "message_left"
OPEN_HANDOFFS = (QUEUED, ACCEPTED)
