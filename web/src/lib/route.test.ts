import { beforeEach, describe, expect, it } from "vitest";
import { navigate, parseRoute, pathOf, toConversation, toPage } from "./route";

beforeEach(() => history.replaceState(null, "", "/"));

describe("routes", () => {
  it.each([
    toConversation(null),
    toConversation("0199f2c4-0000-7000-8000-000000000000"),
    toConversation("0199f2c4", "0199f2c5"),
    toPage("intents"),
    toPage("specifications", "0199f2c4"),
    toPage("settings"),
    toPage("project", "settings"),
  ])("are restored from their address, in a project and in all projects", (route) => {
    for (const project of [null, "website", "project-2"]) {
      const { page, id, at = null } = route;
      expect(parseRoute(pathOf({ ...route, project }))).toMatchObject({ page, id, project });
      expect(parseRoute(pathOf({ ...route, project })).at ?? null).toBe(at);
    }
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
    "/p",
    "/p/",
  ])("do not exist for %s", (address) => {
    expect(parseRoute(address)).toEqual({ page: "notFound", id: null, project: null });
  });

  it.each(["/", "/#x"])("lead to a new conversation for %s", (address) => {
    expect(parseRoute(address)).toEqual({ ...toConversation(null), project: null });
  });

  it.each(["/p/website", "/p/website/", "/p/website#x"])(
    "lead to a new conversation of the project for %s",
    (address) => {
      expect(parseRoute(address)).toEqual({ ...toConversation(null), project: "website" });
    },
  );

  it("keep the project of the address, unless they name one", () => {
    const addresses = () => [
      pathOf(toPage("intents")),
      pathOf({ ...toPage("intents"), project: null }),
      pathOf({ ...toPage("intents"), project: "shop" }),
      pathOf({ ...toPage("intents", "a1"), recordIn: "shop" }),
    ];
    expect(addresses()).toEqual(["/intents", "/intents", "/p/shop/intents", "/intents/a1"]);
    navigate({ ...toConversation(null), project: "website" });
    expect(addresses()).toEqual(["/p/website/intents", "/intents", "/p/shop/intents", "/p/shop/intents/a1"]);
  });

  it("take the place of the current one in the history with `replace`", () => {
    const before = history.length;
    navigate({ ...toPage("intents"), project: "shop" }, { replace: true });
    expect([location.pathname, history.length]).toEqual(["/p/shop/intents", before]);
    navigate(toPage("decisions"));
    expect([location.pathname, history.length]).toEqual(["/p/shop/decisions", before + 1]);
  });
});
