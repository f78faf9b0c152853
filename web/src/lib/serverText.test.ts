import { expect, it } from "vitest";
import { translated } from "./serverText";
import japanese from "./text/server.ja.json";

it.each([
  ["The current password is wrong.", "現在のパスワードが違います。"],
  ["`content` has 2,000 bytes; at most 1,000 are accepted.", "内容が長すぎます（2,000バイト）。1,000バイトまでです。"],
  ["It matches what is asked (score 0.81, 72% alike in meaning).", "問いに合っています（スコア0.81、意味の近さ72%）。"],
  [
    "It begins with an imperative; the time said is 2026-03-01 09:00 JST.",
    "命令の形で始まっています。（2026-03-01 09:00 JST）",
  ],
  [
    "It begins with an imperative. (Claude could not be asked, so the local rules decided.)",
    "命令の形で始まっています。（Claudeに尋ねられなかったため、ルールで判断しました。）",
  ],
  [
    "設計: The model provider refused the request: credit balance too low",
    "設計：モデルの提供元がリクエストを拒否しました：credit balance too low",
  ],
  ["設計: 第1章: The model declined to answer this.", "設計: 第1章：モデルが回答を辞退しました。"],
])("says in Japanese: %s", (sentence, expected) => expect(translated(japanese, sentence)).toBe(expected));

it.each(["It asks for tests.", "買い物: 牛乳", "Nobody knows this sentence.", "todo: title", "title", ""])(
  "leaves alone: %s",
  (sentence) => expect(translated(japanese, sentence)).toBe(sentence),
);

it("has as many navItems to fill in as the sentence", () => {
  const navItems = (words: string) => words.split("{}").length;
  const wrong = Object.entries(japanese).filter(([key, words]) => navItems(words) > navItems(key));
  expect(wrong).toEqual([]);
});
