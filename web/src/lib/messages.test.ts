import { describe, expect, it } from "vitest";
import english from "@schema/messages.en.json";
import japanese from "@schema/messages.ja.json";
import { renderMessage } from "./messages";

const catalogue = {
  plain: "Nothing to do.",
  named: "{given} of {maximum} options; {missing}",
  outer: "{subject}: {reason}",
  inner: "it took {seconds} seconds",
  tools: "Uses {tools}.",
  "too.long": "`{field}` is too long.",
  "field.content": "the text",
  moved: "It is {status}.",
  "status.completed": "done",
};
const render = (key: string, params: unknown = {}) => renderMessage(catalogue, "en", key, params);

describe("renderMessage", () => {
  it("fills in parameters, numbers with separators, and leaves unknown placeholders", () => {
    expect(render("plain", null)).toBe("Nothing to do.");
    expect(render("named", { given: 2_000, maximum: 10 })).toBe("2,000 of 10 options; {missing}");
  });

  it("renders nested texts and lists", () => {
    const reason = { key: "inner", params: { seconds: 3 } };
    expect(render("outer", { subject: "Plan", reason })).toBe("Plan: it took 3 seconds");
    expect(render("tools", { tools: ["Read", "Bash"] })).toBe("Uses Read, Bash.");
    expect(render("outer", { subject: "Plan", reason: { key: "unknown" } })).toBe("Plan: unknown");
  });

  it("translates the names of fields and statuses", () => {
    expect(render("too.long", { field: "content" })).toBe("`the text` is too long.");
    expect(render("too.long", { field: "other" })).toBe("`other` is too long.");
    expect(render("moved", { status: "COMPLETED" })).toBe("It is done.");
  });

  it("has no sentence for an unknown key", () => {
    expect(render("unknown")).toBeNull();
  });

  it("reads the catalogues of the server in both languages", () => {
    expect(renderMessage(english, "en", "decision.duplicate_option", {})).toMatch(/^[ -~]+$/);
    expect(renderMessage(japanese, "ja", "decision.duplicate_option", {})).toMatch(/選択肢/);
  });
});
