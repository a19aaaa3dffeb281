"""People: queue, handoffs, tickets, approvals, accounts."""
