// Code comes first: what begins with a backtick is over before a formula could begin in it.
const CODE = String.raw`\`\`\`[\s\S]*?(?:\`\`\`|$)|~~~[\s\S]*?(?:~~~|$)|(\`+)[^\`](?:[^\n]*?[^\`])?\1(?!\`)`;
const BLOCK = String.raw`\\\[(?<block>[\s\S]+?)\\\]`;
// Alone on its line it is meant to stand alone.
const LINE = String.raw`(?<=^|\n)[ \t]*\$\$(?<line>[^$\n]+)\$\$[ \t]*(?=\n|$)`;
const INLINE = String.raw`\\\((?<inline>[\s\S]+?)\\\)`;
// As pandoc reads it: no space inside the dollars, and no digit behind them, so that "$5 and $10" stays money.
const DOLLARS = String.raw`(?<![\\$])\$(?=[^\s$])(?<dollars>(?:\\.|[^$\\\n])*?[^\s\\$])\$(?![\d$])`;
const ANY = new RegExp([CODE, BLOCK, LINE, INLINE, DOLLARS].join("|"), "g");

type Found = { block?: string; line?: string; inline?: string; dollars?: string };

/**
 * Writes every usual form of a formula as the one that the Markdown parser is told to read, `$$…$$`.
 * Code is left as it is.
 */
export function withOneFormOfMath(markdown: string): string {
  if (!/[$\\]/.test(markdown)) return markdown;
  return markdown.replace(ANY, (...matched: unknown[]) => {
    const { block, line, inline, dollars } = matched.at(-1) as Found;
    const alone = block ?? line;
    if (alone !== undefined) return `\n$$\n${alone.trim()}\n$$\n`;
    const tex = inline ?? dollars;
    return tex === undefined ? String(matched[0]) : `$$${tex.trim()}$$`;
  });
}
