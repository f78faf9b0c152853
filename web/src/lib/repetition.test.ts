import { describe, expect, it } from "vitest";
import { repetitionOf } from "./repetition";

describe("a repetition in words", () => {
  it.each([
    ["FREQ=DAILY", "Every day", "毎日"],
    ["FREQ=WEEKLY;BYDAY=MO", "Every week on Monday", "毎週 月曜日"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "Every 2 weeks on Monday and Thursday", "2週間ごと 月曜日・木曜日"],
    ["FREQ=MONTHLY;BYMONTHDAY=1,-1", "Every month on the 1st and the last day", "毎月 1日・末日"],
    ["FREQ=MONTHLY;BYDAY=3FR,-1SU", "Every month on the 3rd Friday and the last Sunday", "毎月 第3金曜日・最終日曜日"],
    ["FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=22", "Every year on the 22nd in March", "毎年 3月 22日"],
    ["FREQ=HOURLY;INTERVAL=6;COUNT=3", "Every 6 hours, 3 times", "6時間ごと、3回"],
    ["FREQ=DAILY;UNTIL=20270105T000000Z", "Every day, until January 5, 2027", "毎日、2027年1月5日まで"],
    ["FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYHOUR=9"],
    ["nonsense", "nonsense", "nonsense"],
  ])("says %s", (rule, en, ja) => {
    expect(repetitionOf(rule, "en")).toBe(en);
    expect(repetitionOf(rule, "ja")).toBe(ja);
  });
});
