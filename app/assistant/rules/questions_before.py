"""The question that a short decision answers: "bcrypt or Argon2id for the passwords?" before "Argon2id."."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.assistant.record import PastTurn
from app.assistant.rules.objects import clean, is_noun_phrase
from app.assistant.rules.patterns import patterns
from app.assistant.rules.sentence import Sentence, sentences_of
from app.assistant.rules.terms import terms_of

LOOK_BACK = 4  # messages of the user
COMPARED = re.compile(
    r"\b(?:back and forth|debat|discuss|compar|argu|torn|weigh|went over|vs\.?|versus)|迷|悩|比較|検討|どっち|どちら",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^(?:should (?:we|i)|shall (?:we|i)|do (?:we|you)|can we|would you|is it better to|better to|which is better|use|using|"
    r"go with|pick|choose|take|adopt|prefer|run|either|whether to)\b\s*(?:rather |prefer to |think we should )?"
    r"(?:use |go with |pick |take )?",
    re.IGNORECASE,
)
OPINION_FIRST = re.compile(
    r"^(?:what do you think,? )?(?:(?:do|don't|would) you (?:think|reckon|feel|believe|say)(?: that)? |(?:i|we) (?:think|guess|feel|believe|reckon)(?: that)? )?"
    r"(?:(?:would|could|will|is|are|does|do|might|can|should)(?! (?:you|we|i|it|there|they|this|that)\b) )?",
    re.IGNORECASE,
)
WHICH_FIRST = re.compile(
    r"^(?:which|what)(?: one| of them)? (?:would|could|is|will|do|are)\b(?![^,:]* for )[^,:]{0,60}[,:] (?=.+ or )",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"(?<= )(?:(?:would|could|will|might|should|is|are|be|to be|going to be|makes?|fits?|works?|suits?|costs?|feels?|seems?)\b[^,]{0,60}?"
    r"|(?:the )?(?:better|cheaper|easier|faster|safer|simpler|nicer|quicker|lighter|best|cheapest|easiest|fastest|safest|more \w+|less \w+)\b[^,]{0,40}?)"
    r"(?=$|,|(?:for|as) (?:the |our |my |a |us\b|\w))",
    re.IGNORECASE,
)
PREFERRED_JA = re.compile(
    r"(?:の(?:方|ほう|案))?(?:が|で)(?:いい|良い|よい|安い|楽|速い|早い|安全|便利|簡単|向いて(?:い)?る|使いやすい|[一-龯ァ-ヶ]{1,4}[いな]?)?(?:です|だ)?(?:の|ん)?(?:か|かな)?$|の(?:方|ほう)$"
)
# 「検索なんだけど、」 names the topic.
ABOUT = re.compile(r"(?:なん)?(?:だけど|ですけど|ですが|だが|の件|の話|について)$")
WORDS = re.compile(r"[\w.+#-]+")
# A question for a choice; 「来週が期限のタスクはどれですか」 asks for none.
CHOOSES = re.compile(
    r"\b(?:should|shall|use|using|choose|pick|go with|take|recommend|prefer|best|better|cheaper|faster|easier|would you)\b|使|選|採用|良い|いい|よい|どうし|どうする|にする|にし|おすすめ|お勧め|向いて|迷|悩|検討",
    re.IGNORECASE,
)
QUOTES = re.compile(r"[「」『』“”\"]")
# "In plain Postgres", "just a table".
PLAINLY = re.compile(
    r"^(?:(?:in|on|with|by|via|using|through|to|at|as|plain|simply|just|simple|good old|a|an|the|our) )+", re.IGNORECASE
)
ORDINALS = (
    re.compile(
        r"^(?:the )?(?:former|first(?: one| option)?)$|^(?:前者|最初の(?:方|ほう|案)|[1１一]つ目|前の(?:方|ほう))$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:the )?(?:latter|second(?: one| option)?|other one)$|^(?:後者|後の(?:方|ほう)|[2２二]つ目|[2２]番目)$",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question of the conversation: its topic and the options that it names."""

    topic: str | None
    options: tuple[str, ...]

    def named(self, chosen: str) -> str | None:
        """The option whose whole name, or place, is said."""
        for ordinal, option in zip(ORDINALS, self.options, strict=False):
            if ordinal.search(chosen.strip()):
                return option
        return next((each for each in self.options if each.casefold() == chosen.casefold()), None)

    def in_words(self, chosen: str) -> str | None:
        """The only option all of whose words are said: "push notifications" for "push"."""
        said = set(WORDS.findall(chosen.casefold()))
        found = [each for each in self.options if set(WORDS.findall(each.casefold())) <= said]
        return found[0] if len(found) == 1 else None

    def option(self, chosen: str) -> str | None:
        """The option that is meant by a name or by "the latter"."""
        plain = chosen.casefold()
        same = (each for each in self.options if terms_of(chosen) and terms_of(chosen) == terms_of(each))
        in_part = (each for each in self.options if plain in each.casefold() or each.casefold() in plain)
        return self.named(chosen) or next(in_part, None) or next(same, None)


def questions_before(turns: Sequence[PastTurn], earlier: Sequence[Sentence]) -> list[AskedBefore]:
    """The questions of the last messages and of this one, the latest first."""
    spoken = [turn.text for turn in turns if turn.role == "user"][-LOOK_BACK:]
    sentences = [sentence for text in spoken for sentence in sentences_of(text)] + list(earlier)
    asked = [
        _read(sentence)
        for sentence in reversed(sentences)
        if sentence.question or sentence.supposed or COMPARED.search(sentence.core)
    ]
    return [each for each in asked if each is not None]


def _read(sentence: Sentence) -> AskedBefore | None:
    """What is asked; first as it was said, then without the words that compare the options."""
    said = QUOTES.sub("", sentence.core)
    found = [
        asked
        for core in dict.fromkeys((said, _without_comparison(said)))
        if (asked := _read_options(core, japanese=sentence.japanese)) is not None
    ]
    for asked in found:
        if all(map(is_noun_phrase, asked.options)) and (asked.options or CHOOSES.search(sentence.core)):
            return asked
    topic = next((asked.topic for asked in found if asked.topic), None)
    return AskedBefore(topic, ()) if topic and CHOOSES.search(sentence.core) else None


def _read_options(core: str, *, japanese: bool) -> AskedBefore | None:
    for pattern in patterns("question", "japanese" if japanese else "english"):
        match = pattern.fullmatch(core)
        if match is None:
            continue
        said = match.groupdict()
        options = tuple(filter(None, (_option(said.get(name)) for name in ("a", "b"))))
        topic = clean(ABOUT.sub("", LEADING.sub("", said.get("topic") or ""))) or None
        if topic or options:
            return AskedBefore(topic, options)
    return None


def _without_comparison(core: str) -> str:
    """ "Would email or LINE be better for alerts" as "email or LINE for alerts"."""
    plain = OPINION_FIRST.sub("", WHICH_FIRST.sub("", core))
    return COMPARES.sub("", plain)


def _option(said: str | None) -> str:
    """An option without "use" and 「にする」."""
    plain = PLAINLY.sub("", PREFERRED_JA.sub("", LEADING.sub("", said or "")))
    return clean(re.sub(r"(?:に|を|で)(?:する|使う|いく|する)?$", "", plain))
