import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import { createGraphQLClient } from "@/lib/request";
import { useTypedTask } from "./useTypedTask";

afterEach(() => vi.unstubAllGlobals());

const client = createGraphQLClient("http://localhost/graphql");
const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>;

it("keeps what it read of the newest line when an earlier response arrives later", async () => {
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => answers.push(resolve)));
  const { result } = renderHook(() => useTypedTask("call the bank"), { wrapper });
  const answer = (place: number, description: string) =>
    act(async () => {
      answers[place]?.(Response.json({ data: { readTask: { description } } }));
      await new Promise((resolve) => setTimeout(resolve));
    });
  void result.current.read("call");
  void result.current.read("call the bank");
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  await answer(1, "call the bank");
  expect(result.current.task?.description).toBe("call the bank");
  await answer(0, "call");
  expect(result.current.task?.description).toBe("call the bank");
});
