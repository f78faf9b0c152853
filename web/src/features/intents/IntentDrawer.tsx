import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Drawer } from "@/components/Dialog";
import { Badge, EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { MoveButton } from "@/components/MoveToProject";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { beginDraft } from "@/lib/draft";
import { useFollowProject } from "@/lib/projects";
import { type RequestFailure, toFailure } from "@/lib/request";
import { navigate, toConversation, toPage } from "@/lib/route";
import { CompleteWithNote } from "./CompleteWithNote";
import { DescriptionField } from "./DescriptionField";
import { DrawerFields } from "./DrawerFields";
import { Hold } from "./Hold";
import { IntentDetails } from "./IntentDetails";
import { Progress } from "./Progress";
import { StatusBadge, ToDoBadge } from "./StatusBadge";
import { ToDoActions } from "./ToDoActions";
import { type Intent, canRetry, isContradicted, isOpen, useIntents } from "./useIntents";

type Slot = ((intent: Intent) => ReactNode) | undefined;
type DrawerProps = { id: string; before: Slot; more: Slot };

/** All details of one intent, in a drawer. */
export function IntentDrawer({ id, before, more }: DrawerProps) {
  const text = useText();
  const { find, fetchOne } = useIntents();
  const intent = find(id);
  useFollowProject(intent?.project);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const read = useCallback(() => {
    fetchOne(id).then(
      (found) => {
        setMissing(found === null);
        setFailure(null);
      },
      (error: unknown) => setFailure(toFailure(error)),
    );
  }, [id, fetchOne]);
  useEffect(read, [read]);
  return (
    <Drawer
      open
      wide
      onOpenChange={(open) => {
        if (!open) navigate(toPage("intents"));
      }}
      title={text.intents.one}
      side="right"
    >
      {intent && <Whole key={intent.id} intent={intent} before={before} more={more} />}
      {!intent && failure && <LoadFailed title={text.intents.failed} failure={failure} onRetry={read} />}
      {!intent && !missing && !failure && <Loading />}
      {!intent && missing && <EmptyState icon="info" title={text.intents.missing} hint={text.intents.missingHint} />}
    </Drawer>
  );
}

function Whole({ intent, before, more }: { intent: Intent; before: Slot; more: Slot }) {
  const text = useText();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto pb-8">
      <div className="px-4 pt-2 pb-4">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StatusBadge intent={intent} />
          <ToDoBadge intent={intent} />
          <Badge>{intent.intentType ? text.intents.types[intent.intentType] : text.intents.unclassified}</Badge>
        </div>
        <DescriptionField intent={intent} />
        <DrawerFields intent={intent} />
        {intent.status === "PROCESSING" && <Progress progress={intent.progress ?? null} />}
        <Hold intent={intent} className="mt-4" />
        {!intent.readOnly && <Actions intent={intent} />}
      </div>
      {before?.(intent)}
      <IntentDetails intent={intent} fields={false} />
      {more?.(intent)}
    </div>
  );
}

function Actions({ intent }: { intent: Intent }) {
  const text = useText();
  const attempt = useAttempt();
  const { cancel, retry, remove } = useIntents();
  const awaiting = intent.status === "AWAITING_CONFIRMATION";
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <ToDoActions intent={intent} />
      <CompleteWithNote intent={intent} />
      {isOpen(intent) && (
        <Button icon="close" onClick={() => void attempt(() => cancel(intent.id))}>
          {awaiting && !isContradicted(intent) ? text.intents.ignore : text.intents.cancel}
        </Button>
      )}
      {awaiting && (
        <Button icon="chat" onClick={() => respond(intent)}>
          {text.intents.respond}
        </Button>
      )}
      {canRetry(intent) && (
        <Button icon="again" onClick={() => void attempt(() => retry(intent.id))}>
          {text.intents.retry}
        </Button>
      )}
      <MoveButton records={[intent]} name={intent.description} />
      <Button
        look="quiet"
        icon="trash"
        onClick={() =>
          void attempt(() => remove(intent.id)).then((done) => {
            if (done) navigate(toPage("intents"));
          })
        }
      >
        {text.intents.delete}
      </Button>
    </div>
  );
}

/** Opens the conversation of the intent, with its description quoted in the composer. */
function respond({ description, conversation }: Intent) {
  const conversationId = conversation?.id ?? null;
  const quoted = description.replace(/^/gm, "> ");
  beginDraft(conversationId, `${quoted}\n\n`);
  navigate(toConversation(conversationId));
}
