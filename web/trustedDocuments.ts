import { createHash } from "node:crypto";
import { type TypedDocumentNode, stringifyDocument } from "@urql/core";
import { type Plugin, runnerImport } from "vite";

type Documents = Record<string, TypedDocumentNode>;

/** Writes the SHA-256 of each document that the client sends, as the client sends it, beside what is built. */
export function trustedDocuments(generated: string): Plugin {
  return {
    name: "trusted-documents",
    apply: "build",
    async generateBundle() {
      const { module } = await runnerImport<Documents>(generated);
      const sent = Object.entries(module).flatMap(([name, document]) =>
        name.endsWith("Document") ? [stringifyDocument(document)] : [],
      );
      const hashes = sent.map((text) => createHash("sha256").update(text).digest("hex"));
      this.emitFile({
        type: "asset",
        fileName: "trusted-documents.json",
        source: `${JSON.stringify(hashes.sort(), null, 1)}\n`,
      });
    },
  };
}
