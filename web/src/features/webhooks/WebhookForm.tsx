import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { FormDialog } from "@/components/Dialog";
import { Field, TextInput } from "@/components/Field";
import { useAttempt, useToast } from "@/components/Toasts";
import type { EventKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { SaveWebhook } from "./documents";
import type { Webhook } from "./useWebhooks";

const MAX_URL = 2000;
const MAX_DESCRIPTION = 200;
/** The kinds of events that a webhook can be limited to. */
const kindsOfProject: readonly EventKind[] = [
  "DECISION_CREATED",
  "DECISION_UPDATED",
  "DECISION_DELETED",
  "INTENT_CREATED",
  "INTENT_UPDATED",
  "INTENT_DELETED",
  "CONTRADICTION_FOUND",
  "CONTRADICTION_RESOLVED",
  "SPECIFICATION_CREATED",
  "SPECIFICATION_UPDATED",
  "SPECIFICATION_DELETED",
  "CONVERSATION_CREATED",
  "CONVERSATION_UPDATED",
  "CONVERSATION_DELETED",
  "MESSAGE_CREATED",
  "MESSAGE_UPDATED",
  "MESSAGE_DELETED",
  "MEMORY_CREATED",
  "MEMORY_UPDATED",
  "MEMORY_DELETED",
  "ACTION_CREATED",
  "ACTION_UPDATED",
  "PROJECT_UPDATED",
];

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  projectId: string;
  /** The webhook to change; absent for a new one. */
  webhook?: Webhook;
  onSaved: (secret: string | null) => void;
};

/** Adds a webhook, or changes one. */
export function WebhookForm({ open, onOpenChange, projectId, webhook, onSaved }: Props) {
  const { webhooks: text, save } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const showToast = useToast();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [kinds, setKinds] = useState<readonly EventKind[]>(webhook?.kinds ?? []);
  const [some, setSome] = useState(kinds.length > 0);
  const [saving, setSaving] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    const of = webhook ? { id: webhook.id } : { projectId };
    const input = { ...of, url: url.trim(), description: description.trim() || null, kinds: some ? [...kinds] : [] };
    const done = await attempt(async () => onSaved((await request(SaveWebhook, { input })).saveWebhook.secret ?? null));
    setSaving(false);
    if (!done) return;
    showToast({ title: text.saved, tone: "success" });
    onOpenChange(false);
  };
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={webhook ? text.edit : text.add}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <Field label={text.url} hint={text.urlHint}>
          <TextInput
            type="url"
            inputMode="url"
            autoComplete="off"
            maxLength={MAX_URL}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
        <Field label={text.description}>
          <TextInput
            maxLength={MAX_DESCRIPTION}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <Kinds some={some} onSome={setSome} chosen={kinds} onChange={setKinds} />
        <Button look="primary" type="submit" disabled={url.trim() === "" || (some && kinds.length === 0) || saving}>
          {save}
        </Button>
      </form>
    </FormDialog>
  );
}

type KindsProps = {
  some: boolean;
  onSome: (some: boolean) => void;
  chosen: readonly EventKind[];
  onChange: (kinds: readonly EventKind[]) => void;
};

/** All events, or those of some kinds; an empty choice of kinds cannot be saved, because it would mean all. */
function Kinds({ some, onSome, chosen, onChange }: KindsProps) {
  const { webhooks: text, trace } = useText();
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-sm font-medium text-soft">{text.kinds}</legend>
      <Choices
        label={text.kinds}
        value={some ? "some" : "all"}
        onChange={(choice) => onSome(choice === "some")}
        choices={[
          ["all", text.allKinds],
          ["some", text.someKinds],
        ]}
      />
      {some && (
        <ul className="grid max-h-60 gap-x-4 overflow-y-auto text-sm sm:grid-cols-2">
          {kindsOfProject.map((kind) => (
            <li key={kind}>
              <label className="flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 shrink-0 accent-wave"
                  checked={chosen.includes(kind)}
                  onChange={(event) =>
                    onChange(event.target.checked ? [...chosen, kind] : chosen.filter((each) => each !== kind))
                  }
                />
                {trace.kinds[kind]}
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
