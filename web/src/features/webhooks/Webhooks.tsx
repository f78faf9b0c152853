import { useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { useText } from "@/lib/language";
import { WebhookForm } from "./WebhookForm";
import { WebhookRow } from "./WebhookRow";
import { WebhookSecret } from "./WebhookSecret";
import { useWebhooks } from "./useWebhooks";

/** The webhooks of a project, for its admins. */
export function Webhooks({ projectId }: { projectId: string }) {
  const { webhooks: text } = useText();
  const list = useWebhooks(projectId);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <section
      aria-labelledby="webhooks"
      className="mt-8 flex max-w-xl flex-col gap-3 border-t border-line pt-5 text-sm text-soft"
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-60">
          <h3 id="webhooks" className="font-medium text-ink">
            {text.title}
          </h3>
          <p>{text.hint}</p>
        </div>
        <Button icon="plus" onClick={() => setAdding(true)}>
          {text.add}
        </Button>
      </div>
      {secret && <WebhookSecret secret={secret} />}
      {list.data ? (
        <List projectId={projectId} webhooks={list.data} reload={() => void list.reload()} onSecret={setSecret} />
      ) : list.failure ? (
        <LoadFailed title={text.loadFailed} failure={list.failure} onRetry={() => void list.reload()} />
      ) : (
        <Loading />
      )}
      <WebhookForm
        key={String(adding)}
        open={adding}
        onOpenChange={setAdding}
        projectId={projectId}
        onSaved={(made) => {
          setSecret(made);
          void list.reload();
        }}
      />
    </section>
  );
}

type ListProps = {
  projectId: string;
  webhooks: NonNullable<ReturnType<typeof useWebhooks>["data"]>;
  reload: () => void;
  onSecret: (secret: string | null) => void;
};

function List({ projectId, webhooks, reload, onSecret }: ListProps) {
  const { webhooks: text } = useText();
  if (webhooks.length === 0) return <EmptyState icon="send" title={text.empty} hint={text.emptyHint} />;
  return (
    <ul className="divide-y divide-line rounded-2xl border border-line bg-raised px-4">
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} projectId={projectId} webhook={webhook} reload={reload} onSecret={onSecret} />
      ))}
    </ul>
  );
}
