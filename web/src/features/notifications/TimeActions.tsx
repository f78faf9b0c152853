import { useState } from "react";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Snooze, snoozes } from "@/lib/snooze";
import type { Notification } from "./useNotifications";

/** Whether a notification says that the time of an intent has come. */
export function isOfTime({ key, intent }: Notification): boolean {
  return intent !== null && /^notification\.(reminder|due|overdue)(_missed)?$/.test(key ?? "");
}

/** Whether the user can say that it is done: a to-do of theirs, or a reminder that has fired. */
export function canBeDone({ intent }: Notification): boolean {
  return intent?.assignee === "PERSON" || intent?.intentType === "REMINDER";
}

type Props = {
  notification: Notification;
  done: () => Promise<void>;
  snooze: (snooze: Snooze) => Promise<void>;
  /** After one of them succeeded. */
  onActed?: () => void;
};

/** Done and Snooze for an intent whose time has come. */
export function TimeActions({ notification, done, snooze, onActed = () => {} }: Props) {
  const { notifications: text } = useText();
  const attempt = useAttempt();
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState(false);
  const act = async (action: () => Promise<void>) => {
    setBusy(true);
    const succeeded = await attempt(action);
    setBusy(false);
    if (succeeded) onActed();
  };
  return (
    <div className="mt-2 flex flex-wrap gap-1.5">
      {!choosing && canBeDone(notification) && (
        <Button icon="check" className={small} disabled={busy} onClick={() => void act(done)}>
          {text.done}
        </Button>
      )}
      {!choosing && (
        <Button icon="clock" className={small} disabled={busy} aria-expanded={false} onClick={() => setChoosing(true)}>
          {text.snooze}
        </Button>
      )}
      {choosing &&
        snoozes.map((each, index) => (
          <Button
            key={each}
            className={small}
            autoFocus={index === 0}
            disabled={busy}
            onClick={() => void act(() => snooze(each))}
          >
            {text.snoozes[each]}
          </Button>
        ))}
      {choosing && (
        <Button look="quiet" className={small} disabled={busy} onClick={() => setChoosing(false)}>
          {text.back}
        </Button>
      )}
    </div>
  );
}

const small = "min-h-8 px-2.5 py-1 text-xs";
