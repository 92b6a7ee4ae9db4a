"""What a delivery may end in, besides success. Their texts are shown in the inbox: they hold no visitor's words."""

from __future__ import annotations

from datetime import timedelta


class Undelivered(Exception):
    """Base: a notification was not delivered; the text says why in a few words."""


class DeliveryFailed(Undelivered):
    """It did not work this time. `unsure`: it may have arrived all the same."""

    def __init__(self, why: str, *, unsure: bool = False) -> None:
        super().__init__(why)
        self.unsure = unsure


class DeliveryRefused(Undelivered):
    """It never will work: the address does not exist, or the message is not taken."""


class RecipientBlocked(Undelivered):
    """The person does not let the bot write to them."""


class TooManyMessages(Undelivered):
    """Too much was sent to this person: nothing more for `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Telegram asks to wait")
        self.wait = wait
