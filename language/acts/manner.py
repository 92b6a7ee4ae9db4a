"""What a message does rather than tells: it asks why, skips, cancels, agrees, refuses, or asks something else."""

from __future__ import annotations

import re

from language.acts.plain import SOFT, one_line
from language.acts.wishes import wants_lead
from language.fields.contact import emails_in, phones_in

_THAT = r"(?:that|this|it|my (?:\w+ ){0,2}\w+|these|those|all (?:that|this)|the \w+|me (?:that|this)|our \w+|(?:a |an )?\w+)"
_WHY = re.compile(
    rf"^{SOFT}(?:"
    r"(?:but )?why(?: not)?[\s?!.]*$|why (?:my|our|the|an?|do you want|you want) (?:\w+ ){0,2}?(?:name|role|school|job|title|numbers?|phone|e-?mail|address|details|term|message|wish|yes|consent)[\s?!.]*$|why(?:'s| is| are) (?:you asking\b.*|(?:that|this|it|these|(?:my|our|the) (?:name|role|school|number|phone|email|message|term))(?: \w+)?(?: (?:needed|necessary|required|important|relevant|mandatory|compulsory|asked)\b.*|[\s?]*$))|"
    rf"why (?:do|would|did|are|must|should|have|is|does) (?:you|i|we|u|that|this|it|they)\b(?: \w+){{0,3}}? (?:ask(?:ing)?|need|want|know|require|collect|give (?:you|my|it|that|this))\b.*|"
    r"what(?:'s| is) (?:that|this|it) for\b.*|what for\b.*|how come\b.{0,30}(?:need|ask|want).*|"
    rf"what do (?:you|u|they) (?:need|want|use) {_THAT}(?: \w+)? (?:for|with)\b.*|what (?:do|will) (?:you|they|u) do with (?:it|that|this|them|these|those|(?:my|our|the|all) (?:\w+ )?(?:details|data|information|info|number|email|e-mail|name|address))\b.*|what do you need (?:my|our|that|it|this)\b.*|"
    r"(?:do|must|should) (?:i|we) (?:really |actually )?(?:have|need)? ?(?:to )?(?:tell|give|say|answer|share|provide|fill|put)\b.*|do (?:i|we) have to\b[\s?]*$|"
    r"is (?:that|this|it|my (?:name|role|school|number|phone|phone number|email|e-mail|email address|message)) (?:really |actually )?(?:necessary|needed|required|mandatory|compulsory|optional|safe|confidential|private|secure|kept|stored|shared)\b.*|"
    r"(?:and |so |but )?(?:what|where|who|how long|how)\b (?!do i\b).{0,40}\b(?:my|our|these|those|personal) (?:personal )?(?:details|data|information|info|number|email|e-mail|name|address)\b.*|"
    r"(?:who|how) (?:will |can |is going to )?(?:sees?|gets?|reads?|has access|keeps?|stores?) (?:this|that|it|them|these)\b.*|"
    r"(?:and |so |but )?how long (?:do|will|would|are) (?:you|they|u) (?:keep|keeping|store|storing|hold|holding|save|retain)\b.*|(?:and |but )?what (?:happens )?if (?:i|we) (?:say no|don't(?: \w+){0,3}|do not(?: \w+){0,3}|refuse|disagree|won't)[\s?!.]*$|"
    r"what (?:do|did) you mean\b.{0,20}|what(?:'s| is| does) (?:that|this|it) (?:mean|supposed to mean)\b.{0,20}|what(?:'s| is) (?:that|this)[\s?!.]*$|(?:sorry|pardon|huh|what|eh|come again)\s?\?+$|"
    r"i (?:don't|do not|didn't|can't) (?:understand|get (?:it|that|this)|follow)(?: (?:you|it|that|this|why|what|the question)\b.{0,30})?[\s?!.]*$|"
    r"(?:please )?help(?: (?:me|please|with (?:this|that)))*[\s?!.]*$|(?:i need|can i (?:get|have)|i'd like) (?:some |a bit of )?help[\s?!.]*$|(?:show )?(?:me )?(?:the )?(?:main )?(?:menu|options|commands|instructions)(?: please)?[\s?!.]*$|"
    r"what (?:do|should|can|must) (?:i|we) (?:put|type|write|enter|say|answer|do)(?: (?:here|now|there|for (?:that|this)))*[\s?!.]*$|"
    r"(?:is|are|will) (?:my|our|these|the) (?:\w+ )?(?:details|data|information|info|number|email|name)\b.{0,60}(?:safe|shared?|sold|stored?|kept|private|confidential|secure|passed|deleted)\b.*|"
    r"(?:are you going to|will you|do you) (?:sell|share|spam|pass on|keep|store|use) (?:my|me|this|our|it|them|these)\b.{0,30}[\s?]*|.*\bgdpr\b.*\?"
    r")$",
    re.I,
)
_SKIP = re.compile(
    rf"^{SOFT}(?:"
    r"[-–—./]+|skip(?: (?:it|this|that|this one|that one|the \w+|for now|please))?|pass|none(?: (?:really|at all|thanks|to add|at present))?|nil|n\s?[/.\\]?\s?a|na|nope|nowt|"
    r"not? applicable|(?:i(?:'d| would) )?(?:rather|prefer|would rather|would prefer)(?: to)? not(?: to)?(?: (?:say|tell|give|share|answer|disclose|leave)\b.{0,30})?|"
    r"i don't (?:want|wish|have|need) (?:to (?:say|tell|give|share|answer|add)\b.{0,40}|one|any|anything(?: (?:else|more))?(?: to add)?)|don't want to (?:say|tell|give|share|answer|add)\b.{0,40}|"
    r"(?:nothing|no(?:thing)? (?:more|else|message|comment|comments|role|thanks?|phone|email|e-mail|number|term)|not? message)(?: (?:else|to add|thanks?|thank you|really|at the moment|for now))*|"
    r"(?:i )?(?:have )?no (?:message|role|comment|title|further \w+)|leave (?:it|that|this) (?:blank|empty|out)|leave blank|blank|empty|next|move on|no(?:t)? (?:answer|now)|"
    r"(?:that's|thats|that is) (?:all|it|everything)(?: (?:thanks?|thank you|from me|for now))*|don't (?:have|know)(?: (?:one|it|yet|any))?|dunno|no idea|i don't know|not sure|doesn't matter|(?:it's |its |that's |thats |it is |that is )?(?:private|personal|confidential|a secret|not (?:your|relevant|important|needed|necessary)\b.{0,20}|none of (?:your|ur) (?:\w+ )?business)|mind your own business|(?:i )?won't (?:say|tell|give)\b.{0,30}|ignore(?: (?:it|that|this))?"
    r")(?: (?:please|thanks?|thank you|ta))?[\s.!]*$",
    re.I,
)
_NO_MATTER = re.compile(r"^(?:no|nope|nah|none)(?:,? (?:thanks?|thank you|ta|cheers))?[\s.!]*$", re.I)
_CANCEL = re.compile(
    rf"^{SOFT}(?:(?:i|we) (?:want|would like|wish|'d like|need) to |i'd like to |let's |can (?:we|i|you) (?:just |please )?|could (?:we|i|you) (?:just |please )?|just |please )?(?:"
    r"cancel(?: (?:it|this|that|everything|all|all of (?:it|this|that)|the (?:form|request|whole thing|enquiry|call|call back|callback)|my (?:request|enquiry|details)))?|"
    r"stop(?: (?:it|this|that|now|here|everything|there|the form|asking(?: me)?(?: \w+)?))?|quit|exit|abort|abandon(?: (?:it|this))?|end(?: this)?|"
    r"(?:forget|scrap|drop|leave|bin) (?:it|this|that|about it|the whole thing|everything)|never ?mind(?: (?:then|about (?:it|that)))?|nevermind|nvm|"
    r"(?:i've|i have|we've|we have|ive|i) changed (?:my|our) minds?\b.{0,40}|changed my mind|"
    r"(?:please )?(?:don't|do not|dont) (?:call|ring|phone|contact|email|e-mail|bother|text|write to|save|keep|store|send)(?: (?:me|us|it|that|this|anything|my (?:details|data|information|number|name)))?(?: (?:back|at all|after all|any ?more|then|again|please))*|"
    r"(?:delete|erase|remove|discard|wipe|clear|forget) (?:it|this|that|them|everything|all(?: (?:of (?:it|this|that)|my (?:details|data|information)))?|(?:all )?(?:my|our|these|those|the) (?:details|data|information|info|answers|request|enquiry|draft)|what i(?:'ve)? (?:said|told you|typed|wrote))|"
    r"(?:i )?(?:don't|do not|dont) want (?:to (?:do this|go on|carry on|continue|be (?:called|contacted|rung|phoned|emailed)|leave my details|give (?:you )?my details|share my details|talk to anyone)|this|it|a call(?: back)?|anyone to (?:call|ring|contact)(?: me)?|you to (?:call|ring|contact) me)(?: any ?more| after all| now)*|"
    r"(?:i'm|i am|im) not interested(?: any ?more| after all| now)?|not interested(?: any ?more| after all)?|(?:(?:it's |it is |i'm |i am |we're |we are )?no longer (?:interested|needed|necessary|required)|(?:i |we )?no longer (?:want|need)(?: (?:it|this|that|a call(?: ?back)?|you to (?:call|ring|contact) (?:me|us)))?)|(?:i'd|i would) rather not (?:continue|go on|carry on|do this|be (?:called|contacted))|"
    r"(?:(?:i|we)(?:'ll| will|'d rather| would rather| might| can) |let me |let's )(?:just )?(?:do|finish|fill|come back(?: to)?|leave|complete|sort|try)(?: (?:it|this|that|the form|again))?(?: (?:in|out|off|up))?(?: for)?(?: some)? ?(?:later(?: on)?|another (?:time|day)|some other time|tomorrow|next week)|"
    r"(?:(?:not|no) (?:right )?now,? )?(?:(?:maybe|perhaps|possibly|probably|some) )?(?:another (?:time|day)|other time)|(?:(?:not|no) (?:right )?now,? (?:maybe )?|maybe |perhaps |possibly |probably )later(?: on)?|"
    r"no need (?:to (?:call|ring|contact|phone|email)(?: me)?(?: back)?)(?: any ?more| now| after all)?|start again|start over|restart|get me out(?: of (?:here|this))?|go away|leave me alone"
    r")(?: (?:please|thanks?|thank you|then|now|altogether|completely|i'm done|instead))*[\s.!?]*$",
    re.I,
)
_BACK = re.compile(
    rf"^{SOFT}(?:(?:can|could|may) (?:i|we|you) (?:please )?|let me |let's |take me |i(?:'d like| want| need| would like) to |how do i )?(?:(?:go |step |move |jump )?back(?:wards)?(?: (?:a|one))?(?: (?:step|question))?(?: (?:up|again))?"
    r"|(?:go (?:back )?to |back to )?(?:the |my )?previous(?: (?:question|one|step|answer|field))?|(?:go )?back to the last (?:question|one|step)|undo(?: (?:that|it|this|the last (?:one|answer)))?)(?: (?:please|pls|thanks|now))*[\s.!?<-]*$",
    re.I,
)
_YES = (
    r"(?:yes+|yep|yeah|yea|yeh|ye|yh|yup|ya|aye|y|ok|okay|k|kk|sure|sure thing|fine|alright|all right|absolutely|definitely|certainly|of course|affirmative|indeed|agreed|i agree|i do|i consent|i accept|accept|"
    r"please do|do it|do so|go ahead|go for it|go on|carry on|continue|proceed|send(?: (?:it|this|that|them|off|the (?:form|request|enquiry|details)|my details))?(?: (?:off|now|through|away))?|submit(?: it)?|confirm(?:ed)?|i confirm|"
    r"(?:that's|thats|that is|it's|its|it is|this is|all|that all|they're|everything(?:'s| is)?|looks?|that looks|that all looks|that's all|it looks|it all looks|sounds?|that sounds|all looks)? ?(?:all |about |quite |absolutely |perfectly )?(?:right|correct|good|great|fine|perfect|ok|okay|spot on|lovely|exactly right|accurate)(?: (?:to me|to go|with me|by me|so far|now|as it is))*|"
    r"happy(?: (?:with (?:that|this|it)|to|for you to\b.{0,60}|to (?:proceed|go ahead|share|agree|continue)\b.{0,40}))*|i'm (?:happy|ok|okay|fine)(?: with (?:that|this|it|you\b.{0,60})| to\b.{0,60}| for\b.{0,60})?|no problem|not a problem|no worries|why not|works for me|cool|brilliant|super|lovely|perfect|exactly|bingo|"
    r"yes please|please|thanks?|thank you|ta|cheers|you can|you may|you have my (?:consent|permission)|that works|si|oui|ja|👍|👌|✅|✔|☑|🙂|😀|💯|🆗)"
)
_CONFIRM = re.compile(rf"^(?:(?:oh|well|hm+|right|so|i think)\b[\s,]*)?{_YES}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:(?:[\s,.!;:&-]|\band\b|\bthen\b|\bof course\b|\bnow\b|\bthat is\b|\bi am\b)*{_YES}[\ufe0f\U0001f3fb-\U0001f3ff]*){{0,5}}[\s.!]*$", re.I)  # fmt: skip
_ONLY_POLITE = re.compile(r"^(?:please|thanks?|thank you|ta|cheers|[\s,.!])+$", re.I)
_REFUSE = re.compile(
    r"^(?:(?:oh|well|sorry|hm+|um+|er+m?|actually|absolutely|certainly|definitely|of course)\b[\s,.!]*){0,3}(?:"
    r"(?:no|nope|nah|na|n|nay|never|noo+|negative|decline|disagree|refuse|don't|dont|do not|not)(?:[\s,.!]*(?:thanks?|thank you|ta|cheers|sorry|no|not|i don't|i do not|i'm not|never|way|chance|yet|now|really|ok|okay|agreed|today|at all|agree|please|happy|send|send it|do that|please don't))*|"
    r"(?:no\b[\s,.!]*)?(?:please )?(?:i )?(?:don't|dont|do not|cannot|can't|won't|will not|didn't|would not|wouldn't)\b (?:agree|consent|accept|want (?:to|this|it|that|you)|send|think so|do (?:it|that|this)|keep|store|save|share|like|wish|confirm)\b.{0,60}|"
    r"(?:no\b[\s,.!]*)?(?:i'm |i am |we're |we are |it's |it is |that's |thats |that is |this is |is )?not (?:happy|ok|okay|right|correct|good|fine|sure|yet|now|really|quite|comfortable|agreed|true|what i)\b.{0,60}|"
    r"(?:no\b[\s,.!]*)?(?:that's|thats|that is|it's|its|this is) (?:wrong|incorrect|false|a mistake)\b.{0,40}|wrong|incorrect|i(?:'d| would)? (?:refuse|decline|disagree|object|rather not|prefer not to)\b.{0,40}|i disagree|rather not|prefer not|no way|no chance|"
    r"👎|❌|🚫|✖|🙅"
    r")[\ufe0f\U0001f3fb-\U0001f3ff]*[\s.!]*$",
    re.I,
)
_FIELDS = {
    "email": r"e-?mails?(?: address(?:es)?)?|address|mail",
    "phone": r"(?:tele)?phone(?: number)?|mobile(?: number)?|number|tel(?: number)?|landline|extension|digits?",
    "school": r"school(?:'s)?(?: name)?|academy|name of (?:the|my|our) school",
    "role": r"role|job(?: title)?|position|title|post",
    "name": r"(?:first |last |full |sur|second )?names?|surname",
    "wish": r"wish|what i (?:want|asked for)|request|what i'd like|reason",
    "message": r"message|comments?|notes?",
    "term": r"term",
}
_CHANGE = (
    r"(?:change|correct|edit|fix|amend|update|alter|re-?enter|redo|retype|modify|replace|put right|mistake (?:in|with)|error (?:in|with)|typo (?:in|with)|"
    r"wrong|incorrect|misspelled|misspelt|mistyped|messed up)"
)
_IS_WRONG = r"(?:(?:is|are|was|were|'s|looks?|seems?)\s+(?:\w+\s+)?(?:wrong|incorrect|not right|not correct|misspelled|misspelt|mistyped|old|out of date|a typo|false)|isn't right|isn't correct|needs? (?:changing|correcting|to change|fixing|updating)|has (?:a|an) (?:typo|mistake|error)|should be different|has changed|wrong)"  # fmt: skip
_MEANT = {
    field: re.compile(
        rf"\b{_CHANGE}\s+(?:(?:in|with|my|the|our|that|a|it|this|you|have|'s)\s+){{0,3}}(?:{words})(?=\s*(?:[,.;!?]|$|\b(?:please|pls|again|sorry|now|instead|to|i|is|was|there|on|first|too|as|from)\b))|\b(?:my |the |our |that )?(?:{words})\s*{_IS_WRONG}\b",
        re.I,
    )
    for field, words in _FIELDS.items()
}
_SCHOOL_NAME = re.compile(
    r"\b(?:school|primary|secondary|academy|college|nursery|infants?|juniors?|federation|high|grammar|centre|trust)[.!]*$", re.I
)
_ASK_WORD = re.compile(
    rf"^{SOFT}(?:(?:how|what|what's|whats|who|who's|whos|whose|whom|when|where|which|why|how's|hows|when's|where's)\b|"
    r"(?:tell|explain|describe|remind|show) (?:me|us|to|what|how|more|about|the)\b|(?:give|send) (?:me|us) (?:the|more|some|a|your|details|information|info)\b|"
    r"(?:is|are|do|does|did)(?:n't)?(?: [\w'-]+){3}|(?:can|could|will|would|should|has|have)(?:n't)?(?: [\w'-]+){4}|w(?:ah|ha|a|o)t\b|"
    r"(?:is|are|am|do|does|did|can|could|will|would|should|may|might|has|have|must|shall)(?:n't)? "
    r"(?:i|we|you|u|they|he|she|it|there|this|that|these|those|the|a|an|any|anyone|someone|anybody|somebody|all|our|my|your|their|its|schools|governors|heads|teachers|parents|staff|associate|membership|everyone|everybody|people|members)\b|"
    r"(?:and |but |so )?(?:what|how) about\b|(?:any|an) (?:idea|chance|news|places?|information|info|more)\b|"
    r"(?:i |we )?(?:was |were |am |are |just )*wonder(?:ing|ed)? (?:if|whether|what|how|when|who|where|about)\b|"
    r"(?:(?:i|we)(?:'d| would)? (?:just )?(?:like|want|need|love)|i'm curious|i want|wanted|want|like) to (?:know|ask|find out|understand|check|hear|learn)\b|"
    r"(?:i|we) (?:have|had|'ve got|have got) (?:a|another|one|some|one more|a quick|a few|another quick) (?:other |more |quick )?questions?\b|(?:quick|one|another|one more) question\b|"
    r"(?:information|info|details) (?:on|about)\b|more (?:information|info|details|about)\b)",
    re.I,
)
_BARE_TOPIC = re.compile(
    rf"^{SOFT}(?:and |also |but |or )?(?:(?:the|your|any|its|about the|what the) )?(?:annual |yearly |membership |joining |total |full )?"
    r"(?:fees?|costs?|prices?|pric(?:es|ing)|charges?|length|duration|benefits?|dates?|deadlines?|contact details|opening hours|process|steps|criteria|eligibility|"
    r"cost and length|ofsted (?:ratings?|grades?)|associate membership (?:cost|fee|price)|number of (?:schools|places)|meeting dates?|top slice|services|support|advantages|disadvantages)[\s.!]*$",
    re.I,
)


