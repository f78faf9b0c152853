import type { Link, PhrasingContent, Text } from "mdast";

// Punctuation that ends a sentence or closes a bracket, and Japanese particles directly after a Latin letter.
const END =
  /[\u3000-\u3004\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…]|(?<=[A-Za-z0-9/])[\u3041-\u309f]/u;
const TYPED = /^(?:https?:\/\/|www\.)/i;
const ADDRESS = /https?:\/\/[^\s<>]+/i;

/** Whether the link is an address as it was typed, and not `[text](address)`. */
export function isTyped(link: Link): boolean {
  const [only, ...more] = link.children;
  return more.length === 0 && only?.type === "text" && TYPED.test(only.value) && link.url.endsWith(only.value);
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
  const end = address.slice(host).search(END);
  return end <= 0 ? -1 : host + end;
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
