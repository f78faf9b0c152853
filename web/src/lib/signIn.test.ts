import { describe, expect, it } from "vitest";
import { afterSignIn, setupCode } from "@/lib/signIn";

describe("the page after signing in", () => {
  it("is the requested page", () => {
    expect(afterSignIn("?next=%2Fc%2F7%3Fm%3D1")).toBe("/c/7?m=1");
    expect(afterSignIn("")).toBe("/");
  });

  it.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/sign-in",
    "http://[",
  ])("is never on another origin: %s", (wanted) =>
    expect(afterSignIn(`?next=${encodeURIComponent(wanted)}`)).toBe("/"),
  );
});

it("reads the code of a set-up link", () => {
  expect(setupCode("#rec_abc")).toBe("rec_abc");
  expect(setupCode("#else")).toBeNull();
});
