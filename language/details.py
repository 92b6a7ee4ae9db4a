"""What a person tells of themselves in a message of the form, as typed in a chat. No model: patterns, phonenumbers, email-validator."""

from language.acts.asides import asks_of_sent, drops, reached_by, remarks, sends
from language.acts.manner import agrees, asks, asks_why, cancels, confirms, field_meant, goes_back, refuses, skips
from language.acts.wishes import term_in, wants_lead, wish_in
from language.fields.contact import valid_email, valid_phone
from language.fields.corrections import corrected, corrects_something
from language.fields.details import told_in

__all__ = [
    "agrees", "asks", "asks_of_sent", "asks_why", "cancels", "confirms", "corrected", "corrects_something", "drops", "field_meant", "goes_back", "reached_by", "refuses",
    "remarks", "sends", "skips", "term_in", "told_in", "valid_email", "valid_phone", "wants_lead", "wish_in",
]  # fmt: skip
