import { useCallback, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Badge, EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import type { DeliveryFieldsFragment, DeliveryStatus } from "@/gql/graphql";
import { clockTime } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { useRequest } from "@/lib/request";
import { ReplayWebhookDeliveries, WebhookDeliveries } from "./documents";
import { type Webhook, usePolled } from "./useWebhooks";

const PAGE = 20;
const MOST = 100;
const tones: Record<DeliveryStatus, string> = { PENDING: "text-soft", SUCCEEDED: "text-wave", DEAD: "text-rust" };

type Props = { projectId: string; webhook: Webhook; onReplayed: () => void };

/** The last deliveries of a webhook, and a button that sends the dead ones again. */
export function Deliveries({ projectId, webhook, onReplayed }: Props) {
  const { webhooks: text } = useText();
  const [status, setStatus] = useState<DeliveryStatus | "ALL">("ALL");
  return (
    <div className="space-y-2">
      <Choices
        label={text.status}
        value={status}
        onChange={setStatus}
        choices={[
          ["ALL", text.all],
          ["PENDING", text.statuses.PENDING],
          ["SUCCEEDED", text.statuses.SUCCEEDED],
          ["DEAD", text.statuses.DEAD],
        ]}
      />
      <List key={status} projectId={projectId} webhook={webhook} status={status} onReplayed={onReplayed} />
    </div>
  );
}

function List({ projectId, webhook, status, onReplayed }: Props & { status: DeliveryStatus | "ALL" }) {
  const { webhooks: text, loadMore } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const [first, setFirst] = useState(PAGE);
  const { id } = webhook;
  const read = useCallback(async () => {
    const variables = { projectId, first, status: status === "ALL" ? null : status };
    return (await request(WebhookDeliveries, variables)).webhooks.find((each) => each.id === id)?.deliveries ?? null;
  }, [request, projectId, first, status, id]);
  const { data, failure, reload } = usePolled(read);
  const replay = (deliveryIds: string[] | null) =>
    void attempt(() => request(ReplayWebhookDeliveries, { id, deliveryIds })).then(() => {
      onReplayed();
      return reload();
    });
  if (!data && failure) return <LoadFailed title={text.loadFailed} failure={failure} onRetry={() => void reload()} />;
  if (!data) return <Loading />;
  if (data.edges.length === 0) {
    return <EmptyState icon="send" title={text.noDeliveries} hint={text.noDeliveriesHint} />;
  }
  return (
    <>
      {webhook.deadCount > 1 && (
        <Button icon="again" onClick={() => replay(null)}>
          {text.allAgain}
        </Button>
      )}
      <ul className="divide-y divide-line">
        {data.edges.map(({ node }) => (
          <Delivery key={node.id} delivery={node} onReplay={() => replay([node.id])} />
        ))}
      </ul>
      {data.pageInfo.hasNextPage && first < MOST && (
        <Button look="quiet" className="w-full" onClick={() => setFirst(first + PAGE)}>
          {loadMore}
        </Button>
      )}
    </>
  );
}

function Delivery({ delivery, onReplay }: { delivery: DeliveryFieldsFragment; onReplay: () => void }) {
  const { language, translate, text: all } = useLanguage();
  const { webhooks: text } = all;
  const { status, attempts, httpStatus, error, nextAttemptAt } = delivery;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-xs">
      <span className="min-w-0 flex-1 basis-40 font-mono wrap-anywhere text-ink">{delivery.type}</span>
      <Badge tone={tones[status]}>{text.statuses[status]}</Badge>
      <TimeAgo at={delivery.occurredAt} />
      <span>{text.attempts(attempts)}</span>
      {httpStatus !== null && <span>{text.http(httpStatus)}</span>}
      {status === "DEAD" && (
        <Button look="quiet" icon="again" onClick={onReplay}>
          {text.again}
        </Button>
      )}
      {error && (
        <p className="w-full text-soft">
          {translate(errorOf(delivery, error))} {nextAttemptAt && text.nextAttempt(clockTime(nextAttemptAt, language))}
        </p>
      )}
    </li>
  );
}
