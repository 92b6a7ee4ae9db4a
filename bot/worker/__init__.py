"""The worker: sends what the outbox holds, groups gaps, forgets on time."""
