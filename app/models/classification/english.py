"""The rules for English sentences, most specific first. They match a sentence without its opening."""

import re

from app.language.data import any_of, read_data
from app.models.classification.rules import Rule, rule

WORDS = read_data(__file__, "english.toml")
# Openings that do not change the meaning of a request or a question: "Hey, by Friday, ...", "ASAP: ...".
OPENING = re.compile(
    r"(?:hey|hi|hello|ok|okay|so|and|but|then|now|also|next|first|second|finally|lastly|just|quickly|again|maybe|oh|well|"
    r"scratch that|change of plans?|correction|actually|on second thoughts?|wait|yes|sure|great|hmm|sorry|thanks|thank you|kana|asap|urgent(?:ly)?|immediately|important|btw|by the way|one more thing|"
    r"(?:no|in a) (?:rush|hurry)(?: at all)?)\b[ ,:;!-]+(?:but )?|"
    r"(?:by|before|on|in|at|until|for(?! (?:future|later|the record))|after|tomorrow|today|tonight|next|this|when|once|if|whenever|as soon as|while|"
    r"since|because|every)\b[^,?!]{0,60},\s*|"
    r"(?:by|before|until|on) (?:the )?(?:end of (?:the )?)?(?:next |this )?(?:\w+day|week|month|tomorrow|noon)\s+",
    re.IGNORECASE,
)
PLEASE = r"^(?:(?:please|kindly|todo:?|task:?)[, ]+)?"
ASK_YOU = (
    r"(?:(?:can|could|would|will|won't|can't) (?:you|someone|somebody|anyone|we)(?: guys| all)?"
    r"(?: (?:please|kindly|also|maybe|possibly|perhaps|just|quickly|at least))* |"
    r"(?:i|we)(?:'d| would) (?:like|love|prefer) (?:for )?you to |(?:i|we) (?:want|need|expect) you to |"
    r"(?:i|we) (?:was|were) (?:hoping|wondering if) you (?:could|can) |"
    r"(?:someone|somebody|you) (?:should|must|need to|have to) |"
    r"it(?:'d| would) be (?:\w+ )?(?:great|nice|good|helpful|lovely|useful|awesome|cool|wonderful) if "
    r"(?:you|someone|somebody|we) (?:could |would |can )?|it would help if you (?:could )?|"
    r"i(?:'d| would) (?:appreciate|be grateful|be glad|be happy)(?: it)? if you (?:could |would |can )?|"
    r"make sure (?:to |that you |you )|be sure to |go ahead and |help (?:me|us) (?:to )?|try to |let's |let us )"
)
ASK_SELF = (
    r"(?:(?:i|we)(?:'d| would) (?:like|love) to (?:have )?|(?:i|we) (?:want|need|have|ought) to |"
    r"(?:i|we) (?:must|should|have got to|gotta) |don'?t forget to |remember to |don'?t let me forget to )"
)
OBLIGED = (
    r"(?:(?:i|we)(?:'ve| have)? (?:(?:still|also|really|just) )?(?:need to|have to|got to|gotta|must)(?: (?:still|also|really|just|quickly))? |"
    r"don'?t forget to |remember to )"
)
ASKED = rf"{PLEASE}(?:{ASK_YOU}|{ASK_SELF})?(?:please |also )?"
TELLING = any_of(WORDS["telling"])
NO_WORK = any_of(WORDS["no_work"])
NO_OWN_WORK = any_of(WORDS["no_own_work"])
VERBS = any_of(WORDS["verbs"]) + r"\b"
# "Build failed", "Design is hard", "File not found": here the verb is a noun.
NO_NOUN = (
    r"(?!(?:\w+ )?(?:is|are|was|were|failed|fails|passed|passes|went|looks?|seems?|has|had)\b|(?:works?|worked|succeeded|"
    r"broke|finished|completed|done|took|not found|available|complete|can|could|will|should|would)\b)"
)
NO_PARTICIPLE = any_of(WORDS["no_participle"])
NO_IMPERATIVE = any_of(WORDS["no_imperative"])
OBJECT = any_of(WORDS["object"]) + r"\b"
SPEC = any_of(WORDS["spec"]) + r"\b(?!\.\w)"
SPEC_VERBS = any_of(WORDS["spec_verbs"])
SPEC_SOURCES = any_of(WORDS["spec_sources"])
BETWEEN = r"(?: (?!for\b|from\b|about\b|with\b|against\b|in\b|to\b|into\b|that\b|tests?\b|code\b)[\w'’/&.-]+){0,5}?"
RUNS = any_of(WORDS["runs"])
RUNNABLE = any_of(WORDS["runnable"]) + r"\b"
# What people and events run: "run the meeting on Monday", "launch the campaign in the spring".
NO_PROGRAM = (
    r"(?!(?:(?:the|a|an|our|another|all) )?(?:[\w-]+ ){0,2}?(?:meetings?|workshops?|events?|campaigns?|sessions?|training|surveys?|"
    r"errands?|interviews?|stand-?ups?|retros?|demos?|for|out|into|up|off|late|away|app|product|feature|beta|site|service|it|this|that)\b)"
)
TOOLS = any_of(WORDS["tools"])
QUESTION_WORDS = any_of(WORDS["question_words"])
BEGINS_LIKE_QUESTION = any_of(WORDS["begins_like_question"])
TELL_ME_WHAT = r"(?!how|what|why|where|when\b(?! it)|which|who|about|if|whether)"

