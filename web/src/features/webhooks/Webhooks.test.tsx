import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Provider } from "urql";
import { afterEach, expect, it, vi } from "vitest";
import { ToastProvider } from "@/components/Toasts";
import { createGraphQLClient } from "@/lib/request";
import { Webhooks } from "./Webhooks";
import type { Webhook } from "./useWebhooks";

const webhook: Webhook = {
  id: "w1",
  url: "https://chat.example/hook",
  description: null,
  kinds: [],
  enabled: true,
  disabledReason: null,
  disabledReasonKey: null,
  failingSince: null,
  lastAttemptAt: null,
  nextAttemptAt: null,
  pendingCount: 0,
  deadCount: 0,
};

type Sent = { query: string; variables: Record<string, unknown> };

/** A server whose answers to operations are looked up by name; returns what was sent. */
function serve(answers: Record<string, (sent: Sent) => object>) {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const asked = JSON.parse(body) as Sent;
    const name = Object.keys(answers).find((each) => new RegExp(`\\b${each}\\b`).test(asked.query));
    if (asked.query.includes("mutation")) sent.push(asked);
    const data = name === undefined ? {} : answers[name]?.(asked);
    return Promise.resolve(new Response(JSON.stringify(data), { headers: { "Content-Type": "application/json" } }));
  });
  return sent;
}

function show() {
  render(
    <Provider value={createGraphQLClient("/graphql")}>
      <ToastProvider>
        <Webhooks projectId="p1" />
      </ToastProvider>
    </Provider>,
  );
}

afterEach(() => vi.unstubAllGlobals());

it("adds a webhook and shows its secret once", async () => {
  let webhooks: Webhook[] = [];
  const sent = serve({
    WebhookList: () => ({ data: { webhooks } }),
    SaveWebhook: () => {
      webhooks = [webhook];
      return { data: { saveWebhook: { secret: "whsec_abc", webhook } } };
    },
  });
  show();
  expect(await screen.findByText("No webhooks")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
  await userEvent.type(screen.getByLabelText(/^Address/), webhook.url);
  await userEvent.click(screen.getByRole("radio", { name: "Only some" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Decision recorded" }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("whsec_abc")).toBeVisible();
  expect(sent[0]?.variables).toEqual({
    input: { projectId: "p1", url: webhook.url, description: null, kinds: ["DECISION_CREATED"] },
  });
  expect(await screen.findByRole("listitem", { name: webhook.url })).toBeVisible();
});

it("shows why a webhook was disabled and since when it fails", async () => {
  const failing = { ...webhook, enabled: false, disabledReason: "It is gone.", failingSince: "2026-01-01T00:00:00Z" };
  serve({ WebhookList: () => ({ data: { webhooks: [failing] } }) });
  show();
  const row = await screen.findByRole("listitem", { name: webhook.url });
  expect(within(row).getByText("It is gone.")).toBeVisible();
  expect(within(row).getByText("Disabled")).toBeVisible();
  expect(within(row).getByText(/^Failing since/)).toBeVisible();
  expect(within(row).getByRole("button", { name: "Send a test" })).toBeDisabled();
});

it("offers to try again when the list cannot be loaded", async () => {
  let fails = true;
  serve({
    WebhookList: () =>
      fails
        ? { errors: [{ message: "no", extensions: { code: "TIMEOUT", key: "timeout" } }] }
        : { data: { webhooks: [webhook] } },
  });
  show();
  expect(await screen.findByText("The webhooks could not be loaded")).toBeVisible();
  fails = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("listitem", { name: webhook.url })).toBeVisible();
});

it("sends a dead delivery again", async () => {
  const delivery = {
    id: "d1",
    type: "decision.created",
    occurredAt: "2026-01-01T00:00:00Z",
    status: "DEAD",
    attempts: 28,
    nextAttemptAt: null,
    lastAttemptAt: "2026-01-04T00:00:00Z",
    httpStatus: 503,
    error: "The receiver answered 503.",
    errorKey: null,
    errorParams: null,
  };
  const page = { edges: [{ node: delivery }], pageInfo: { hasNextPage: false } };
  const sent = serve({
    WebhookList: () => ({ data: { webhooks: [{ ...webhook, deadCount: 1 }] } }),
    WebhookDeliveries: () => ({ data: { webhooks: [{ id: "w1", deliveries: page }] } }),
    ReplayWebhookDeliveries: () => ({ data: { replayWebhookDeliveries: 1 } }),
  });
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Deliveries" }));
  expect(await screen.findByText("The receiver answered 503.")).toBeVisible();
  expect(screen.getByText("HTTP 503")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  expect(sent[0]?.variables).toEqual({ id: "w1", deliveryIds: ["d1"] });
});
