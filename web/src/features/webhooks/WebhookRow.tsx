import { useState } from "react";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { Badge } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt, useToast } from "@/components/Toasts";
import { clockTime, fullDate } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { Deliveries } from "./Deliveries";
import { WebhookForm } from "./WebhookForm";
import { DeleteWebhook, RotateWebhookSecret, SaveWebhook, SendTestWebhook } from "./documents";
import type { Webhook } from "./useWebhooks";

type Props = {
  projectId: string;
  webhook: Webhook;
  reload: () => void;
  onSecret: (secret: string | null) => void;
};

/** A webhook with its state, its actions and its deliveries. */
export function WebhookRow({ projectId, webhook, reload, onSecret }: Props) {
  const { webhooks: text } = useText();
  const [shown, setShown] = useState(false);
  const { kinds } = webhook;
  return (
    <li className="space-y-2 py-3" aria-label={webhook.url}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-60 font-medium wrap-anywhere text-ink">{webhook.url}</span>
        <State webhook={webhook} />
      </p>
      {webhook.description && <p className="wrap-anywhere">{webhook.description}</p>}
      <p className="text-xs">{kinds.length === 0 ? text.allKinds : text.kindsOf(kinds.length)}</p>
      <Times webhook={webhook} />
      <Actions projectId={projectId} webhook={webhook} reload={reload} onSecret={onSecret} />
      <Button look="quiet" className="px-2" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {text.deliveries}
      </Button>
      {shown && <Deliveries projectId={projectId} webhook={webhook} onReplayed={reload} />}
    </li>
  );
}

function State({ webhook: { enabled, failingSince } }: { webhook: Webhook }) {
  const { webhooks: text } = useText();
  if (!enabled) return <Badge>{text.disabled}</Badge>;
  if (failingSince) return <Badge tone="text-rust">{text.failing}</Badge>;
  return <Badge tone="text-wave">{text.enabled}</Badge>;
}

function Times({ webhook }: { webhook: Webhook }) {
  const { language, translate, text: all } = useLanguage();
  const { webhooks: text } = all;
  const { disabledReason, disabledReasonKey, failingSince, lastAttemptAt, nextAttemptAt, enabled } = webhook;
  return (
    <div className="text-xs">
      {disabledReason && (
        <p className="text-rust">{translate({ text: disabledReason, key: disabledReasonKey, params: {} })}</p>
      )}
      {failingSince && (
        <p className="text-rust">
          {text.failingSince} <TimeAgo at={failingSince} />
        </p>
      )}
      {lastAttemptAt ? (
        <p>
          {text.lastAttempt} <TimeAgo at={lastAttemptAt} />
        </p>
      ) : (
        <p>{text.neverSent}</p>
      )}
      {nextAttemptAt && enabled && (
        <p title={fullDate(nextAttemptAt, language)}>{text.nextAttempt(clockTime(nextAttemptAt, language))}</p>
      )}
    </div>
  );
}

function Actions({ projectId, webhook, reload, onSecret }: Props) {
  const { webhooks: text } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const showToast = useToast();
  const [open, setOpen] = useState<"edit" | "rotate" | "delete" | null>(null);
  const { id, enabled } = webhook;
  const close = (still: boolean) => {
    if (!still) setOpen(null);
  };
  const act = (action: () => Promise<unknown>) => void attempt(action).then(reload);
  const test = async () => {
    await request(SendTestWebhook, { id });
    showToast({ title: text.testSent, tone: "success" });
  };
  const rotate = async () => onSecret((await request(RotateWebhookSecret, { id })).rotateWebhookSecret);
  const remove = async () => {
    await request(DeleteWebhook, { id });
    onSecret(null);
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon="send" disabled={!enabled} onClick={() => act(test)}>
        {text.test}
      </Button>
      <Button onClick={() => act(() => request(SaveWebhook, { input: { id, enabled: !enabled } }))}>
        {enabled ? text.disable : text.enable}
      </Button>
      <Button icon="edit" onClick={() => setOpen("edit")}>
        {text.edit}
      </Button>
      <Button icon="again" onClick={() => setOpen("rotate")}>
        {text.rotate}
      </Button>
      <Button icon="trash" onClick={() => setOpen("delete")}>
        {text.delete}
      </Button>
      <WebhookForm
        key={String(open === "edit")}
        open={open === "edit"}
        onOpenChange={close}
        projectId={projectId}
        webhook={webhook}
        onSaved={reload}
      />
      <ConfirmDialog
        open={open === "rotate"}
        onOpenChange={close}
        title={text.rotateTitle}
        hint={text.rotateHint}
        action={text.rotate}
        onConfirm={() => act(rotate)}
      />
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={close}
        title={text.deleteTitle(webhook.url)}
        hint={text.deleteHint}
        action={text.delete}
        onConfirm={() => act(remove)}
      />
    </div>
  );
}
