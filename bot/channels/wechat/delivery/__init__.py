"""The way of messages to and from WeChat: every push answered in time, every message of the house sent once.

`pushes` knows what came before; `grants` what may be sent to whom; `lines` what waits for somebody, and in which
messages it goes out; `claims` lets only one at a time send it: `attempts`, which answers the request that is open, or
`courier`, which sends by the API. `overdue` gives to people what could not be sent.
"""
