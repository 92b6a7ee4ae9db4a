"""What a person tells of themselves in a message of the form, as typed in a chat. No model: word lists, phonenumbers, email-validator."""

from language.fields.contact import valid_email, valid_phone
from language.fields.corrections import corrected, corrects_something
from language.fields.details import WishOf, told_in
from language.fields.terms import term_in

__all__ = ["WishOf", "corrected", "corrects_something", "term_in", "told_in", "valid_email", "valid_phone"]
