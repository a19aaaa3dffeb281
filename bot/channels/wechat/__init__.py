"""WeChat official accounts (公众号). The protocol's core is pure: no web framework, no database, no network.

`envelope` opens what WeChat pushes and seals what goes back, on top of `signature`, `crypto` and `xml`; `inbound` reads
it into `messages` and `events`. `content` turns replies of the house into `outgoing` messages, which `replies` writes
as passive replies and `custom` as messages of the customer-service API; `split` keeps texts within their limit.
"""
