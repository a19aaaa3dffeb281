"""The library of facts that flows ask for. One flow's own facts stand in that flow's file."""

from __future__ import annotations

from actions.facts.fact import Checked, Fact
from actions.facts.goods import Item, Items, Quantities, Quantity
from actions.facts.lacking import Lacking, LackingItem, LackingOrder, ShortBy
from actions.facts.order import OrderNo, PhoneTail
from actions.facts.remedy import Confirmed, Solution
from actions.facts.trouble import Cause, Evidence, Intact, Opened
from actions.facts.variant import Received, Wanted

__all__ = ["Checked", "Fact"]

order_no, phone_tail, item, quantity = OrderNo(), PhoneTail(), Item(), Quantity()
items, quantities = Items(), Quantities()
lacking_order, lacking_item, lacking, short_by = LackingOrder(), LackingItem(), Lacking(), ShortBy()
cause, opened, intact, evidence = Cause(), Opened(), Intact(), Evidence()
received, wanted = Received(), Wanted()
solution, confirmed = Solution(), Confirmed()
