import { describe, expect, it } from "vitest";
import { plainText, plainTitle } from "./plainText";

describe("plainText", () => {
  it.each([
    ["# The plan ## Why **bold** and *slanted*, ~~gone~~", "The plan Why bold and slanted, gone"],
    ["***both*** and **bold with _more_ in it**", "both and bold with more in it"],
    ["これは**重要**です", "これは重要です"],
    ['see [the *design*](https://example.com/a "title") and ![a picture](b.png)', "see the design and a picture"],
    ["> quoted", "quoted"],
    ["run ```python print(2 ** 3) ``` or `a_b_c **x**`", "run print(2 ** 3) or a_b_c **x**"],
    ["| a | b | |---|:--:| | 1 | 2 |", "| a | b | | 1 | 2 |"],
    [String.raw`not \*slanted\*`, "not *slanted*"],
  ])("reads %s", (markdown, text) => {
    expect(plainText(markdown)).toBe(text);
  });

  it.each([
    "2 * 3 * 4 and 2*3*4 and 2**3**4",
    "snake_case_name and *args and **kwargs",
    "issue #5, C# and a > b",
    "a_b [x] (y) 50 ~ 60",
  ])("leaves %s as it is", (text) => {
    expect(plainText(text)).toBe(text);
  });

  it.each([
    ["…bold** and then", "…bold and then"],
    ["before **bold…", "before bold…"],
    ["…code` and *slan…", "…code and slan…"],
    ["…design](https://example.com) and [more](https://exa…", "…design and more…"],
  ])("removes incomplete syntax at the cut: %s", (markdown, text) => {
    expect(plainText(markdown)).toBe(text);
  });

  it.each([
    ["**Plan** for `main.py`", "Plan for main.py"],
    ["### 認証の**設計**", "認証の設計"],
    ["```", "```"],
  ])("reads the title %s", (title, text) => {
    expect(plainTitle(title)).toBe(text);
  });
});
