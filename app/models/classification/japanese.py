"""The rules for Japanese sentences, most specific first. They match the end of a sentence."""

import re

from app.language.data import any_of, read_data
from app.models.classification.rules import Rule, rule

WORDS = read_data(__file__, "japanese.toml")
# Closings that do not change the meaning of a request: 「〜をお願いします、急ぎません」.
CLOSING = re.compile(
    r"(?:[、,]\s*(?:(?:特に)?急ぎ(?:ません|ではありません|じゃない\w*|です|で)?|至急(?:です|で)?|なるはや(?:で)?|早めに|できれば[^、。]*|"
    r"いつでも(?:いい|良い|大丈夫|構い)[^、。]*|時間(?:が|の)ある[^、。]*))?(?:\([^()]{0,20}\)|w+$|[\s。．.!！?？〜~ー…♪)）」』\"'笑\U0001f300-\U0001faff])*$"
)
POLITE_END = (
    r"(?:(?:て|で)?(?:おいて|おいで|みて|あげて|きて|やって)?"
    r"(?:ください(?:ますか|ませんか|ね|よ)?|下さい(?:ませんか|ね|よ)?|くださる\w*|くれ(?:る|ます|ません|ない|ないか)?(?:かな|か|の|よ|ね)?|"
    r"くれ(?:ると|たら)[^。、]{1,10}|ちょうだい|頂戴|(?:ほしい|欲しい)(?:の)?(?:です|んです|のです)?(?:が|けど|ね|な)?|"
    r"(?:もら|貰)(?:え|っても?|い)(?:る|ます|ません|ない|たい|ると|たら|て|も)?[^。、]{0,12}|(?:いただ|頂)(?:け|き|いて)[^。、]{0,16}|"
    r"欲しいんだ\w*|ね|よ|よね|な)?)"
)
# Endings in て that are no request: 「〜と思って」「〜について」「ちょっと待って」.
NO_REQUEST = (
    r"(?<!思っ)(?<!困っ)(?<!迷っ)(?<!なく)(?<!だっ)(?<!あっ)(?<!とし)(?<!によっ)(?<!にとっ)(?<!につい)(?<!待っ)(?<!始まっ)"
    r"(?<!終わっ)(?<!落ち)(?<!疲れ)(?<!違っ)(?<!知っ)(?<!出)(?<!んっ)"
)
ASKS = rf"(?:{NO_REQUEST}て|(?<!な)[んい]で){POLITE_END}$"
# Requests for a noun: 「〜の調査をお願いします」「比較が欲しいです」.
ASKS_NOUN = (
    r"(?:[をのにもは]|[一-龯ァ-ヶー])(?:よろしく|宜しく)?(?:お願い(?:できますか|できる(?:かな|か)?|でき(?:れば|たら|ません)[^。、]{0,10}|"
    r"(?:いた|致)?し(?:ます|たい(?:です)?)|したいのですが|ね)?|頼(?:む|みます|めますか|める|んだ(?:よ)?|みたい(?:です)?)|よろしく(?:です|ね)?|宜しく)$"
)
NEEDS = r"が(?:必要(?:です|だ|になりました|なんです\w*)?|(?:欲し|ほし)い(?:です|んです|のです)?(?:が|けど|な)?|いる(?:ん)?です|要ります)$"
WORK_ENDS = (
    rf"(?:{ASKS}|{ASKS_NOUN}|{NEEDS}|(?:作成|更新|改訂|修正|追加|整理|準備|定義|策定|起草)(?:を)?(?:する|します)?$|たい(?:です|と思います|んです|のですが)?$|"
    r"(?:ましょう|しよう|直そう|作ろう|書こう|まとめよう|始めよう|変えよう|やろう)$|(?:なければ|なきゃ|ないと)[^。、]{0,8}$|必要があ(?:る|ります)$|べき(?:だ|です|だと思\w+)?$)"
)
QUESTION_WORD = any_of(WORDS["question_word"])
QUESTION_END = (
    r"(?:(?:です|ます|でしょう|だろう|ません|ました|でした|ない|る|た|いい|良い|必要|可能|の)か(?:ね|な)?|[のん]?(?:かな|かね|かしら)|の|んだっけ|っけ|"
    r"[のん]ですか|ますよね|んですか)$"
)
SPEC = any_of(WORDS["spec"]) + r"(?!通り|どおり)"
SPEC_WORK = any_of(WORDS["spec_work"])
SPEC_ADD = any_of(WORDS["spec_add"])
RUNNABLE = any_of(WORDS["runnable"])
RUN = any_of(WORDS["run"])
THIRD_PARTY = any_of(WORDS["third_party"]) + r"(?:たち|達)?(?:に(?!な)|へ)"

