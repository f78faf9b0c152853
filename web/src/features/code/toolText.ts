const SUMMARY_FIELDS = [
  "command",
  "file_path",
  "notebook_path",
  "pattern",
  "path",
  "url",
  "query",
  "description",
] as const;

/** The most informative argument of a tool call in one line; empty when there is none. */
export function summarizeInput(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const given = input as Record<string, unknown>;
  const found = SUMMARY_FIELDS.map((name) => given[name]).find(
    (value) => typeof value === "string" && value.trim() !== "",
  );
  return typeof found === "string" ? (found.trim().split("\n", 1)[0] ?? "") : "";
}

/** The input or output of a tool as text: text blocks joined by line breaks, everything else as JSON. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(toText).join("\n");
  const { text, cut, beginning } = value as { text?: unknown; cut?: unknown; beginning?: unknown };
  if (typeof text === "string") return text;
  if (cut === true && typeof beginning === "string") return `${beginning}…`;
  return JSON.stringify(value, null, 2);
}
