"""Reads a decision that a sentence states: what kind, about what, which option or value, and how certainly."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from app.assistant.rules.certainty import tells_of_others
from app.assistant.rules.japanese_choices import read_japanese_choice
from app.assistant.rules.objects import NAME, clean, names_option, read_object
from app.assistant.rules.patterns import (
    DATA,
    NO_OPTION,
    PLACED,
    patterns,
    reversal,
    strong,
)
from app.assistant.rules.reconsidered import AGREED_FIRST_JA, RECONSIDERED, RECONSIDERED_JA, revised
from app.assistant.rules.sentence import RULED_OUT, Sentence, to_sentence, zone_name
from app.assistant.rules.values import PRONOUNS, Statement, english_value, japanese_value, read_date, topic_in, value_of
from app.language.technologies import mentions_of
from app.language.times.reading import Recurrence, Time, read_time
from app.language.topics import topic_of

REASON_FIRST = re.compile(
    r"^(?P<why>[^。]{2,80}?(?:(?:な)?ので[、,]?|(?:ため(?:に)?|(?<!それ)から|ことから|という理由で|により)[、,]))\s*(?P<rest>.+)$"
)
REASON_END = re.compile(r"^(?:やっぱり?|やはり)[、,]?|(?:な?ので|ために?|から|ことから|という理由で|により)[、,]*$")
ABOUT = re.compile(r"(?P<topic>[^、。]{2,30}?[はも])[、,]?(?P<why>.{2,60})$")
# 「Leafletにするわ」; 「な」 is none of them, because 「するな」 forbids.
CASUAL_END = re.compile(r"(?<=[るうくすつぬむぶぐただ])(?:わ(?:ね)?|よ(?:ね)?|ね|さ|ぞ|ぜ|からね|んで(?=$))$")
REASON_LAST = re.compile(r"(?:ので|んで|から|けど|けれど|のですが|ですが|ますが|が)$")
DECIDED = re.compile(
    r"^(?:[\[(]?(?:(?:final|new|team) )?(?:decision|decided|agreed|verdict|conclusion|resolved|adr|rule|policy)(?: made)?(?:[\])]\s*[:：]?|\s*[:：\-–—])\s*|(?:we|i|the team|everyone|everybody|all of us)(?:'ve| have| has)?(?: all| now| just| finally)? "
    r"(?:decided|agreed)(?: that|,)\s+|(?:the|our) (?:owner|client|customer|team|board|management|boss|manager|director|legal team|sponsor|committee)(?: has| have|'s)?(?: now| finally| just)? "
    r"(?:decided|agreed|confirmed|approved|signed off)(?: that|:|,)\s+|it(?:'s| is| was) (?:decided|agreed|settled)(?: that|:|,)\s+|[\[【]?(?:決定(?:事項)?|結論|決まり|ルール|方針)(?:[\]】]\s*[:：]?|\s*[:：]|\s+[-–—→]|(?<=決定)[は、]|(?<=事項)[は、]|(?<=結論)[は、])\s*)(?P<rest>.+)$",
    re.IGNORECASE,
)
DECIDED_TO = re.compile(
    r"^(?:we|i|the team)(?:'ve| have)?(?: all| finally)? (?:decided|agreed|resolved) (?:to|on) .+", re.IGNORECASE
)
DECIDED_TO_JA = re.compile(
    r"^.{2,80}?こと(?:に|で)(?:決め(?:ました|た)|決定(?:しました|した|です)?|合意(?:しました|です)|決まりました|しました|します)$"
)
NOT_BUILT = ("作らない", "やらない", "入れない", "含めない", "載せない")
POLITE_VERBS: dict[str, str] = DATA["polite_verbs"]
# 「90日とすることになりました」 says what 「90日とします」 says. The verb in its dictionary form becomes polite.
ENDED_AS_DECIDED = re.compile(
    rf"^(?P<rest>.{{2,100}}?)(?P<verb>{'|'.join(POLITE_VERBS)})"
    r"(?:という)?(?:こと|方針|方向|形|話|運用|取り決め|前提|目標|結論)(?:に|で|と|を|が)[、,]?(?:[^、。]{1,14}?(?:とも|と|から|の間で|にも)[、,]?)?(?:もう|正式に|最終的に|全員で|みんなで|チームで|今朝|昨日|先ほど)*"
    r"(?:(?:話|意見|議論|見解|考え|折り合い|決着)(?:が|も)[、,]?(?:無事)?)?(?:なり(?:ました|ます)|なった|なっています|決まり(?:ました)?|決まった|決め(?:ました|た)|決定(?:しました|した|です|済みです)?|し(?:ました|た|ます)|合意(?:しました|した|です|済みです)?|(?:全員|満場)?一致(?:しました|した|です)|"
    r"確定(?:しました|した|です)?|落ち着き(?:ました)?|落ち着いた|まとまり(?:ました)?|まとまった|つき(?:ました)?|ついた|いき(?:ます|ましょう)|進め(?:ます|ましょう)|定め(?:ました|ます))(?:よ|ね)?$"
)
SUGGESTED_JA = re.compile(
    rf"(?P<rest>.{{2,100}}?)(?P<verb>{'|'.join(POLITE_VERBS)})(?:こと(?:に|と)(?:しましょう|しよう|したい(?:です)?))?"
)
AGREES_TO_JA = re.compile(r"^.{2,80}?こと(?:に|と)(?:しましょう|しよう|したい(?:です)?)$")
PRESENT = re.compile(
    r"\b(?:currently|yet|right now|at the moment|today|anymore|tomorrow|be able|make it|have time|be (?:in|at|there|late))\b|今日|明日|今週|来週|まだ|今は|今のところ",
    re.IGNORECASE,
)
# A value that was measured and not decided: "coverage is at 71% now".
OBSERVED = re.compile(
    r"\b(?:right now|currently|at the moment|again|already|today|yesterday|this (?:morning|week)|so far|these days|lately|(?<!from )(?<!until )now)$|"
    r"\b(?:is|are) (?:currently|already|still|down to|up to|back (?:to|at)|almost|nearly|only|just|like|around|about)\b",
    re.IGNORECASE,
)
CHANGES = re.compile(
    r"(?:please )?(?:let's |we(?:'ll| will) )?(?:set|limit|cap|raise|lower|increase|decrease|reduce|change|bump|shorten|extend|make)\b",
    re.IGNORECASE,
)
ONCE = re.compile(r"^(?:i|you)\b|\b(?:forget|remind)\b|リマインド|忘れ|教え", re.IGNORECASE)
FORBIDS = re.compile(r"^(?:do not|don't|never)\b(?=.*\banymore$)|(?<=\w) anymore$", re.IGNORECASE)
INABILITY = re.compile(
    r"(?:でき|わか|分か|見え|動き|動か|届き|届か|つなが|繋が|見つか|来|足り|間に合い|間に合わ|進み|進ま|終わら|終わり|知ら|知り|思い|思わ|いら|要ら|要り|あり)(?:ません|ない)(?:でした)?$"
)
# A reason first: "the budget got cut, so let's go with 24".
SO = re.compile(
    r"(?:(?:because|since|as|given that) (?P<why2>[^.]{4,100}?), |(?P<why>[^.]{4,100}?),? (?:so|therefore|hence),? )(?P<rest>(?:we(?:'ve|'ll|'re)? |let's |the team |i(?:'ve|'ll) ).+)$",
    re.IGNORECASE,
)
FOR_WHAT = re.compile(
    r"^(?:for|in|on|with|as for|regarding|about|after|following) (?:the|our|this|that|some|a|much|long|several|two|three|many) [\w' -]{2,30}?,? (?=we\b|we'|let's|i've|i'll)",
    re.IGNORECASE,
)
# "MCU = ESP32-C3", "Font: Inter on every screen".
NAMED = re.compile(
    r"(?P<topic>[\w /-]{2,30}?)\s?(?:=|:|→|->)\s?(?P<object>[^:=、。]{2,50}?)(?P<rest> (?:on|in|for|everywhere|across) .+)?",
    re.IGNORECASE,
)
# "Our engine is Godot", which is said to be decided.
IS_NAMED = re.compile(
    r"(?:the |our |my )?(?P<topic>(?!(?:it|this|that|he|she|they|there|everyone|nobody)\b)[\w' /-]{2,40}?) "
    r"(?:is|will be|remains|stays)(?: now| going to be)? (?P<object>[\w .+#/-]{2,40})",
    re.IGNORECASE,
)
# "The route service will be rewritten in Kotlin."
MADE_IN = re.compile(
    r"(?:the |our |my )?(?P<topic>(?!(?:it|this|that|he|she|they|there|we|i)\b)[\w' /-]{2,40}?) (?:will be|is going to be|is being|is|are|gets) "
    r"(?:re)?(?:written|built|coded|implemented|developed|hosted|deployed|done|made|moved|migrated|ported) (?:in|on|with|to|using) (?P<object>[\w .+#/-]{2,40})",
    re.IGNORECASE,
)
# The words of somebody: "a game is never finished, only shipped".
QUOTES = re.compile(r"(?<=[a-z,:] )[\"“][^\"“”]+? [^\"“”]+? [^\"“”]+(?:[\"”]|$)", re.IGNORECASE)
WE_USE = re.compile(r"^(?:we |I )?(?P<verb>use|go with|adopt|pick|choose|stick with)\b", re.IGNORECASE)
FRAGMENT = re.compile(r"(?:not|no|nor|and|or|but|so|with|without)\b|\S+(?: \S+)?$", re.IGNORECASE)
AS_REQUEST = re.compile(r"(?:て|で)(?:(?:ください|下さい|おいて|ほしい|もらえ|くれ|ね).{0,6})?$")


@lru_cache(maxsize=64)  # a sentence is read as a change of an item, and then as a decision
def read_statement(sentence: Sentence, now: datetime) -> Statement | None:
    """The decision in a sentence; None for questions, suppositions and everything else."""
    if sentence.question or sentence.supposed or QUOTES.search(sentence.core) or tells_of_others(sentence):
        return None
    for pattern in patterns("recorded", "patterns"):
        if match := pattern.fullmatch(sentence.core):
            inner = replace(to_sentence(match["rest"]), firm=True)
            return replace(read_statement(inner, now) or Statement("rule", inner.core), certain=True, title=inner.core)
    if (match := DECIDED.match(sentence.core)) and (inner := to_sentence(match["rest"])):
        sure = replace(inner, firm=True)  # "we agreed that the sensors report every 10 minutes" is a value
        stated = read_statement(inner, now) or read_statement(_with_will(inner), now) or read_statement(sure, now)
        stated = stated or Statement("rule", inner.core)
        return replace(stated, certain=True, title=inner.core)
    found = _japanese(sentence, now) if sentence.japanese else _english(sentence, now)
    if not sentence.firm:
        return found
    if (match := MADE_IN.fullmatch(sentence.core)) and names_option(match["object"]):
        found = Statement("choice", sentence.core, clean(match["topic"]), clean(match["object"]))
    if (
        found is None
        and (match := IS_NAMED.fullmatch(sentence.core))
        and names_option(match["object"])
        and not is_time(clean(match["object"]), now)
    ):
        found = Statement("choice", sentence.core, clean(match["topic"]), clean(match["object"]))
    if found is None and (match := NAMED.fullmatch(sentence.core)) and (choice := read_object(match["object"])):
        found = Statement(
            "choice", sentence.core, clean(match["topic"]), choice.chosen, choice.rejected, why=choice.why
        )
    # What others agreed to may be work: "The mock-ups are ready. The client approved them."
    if found is None and (sentence.approved or (not sentence.japanese and FRAGMENT.match(sentence.core))):
        return None
    kind = "scope" if sentence.scope else "rule"
    found = found or Statement(kind, sentence.core, certain=True)
    return replace(found, kind=kind if sentence.scope else found.kind, certain=True, why=found.why or sentence.why)


def _with_will(sentence: Sentence) -> Sentence:
    """ "Decision: we use SQLite" as "we will use SQLite"."""
    return replace(sentence, core=WE_USE.sub(r"we will \g<verb>", sentence.core))


def _japanese(sentence: Sentence, now: datetime) -> Statement | None:
    core, why = REASON_LAST.sub("", CASUAL_END.sub("", sentence.core)), None
    if match := REASON_FIRST.match(core):
        why, core = REASON_END.sub("", match["why"]), match["rest"]
        if (about := ABOUT.match(why)) and not re.search(r"[はをも]", core):
            why, core = about["why"], f"{about['topic']}{core}"  # 「Xは手数料が高いのでやめます」
    reverses = reversal().search(sentence.core) is not None
    core = AGREED_FIRST_JA.sub("", core)
    if RECONSIDERED_JA.match(core):
        core, reverses = RECONSIDERED_JA.sub(r"\g<about>は", core), True
    plain = re.sub(r"(?:^|(?<=[はもを、]))(?:やっぱり?|やはり|方針変更[::で、]*|今後は|結局)[、,]?\s*", "", core)
    ended = ENDED_AS_DECIDED.match(plain)
    found = (_japanese_object(f"{ended['rest']}{POLITE_VERBS[ended['verb']]}", now, firm=True) if ended else None) or (
        _japanese_object(plain, now, firm=sentence.firm)
        or _left_out(ended)
        or _suggested(plain, now)
        or _japanese_rule(plain)
    )
    return None if found is None else replace(found, title=plain, why=why, reversal=reverses)


def _suggested(text: str, now: datetime) -> Statement | None:
    """「録画にはOBSを使うことにしましょう」, 「録画にはOBSを使う」: a choice that is not said to be settled."""
    match = SUGGESTED_JA.fullmatch(text)
    found = _japanese_object(f"{match['rest']}{POLITE_VERBS[match['verb']]}", now, firm=False) if match else None
    return replace(found, certain=False) if found is not None and found.kind == "choice" else None


def _left_out(ended: re.Match[str] | None) -> Statement | None:
    """「再発行機能は作らない方針で決まりました」: it is out of scope."""
    if ended is None or ended["verb"] not in NOT_BUILT:
        return None
    match = re.fullmatch(r"(?P<topic>[^。、は]{2,40}?)(?:は|を|には)[、,]?", ended["rest"])
    return Statement("scope", "", topic=topic_in(match["topic"])) if match else None


def _japanese_object(text: str, now: datetime, *, firm: bool) -> Statement | None:
    """A date, a value, a scope or a choice."""
    return (
        read_date(text, now, japanese=True, firm=firm)
        or japanese_value(text, firm=firm)
        or _scope(text, "japanese")
        or read_japanese_choice(text)
    )


def _english(sentence: Sentence, now: datetime) -> Statement | None:
    core = sentence.core
    reverses = reversal().search(core) is not None
    if (match := RECONSIDERED.match(core)) and (new := revised(match, now)):
        return replace(new, reversal=True)
    plain = re.sub(
        r"^(?:(?:i|we) (?:was|were) wrong|correction|change of plans?|(?:the |our )?plans? (?:have |has )?changed|scratch that|on second thoughts?|actually|"
        r"(?:i|we|the team)(?:'ve|'s| have| has)? (?:changed|reconsidered|rethought) ?(?:my|our|its|it|this|that)?(?: minds?)?(?: (?:about|on|regarding) [^,:;.]{2,40})?|after all|in the end|finally|so)\b[\s,:;.!–—-]*",
        "", core, flags=re.IGNORECASE,
    )  # fmt: skip
    why = None
    if match := SO.match(plain):
        why, plain = (match["why"] or match["why2"]).strip(" ,"), match["rest"]
    plain = FOR_WHAT.sub("", plain)
    found = (
        read_date(plain, now, japanese=False, firm=sentence.firm)
        or (
            None
            if OBSERVED.search(core) and not sentence.firm and not CHANGES.match(core)
            else english_value(plain, firm=sentence.firm)
        )
        or _scope(plain, "english")
        or _english_rule(plain)
        or _english_choice(plain, firm=sentence.firm)
    )
    if found is None:
        return None
    return replace(found, title=plain[:1].upper() + plain[1:], reversal=reverses, why=found.why or why)


def _scope(text: str, language: str) -> Statement | None:
    for pattern in patterns("scope", language):
        if match := pattern.fullmatch(text):
            certain = "maybe" not in match.groupdict() or match["maybe"] is None
            return Statement("scope", text, topic=topic_in(match["topic"]), certain=certain)
    return None


def _english_rule(text: str) -> Statement | None:
    if ONCE.search(text) or PRESENT.search(FORBIDS.sub("", text)):
        return None
    ruled_out = RULED_OUT.fullmatch(text)
    if ruled_out is not None and names_option(ruled_out["option"]):
        return Statement("rule", text)
    if any(pattern.fullmatch(text) for pattern in patterns("rule", "english")):
        return Statement("rule", text, certain=not text.lower().startswith(("let's", "lets ", "let us")))
    return None


def _japanese_rule(text: str) -> Statement | None:
    if ONCE.search(text) or PRESENT.search(text) or INABILITY.search(text) or AS_REQUEST.search(text):
        return None
    if any(pattern.fullmatch(text) for pattern in patterns("rule", "japanese")) or DECIDED_TO_JA.match(text):
        return Statement("rule", text)
    if AGREES_TO_JA.match(text):
        return Statement("rule", text, certain=False)
    return None


def _english_choice(text: str, *, firm: bool = False) -> Statement | None:
    for certain, name in ((True, "english"), (False, "english_proposed")):
        for pattern in patterns("choice", name):
            match = pattern.fullmatch(text)
            if match is None:
                continue
            said = match.groupdict()
            choice = read_object(said["object"] + (said.get("more") or ""))
            if choice is None or choice.chosen.lower() in NO_OPTION or not _is_option(choice.chosen):
                continue
            if value := value_of(choice.chosen):
                return replace(value, title=text, certain=certain, why=choice.why)
            topic = clean(said.get("topic") or "") or choice.topic
            if said.get("placed"):
                if not mentions_of(choice.chosen) and not choice.rejected:
                    if not (NAME if firm else TOOL).match(choice.chosen):
                        continue  # "we'll test it on Friday"
                    certain = firm
                topic = topic or _topic_of_place(said)
            rejected = choice.rejected or tuple(filter(None, [clean(said.get("old") or "")]))
            if not (topic or topic_of(choice.chosen) or strong().search(text) or rejected):
                certain = False
            return Statement("choice", text, topic, choice.chosen, rejected, why=choice.why, certain=certain)
    return Statement("rule", text) if DECIDED_TO.match(text) else None


# A name that can only be one of a tool; a person or a day has none like it.
TOOL = re.compile(r"[A-Z][A-Za-z0-9.+#-]*[A-Z0-9.+#][A-Za-z0-9.+#-]*$|[a-z]+[A-Z]\w*$")


def _topic_of_place(said: Mapping[str, str | None]) -> str | None:
    """What is decided by "send e-mails with SES", or by "host it on Render"."""
    thing = clean(re.sub(r"^(?:all|our|the|user|new)\b ?", "", said.get("thing") or "", flags=re.IGNORECASE))
    if thing and thing.lower() not in (*PRONOUNS, "everything", "them", "of it", "app", "service", "system", "tests"):
        return thing
    verb = re.sub(r"(?:ed|d|ing)$", "", (said.get("placed") or "").lower())
    return next((topic for start, topic in PLACED.items() if verb and start.startswith(verb)), None)


def _is_option(chosen: str) -> bool:
    """A name or a noun phrase, not a clause."""
    return len(chosen.split()) <= 7 and not re.search(r"\b(?:is|are|was|were|have|has|will|to)\b", chosen)


def is_time(text: str, now: datetime) -> bool:
    """Whether the text is a time: 「明日」 is no option."""
    return isinstance(read_time(text, now, zone_name(now)), Time | Recurrence)
