"""How many characters are taken of what people write."""

from __future__ import annotations

LONGEST_MESSAGE = 2000  # of a visitor's message, by whichever channel; `language.text` reads as much
LONGEST_FEEDBACK = 2000  # of what staff say about Usher
LONGEST_OF_LEAD = {  # of a lead's fields; its message has room for what somebody adds when they ask again
    "name": 200, "role": 200, "school": 200, "email": 254, "phone": 40, "term": 20, "message": 4000,
}  # fmt: skip
