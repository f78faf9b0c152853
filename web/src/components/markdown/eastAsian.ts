import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { attention } from "micromark-core-commonmark";
import { unicodePunctuation, unicodeWhitespace } from "micromark-util-character";
import type { Processor } from "unified";
import type {} from "remark-parse";
import type { Code, Construct, Extension, Token } from "micromark-util-types";

const ASTERISK = 42;
const TILDE = 126;
// Letters and punctuation of East Asian scripts. The halves of a surrogate pair count as letters: ideographs have them.
const EAST_ASIAN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\u30fb\u30fc\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uffef\ud800-\udfff]/u;

type Side = "space" | "punctuation" | "eastAsian" | "other";

function sideOf(code: Code): Side {
  if (code === null || code < 0 || unicodeWhitespace(code)) return "space";
  if (EAST_ASIAN.test(String.fromCharCode(code))) return "eastAsian";
  return unicodePunctuation(code) ? "punctuation" : "other";
}

/** Whether a mark can begin emphasis; it can end emphasis when the sides are exchanged. */
const opens = (before: Side, after: Side) => after !== "space" && (after !== "punctuation" || before !== "other");

/**
 * The construct with marks that also work next to East Asian text, which has no spaces: `は**「甲」**な`. CommonMark
 * ignores a mark between a letter and punctuation. https://github.com/tats-u/markdown-cjk-friendly
 */
function nextToEastAsian(construct: Construct): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const before = sideOf(this.previous);
      let mark: Token | undefined;
      const watched = { ...effects, exit: (type: Token["type"]) => (mark = effects.exit(type)) };
      const adjusted: typeof ok = (code) => {
        const after = sideOf(code);
        if (mark && (before === "eastAsian" || after === "eastAsian")) {
          mark._open = opens(before, after);
          mark._close = opens(after, before);
        }
        return ok(code);
      };
      return construct.tokenize.call(this, watched, adjusted, nok);
    },
  };
}

/** Emphasis, strong text and ~~strikethrough~~ next to East Asian text. A single tilde is a tilde: 3~5日. */
export function eastAsianMarks(): Extension {
  const strikethrough = gfmStrikethrough({ singleTilde: false }).text?.[TILDE];
  if (strikethrough === undefined) throw new Error("the strikethrough extension has no construct");
  return {
    text: {
      [ASTERISK]: nextToEastAsian(attention),
      [TILDE]: [strikethrough].flat().map(nextToEastAsian),
    },
  };
}

/** The remark plugin for eastAsianMarks. */
export function remarkEastAsian(this: Processor) {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), eastAsianMarks()];
}
