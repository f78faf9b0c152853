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

  it.each([
    "/nonsense/page",
    "/nowhere/at/all",
    "/chat/../x",
    "/settings/what",
    "/c/",
    "/intents/a/b",
    "/Intents",
    "/設定",
  ])("do not exist for %s", (address) => {
    expect(parseRoute(address)).toEqual({ page: "notFound", id: null });
  });

  it.each(["/", "/#x"])("lead to a new conversation for %s", (address) => {
    expect(parseRoute(address)).toEqual(toConversation(null));
  });
});
