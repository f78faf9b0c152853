import type { BlockContent, Break, Emphasis, Html, PhrasingContent, Text } from "mdast";

// Tags without attributes that only change the look; all others are shown as they were written.
const STYLE = /^<(\/?)(b|strong|i|em|u|s|del|ins|sub|sup|kbd|mark|small|ruby|rt|rp)\s*>$/i;
const LINE_BREAK = /^<br\s*\/?>$/i;

export const STYLE_TAGS = ["u", "mark", "small"];

type Open = { tag: string; html: Html; children: PhrasingContent[] };

/** The nodes with their HTML as text: `List<String>` and `<your-key>` stay visible. Pairs of style tags are applied. */
export function withVisibleHtml(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const all: PhrasingContent[] = [];
  const open: Open[] = [];
  const add = (...added: PhrasingContent[]) => (open.at(-1)?.children ?? all).push(...added);
  const showSource = () => {
    const { html, children } = open.pop() ?? {};
    if (html && children) add(textOf(html), ...children);
  };
  for (const node of nodes) {
    const [, slash, name] = (node.type === "html" ? STYLE.exec(node.value) : null) ?? [];
    const tag = name?.toLowerCase();
    if (node.type !== "html") add(node);
    else if (LINE_BREAK.test(node.value)) add({ type: "break" });
    else if (tag === undefined) add(textOf(node));
    else if (slash === "") open.push({ tag, html: node, children: [] });
    else if (!open.some((each) => each.tag === tag)) add(textOf(node));
    else {
      while (open.at(-1)?.tag !== tag) showSource();
      add(styled(tag, open.pop()?.children ?? []));
    }
  }
  while (open.length > 0) showSource();
  return all;
}

/** A block of HTML as a paragraph of its source. */
export function visibleBlock({ value }: { value: string }): BlockContent {
  return { type: "paragraph", children: withBreaks(value) };
}

/** Text with its line breaks. */
export function withBreaks(value: string): (Text | Break)[] {
  return value.split(/\r?\n/).flatMap((line, index): (Text | Break)[] => {
    const text: Text = { type: "text", value: line };
    return index === 0 ? [text] : [{ type: "break" }, text];
  });
}

const textOf = ({ value }: Html): Text => ({ type: "text", value });

function styled(tag: string, children: PhrasingContent[]): Emphasis {
  return { type: "emphasis", data: { hName: tag }, children };
}
