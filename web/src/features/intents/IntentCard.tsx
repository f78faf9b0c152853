import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Menu, MenuItem, MenuLine } from "@/components/Menu";
import { Badge } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import { MoveMenuItem } from "@/components/MoveToProject";
import { useAttempt } from "@/components/Toasts";
import { useLanguage, useText } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { navigate, toPage } from "@/lib/route";
import { DueTime } from "./DueTime";
import { Hold } from "./Hold";
import { IntentDetails } from "./IntentDetails";
import { Progress } from "./Progress";
import { StatusBadge, ToDoBadge } from "./StatusBadge";
import { ToDoActions } from "./ToDoActions";
import { type Intent, canComplete, canReopen, canRetry, isContradicted, isOpen, useIntents } from "./useIntents";

type CardProps = { intent: Intent; focused: boolean };

/** One intent with its status; expanded, it shows the details. */
export function IntentCard({ intent, focused }: CardProps) {
  const { text, translate } = useLanguage();
  const [opened, setOpened] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  const open = opened || focused;
  useEffect(() => {
    if (focused) card.current?.scrollIntoView({ block: "nearest" });
  }, [focused]);

  return (
    <li ref={card} className={`rounded-xl border bg-raised ${focused ? "border-wave" : "border-line"}`}>
      <div className="flex items-start gap-1 pt-2.5 pr-1.5 pl-3.5">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <StatusBadge intent={intent} />
            <ToDoBadge intent={intent} />
            <Badge>{intent.intentType ? text.intents.types[intent.intentType] : text.intents.unclassified}</Badge>
            {intent.priority > 0 && <Badge>{text.intents.priorityOf(intent.priority)}</Badge>}
          </div>
          <p className={`mt-1.5 text-sm wrap-anywhere ${open ? "whitespace-pre-wrap" : "line-clamp-3"}`}>
            {intent.description}
          </p>
        </div>
        <IntentMenu intent={intent} />
      </div>
      {intent.status === "PROCESSING" && (
        <div className="px-3.5">
          <Progress progress={intent.progress ?? null} />
        </div>
      )}
      <DueTime intent={intent} className="mt-1.5 px-3.5" />
      <Hold intent={intent} className="px-3.5 pt-2" />
      {isContradicted(intent) && (
        <div className="px-3.5 pt-2">
          <Button look="primary" icon="alert" onClick={() => navigate(toPage("intents", intent.id))}>
            {text.contradictions.settle}
          </Button>
        </div>
      )}
      {canComplete(intent) && (
        <div className="flex flex-wrap gap-2 px-3.5 pt-2">
          <ToDoActions intent={intent} />
        </div>
      )}
      {intent.error && intent.status === "FAILED" && !open && (
        <p className="mt-1.5 line-clamp-2 px-3.5 text-xs wrap-anywhere text-rust">
          {translate(errorOf(intent, intent.error))}
        </p>
      )}
      <button
        type="button"
        aria-expanded={open}
        disabled={focused}
        onClick={() => setOpened(!opened)}
        className="mt-1 flex min-h-8 w-full items-center justify-between rounded-b-xl px-3.5 pb-1 text-xs text-faint hover:text-ink"
      >
        <TimeAgo at={intent.updatedAt} />
        <span className="flex items-center gap-1">
          {text.intents.details}
          <Icon name="chevron" className={`size-4 transition-transform ${open ? "rotate-180" : ""}`} />
        </span>
      </button>
      {open && <IntentDetails intent={intent} />}
    </li>
  );
}

function IntentMenu({ intent }: { intent: Intent }) {
  const text = useText();
  const attempt = useAttempt();
  const { cancel, retry, reopen, remove } = useIntents();
  return (
    <Menu trigger={<IconButton small icon="more" label={text.more} className="-mt-1" />}>
      <MenuItem icon="board" onSelect={() => navigate(toPage("intents", intent.id))}>
        {text.intents.open}
      </MenuItem>
      {!intent.readOnly && <MoveMenuItem records={[intent]} name={intent.description} />}
      {isOpen(intent) && !intent.readOnly && (
        <MenuItem icon="close" onSelect={() => void attempt(() => cancel(intent.id))}>
          {text.intents.cancel}
        </MenuItem>
      )}
      {canRetry(intent) && (
        <MenuItem icon="again" onSelect={() => void attempt(() => retry(intent.id))}>
          {text.intents.retry}
        </MenuItem>
      )}
      {canReopen(intent) && (
        <MenuItem icon="again" onSelect={() => void attempt(() => reopen(intent.id))}>
          {text.intents.reopen}
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem icon="trash" danger onSelect={() => void attempt(() => remove(intent.id))}>
        {text.intents.delete}
      </MenuItem>
    </Menu>
  );
}
