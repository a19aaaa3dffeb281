"""How often properties of the rules are tried: 500 examples each; 10,000 with TEST_LONG=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = 10_000 if os.environ.get("TEST_LONG") else 500
often = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
