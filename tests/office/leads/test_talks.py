"""A lead's conversations: each message with what was made of it, by the enquiry it names and not by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from office.base.database import Database
from office.enquiries.log import Enquiry, log_enquiry
from office.enquiries.transcripts import write_message
from office.leads.model import Lead, LeadConversation
from office.leads.talks import talks_of

LATE = timedelta(hours=1)


def test_what_was_made_of_a_message_stands_with_it_whatever_the_clocks_say(database: Database, now: datetime) -> None:
    with database.transaction() as session:

        def logged(text: str, at: datetime) -> Enquiry:
            question = {"text": text, "trust": None, "topics": [], "outcome": "not_known", "facts": [], "confidence": 0.5}
            return log_enquiry(
                session,
                conversation="anna",
                channel="website",
                text=text,
                withheld=False,
                outcome="not_known",
                questions=[question],
                now=at,
            )

        lead = Lead(reference="U-AAAAAA", conversation="anna", channel="website", name="A", school="Oak", wish="visit", consented=now,
                    received=now, promised=now, changed=now, status="new")  # fmt: skip
        session.add(lead)
        session.flush()
        session.add(LeadConversation(lead=lead.id, conversation="anna", channel="website", at=now, wish="visit", message=""))
        for text, at in (("hens?", now + LATE), ("ducks?", now - LATE)):  # the assistant's clock goes its own way
            enquiry = logged(text, at)
            write_message(session, "anna", "visitor", text, now=now, enquiry=enquiry.id)
            write_message(session, "anna", "assistant", "I do not know.", now=now, custom={"enquiry": enquiry.sequence})
        logged("geese?", now + LATE)  # its answer never arrived
        (talk,) = talks_of(session, lead)
    told = [([said.text for said in turn.said], [judged.text for judged in turn.judged]) for turn in talk.turns]
    assert told == [(["hens?", "I do not know."], ["hens?"]), (["ducks?", "I do not know."], ["ducks?"]), (["geese?"], ["geese?"])]