QUOTING = r"(?:ように?|って|(?<!もっ)(?<!ちょっ)(?<!ざっ)(?<!きちん)と)"
RULES: tuple[Rule, ...] = (
    rule("none", r"^(?:おはよ|こんにち[はわ]|こんばん[はわ]|お疲れ|はじめまして|初めまして|やあ|もしもし|おやすみ|ただいま)[^、,。!！]*"
         r"(?:[、,!！\s]*(?:今日|本日|明日|今後|これから)?(?:とも|も)?(?:どうぞ)?よろしく[^。!！]*)?$", "reason.greets", 0.95),
    rule("none", r"(?:ありがと\w*(?:ございま\w+)?|感謝(?:します|です)?|助かりました|助かった|すみません(?:でした)?|ごめん(?:なさい)?|申し訳\w*)$", "reason.thanks_or_apologises", 0.9),
    rule("none", r"^(?:はい|ええ|では|それでは|うん|今後とも|これから)?[、,\s]*(?:どうぞ)?(?:(?:よろしく|宜しく)(?:お願い(?:いた|致)?し?ます|です|ね)?|お願い(?:いた|致)?し?ます)$",
         "reason.agrees_or_greets", 0.85),
    rule("question", r"覚えて(?:い)?(?:る|ます)(?:か|よね|かな|の)?$|覚えて(?:い)?(?:ません|ない)(?:か|の)?$", "reason.asks_whether_remembered", 0.88),
    rule("question", rf"^(?>.*?{QUESTION_WORD})[^。]*{QUESTION_END}", "reason.contains_question_word", 0.88),
    # Reminders and memories first: both may look like a question or a task.
    rule("reminder", rf"^(?>.*?(?:リマインド|リマインダー?|思い出させ|アラーム|タイマー|目覚まし|声(?:を)?かけ|起こし))[^。]*(?:{ASKS}|{ASKS_NOUN}|セット$)|(?:リマインダー?|リマインド)(?:よろしく|宜しく)?(?:お願い(?:できますか|できる(?:かな|か)?|(?:いた|致)?し(?:ます|たい(?:です)?)|ね)?|頼(?:む|みます)|よろしく|宜しく|希望(?:です|します)?|を?(?:設定|登録|セット|追加)(?:して|で)?(?:ください|お願い(?:します)?)?|(?:して)?(?:欲し|ほし)い(?:です)?)?(?:です|ね)?$",
         "reason.asks_for_reminder", 0.95, timed=True),
    rule("reminder", rf"^(?!.*{THIRD_PARTY}[^。、]{{0,12}}(?:連絡|伝え|知らせ|通知|報告))[^。]*(?:通知し|知らせ|お知らせ|連絡し|報告し)[^。]*{ASKS}", "reason.asks_for_notice_at_time",
         0.9, timed=True),
    rule("reminder", rf"(?:時|分|半|後|日|朝|昼|夜|夕方|正午|曜日?|週|月|末|頃|ごろ|\d)(?:前)?(?:(?:に(?:は|なったら)?|になったら|ごろに?|頃に?)[^。、]{{0,16}}|[、,]?[^。、]{{0,16}}"
         rf"{QUOTING})(?:教え|言っ|伝え){ASKS}", "reason.asks_for_notice_at_time", 0.92, timed=True),
    rule("reminder", rf"{QUOTING}、?(?:私に)?(?:教え|言っ){ASKS}|忘れないように(?:し|言っ|教え){ASKS}", "reason.asks_for_notice_at_time", 0.85, timed=True),
    rule("task", rf"^(?>.*?(?:リマインド|リマインダー|思い出させ))[^。]*(?:{ASKS}|{ASKS_NOUN})", "reason.asks_for_reminder_without_time", 0.6),
    rule("remember", r"覚えて?(?:お[いけ]|といて|いて(?:ください|ほしい|ね|$)|(?:ください|下さい|くれ|ほしい|ね|よ)|おこう|$)|記憶(?:し(?:て|と)|に(?:留|とど|残))|心に留め|"
         r"メモ(?:し|っ|を取っ|に残し|を残し)(?:て|と)|(?<!ログに)記録(?:し(?:て|と)|に残し)|書き留め(?:て|と)|控えてお|覚えておくこと|覚えておくべき", "reason.asks_to_remember",
         0.93),
    rule("remember", r"忘れない(?:で(?:ください|下さい|ね|よ|おいて\w*|ほしい\w*|くれ\w*)?|よう(?:に)?(?:し(?:て|ましょう|よう)\w*)?|こと)$", "reason.asks_not_to_forget", 0.88),
    # Code execution and specifications.
    rule("code_execution", rf"{RUNNABLE}[^。]{{0,16}}?{RUN}[^。]*(?:{ASKS}|{ASKS_NOUN})|^[^。、]*[をの]実行(?:して[、,]?[^。]{{0,20}}|[^。]{{0,4}})(?:{ASKS}|{ASKS_NOUN})", "reason.asks_to_run", 0.88),
    rule("specification", rf"{SPEC}(?:(?:を|の(?:草案|ドラフト|たたき台|初版|案|改訂|更新|作成|整理|見直し)(?:を)?|[^。、]{{0,8}}を)[^。]{{0,25}}{SPEC_WORK}|に[^。]{{0,30}}{SPEC_ADD}|"
         rf"(?:の?(?:作成|更新|改訂|整理|草案|ドラフト|起草|策定|たたき台)))[^。]*{WORK_ENDS}", "reason.asks_for_specification", 0.9),
    rule("specification", rf"{SPEC}(?:の(?:草案|ドラフト|たたき台))?{NEEDS}|{SPEC}(?:の[^。、]{{1,8}})?{ASKS_NOUN}|{SPEC}(?:作成|更新|改訂|整理)$", "reason.needs_specification", 0.85),
    # Questions in the form of a request.
    rule("task", rf"(?:調べ|確認し|確かめ|探し|比較し|調査し|まとめ|計算し|集計し|見積もっ|選ん|列挙し)[てで][^。]{{0,10}}(?:教え|見せ|知らせ|報告し){ASKS}", "reason.asks_for_findings", 0.8),
    rule("question", rf"(?:教え|説明し|解説し|聞かせ|見せ|示し|答え|語っ|話し|挙げ|アドバイス(?:を)?し?|助言し){ASKS}|(?:アドバイス|意見|助言|ご意見)(?:を)?(?:ください|下さい|お願い\w*|聞かせ\w*)$|"
         r"(?:説明|解説|回答|ご教示)(?:を)?(?:お願い(?:し|いたし)ます|願います)$|(?:知り|聞き|伺い|教えてもらい|教わり)たい(?:です|のですが|んです\w*)?$", "reason.asks_for_information", 0.85),
    rule("task", ASKS, "reason.asks_for_work", 0.85),
    rule("task", rf"{ASKS_NOUN}|{NEEDS}", "reason.asks_for_something", 0.82),
    rule("task", r"(?:必要があ(?:る|ります)|(?:なければ|なきゃ|なくては|ないと)(?:なり?ません|ならない|いけない|いけません|だめ|ダメ|です|まずい)?(?:です|ね|な)?|"
         r"(?:しておく|する|やる|直す|作る|書く|変える|対応する)(?:べき(?:だ|です|だと思(?:う|います))?|こと|ように|タスク))$", "reason.states_obligation", 0.75),
    rule("task", r"(?<!知り)(?<!聞き)(?<!休み)(?<!会い)(?<!食べ)(?<!帰り)(?<!行き)(?<!なり)(?<!あり)(?<!寝)(?<!飲み)(?<!のみ)(?<!る)(?<!グ)(?<![ァ-ヶー一-龯]み)たい(?:です|と思(?:う|います|っています)|"
         r"んです(?:が|けど)?|のですが|な)?$", "reason.states_wish", 0.72),
    rule("task", r"(?:ましょう|(?:し|てみ|始め|変え|まとめ|調べ|入れ)よう|直そう|作ろう|書こう|やろう|使おう|消そう|移そう)(?:よ|ね)?$", "reason.proposes_work", 0.7),
    rule("question", QUESTION_END, "reason.ends_like_question", 0.8),
    rule("question", QUESTION_WORD + r"[^。]{0,10}$", "reason.contains_question_word", 0.65),
)  # fmt: skip


def core_of(sentence: str) -> str:
    """The sentence without what follows its predicate: punctuation, emoji, 「、急ぎません」."""
    return CLOSING.sub("", sentence)
