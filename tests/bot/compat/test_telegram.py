"""What `bot/compat/telegram.py` needs of python-telegram-bot."""

from __future__ import annotations

import inspect
from datetime import timedelta

from telegram import Bot
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.compat.telegram import wait_of

LOOK = "python-telegram-bot was changed: see bot/compat/telegram.py, read in 22.8, and compare"


def test_python_telegram_bot_still_has_the_private_parts_we_use() -> None:
    assert wait_of(RetryAfter(timedelta(seconds=1.5))) == timedelta(seconds=1.5), f"{LOOK} RetryAfter in telegram/error.py"
    post = inspect.signature(Bot._post).parameters
    assert list(post)[:3] == ["self", "endpoint", "data"] and "read_timeout" in post, f"{LOOK} Bot._post in telegram/_bot.py"
    run = list(inspect.signature(AIORateLimiter._run_request).parameters)
    assert run == ["self", "chat", "group", "allow_paid_broadcast", "callback", "args", "kwargs"], (
        f"{LOOK} AIORateLimiter in telegram/ext/_aioratelimiter.py"
    )