_AGREE_FIRMLY = r"(?:yes+|yep|yeah|yea|yeh|ye|yh|yup|aye|i (?:do )?(?:agree|consent|accept)|agreed|i (?:hereby )?give (?:you )?(?:my |full )?(?:consent|permission)|(?:you have|you've got) my (?:consent|permission)|consent (?:given|granted)|permission granted|of course|absolutely|definitely|certainly|happy (?:to agree|for you to|with that|to)|i'm happy (?:to agree|for you to|with that|to)|please do|go ahead|that's (?:absolutely |quite |all |perfectly )?(?:fine|ok|okay|alright|all right))"
_AGREE_SOFTLY = r"(?:ok|okay|sure|fine|alright|all right|no problem|go on(?: then)?|carry on|if (?:you|i|we) (?:must|have to|need to|insist|like|want)|(?:i |we )?(?:suppose|guess)(?: so| (?:i|we) (?:must|have to))?)"
_AGREE = re.compile(
    rf"^(?:(?:oh|well|hm+|er+m?|um+|right|so|and|ok|okay|hi|hello|thanks|thank you|sorry|please)\b[\s,.!-]*){{0,3}}(?:(?P<firmly>{_AGREE_FIRMLY})|{_AGREE_SOFTLY})(?P<more>(?:\W.*)?)$",
    re.I,
)
_BUT = re.compile(
    r"\b(?:but|not|don't|dont|won't|cannot|can't|if|unless|until|before|first|maybe|perhaps|think|wait|actually|no|never|depends|why)\b",
    re.I,
)


