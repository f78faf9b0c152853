import { describe, expect, it } from "vitest";
import { type Entered, isComplete, recordsDecision, toInput, wantedIn } from "./resolution";

const entered: Entered = {
  resolution: "APPROVED",
  rationale: " the operators only know MySQL ",
  description: "Store the orders in MySQL",
  title: "Use MySQL",
  answer: "MySQL",
};
const old = {
  __typename: "Decision" as const,
  id: "d",
  number: 3,
  title: "Use PostgreSQL",
  kind: "CHOICE" as const,
  decisionStatus: "ACCEPTED" as const,
  topic: "database",
  supersededBy: null,
  chosen: { id: "o", label: "PostgreSQL" },
  project: { id: "p", slug: "website" },
};

describe("the resolution of a contradiction", () => {
  it("replaces a decision by the new one with its reason", () => {
    const input = toInput("c", "intent", old, entered);
    expect(input.rationale).toBe("the operators only know MySQL");
    expect(input.newDescription).toBeNull();
    expect(input.newDecision).toEqual({
      title: "Use MySQL",
      topic: "database",
      kind: "CHOICE",
      rationale: "the operators only know MySQL",
      options: [{ label: "MySQL" }, { label: "PostgreSQL", rejectionReason: "the operators only know MySQL" }],
      chosen: "MySQL",
    });
    const value = toInput("c", "intent", { ...old, kind: "VALUE", chosen: null }, { ...entered, answer: "1 hour" });
    expect(value.newDecision?.value).toBe("1 hour");
  });

  it("keeps a decision, or changes the request, without a new decision", () => {
    for (const resolution of ["REJECTED", "MODIFIED"] as const) {
      expect(toInput("c", "intent", old, { ...entered, resolution }).newDecision).toBeNull();
    }
    expect(toInput("c", "intent", old, { ...entered, resolution: "MODIFIED" }).newDescription).toBe(
      entered.description,
    );
    expect(toInput("c", "intent", null, entered).newDecision).toBeNull();
  });

  it("records another decision in place of a proposed one", () => {
    expect(recordsDecision("decision", "MODIFIED", old)).toBe(true);
    expect(recordsDecision("decision", "APPROVED", old)).toBe(false);
  });

  it("knows what the new record chooses", () => {
    expect(wantedIn("contradiction.gate_technology", { wanted: "MySQL" })).toBe("MySQL");
    expect(wantedIn("contradiction.gate_abandoned", { wanted: "PostgreSQL" })).toBe("");
    expect(wantedIn(null, undefined)).toBe("");
  });

  it("needs a reason, and a changed description or a title", () => {
    expect(isComplete("intent", old, { ...entered, rationale: "short" }, "x")).toBe(false);
    expect(isComplete("intent", old, { ...entered, resolution: "MODIFIED" }, entered.description)).toBe(false);
    expect(isComplete("intent", old, { ...entered, title: " " }, "x")).toBe(false);
    expect(isComplete("intent", old, entered, "x")).toBe(true);
  });
});
