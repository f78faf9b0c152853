import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { boardRequests } from "@/early/board";
import type { IntentOrder, IntentStatus } from "@/gql/graphql";
import { pageVariables } from "@/features/intents/useIntentPages";
import { useColumns } from "@/features/intents/useView";
import { CARDS_PER_PAGE } from "@/lib/boardPages";

const read = (key: string) => localStorage.getItem(key);

/** The requests of the board itself, as the text that recognises them. */
function requestsOfBoard(order: IntentOrder) {
  const { result } = renderHook(() => useColumns<IntentStatus>("board"));
  return result.current.shown.map((status) => {
    const filter = { statuses: [status], type: null, assignee: null, label: null, words: "" };
    return JSON.stringify({ projectId: null, ...pageVariables(filter, CARDS_PER_PAGE, null, order) });
  });
}

it.each([
  [{}, "NEWEST"],
  [{ "resonant.intentsOrder": "DUE" }, "DUE"],
  [{ "resonant.intentsHidden.board": "FAILED CANCELLED" }, "NEWEST"],
  [{ "resonant.intentsHidden.board": "" }, "NEWEST"],
] as const)("requests what the board asks for with %j", (stored, order) => {
  for (const [key, value] of Object.entries(stored)) localStorage.setItem(key, value);
  expect(boardRequests(read).map((variables) => JSON.stringify(variables))).toEqual(requestsOfBoard(order));
});

it.each([
  ["resonant.intentsView", "list"],
  ["resonant.intentsOrder", "LABEL"],
  ["resonant.intentsGroup", "DUE"],
])("requests nothing while %s is %s, for which the board reads other pages", (key, value) => {
  localStorage.setItem(key, value);
  expect(boardRequests(read)).toEqual([]);
});
