import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ToastProvider, useCloseToasts, useToast } from "@/components/Toasts";
import { TimeActions, isOfTime } from "./TimeActions";
import type { Notification } from "./useNotifications";

function notification(change: { key?: string; assignee?: "PERSON" | "ASSISTANT"; intentType?: "TASK" | "REMINDER" }) {
  const { key = "notification.due", assignee = "PERSON", intentType = "TASK" } = change;
  const intent = { id: "1", assignee, intentType, status: "PENDING", conversation: null };
  return { id: "n", key, title: "Due now", message: "buy milk", params: null, intent } as unknown as Notification;
}

it("offers Done for to-dos and reminders, and Snooze for all that is due", () => {
  expect(isOfTime(notification({ key: "notification.completed" }))).toBe(false);
  expect(isOfTime(notification({ key: "notification.reminder_missed" }))).toBe(true);
  const idle = () => Promise.resolve();
  const view = (of: Notification) => <TimeActions notification={of} done={idle} snooze={idle} />;
  const { rerender } = render(view(notification({ assignee: "ASSISTANT" })));
  expect(screen.queryByRole("button", { name: "Done" })).toBeNull();
  expect(screen.getByRole("button", { name: "Snooze" })).toBeEnabled();
  rerender(view(notification({ assignee: "ASSISTANT", intentType: "REMINDER" })));
  expect(screen.getByRole("button", { name: "Done" })).toBeEnabled();
});

function Announcer({ snooze }: { snooze: (choice: string) => Promise<void> }) {
  const showToast = useToast();
  const close = useCloseToasts();
  const show = () => {
    const actions = (close: () => void) => (
      <TimeActions notification={notification({})} done={() => Promise.resolve()} snooze={snooze} onActed={close} />
    );
    showToast({ title: "Due now", body: "buy milk", stays: true, tag: "n", actions });
    for (const title of ["a", "b", "c", "d"]) showToast({ title });
  };
  return (
    <>
      <button onClick={show}>announce</button>
      <button onClick={() => close(["n"])}>settle</button>
    </>
  );
}

it("keeps the toast until it is snoozed or closed, no matter how many others pass", async () => {
  vi.useFakeTimers();
  const snooze = vi.fn(() => Promise.resolve());
  render(
    <ToastProvider>
      <Announcer snooze={snooze} />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "announce" }));
  expect(screen.queryByText("a")).toBeNull();
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.queryByText("d")).toBeNull();
  expect(screen.getByText("buy milk")).toBeInTheDocument();
  fireEvent.click(screen.getByRole("button", { name: "Snooze" }));
  fireEvent.click(screen.getByRole("button", { name: "1 hour" }));
  await act(async () => Promise.resolve());
  expect(snooze).toHaveBeenCalledWith("hour");
  expect(screen.queryByText("buy milk")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "announce" }));
  expect(screen.getByText("buy milk")).toBeInTheDocument();
  fireEvent.click(screen.getByRole("button", { name: "settle" })); // for example on another device
  expect(screen.queryByText("buy milk")).toBeNull();
  vi.useRealTimers();
});
