"""Custom actions run in this process: an endpoint whose `request` is a function call."""

from __future__ import annotations

import asyncio
import logging
from json import dumps
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.conversation.turn import current_turn

_RESULT = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())


class InProcessActions(EndpointConfig):
    """Runs the actions of a package with a time limit in seconds.

    Rasa swallows what an action raises and goes on in silence: the error is kept on the turn, which then fails whole.
    """

    def __init__(self, package: str, timeout: float) -> None:
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._timeout = timeout

    async def request(self, *_args: Any, json: Any = None, **_kwargs: Any) -> Any:
        """What RemoteAction calls in place of an HTTP request."""
        try:
            result = await asyncio.wait_for(self._executor.run(json), self._timeout)
            _check(result)
            return result
        except ActionExecutionRejection as rejected:
            body = dumps({"action_name": rejected.action_name, "error": rejected.message})
            raise ClientResponseError(400, "rejected", body) from rejected
        except Exception as error:
            turn = current_turn()
            if turn:
                turn.failure = error
            raise


def _check(result: Any) -> None:
    wrong = jsonschema.exceptions.best_match(_RESULT.iter_errors(result))
    if wrong is not None:
        raise wrong


def validate_results_once() -> None:
    """Leave the check of action results to us: stock Rasa spends most of a turn checking its schema's own schema."""
    RemoteAction._validate_action_result = lambda _self, _result: True
