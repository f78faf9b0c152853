import { describe, expect, it } from "vitest";
import { grammars } from "./grammars";
import { highlight } from "./highlight";

describe("highlight", () => {
  it.each(["python", "py", "TS", "html", "yml"])("knows %s", async (language) => {
    const tree = await highlight("x = 'a' # 1", language);
    expect(tree?.children.length).toBeGreaterThan(0);
  });

  it("highlights embedded languages", async () => {
    const tree = await highlight("<script>const a = 1</script>", "html");
    expect(JSON.stringify(tree)).toContain("hljs-keyword");
  });

  it("returns null for an unknown language", async () => {
    expect(await highlight("x", "klingon")).toBeNull();
  });

  it("can load every grammar and the grammars that it needs", async () => {
    for (const [name, { load, needs }] of Object.entries(grammars)) {
      expect((await load()).default, name).toBeTypeOf("function");
      for (const need of needs?.split(" ") ?? []) expect(grammars, need).toHaveProperty([need]);
    }
  });
});