def asks_why(text: str) -> bool:
    """Return whether a message asks why a detail is wanted, what is done with it, or what to do here ("help", "?")."""
    line = one_line(text)
    return bool(_WHY.match(line)) or bool(line) and not line.strip("? ")


def skips(text: str) -> bool:
    """Return whether a message leaves a detail out ("rather not say", "n/a", "-", "no thanks")."""
    line = one_line(text)
    return bool(_SKIP.match(line) or _NO_MATTER.match(line))


def cancels(text: str) -> bool:
    """Return whether a message ends the form ("forget it"), rather than asks how something of the trust is cancelled."""
    return bool(_CANCEL.match(one_line(text)))


def goes_back(text: str) -> bool:
    """Return whether a message wants the question before this one again ("go back", "undo that"); "the last one" may be an answer."""
    return bool(_BACK.match(one_line(text)))


def confirms(text: str) -> bool:
    """Return whether a message agrees and does nothing else: "yes but my number is …" does not."""
    line = one_line(text)
    return bool(_CONFIRM.match(line)) and not (_ONLY_POLITE.match(line) and "please" not in line.lower())


def agrees(text: str) -> bool:
    """Return whether a message agrees to what was asked, and may tell something besides: "yes, I'm Jo from Oak Hill", "go on then"."""
    line = one_line(text)
    if confirms(line):
        return True
    match = _AGREE.match(line)
    if match is None or _BUT.search(match["more"]) or asks_why(match["more"].strip(" ,.;:!-")):
        return False
    return bool(match["firmly"]) or "?" not in line and not asks(match["more"].strip(" ,.;:!-"))


