import { useCallback, useState } from "react";
import { IconButton } from "@/components/Button";
import { Drawer } from "@/components/Dialog";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { ContextLoader } from "./ContextLoader";
import { IntentContext, PreviewContext, ReplyContext } from "./documents";

/** The button that shows the context of a reply. */
export function WhyThisAnswer({ messageId }: { messageId: string }) {
  const text = useText();
  const request = useRequest();
  const [open, setOpen] = useState(false);
  const read = useCallback(
    async () => (await request(ReplyContext, { id: messageId })).message?.context ?? null,
    [request, messageId],
  );
  return (
    <>
      <IconButton small icon="layers" label={text.context.why} onClick={() => setOpen(true)} />
      {open && (
        <Drawer open wide onOpenChange={setOpen} title={text.context.why} side="right">
          <div className="min-h-0 flex-1 overflow-y-auto">
            <ContextLoader read={read} />
          </div>
        </Drawer>
      )}
    </>
  );
}

type PreviewProps = {
  conversationId: string | null;
  /** The project of a new conversation; null for the default one. */
  projectId: string | null;
  draft: string;
};

/** The button that shows the context of a reply to the current draft. */
export function ContextPreview({ conversationId, projectId, draft }: PreviewProps) {
  const text = useText();
  const request = useRequest();
  const [asked, setAsked] = useState<string | null>(null);
  const read = useCallback(
    async () =>
      asked === null
        ? null
        : (await request(PreviewContext, { projectId, content: asked, conversationId })).previewContext,
    [request, asked, projectId, conversationId],
  );
  if (draft.trim() === "" && asked === null) return null;
  return (
    <>
      <button
        type="button"
        onClick={() => setAsked(draft)}
        className="rounded text-xs underline underline-offset-2 hover:text-ink"
      >
        {text.context.preview}
      </button>
      <Drawer
        open={asked !== null}
        wide
        onOpenChange={(open) => {
          if (!open) setAsked(null);
        }}
        title={text.context.preview}
        side="right"
      >
        <div className="min-h-0 flex-1 overflow-y-auto">{asked !== null && <ContextLoader read={read} />}</div>
      </Drawer>
    </>
  );
}

/** The context with which an intent was processed. */
export function ContextOfIntent({ intentId }: { intentId: string }) {
  const request = useRequest();
  const read = useCallback(
    async () => (await request(IntentContext, { id: intentId })).intent?.context ?? null,
    [request, intentId],
  );
  return <ContextLoader read={read} />;
}
