"""What of a Japanese question only asks: few texts say 「何という」 or 「答えなさい」, so it would count as rare words.

English needs no such thing: its question words are among the stop words of the database's stemmer.
"""

import re

ASKING = re.compile(
    r"何(?:年何月何日|年|月|日|人|歳|世紀|番目|種類|という|と)?|なんという|誰|だれ|どこ|いつ(?!も)|いくつ|いくら|なぜ"
    r"|どれくらい|どのくらい|ど(?:のよう|ういった|ういう|んな)|どちら"
    r"|(?:を|について|について説明し)?(?:答え|こたえ|挙げ|あげ|述べ|教え)(?:よ|て|なさい|てください|て下さい)?[。?？]*$"
    r"|(?:です|ます|でしょう|である)?か[。?？]*$"
)


def without_asking(query: str) -> str:
    """The query without such words, in whose places stand spaces; all of it when nothing else is said."""
    rest = ASKING.sub(" ", query)
    return rest if re.search(r"\w", rest) else query
