import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, it } from "vitest";
import { examples } from "./examples";

const schema = buildSchema(readFileSync("../schema/schema.graphql", "utf8"));

it.each(examples)("the schema answers $query", ({ query }) => {
  expect(validate(schema, parse(query))).toEqual([]);
});

it("there is an example of each kind, and of the search", () => {
  const names = examples.map(({ query }) => /^(query|mutation|subscription) \w+/m.exec(query)?.[0]);
  expect(names).toEqual(["query Conversations", "mutation Send", "subscription Intents", "query Search"]);
});
