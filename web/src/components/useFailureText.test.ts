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
