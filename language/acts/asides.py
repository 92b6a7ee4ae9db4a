"""What a message says beside the matter: it is about the conversation, or how it goes on, and tells no detail."""

from __future__ import annotations

import re

from language.acts.plain import SOFT, one_line

_PLEASANT = re.compile(
    rf"^{SOFT}(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|thanks?(?: you)?|thank you|cheers|ta|great|nice|lol|lmao|rofl|haha(?:ha)*|ha|omg|hm+|er+m*|um+|oh|ah|hang on|hold on|hold the line|wait|pardon|sorry|"
    r"(?:just )?(?:one|a|half a) (?:sec|second|moment|minute|mo|tick)|(?:just )?give me a (?:sec|second|moment|minute)|let me (?:think|check|look|see|find\b.*|ask\b.*)|bear with me|brb|back in a (?:sec|second|moment|minute)|ready|i'm (?:here|back|ready)|"
    r"(?:are you|is (?:anyone|anybody|someone)) (?:still )?there|still there|you there|how are you|nice to (?:meet|talk to) you|you're (?:very )?(?:kind|helpful|welcome)|that's (?:nice|great|kind|funny|good to know))(?: (?:please|then|again|there|thanks|so much|very much|a lot|a bunch|for (?:that|your help|helping)))*[\s,.!?]*)+$",
    re.I,
)
_GRUMBLE = re.compile(
    rf"^{SOFT}(?:you(?:'re| are|r| r| were)? (?:so |such |very |really |absolutely |completely |just |all |a |an |no )*(?:useless|stupid|rubbish|dumb|slow|thick|annoying|terrible|awful|hopeless|nosy|rude|pathetic|crap|idiots?|help|use|joke|waste|bot|robot|machine|not|keep|already|said|asked|don't|never|must be|ask too)\b.*|"
    r"u r \w+.*|(?:this|that|it|the form|this form|this thing|this bot)(?:'s| is| was| has)? (?:\w+ing (?:ages|forever|too|so|me|very|a long|long|hours|my|on|up)\b.*|(?:so |too |very |really |just |absolutely |such |getting |a bit |far too |a |an |complete |total |utter |ridiculously )*(?:ridiculous|stupid|annoying|rubbish|useless|silly|boring|slow|joke|waste|pointless|terrible|awful|hopeless|crap|painful|hard|difficult|long|frustrating|confusing|nonsense|mad|insane|complicated|tedious|many questions|much|takes (?:ages|forever|too)|takes (?:so )?long)\b.*)|"
    r"(?:i|we)(?:'ve| have)? (?:already |just |literally )(?:told|said|gave|given|answered|typed|entered|put|filled|did)\b.*|(?:i|we)(?:'ve| have)? (?:told|said) (?:you|that|it|this|so)\b.*|"
    r"(?:i'm|i am|im) (?:so |very |really |getting |a bit |just )*(?:confused|lost|bored|fed up|annoyed|frustrated|cross|angry|tired|in a hurry|in a rush|busy|waiting|losing)\b.*|"
    r"(?:too|so|why so|how) many (?:more )?questions\b.*|(?:are we|are you|is it|is that) (?:nearly |almost )?(?:done|finished|there)(?: yet)?\W*|hurry(?: up)?|get on with it|come on|just (?:call|ring|phone|do it|get on)\b.{0,20}|for (?:god|heaven|goodness|fuck|pete|christ)'?s? ?'?s? sake|wtf|ffs|what a (?:joke|waste|mess|farce|palaver|faff)\b.*|not again|again\?+|how rude|"
    r"(?:oh |for )?(?:fuck|fucking|shit|bloody|bollocks|crap|piss|bugger|sod|damn|screw)\b.{0,40}|.{0,20}\b(?:fuck off|piss off|idiots?|morons?|twats?|wankers?|bastards?|arseholes?|assholes?)\b.{0,20})$",
    re.I,
)
_LONGEST_REMARK = 12  # words
_OPTIONAL = {
    "phone": r"(?:tele)?phone(?: number)?|mobile(?: number)?|number|landline",
    "email": r"e-?mail(?: address)?",
    "role": r"role|job title|position",
    "message": r"message|comment|note",
    "term": r"term",
}
_DROPS = {
    field: re.compile(
        rf"^{SOFT}(?:can you |could you |just )?(?:remove|delete|drop|leave (?:out|off)|take (?:out|off|away)|get rid of|lose|scrap|erase|omit|clear)\s+(?:my |the |our |that )?(?:{words})(?: (?:out|off|please|pls|thanks|again|then))*[\s.!]*$"
        rf"|^{SOFT}(?:leave|take) (?:my |the |our |that )?(?:{words}) (?:out|off|away)(?: please)?[\s.!]*$"
        rf"|^{SOFT}(?:no|without(?: the| my)?|(?:i )?don't (?:include|send|keep|use|put) (?:my |the )?)\s*(?:{words})(?: (?:please|after all|then))*[\s.!]*$",
        re.I,
    )
    for field, words in _OPTIONAL.items()
}
_BY_EMAIL = re.compile(
    rf"^{SOFT}(?:(?:i(?:'d| would)? |we(?:'d| would)? )?(?:rather|prefer|prefer it|like it)(?: to have| to be| you| they)*(?: by| an?| via)? ?e-?mail(?:ed)?(?: me| us)?(?: please| instead)*|(?:make (?:it|that)|can (?:it|that) be|could (?:it|that) be) (?:by |an? )?e-?mail(?: instead| please)*\??|(?:by |via |an )?e-?mail(?: me| us)? (?:instead|rather)(?: of .{{1,30}})?(?: please)?|(?:by|via) e-?mail(?: please| only)*|(?:not|no|don't|do not|please don't|rather than|never)(?: by| on| via)?(?: the)? ?(?:a )?(?:phone|call|ring|telephone)(?: call)?(?: me| us)?,? (?:but |just |only |please |rather )*(?:by |use |send )?(?:an )?e-?mail(?: me| us)?(?: instead| please| only)*)[\s.!]*$",
    re.I,
)
_BY_PHONE = re.compile(
    rf"^{SOFT}(?:(?:i(?:'d| would)? |we(?:'d| would)? )?(?:rather|prefer)(?: to be| you| they)* (?:by phone|a (?:phone )?call|called|rung|phoned)(?: please| instead)*|(?:make (?:it|that)|can (?:it|that) be|could (?:it|that) be) (?:by |a )?(?:phone|phone call|call|ring)(?: instead| please)+\??|make it (?:by phone|a phone number)(?: please)?|(?:ring|call|phone)(?: me| us)? instead(?: of (?:e-?mail\w*|an e-?mail))?(?: please)?|(?:by|via) phone(?: please| only| instead)*|(?:not|no|don't|do not|please don't|rather than)(?: by| via)? ?e-?mail(?: me| us)?,? (?:but |just |only |please |rather )*(?:ring|call|phone|by phone)(?: me| us)?(?: instead| please| only)*)[\s.!]*$",
    re.I,
)

