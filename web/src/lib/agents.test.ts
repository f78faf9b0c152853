import { expect, test } from "vitest";
import { agentOf } from "./agents";

test("an agent is told apart from people and bridges", () => {
  expect(agentOf("agent:claude-code")).toBe("claude-code");
  expect(agentOf("message-bridge")).toBeNull();
  expect(agentOf("owner")).toBeNull();
});
