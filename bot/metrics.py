"""What Prometheus sees."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

MESSAGES = Counter("shop_messages_total", "Messages from customers", ["channel"])
TURN_SECONDS = Histogram(
    "shop_turn_seconds", "From taking a turn up to its commit", buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
)
TURNS_FAILED = Counter("shop_turns_failed_total", "Turns that ended in an apology")
REPLIES = Counter("shop_replies_total", "Replies of the bot", ["key"])
HANDOFFS = Counter("shop_handoffs_total", "Conversations handed to people", ["reason"])
ANSWERS_HELPFUL = Counter("shop_answers_helpful_total", "Answers that a customer called helpful", ["key"])
ANSWERS_UNSOLVED = Counter("shop_answers_unsolved_total", "Answers that did not solve it, as a customer said", ["key"])
TAPS_TO_HUMAN = Histogram(
    "shop_taps_to_human", "Wishes for a person until the queue took the customer", buckets=(1, 2, 3, 5, 10)
)
PROMISES = Counter("shop_promises_total", "Promises that were settled", ["kind", "made_by", "state"])
PROMISES_REFUSED = Counter("shop_promises_refused_total", "Promises that were not sent", ["kind", "made_by"])
SURVEY_SCORES = Counter("shop_survey_scores_total", "Scores that customers gave", ["kind", "score"])
CLOCKS = Counter("shop_clocks_total", "Clocks by what became of them: started, kept, breached", ["rule", "outcome"])
JOBS_FAILED = Counter("shop_jobs_failed_total", "Attempts at timed work that failed", ["kind"])
WECHAT_ERRORS = Counter("shop_wechat_errors_total", "Calls of WeChat's API that it refused", ["path", "errcode"])
