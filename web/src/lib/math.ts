// Code is matched first, so a formula never starts inside code.
const CODE = String.raw`\`\`\`[\s\S]*?(?:\`\`\`|$)|~~~[\s\S]*?(?:~~~|$)|(\`+)[^\`](?:[^\n]*?[^\`])?\1(?!\`)`;
const BLOCK = String.raw`\\\[(?<block>[\s\S]+?)\\\]`;
// A formula alone on its line is a display formula.
const LINE = String.raw`(?<=^|\n)[ \t]*\$\$(?<line>[^$\n]+)\$\$[ \t]*(?=\n|$)`;
const INLINE = String.raw`\\\((?<inline>[\s\S]+?)\\\)`;
// Pandoc's rule: no space inside the dollars and no digit after them, so "$5 and $10" is not a formula.
const DOLLARS = String.raw`(?<![\\$])\$(?=[^\s$])(?<dollars>(?:\\.|[^$\\\n])*?[^\s\\$])\$(?![\d$])`;
const ANY = new RegExp([CODE, BLOCK, LINE, INLINE, DOLLARS].join("|"), "g");

type Found = { block?: string; line?: string; inline?: string; dollars?: string };

/**
 * Converts every usual notation of a formula to `$$…$$`, the only one that the Markdown parser reads.
 * Code is not changed.
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
