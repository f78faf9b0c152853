import type { Nodes, Parents, PhrasingContent, Root, RootContent } from "mdast";

// `[3]` and `[3, 4]` are citations, unless they are an index or a value, as in a[1], f(x)[1] and y = [1]; the server has
// the same rule.
const CITATION = /\[([1-9]\d{0,2}(?:[,;、，][ \u3000]?[1-9]\d{0,2}){0,7})\]/g;
const NO_CITATION_AFTER = /(?:[A-Za-z0-9_)[\]$]|=[ \t]*)$/;

/** A remark plugin: makes `<cite>[3]</cite>` of the citations in text. Code and links are no text. */
export function remarkCitations() {
  return (tree: Root) => {
    const visit = (parent: Parents) => {
      if (parent.type === "link" || parent.type === "linkReference") return;
      const children = parent.children.flatMap((node): Nodes[] => (node.type === "text" ? split(node.value) : [node]));
      parent.children = children as RootContent[];
      for (const child of parent.children) if ("children" in child && !isCitation(child)) visit(child);
    };
    visit(tree);
  };
}

function isCitation({ data }: Nodes): boolean {
  return data !== undefined && "hName" in data && data.hName === "cite";
}

function split(value: string): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  let done = 0;
  let cited = -1; // where the citation before ends: [1][2] are two
  for (const { 0: bracket, index } of value.matchAll(CITATION)) {
    const before = value.slice(done, index);
    if (index !== cited && NO_CITATION_AFTER.test(value.slice(0, index))) continue;
    if (before !== "") nodes.push({ type: "text", value: before });
    nodes.push({ type: "emphasis", data: { hName: "cite" }, children: [{ type: "text", value: bracket }] });
    done = cited = index + bracket.length;
  }
  if (done < value.length || nodes.length === 0) nodes.push({ type: "text", value: value.slice(done) });
  return nodes;
}