_OURS = r"(?:my|our|the)"
_SENT_THING = r"(?:enquiry|enquiries|details|message|form|request|number|information|lead|e-?mail|call ?back|reference)"
_OF_SENT = re.compile(
    rf"^{SOFT}(?:(?:did|have|has) (?:you|u|they|it|that|anyone|somebody|someone|{_OURS} \w+) (?:actually |already |all |been |now |even )*(?:get|got|received?|sent|send|gone|go|went|arrived?|work|worked|noted?|passed|saved?|through)\b(?: (?:{_OURS} (?:\w+ )?{_SENT_THING}|it|that|them|through|on|off|ok|okay|all right|yet|already|to them|over))*"
    rf"|(?:is|was) (?:it|that|{_OURS} {_SENT_THING}) (?:now |already |been )*(?:sent|through|received|with them|done|in|noted|ok)(?: yet| now| already| through| off)*"
    rf"|(?:what(?:'s| is| was)|can (?:you|i|we) (?:have|give me|tell me|get|repeat)|tell me|give me|i(?:'ve| have)? (?:lost|forgotten|forgot|need)) (?:again )?(?:my|our) (?:reference|ref)\b.{{0,30}}"
    rf"|(?:what(?:'s| is)|how(?:'s| is)|any) (?:the )?(?:status|progress|news|update)s? (?:of|on|about|with|for) {_OURS} (?:\w+ )?{_SENT_THING}.{{0,20}}"
    rf"|(?:(?:when|how soon) (?:will|would|are|is|can|do|does|shall) (?:you|they|someone|somebody|anyone|the trust)|who(?:'s| is|'ll| will))\b(?: going to| actually)? ?(?:ring|call|phone|contact|e-?mail|get back to|get in touch with|reply to)\b(?: (?:me|us|back)\b)+"
    rf"|(?:when|how soon) (?:will|would|can|do|shall) (?:i|we) (?:hear from|hear back|hear|get a call|get an answer|be (?:called|contacted|rung))\b(?: (?:back|from|you|them|someone|somebody|anyone)\b)*"
    rf"|what happens (?:next|now)(?: with {_OURS} {_SENT_THING})?"
    rf")[\s?!.]*$",
    re.I,
)
_SENDS = re.compile(
    rf"^{SOFT}(?:yes[\s,.!]*)?(?:please )?(?:send|submit)(?: (?:it|this|that|them|off|again|now|my details|the form))*(?: please)?[\s.!]*$",
    re.I,
)


def asks_of_sent(text: str) -> bool:
    """Return whether a message asks what became of the details somebody left ("did you get my enquiry?", "when will you ring me?")."""
    return bool(_OF_SENT.match(one_line(text)))


def sends(text: str) -> bool:
    """Return whether a message sends something off ("yes, send it")."""
    return bool(_SENDS.match(one_line(text)))


def remarks(text: str) -> str | None:
    """Return whether a message is only about the conversation: "pleasantry" ("thanks", "hang on"), "grumble" ("this takes ages"), or None."""
    line = one_line(text)
    if len(line.split()) > _LONGEST_REMARK or re.search(r"[\d@]| [A-Z][a-z]", line):
        return None  # "this is Slow Lane" is a school
    return "pleasantry" if _PLEASANT.match(line) else "grumble" if _GRUMBLE.match(line) else None


def drops(text: str) -> str | None:
    """Return the detail that a message wants left out again ("remove the phone number"), or None."""
    line = one_line(text)
    return next((field for field, pattern in _DROPS.items() if pattern.match(line)), None)


def reached_by(text: str) -> str | None:
    """Return how somebody wants to be reached instead ("actually make it an email"): "email", "phone" or None."""
    line = one_line(text)
    return "email" if _BY_EMAIL.match(line) else "phone" if _BY_PHONE.match(line) else None
