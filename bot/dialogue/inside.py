"""Actions in Rasa's own process: what an action call costs is then the action, not HTTP and JSON schemas."""

from __future__ import annotations

import json
from typing import Any, Optional, Text

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.compat.rasa import check_results_with

_ANSWER = Draft7Validator(RemoteAction.action_response_format_spec())


class InsideActions(EndpointConfig):
    """An action endpoint that calls the actions of a package instead of an address."""

    def __init__(self, package: str) -> None:
        super().__init__(url="inside", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self, method: Text = "post", subpath: Optional[Text] = None, content_type: Optional[Text] = None,
        compress: bool = False, **kwargs: Any,
    ) -> Optional[Any]:  # fmt: skip
        """Run the action of the call. Raises ClientResponseError with 400 where the action declines, as the server would."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as declined:
            body = json.dumps({"action_name": declined.action_name, "error": declined.message})
            raise ClientResponseError(400, declined.message, body) from declined


def check_answers_once() -> None:
    """Let Rasa check what actions return against a schema that is compiled once."""
    check_results_with(_ANSWER.validate)
