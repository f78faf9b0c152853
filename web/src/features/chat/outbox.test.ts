import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RequestFailure } from "@/lib/request";
import { Outbox, type Queued, type Sent } from "./outbox";

const sent = {} as Sent;
const newMessage = (content: string) => ({ conversationId: "c", content, metadata: {} });
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("Outbox", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("sends in order, one message at a time", async () => {
    const order: string[] = [];
    const outbox = new Outbox(async ({ content }) => {
      order.push(`${content} goes`);
      await Promise.resolve();
      order.push(`${content} is there`);
      return sent;
    });
    outbox.add(newMessage("a"));
    outbox.add(newMessage("b"));
    await settle();
    expect(order).toEqual(["a goes", "a is there", "b goes", "b is there"]);
    expect(outbox.getSnapshot()).toEqual([]);
  });

  it("keeps a message after a network failure and sends it again with the same key", async () => {
    const keys: string[] = [];
    const deliver = vi.fn(({ key }: Queued) => {
      keys.push(key);
      return keys.length < 3 ? Promise.reject(new RequestFailure("NETWORK", "gone")) : Promise.resolve(sent);
    });
    const outbox = new Outbox(deliver);
    const onSent = vi.fn();
    outbox.add(newMessage("a"), onSent);
    await settle();
    expect(outbox.getSnapshot()).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect(new Set(keys).size).toBe(1);
    expect(onSent).toHaveBeenCalledOnce();
    expect(outbox.getSnapshot()).toEqual([]);
  });

  it("survives a reload", async () => {
    const lost = new Outbox(() => new Promise(() => undefined));
    const { key } = lost.add(newMessage("a"));
    const deliver = vi.fn<(queued: Queued) => Promise<Sent>>(() => Promise.resolve(sent));
    const found = new Outbox(deliver);
    await found.flush();
    expect(deliver.mock.calls[0]?.[0].key).toBe(key);
    expect(new Outbox(deliver).getSnapshot()).toEqual([]);
  });

  it("keeps messages that another window adds at the same time", async () => {
    const never = () => new Promise<Sent>(() => undefined);
    const [here, there] = [new Outbox(never), new Outbox(never)];
    here.add(newMessage("a"));
    there.add(newMessage("b")); // before it is notified of the other change
    here.reread();
    const contents = (outbox: Outbox) => outbox.getSnapshot().map(({ content }) => content);
    expect([contents(here), contents(there)]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    for (const { key } of here.getSnapshot()) here.remove(key);
    await settle();
  });

  it("keeps a refused message and sends the others", async () => {
    const outbox = new Outbox(({ content }) =>
      content === "a" ? Promise.reject(new RequestFailure("BAD_USER_INPUT", "too long")) : Promise.resolve(sent),
    );
    outbox.add(newMessage("a"));
    outbox.add(newMessage("b"));
    await settle();
    expect(outbox.getSnapshot()).toMatchObject([{ content: "a", refusal: { message: "too long" } }]);
  });
});
