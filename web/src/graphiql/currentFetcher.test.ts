import type { FetcherOpts, FetcherParams } from "@graphiql/toolkit";
import { parse, print } from "graphql";
import { expect, test } from "vitest";
import { currentFetcher } from "./currentFetcher";

const stale = parse("query Old { viewer { id } }");

async function sent(request: FetcherParams) {
  let seen: { request: FetcherParams; options: FetcherOpts | undefined } | undefined;
  await currentFetcher((params, options) => {
    seen = { request: params, options };
    return Promise.resolve({ data: {} });
  })(request, { documentAST: stale });
  if (!seen) throw new Error("nothing was sent");
  return seen;
}

test("a tab that is run immediately uses its own operation name and document", async () => {
  const query = "subscription Live { intentChanged { cursor } }";
  const { request, options } = await sent({ query, operationName: "Old" });
  expect(request.operationName).toBe("Live");
  expect(options?.documentAST && print(options.documentAST)).toBe(print(parse(query)));
});

test("the selected operation of several stays selected", async () => {
  const { request } = await sent({ query: "query A { viewer { id } } query B { viewer { id } }", operationName: "B" });
  expect(request.operationName).toBe("B");
});

test("an anonymous operation is run without a name", async () => {
  const { request } = await sent({ query: "{ viewer { id } }", operationName: "Old" });
  expect(request.operationName).toBeNull();
});

test("a document with a syntax error is sent unchanged", async () => {
  const { request } = await sent({ query: "{ viewer", operationName: "Old" });
  expect(request).toEqual({ query: "{ viewer", operationName: "Old" });
});
