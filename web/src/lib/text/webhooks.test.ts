import { expect, test } from "vitest";
import { webhooksJa } from "./webhooks";

test("a shared secret is not called a private key in Japanese", () => {
  const texts = JSON.stringify(webhooksJa);
  expect(texts).toContain("シークレット");
  expect(texts).not.toContain("鍵");
});
