import { expect, it } from "vitest";
import { newest, expiredKeys } from "./offlineCache";

const rows = Array.from({ length: 150 }, (_, id) => ({ id }));

it("keeps the newest rows in either order", () => {
  expect(newest(rows, false)).toEqual(rows.slice(0, 100));
  expect(newest(rows, true)).toEqual(rows.slice(50));
});

it("keeps fewer rows when they are large", () => {
  const large = rows.map(({ id }) => ({ id, content: "x".repeat(200_000) }));
  expect(newest(large, true)).toEqual(large.slice(148));
});

it("expires the rows of other users and of the conversations that were read longest ago", () => {
  const conversations = Array.from({ length: 22 }, (_, id) => `ann/messages/${id}`);
  const keys = ["bob/intents", "ann/intents", ...conversations, "bob/messages/1"];
  expect(expiredKeys(keys, "ann")).toEqual(["bob/intents", "bob/messages/1", "ann/messages/0", "ann/messages/1"]);
});
