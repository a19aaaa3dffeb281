"""WeChat's API, called from here: asynchronous, with one token for all nodes and errors as typed outcomes.

`transport` is plain HTTP and knows whether a request went out; `tokens` keeps the access token in the `store` that all
nodes share; `client` calls with it; `errors` and `outcomes` say what WeChat's codes mean for us. On top stand
`sending`, `media` (with `forms`, which makes files acceptable), `incoming`, `menu`, `notices`, `desk`, `binding` and
`scenes`; `official` puts them together.
"""