def refuses(text: str) -> bool:
    """Return whether a message says no and tells nothing else."""
    line = one_line(text)
    return bool(_REFUSE.match(line)) and not confirms(text)


def field_meant(text: str) -> str | None:
    """Return the field that a message wants to change or calls wrong ("change my email", "wrong school"), or None."""
    line = one_line(text)
    if len(line) > 200:
        return None
    return next((field for field, pattern in _MEANT.items() if pattern.search(line)), None)


def asks(text: str) -> bool:
    """Return whether a message asks something rather than tells a value: "and the fee", but not "Why Not Nursery" nor "Will Young"."""
    line = one_line(text)
    if not line or wants_lead(line) or _only_value(line):
        return False
    named = _looks_named(line)
    if line.endswith("?"):
        return not (named and _SCHOOL_NAME.search(line.rstrip("? ")))
    sentences = re.split(r"(?<=[.!?])\s+", line)
    if any(sentence.endswith("?") for sentence in sentences):
        return True
    return not named and any(_ASK_WORD.match(sentence) for sentence in sentences) or bool(_BARE_TOPIC.match(line))


def _only_value(line: str) -> bool:
    bare = line.strip("? .!")
    return any(found.value and found.span[1] - found.span[0] >= len(bare) - 2 for found in [*emails_in(bare), *phones_in(bare, asked=True)])


def _looks_named(line: str) -> bool:
    """Return whether every longer word has a capital, as in the name of a school or a person."""
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", line) if len(word) > 3 or len(line.split()) < 4]
    return len(words) > 1 and not line.isupper() and all(word[0].isupper() for word in words)