RULES: tuple[Rule, ...] = (
    rule("question", r"^(?:do|did|don't|can't) you (?:still |even |not )?(?:remember|recall)\b", "reason.asks_whether_remembered", 0.9),
    rule("question", r"^remember (?:when|how|what|why|who|where|the time)\b[^.]*\?", "reason.asks_whether_remembered", 0.85),
    rule("task", r"^(?:why (?:don't|not) (?:you|we) |why not |how about (?:you |we )?(?=\w+ing\b))(?:\w+ing\b|" + VERBS + ")",
         "reason.proposes_work", 0.6),
    rule("question", rf"^{QUESTION_WORDS}\b", "reason.begins_with_question_word", 0.9),
    rule("question", rf"^{BEGINS_LIKE_QUESTION}\b", "reason.begins_like_question", 0.88),
    # What is run or looked at, and then reported: "run the tests and tell me which fail".
    rule("code_execution", rf"{ASKED}{RUNS}\b(?: (?!and\b|but\b)[\w'./-]+){{0,6}}? {RUNNABLE}", "reason.asks_to_run", 0.88),
    rule("code_execution", rf"{ASKED}{RUNS} (?:{TOOLS}|(?:this|it|that|them)\b(?! by\b| past\b))", "reason.asks_to_run_command", 0.9),
    rule("code_execution", rf"{PLEASE}(?:{ASK_YOU})?{RUNS} {NO_PROGRAM}(?:the |our |all )?[\w./@:-]+(?: (?!and\b)[\w./@:-]+){{0,5}}?"
         r"(?: (?:on|against|in|over|across|for) (?:the|our|all|every|each|this|that) .+|,? and (?:then )?(?:fix|tell|show|report|send|"
         r"repair|correct|list|paste|post|commit|check)\b.+)", "reason.asks_to_run", 0.85),
    rule("task", rf"{PLEASE}(?:{ASK_YOU})?{VERBS}(?: {NO_NOUN}\S)[^?]{{2,120}}?,? and (?:then )?(?:tell|show) (?:me|us)\b",
         "reason.asks_for_findings", 0.85),
    rule("question", r"\b(?:remind|tell) (?:me|us) (?:again )?(?:what|how|why|who|where|which|about (?:what|how|why))\b",
         "reason.asks_for_information", 0.85),
    # Reminders and memories first: both may look like a question or a task.
    rule("reminder", r"\bremind (?:me|us)\b|\b(?:set|create|add|make|schedule|need|want|get|give me|send me|put)\b"
         r"[^.?!]{0,25}\b(?:reminder|alarm|timer)\b", "reason.asks_for_reminder", 0.95, timed=True),
    rule("reminder", r"\b(?:wake|alert|notify|ping|nudge|buzz|page) (?:me|us)\b", "reason.asks_for_notice_at_time", 0.9, timed=True),
    rule("reminder", rf"\b(?:tell|message|text|email) (?:me|us) {TELL_ME_WHAT}(?:[^.?!]{{0,40}}\bto \w+|(?:at|on|in|tomorrow|tonight|"
         r"next|this|when it'?s)\b)|\blet (?:me|us) know (?:at|on|in|tomorrow|tonight|next|when it'?s)\b", "reason.asks_for_notice_at_time",
         0.88, timed=True),
    rule("reminder", r"\b(?:remember|don'?t forget|don'?t let (?:me|us) forget) (?:to|about)\b", "reason.must_not_be_forgotten",
         0.8, timed=True),
    rule("task", rf"\bremind (?:me|us)\b|{PLEASE}(?:set|create|add) (?:me )?an? (?:reminder|alarm)\b",
         "reason.asks_for_reminder_without_time", 0.6),
    rule("remember", rf"{ASKED}(?:always )?(?:(?:remember|memori[sz]e)\b(?! to\b)[ ,:]|(?:keep|bear|have) (?:it |this |that )?in mind|"
         r"(?:take|make) (?:a |a mental )?note\b|note (?:down )?(?:that|this)\b|jot down|write down that|commit (?:this |it )?to memory|"
         r"put (?:it )?on (?:the )?record|(?:save|store|keep|record) (?:this|that|the fact|it) (?:for later|for the future|"
         r"in (?:your )?memory|that\b))", "reason.asks_to_remember", 0.92),
    rule("remember", r"\b(?:don'?t|never|must not|mustn't) (?:ever )?forget\b(?! to\b)|\bfor (?:future|later) reference\b|\bfor the record\b|"
         r"\bplease remember\b(?! to\b)|[,;:] remember (?:that|:)|\bkeep in mind\b", "reason.asks_not_to_forget", 0.88),
    # Specifications.
    rule("specification", rf"{PLEASE}(?:{ASK_YOU}|{ASK_SELF}|(?:i|we) )?(?:also )?{SPEC_VERBS}{BETWEEN} {SPEC}", "reason.asks_for_specification", 0.9),
    rule("specification", rf"{ASKED}(?:write(?: up| down)?|draft|prepare|sketch|document|put together) (?:a|the|our|some) (?:\w+ )?design (?:for|of)\b",
         "reason.asks_for_specification", 0.85),
    rule("specification", rf"^(?:i|we)(?:'d| would) (?:like|love|appreciate|need) (?:to (?:have|get|see) )?(?:an?|the|some)\b{BETWEEN} {SPEC}",
         "reason.asks_for_specification", 0.9),
    rule("specification", rf"{ASKED}(?:specify\b|{SPEC_SOURCES}\b[^.?!]{{0,60}} (?:into|to|as|in) (?:an?|the|our|that) (?:\w+ ){{0,3}}?{SPEC})",
         "reason.asks_for_specification", 0.85),
    # Requests in the form of a question, and questions in the form of a request.
    rule("question", rf"{ASKED}{TELLING}\b", "reason.asks_for_information", 0.85),
    rule("none", rf"{PLEASE}{ASK_YOU}{NO_WORK}\b", "reason.asks_for_nothing", 0.7),
    rule("task", rf"{PLEASE}(?:(?:would|do) you mind (?:please )?\w+ing\b|{ASK_YOU}\w+)", "reason.asks_for_work", 0.88),
    rule("task", rf"{PLEASE}{ASK_SELF}{VERBS}", "reason.states_work", 0.8),
    rule("task", rf"{PLEASE}{OBLIGED}(?!{NO_OWN_WORK}\b)[a-z]{{2,}}(?:-[a-z]+)? \S", "reason.states_work", 0.75),
    rule("task", r"^(?:i|we)(?:'d| would)? (?:need|want|like|require) (?:to have |to get )?(?:an?|some|the|your|\d+|two|three) "
         r"(?!(?:break|coffee|nap|idea|way)\b)[^?]*$", "reason.states_need", 0.72),
    rule("task", rf"{PLEASE}{VERBS}(?: {NO_NOUN}\S|: ?\S)", "reason.begins_with_imperative", 0.85),
    rule("task", r"^(?:[^?]*[,;] )?please (?!(?:let|see|find|advise|wait|note|stop|be|don't)\b)\w+", "reason.says_please", 0.7),
    rule("task", rf"^(?!{NO_IMPERATIVE}\b)(?!\w+(?:ed|ing|ly|s)\b)[a-z]{{3,}}(?: (?:up|down|out|in|off|over|through|into|on|back|away|for|"
         rf"with))? {OBJECT}(?! \w+ (?:is|are|was|were)\b)(?=.* \w)", "reason.begins_like_imperative", 0.65),
    rule("task", rf"\b(?:needs? to be|must be|has to be|have to be|should be|ought to be) (?:\w+ly )?(?!{NO_PARTICIPLE}\b)\w+(?:ed|t|n|ne)\b(?!.*\?)",
         "reason.states_obligation", 0.7),
    rule("question", r"\?[\s\"')]*$", "reason.ends_like_question", 0.85),
)  # fmt: skip


def core_of(sentence: str) -> str:
    """The sentence without its openings: "Hey, by Friday, fix it" -> "fix it"."""
    while (opening := OPENING.match(sentence)) and opening.end() < len(sentence):
        sentence = sentence[opening.end() :]
    return sentence
