import { Popover } from "radix-ui";
import { useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useAttempt } from "@/components/Toasts";
import { useEscape } from "@/components/useEscape";
import { useLanguage } from "@/lib/language";
import { NotificationRow } from "./NotificationRow";
import { useNotifications } from "./useNotifications";

const MOST_SHOWN = 99;

/** The bell with the unread count; it opens the list of notifications. */
export function NotificationBell() {
  const { language, text } = useLanguage();
  const { unreadCount } = useNotifications();
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  const format = new Intl.NumberFormat(language);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <div className="relative">
        <Popover.Trigger asChild>
          <IconButton icon="bell" label={text.notifications.open(unreadCount)} />
        </Popover.Trigger>
        {unreadCount > 0 && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute -top-0.5 -right-0.5 min-w-4.5 rounded-full bg-ember px-1 text-center text-[0.6875rem] leading-4.5 font-semibold text-paper tabular-nums"
          >
            {unreadCount > MOST_SHOWN ? `${format.format(MOST_SHOWN)}+` : format.format(unreadCount)}
          </span>
        )}
      </div>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          aria-label={text.notifications.title}
          className="z-50 flex max-h-[min(36rem,80dvh)] w-[min(24rem,calc(100vw-1.5rem))] animate-rise flex-col rounded-2xl border border-line bg-raised shadow-xl outline-none"
        >
          <NotificationList onClose={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function NotificationList({ onClose }: { onClose: () => void }) {
  const { text } = useLanguage();
  const attempt = useAttempt();
  const { notifications, unreadCount, loading, failure, reload, hasMore, loadMore, markRead } = useNotifications();
  const empty = notifications.length === 0;
  return (
    <>
      <div className="flex min-h-12 items-center justify-between border-b border-line py-1.5 pr-2 pl-4">
        <h2 className="font-semibold">{text.notifications.title}</h2>
        {unreadCount > 0 && (
          <Button look="quiet" icon="checks" onClick={() => void attempt(() => markRead())}>
            {text.notifications.markAll}
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {failure && empty && <LoadFailed title={text.notifications.failed} failure={failure} onRetry={reload} />}
        {loading && empty && <Loading />}
        {!loading && !failure && empty && (
          <EmptyState icon="bell" title={text.notifications.empty} hint={text.notifications.emptyHint} />
        )}
        <ul className="divide-y divide-line">
          {notifications.map((notification) => (
            <NotificationRow key={notification.id} notification={notification} onOpened={onClose} />
          ))}
        </ul>
        {hasMore && (
          <Button look="quiet" className="w-full" onClick={loadMore}>
            {text.loadMore}
          </Button>
        )}
      </div>
    </>
  );
}
