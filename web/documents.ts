import { createHash } from "node:crypto";
import { type TypedDocumentNode, stringifyDocument } from "@urql/core";
import { type Plugin, runnerImport } from "vite";

type Documents = Record<string, TypedDocumentNode>;

const CALL = /\bgraphql\(\s*`([^`]+)`\s*,?\s*\)/g;
const TEXT_CALL = /\btextOfDocument\("(\w+)"\)/g;
const IMPORT = 'import { graphql } from "@/gql";';

/**
 * Inlines the documents of each file: codegen's lookup contains all documents of all pages twice. Also writes the SHA-256
 * of each document that the client sends to trusted-documents.json.
 */
export function inlineDocuments(generated: string): Plugin {
  let texts = new Map<string, string>();
  return {
    name: "own-documents",
    apply: "build",
    enforce: "pre",
    async buildStart() {
      const { module } = await runnerImport<Documents>(generated);
      texts = new Map(
        Object.entries(module).flatMap(([name, document]) =>
          name.endsWith("Document") ? [[name.slice(0, -"Document".length), stringifyDocument(document)]] : [],
        ),
      );
    },
    transform(code, id) {
      if (id.includes("node_modules") || !(code.includes(IMPORT) || code.match(TEXT_CALL))) return null;
      return code
        .replace(IMPORT, 'import { parseDocument } from "@/lib/parseDocument";')
        .replace(CALL, (_, written: string) => inlinedText(written, texts))
        .replace(TEXT_CALL, (_, name: string) => JSON.stringify(textNamed(name, texts)));
    },
    generateBundle() {
      const hashes = [...texts.values()].map((text) => createHash("sha256").update(text).digest("hex"));
      this.emitFile({
        type: "asset",
        fileName: "trusted-documents.json",
        source: `${JSON.stringify(hashes.sort(), null, 1)}\n`,
      });
    },
  };
}

/** A fragment is part of the documents that use it, so on its own it is undefined. */
function inlinedText(written: string, texts: Map<string, string>): string {
  const [, kind, name = ""] = /^\s*(query|mutation|subscription|fragment)\s+(\w+)/.exec(written) ?? [];
  if (kind === "fragment") return "undefined";
  return `parseDocument(${JSON.stringify(textNamed(name, texts))})`;
}

function textNamed(name: string, texts: Map<string, string>): string {
  const text = texts.get(name);
  if (text === undefined) throw new Error(`There is no generated document for ${name}; run npm run codegen.`);
  return text;
}
