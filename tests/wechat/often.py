"""How often properties are tried: 300 examples each; 2,000 with TEST_LONG=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = 2_000 if os.environ.get("TEST_LONG") else 300
often = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NASTY = ["]]>", "<![CDATA[", "<b>", "&amp;", "\x00", "\x1b", "\r\n", "😀", "您好", " ", "]", ">"]
anything = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
anything |= st.lists(st.sampled_from(NASTY), max_size=8).map("".join)
"""Texts, nasty ones more often than not."""
