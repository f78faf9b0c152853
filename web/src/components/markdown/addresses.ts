import type { Definition, Link, PhrasingContent, Text } from "mdast";

// Punctuation that ends a sentence or closes a bracket, and Japanese particles directly after a Latin letter or a
// bracket. After a slash, a name can begin with hiragana: /wiki/ひらがな. を begins no name.
const END =
  /[\u3000-\u3004\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…]|(?<=[A-Za-z0-9)]|^[^/]*\/)[\u3041-\u309f]|(?<=\/)を/u;
const TYPED = /^(?:https?:\/\/|www\.)/i;
const ADDRESS = /https?:\/\/[^\s<>]+/i;

/** Whether the link is an address as it was typed, and not `[text](address)`. */
export function isTyped(link: Link): boolean {
  const [only, ...more] = link.children;
  if (more.length > 0 || only?.type !== "text" || isBetweenBrackets(link, only.value)) return false;
  return TYPED.test(only.value) && link.url.endsWith(only.value);
}

/** Whether the link is `<address>`, whose end is given. */
function isBetweenBrackets({ position }: Link, address: string): boolean {
  const length = (position?.end.offset ?? 0) - (position?.start.offset ?? 0);
  return length > address.length;
}

/** The link with its scheme in lower case, which is the only form that is accepted. */
export function withKnownScheme<Node extends Link | Definition>(node: Node): Node {
  return { ...node, url: node.url.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase()) };
}

/** Ends a typed address before Japanese punctuation, and makes links of further addresses after it. */
export function splitAddress(link: Link): PhrasingContent[] {
  const address = (link.children[0] as Text).value;
  const end = endOf(address);
  if (end === -1) return [link];
  const missing = link.url.length - address.length;
  const shortened: Link = {
    ...link,
    url: link.url.slice(0, missing + end),
    children: [{ type: "text", value: address.slice(0, end) }],
  };
  return [shortened, ...linked(address.slice(end))];
}

function endOf(address: string): number {
  const host = TYPED.exec(address)?.[0].length ?? 0;
  const ends = [address.slice(host).search(END), unopenedBracket(address.slice(host))].filter((end) => end > 0);
  return ends.length === 0 ? -1 : host + Math.min(...ends);
}

/** Where a bracket closes that the address does not open: the `)` of `(https://example.com)を見る`; or -1. */
function unopenedBracket(address: string): number {
  let open = 0;
  for (let index = 0; index < address.length; index += 1) {
    if (address[index] === "(") open += 1;
    else if (address[index] === ")" && (open -= 1) < 0) return index;
  }
  return -1;
}

function linked(value: string): PhrasingContent[] {
  const found = ADDRESS.exec(value);
  if (!found) return [{ type: "text", value }];
  const [url] = found;
  const before = value.slice(0, found.index);
  const next: Link = { type: "link", url, title: null, children: [{ type: "text", value: url }] };
  const after = value.slice(found.index + url.length);
  return [
    ...(before === "" ? [] : [{ type: "text", value: before } as const]),
    ...splitAddress(next),
    ...(after === "" ? [] : [{ type: "text", value: after } as const]),
  ];
}
