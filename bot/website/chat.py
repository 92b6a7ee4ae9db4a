"""The chat API: say something, read what was said, rate an answer, forget it all."""

from __future__ import annotations

from datetime import datetime, timezone

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.addresses import address_of
from bot.website.identity import Identity
from bot.website.incoming import read_after, read_conversation, read_feedback, read_key, read_said
from bot.website.limits import Limit
from bot.website.records import ConversationRecords
from bot.website.refusals import Refusal, unknown_conversation
from bot.website.replays import Replays
from bot.website.turns import Turns
from settings import Settings

TOO_MANY = "Too many messages at once. Please wait a little and try again."


class ChatApi:
    """The endpoints of the chat. Each raises Refusal for what it cannot meet."""

    def __init__(self, settings: Settings, identity: Identity, records: ConversationRecords, turns: Turns, replays: Replays) -> None:
        self._identity, self._records, self._turns, self._replays = identity, records, turns, replays
        self._trust_proxy = settings.trust_proxy
        self._of_address = Limit(settings.limit_address_per_minute)
        self._of_conversation = Limit(settings.limit_conversation_per_minute)

    async def say(self, request: Request) -> Response:
        """One turn: the visitor's text or chosen button in, the assistant's reply out."""
        address = address_of(request, trust_proxy=self._trust_proxy)
        self._check(self._of_address, address)
        key = read_key(request)
        said = await read_said(request)
        if said.conversation is not None:
            self._check_issued(said.conversation)
            self._check(self._of_conversation, said.conversation)
        conversation = said.conversation or self._identity.issue()
        # a key says "the same message again" only of the same message, to whoever holds the conversation, or began it from there
        named = f"{key} {said.conversation or address} {said.digest}" if key else None
        source = self._identity.source_of(address, datetime.now(timezone.utc).date())
        return JSONResponse(await self._replays.once(named, lambda: self._turns.take(conversation, said, source)))

    async def read(self, request: Request) -> Response:
        """Both sides' messages, numbered above `after`."""
        conversation = self._conversation(request)
        messages, last = await self._records.since(conversation, read_after(request))
        if not last:
            raise unknown_conversation()
        return JSONResponse({"conversation": conversation, "messages": messages, "last": last})

    async def rate(self, request: Request) -> Response:
        """Keep a visitor's thumb on an answer."""
        self._check(self._of_address, address_of(request, trust_proxy=self._trust_proxy))
        number, thumb = await read_feedback(request)
        if not await self._records.rate(self._conversation(request), number, thumb):
            raise Refusal(404, "unknown_message", "There is no such answer in this conversation.")
        return Response(status_code=204)

    async def forget(self, request: Request) -> Response:
        """Erase a conversation; again and again, if wished."""
        conversation = self._conversation(request)
        await self._replays.finished(self._turns.forget(conversation))
        self._replays.forget(conversation)
        return Response(status_code=204)

    def _conversation(self, request: Request) -> str:
        conversation = read_conversation(request)
        self._check_issued(conversation)
        return conversation

    def _check_issued(self, conversation: str) -> None:
        if not self._identity.issued(conversation):
            raise unknown_conversation()

    def _check(self, limit: Limit, key: str) -> None:
        wait = limit.take(key)
        if wait:
            raise Refusal(429, "too_many", TOO_MANY, {"Retry-After": str(wait)})
