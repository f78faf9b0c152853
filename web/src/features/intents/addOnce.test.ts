import { expect, it, vi } from "vitest";
import type { CreateIntentInput, UpdateIntentInput } from "@/gql/graphql";
import { RequestFailure } from "@/lib/request";
import { type Unanswered, addOnce } from "./addOnce";
import type { Intent } from "./useIntents";

const milk: CreateIntentInput = { description: "buy milk", intentType: "TASK", dueAt: null };
const bread: CreateIntentInput = { ...milk, description: "buy bread" };
const lost = new RequestFailure("NETWORK", "no response");

/** A server that keeps one item for each key, and a field that keeps what was not answered. */
function field() {
  const items = new Map<string, Intent>();
  let unanswered: Unanswered | null = null;
  const create = vi.fn((input: CreateIntentInput) => {
    const key = input.idempotencyKey ?? "";
    const made = items.get(key) ?? ({ ...input, id: key } as unknown as Intent);
    items.set(key, made);
    return Promise.resolve(made);
  });
  const update = ({ id, ...changes }: UpdateIntentInput) => {
    const changed = { ...items.get(String(id)), ...changes } as Intent;
    items.set(String(id), changed);
    return Promise.resolve(changed);
  };
  const remove = (id: string) => Promise.resolve(void items.delete(id));
  const add = (input: CreateIntentInput) =>
    addOnce(input, unanswered, { create, update, remove }, (next) => (unanswered = next));
  return { create, add, descriptions: () => [...items.values()].map(({ description }) => description) };
}

it("keeps the edited line and adds nothing twice after a lost response", async () => {
  const { create, add, descriptions } = field();
  const answer = create.getMockImplementation();
  create.mockImplementationOnce(async (input) => {
    await answer?.(input);
    throw lost;
  });
  await expect(add(milk)).rejects.toBe(lost);
  expect((await add(bread)).description).toBe("buy bread");
  expect(descriptions()).toEqual(["buy bread"]);
});

it("adds the edited line when the earlier one did not arrive", async () => {
  const { create, add, descriptions } = field();
  create.mockRejectedValueOnce(lost);
  await expect(add(milk)).rejects.toBe(lost);
  await add({ ...bread, intentType: "REMINDER" });
  expect(descriptions()).toEqual(["buy bread"]);
});

it("adds a new item after the server refused the line", async () => {
  const { create, add, descriptions } = field();
  const refused = new RequestFailure("BAD_USER_INPUT", "too long");
  create.mockRejectedValueOnce(refused);
  await expect(add(milk)).rejects.toBe(refused);
  await add(bread);
  expect(descriptions()).toEqual(["buy bread"]);
});
