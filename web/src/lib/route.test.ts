import { describe, expect, it } from "vitest";
import { parseRoute, pathOf, toConversation, toPage } from "./route";

describe("routes", () => {
  it.each([
    toConversation(null),
    toConversation("0199f2c4-0000-7000-8000-000000000000"),
    toConversation("0199f2c4", "0199f2c5"),
    toPage("intents"),
    toPage("specifications", "0199f2c4"),
    toPage("settings"),
  ])("are restored from their address", (route) => {
    expect(parseRoute(pathOf(route))).toMatchObject({ page: route.page, id: route.id });
    expect(parseRoute(pathOf(route)).at ?? null).toBe(route.at ?? null);
  });

  it("lead to a new conversation for unknown addresses", () => {
    expect(parseRoute("/nowhere/at/all")).toEqual(toConversation(null));
    expect(parseRoute("/chat/../x")).toEqual(toConversation(null));
  });
});
