"""Every sentence of ours in Telegram. What is answered comes from the assistant; these are the words around it."""

from __future__ import annotations

STRANGER = "Hello. This bot is for staff of the trust. Everybody can ask the same questions on our website: {website}"
OFF = "The assistant is switched off here at the moment. Please ask {contact}."
AWAY = "The assistant is away just now, so your question was not answered. Please try again in a few minutes, or ask {contact}."
SLOW = "The assistant took too long to answer. Please try again in a minute, or ask {contact}."
FAULT = "Something went wrong on our side, so this was not done. Please try again, or ask {contact}."
NO_RECORDS = "I cannot reach my records just now, so this was not done. Please try again in a few minutes, or ask {contact}."
LATE = "Sorry for the long wait: I was away when you wrote."
TOO_LONG = "This is too long for me. Please ask in at most {longest:,} characters."
CHOSEN_BEFORE = "That was chosen already."
OLD_BUTTON = "I no longer know this button. Please type your question."
NOT_YOURS = "These buttons are for the person who asked."
NOT_YOUR_ROLE = "Your role does not include this. An admin can change your role in the inbox."
ONLY_IN_PRIVATE = "I tell that in our private chat only, never in a group."
UNKNOWN_COMMAND = "I do not know this command. /help lists those I know."

WELCOME = (
    "Welcome, {name}. This chat is now yours: ask me anything about the trust, in your own words. "
    "I answer from its published documents and from what staff have added, and say so where I know nothing."
)
GREETING = "Hello {name}. Ask me anything about the trust, in your own words. /help lists what else I can do."
BOUND_ALREADY = "This Telegram account belongs to somebody else already. Please ask an admin to withdraw that access first."
INVITATION_USED = "This invitation was used already, and it works once. Please ask for a new one."
INVITATION_OVER = "This invitation no longer holds: it lasts seven days. Please ask for a new one."

EDITED = "I saw that you edited a message. I answer what was sent first; please send the new wording as a message of its own."
UNREADABLE = {
    "photo": "I cannot see pictures. Please type your question.",
    "video": "I cannot watch videos. Please type your question.",
    "voice": "I cannot listen to voice messages. Please type your question, or let your phone's keyboard take it down.",
    "sticker": "A nice sticker, but I read words only. Please type your question.",
    "document": "I cannot open files. Please type your question.",
    "location": "I cannot use a location. Please type your question.",
    "contact": "I do not take contact cards, so nothing of it was kept. Please type what you would like.",
    "poll": "I do not take part in polls. Please type your question.",
    "forward": "I leave forwarded messages unread, since others wrote them. Please type the question yourself.",
    "other": "I read words only. Please type your question.",
}
CAPTION = "I cannot see what you sent, so I go by the words under it."

HELP = "Type a question, such as “How much is associate membership?”, or press a button under an answer.\n\n{commands}"
HELP_GROUP = "Mention me, or reply to one of my messages, and I answer. Here in a group I tell public facts only."
CONTACT = "You can reach {contact}. The website: {website}"
TOPICS = "What I know about. Press a topic to ask about it."
ASK_HOW = "Just type your question, or put it behind the command: /ask How long does membership last?"
FEEDBACK_HOW = "Put it behind the command: /feedback The answer on pensions was out of date."
FEEDBACK_KEPT = "Thank you. Your words go to those who look after the answers."

NO_LEADS = "No lead is open. Well done."
LEADS = "{shown} most urgent of {count}:"
LEADS_ALL = "Open leads, the most urgent first:"
WHICH_LEAD = "Which one? For example /lead U-7K3F9Q."
NO_SUCH_LEAD = "I know no lead {reference}."
CONTACTED = "{reference} is now “Contacted”."
CONTACTED_BEFORE = "The status of {reference} is {status} already, so nothing was changed."
UNDONE = "{reference} is back at “{status}”."
NEXT_HOW = (
    "What is next for {reference}, and by when? Reply to this message, for example: Ring the head, Friday. "
    "I know today, tomorrow, weekdays, “in 3 days” and dates such as 27 Nov."
)
NOTE_HOW = "Your note on {reference}? Reply to this message with it. No visitor ever sees notes."
PLANNED = "{reference}: “{text}”, by {day}."
WHICH_DAY = "By when? Please reply again with a day at the end, for example: {text}, Friday."
NOTED = "Noted for {reference}."

NO_GAPS = "No gap is open: everything that was asked has an answer."
GAPS = "What nobody could answer, the most pressing first. Reply to one with the answer, and it is known at once."
GAP = "“{text}”\nAsked {times}, last on {day}."
CONFIRM = "From now on I would answer “{gap}” with:\n\n“{says}”\n\nTopic: {topic}. Source: you, today. Who may hear it?"
TOO_LONG_A_FACT = "A fact is one statement of at most {longest} characters; this has {length}. Please reply to the gap again, shorter."
PUBLISHED = "Done. It is known from now on, {audience}."
NOT_PUBLISHED = "Nothing was published. Reply to the gap again to change the words."
GAP_CLOSED = "This gap is closed already."
GAP_GONE = "I no longer know this gap."

MUTE_HOW = "Now: {now}. /mute 22:00-07:00 keeps notifications back in those hours (London time), /mute off ends it."
MUTED = "No notifications from {begins} to {ends}, London time. They come after that."
UNMUTED = "Notifications come at any hour."
