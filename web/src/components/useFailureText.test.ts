import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useFailureText } from "@/components/useFailureText";
import { RequestFailure } from "@/lib/request";

it.each([
  ["file.store_unavailable", "The file store cannot be reached."],
  ["model.unreachable", "No server answers."],
  ["database.unavailable", /cannot reach its database/],
  [null, /cannot reach its database/],
])("says which service is unavailable: %s", (key, expected) => {
  const message = typeof expected === "string" ? expected : "refused";
  const { result } = renderHook(() => useFailureText());
  expect(result.current(new RequestFailure("UNAVAILABLE", message, key))).toMatch(expected);
});

it.each([
  ["FORBIDDEN", "project.read_only", "You are a reader."],
  ["FORBIDDEN", "message.not_author", "Only the author may."],
  ["FORBIDDEN", "forbidden.read_only", "You may not do this."],
  ["NOT_FOUND", "invitation.not_found", "It was used."],
  ["NOT_FOUND", "intent.not_found", "This no longer exists."],
])("shows the server's own sentence about members: %s %s", (code, key, expected) => {
  const { result } = renderHook(() => useFailureText());
  const sentence = key.startsWith("forbidden") || key.startsWith("intent") ? "other" : expected;
  expect(result.current(new RequestFailure(code, sentence, key))).toBe(expected);
});
