// Code and escaped characters are not emphasis. A code fence has lost its line breaks, but not its language name.
const AS_IT_IS = /\\([!-/:-@[-`{-~])|`{3,}[\w+#-]*(?:\s|$)|(`+)(?!`)(.+?)(?<!`)\2(?!`)/g;
const HEADING = /(^|\s)#{1,6}(?=\s)/g;
const QUOTE = /^(…?)\s*(?:>\s)+/;
const TABLE_RULE = /\|(?:\s*:?-{2,}:?\s*\|)+\s*/g;
const LINK = /!?\[([^[\]]*)\]\([^()\s]*(?:\s"[^"]*")?\)/g;
const LINK_WITHOUT_END = /!?\[([^[\]]*)\]\([^()]*…$/;
const LINK_WITHOUT_BEGINNING = /^…([^[\]]*)\]\([^()\s]*\)/;
// Between ASCII letters and digits these are operators and names: 2*3*4, snake_case. Japanese has no spaces around them.
const EMPHASIS = /(?<![\w*~])(\*{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?![\w*~])/g;
const UNDERSCORES = /(?<![\p{L}\p{N}_])(_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu;
const OPENED_ONLY = /(?<![\w*~`])(?:\*{1,3}|~~|`)(?=[^\s*~`][^*~`]*…$)/;
const CLOSED_ONLY = /^(…[^*~`]*[^\s*~`])(?:\*{1,3}|~~|`)(?![\w*~`])/;
const KEPT = /\uE000(\d+)\uE001/g;

/** Markdown without its syntax. A snippet is one line and cut anywhere, so a Markdown parser cannot read it. */
export function plainText(snippet: string): string {
  const kept: string[] = [];
  const keep = (text: string) => `\uE000${kept.push(text) - 1}\uE001`;
  const read = snippet
    .replace(AS_IT_IS, (_, escaped?: string, _ticks?: string, code?: string) => {
      const text = escaped ?? code?.trim();
      return text === undefined ? "" : keep(text);
    })
    .replace(LINK, "$1")
    .replace(LINK_WITHOUT_END, "$1…")
    .replace(LINK_WITHOUT_BEGINNING, "…$1")
    .replace(QUOTE, "$1")
    .replace(HEADING, "$1")
    .replace(TABLE_RULE, "");
  return withoutEmphasis(read)
    .replace(OPENED_ONLY, "")
    .replace(CLOSED_ONLY, "$1")
    .replace(KEPT, (_, at: string) => kept[Number(at)] ?? "")
    .replace(/\s+/g, " ")
    .trim();
}

/** A title without Markdown syntax; as it was written when nothing else is in it. */
export const plainTitle = (title: string) => plainText(title) || title;

function withoutEmphasis(text: string): string {
  const inner = text.replace(EMPHASIS, "$2").replace(UNDERSCORES, "$2");
  return inner === text ? text : withoutEmphasis(inner);
}
