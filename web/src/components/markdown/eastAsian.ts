import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { attention } from "micromark-core-commonmark";
import { unicodePunctuation, unicodeWhitespace } from "micromark-util-character";
import type { Processor } from "unified";
import type {} from "remark-parse";
import type { Code, Construct, Extension, Token } from "micromark-util-types";

const ASTERISK = 42;
const UNDERSCORE = 95;
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

const matches = (pattern: RegExp, code: Code) => code !== null && code > 0 && pattern.test(String.fromCharCode(code));

/** Whether a mark between these characters is text. */
type IsPlain = (before: Code, after: Code) => boolean;

const never: IsPlain = () => false;
/** 変数_名 is a name. The halves of a surrogate pair count as letters. */
const withinWord: IsPlain = (before, after) => [before, after].every((code) => matches(/[\p{L}\p{N}\p{Cs}]/u, code));
/** 10~~20 is a range. */
const betweenDigits: IsPlain = (before, after) => [before, after].every((code) => matches(/\p{Nd}/u, code));

/**
 * The construct with marks that also work next to East Asian text, which has no spaces: `は**「甲」**な`. CommonMark
 * ignores a mark between a letter and punctuation. https://github.com/tats-u/markdown-cjk-friendly
 */
function nextToEastAsian(construct: Construct, isPlain: IsPlain): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const { previous } = this;
      const before = sideOf(previous);
      let mark: Token | undefined;
      const watched = { ...effects, exit: (type: Token["type"]) => (mark = effects.exit(type)) };
      const adjusted: typeof ok = (code) => {
        const after = sideOf(code);
        if (mark && isPlain(previous, code)) {
          mark._open = mark._close = false;
        } else if (mark && (before === "eastAsian" || after === "eastAsian")) {
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
      [ASTERISK]: nextToEastAsian(attention, never),
      [UNDERSCORE]: nextToEastAsian(attention, withinWord),
      [TILDE]: [strikethrough].flat().map((construct) => nextToEastAsian(construct, betweenDigits)),
    },
  };
}

/** The remark plugin for eastAsianMarks. */
export function remarkEastAsian(this: Processor) {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), eastAsianMarks()];
}
