"""How long Hypothesis searches for the input that breaks."""

from __future__ import annotations

import hypothesis

WHOLE, QUICK = "whole", "quick"
FEW = 10
hypothesis.settings.register_profile(WHOLE, deadline=None)  # a busy machine is slow, not wrong
hypothesis.settings.register_profile(QUICK, deadline=None, max_examples=FEW)  # `make quick`


def examples(count: int) -> int:
    """Return how many examples a search tries that wants so many: few in `make quick`."""
    return min(count, hypothesis.settings.default.max_examples) if hypothesis.settings.default.max_examples == FEW else count
