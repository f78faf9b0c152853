import type { Nodes, Parents, PhrasingContent, Root, RootContent, Table } from "mdast";
import type { VFile } from "vfile";
import { isTyped, splitAddress, withKnownScheme } from "@/components/markdown/addresses";
import { visibleBlock, withBreaks, withVisibleHtml } from "@/components/markdown/html";
import { refuseDeepTree } from "@/components/markdown/limits";

type Options = { /** Whether a line break in the source is one in the result. */ breaks: boolean };

/** A remark plugin: everything that was written is visible, and addresses end where Japanese punctuation begins. */
export function visibleText({ breaks }: Options) {
  return (tree: Root, file: VFile) => {
    refuseDeepTree(tree);
    const used = new Set<string>();
    collectReferences(tree, used);
    const visit = (parent: Parents) => {
      if (parent.type === "table") widen(parent);
      const children = parent.children.flatMap((node): Nodes[] => {
        if (isUnused(node, used)) return [visibleBlock({ value: sourceOf(node, file) })];
        if (node.type === "html" && !isPhrasing(parent)) return [visibleBlock(node)];
        if (node.type === "link") return (isTyped(node) ? splitAddress(node) : [node]).map(withAcceptedScheme);
        if (node.type === "definition") return [withKnownScheme(node)];
        return node.type === "text" && breaks ? withBreaks(node.value) : [node];
      });
      const shown = isPhrasing(parent) ? withVisibleHtml(children as PhrasingContent[]) : children;
      parent.children = shown as RootContent[];
      for (const child of parent.children) if ("children" in child) visit(child);
    };
    visit(tree);
  };
}

const withAcceptedScheme = (node: PhrasingContent) => (node.type === "link" ? withKnownScheme(node) : node);

/** Gives a table as many columns as its longest row has; GitHub leaves out the surplus cells. */
function widen(table: Table) {
  const columns = Math.max(...table.children.map((row) => row.children.length));
  const align = table.align ?? [];
  table.align = [...align, ...Array<null>(Math.max(0, columns - align.length)).fill(null)];
}

function isPhrasing({ type }: Parents): boolean {
  return !["root", "blockquote", "list", "listItem", "footnoteDefinition", "table", "tableRow"].includes(type);
}

function collectReferences(node: Nodes, used: Set<string>) {
  if (node.type === "linkReference" || node.type === "imageReference") used.add(`link ${node.identifier}`);
  if (node.type === "footnoteReference") used.add(`footnote ${node.identifier}`);
  if ("children" in node) for (const child of node.children) collectReferences(child, used);
}

/** A definition that nothing refers to would not be shown. */
function isUnused(node: Nodes, used: ReadonlySet<string>): boolean {
  if (node.type === "definition") return !used.has(`link ${node.identifier}`);
  return node.type === "footnoteDefinition" && !used.has(`footnote ${node.identifier}`);
}

function sourceOf({ position }: Nodes, file: VFile): string {
  return String(file).slice(position?.start.offset ?? 0, position?.end.offset ?? 0);
}
