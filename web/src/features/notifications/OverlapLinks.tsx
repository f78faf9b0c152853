import { RouteLink } from "@/components/RouteLink";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import type { Notification } from "./useNotifications";

const OVERLAPS = new Set(["notification.overlap", "notification.overlap_on_path"]);

/** The other work that a notification of an overlap is about; null for other notifications. */
export function otherWorkOf({ key, metadata }: Notification): string | null {
  const { otherIntentId } = (metadata ?? {}) as { otherIntentId?: unknown };
  return OVERLAPS.has(key ?? "") && typeof otherIntentId === "string" ? otherIntentId : null;
}

type Props = { notification: Notification; other: string; onOpened: () => void };

/** Links to both pieces of work that overlap. */
export function OverlapLinks({ notification: { intent, project }, other, onOpened }: Props) {
  const { notifications: text } = useText();
  const links = [
    { id: intent?.id, name: text.ownWork },
    { id: other, name: text.otherWork },
  ];
  return (
    <p className="-mt-1 flex flex-wrap gap-x-4 pr-4 pb-3 pl-11.5 text-sm">
      {links.map(
        ({ id, name }) =>
          id !== undefined && (
            <RouteLink
              key={id}
              to={{ ...toPage("intents", id), recordIn: project.slug }}
              onOpen={onOpened}
              className="py-1 text-wave underline underline-offset-4"
            >
              {name}
            </RouteLink>
          ),
      )}
    </p>
  );
}
