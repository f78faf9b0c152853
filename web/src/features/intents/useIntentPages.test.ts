import { expect, it } from "vitest";
import { intentStatuses } from "@/lib/boardPages";
import { fits } from "./useIntentPages";
import type { Intent } from "./useIntents";

const all = { statuses: intentStatuses, type: null, assignee: null, label: null, words: "" } as const;

it("matches status, type, assignee, label and text, ignoring case and width", () => {
  const task = {
    description: "Ａuth 設計",
    status: "PENDING",
    intentType: "TASK",
    assignee: "PERSON",
    labels: ["ops"],
  } as unknown as Intent;
  expect(fits(task, all)).toBe(true);
  expect(fits(task, { ...all, statuses: ["FAILED"] })).toBe(false);
  expect(fits(task, { ...all, type: "TASK", words: "AUTH" })).toBe(true);
  expect(fits(task, { ...all, words: "other" })).toBe(false);
  expect(fits(task, { ...all, assignee: "ASSISTANT" })).toBe(false);
  expect(fits(task, { ...all, label: "ops" })).toBe(true);
  expect(fits(task, { ...all, label: "finance" })).toBe(false);
});
