import { Popover } from "radix-ui";
import { type ReactNode, type SubmitEvent, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Field, TextInput } from "@/components/Field";
import { toTags } from "@/components/Tags";
import { useAttempt } from "@/components/Toasts";
import { useEscape } from "@/components/useEscape";
import type { UpdateIntentInput } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { WhenFields, useWhen } from "./WhenFields";
import { type Intent, useIntents } from "./useIntents";
import { type Opened, returnFocus, useWorkbench, useWorkbenchState } from "./useWorkbench";

/** The editor of one field of an intent, next to the element that opened it. */
export function FieldEditor() {
  const { opened } = useWorkbenchState();
  const { intents } = useIntents();
  const intent = opened && intents.find(({ id }) => id === opened.id);
  if (!opened || !intent || opened.field === "title" || opened.field === "menu") return null;
  return <Editor key={`${opened.id} ${opened.field}`} opened={opened} intent={intent} />;
}

type EditorProps = { opened: Opened; intent: Intent };

function Editor({ opened, intent }: EditorProps) {
  const text = useText();
  const { open } = useWorkbench();
  const anchor = useRef(opened.anchor);
  const close = () => open(null);
  useEscape(true, close);
  const names = { due: text.intents.editDue, labels: text.intents.editLabels, priority: text.intents.editPriority };
  const field = opened.field as keyof typeof names;
  const Form = { due: DueForm, labels: LabelsForm, priority: PriorityForm }[field];
  return (
    <Popover.Root open onOpenChange={close}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          aria-label={names[field]}
          collisionPadding={8}
          sideOffset={6}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opened.anchor);
          }}
          className="z-50 w-[min(20rem,calc(100vw-1rem))] animate-rise rounded-xl border border-line bg-raised p-4 shadow-lg outline-none"
        >
          <Form intent={intent} onDone={close} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type FormProps = { intent: Intent; onDone: () => void };

/** Saves a change of the version that was shown when the form opened, and closes the form when it is saved. */
function useSaving({ intent, onDone }: FormProps) {
  const attempt = useAttempt();
  const { update } = useIntents();
  const [base] = useState(intent.version);
  return async (change: Partial<UpdateIntentInput>) => {
    if (await attempt(() => update({ ...change, id: intent.id, expectedVersion: base }))) onDone();
  };
}

function SmallForm({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      {children}
    </form>
  );
}

function Buttons({
  onCancel,
  disabled = false,
  children,
}: {
  onCancel: () => void;
  disabled?: boolean;
  children?: ReactNode;
}) {
  const text = useText();
  return (
    <div className="flex flex-wrap justify-end gap-2">
      {children}
      <Button onClick={onCancel}>{text.cancel}</Button>
      <Button look="primary" type="submit" disabled={disabled}>
        {text.save}
      </Button>
    </div>
  );
}

function DueForm(props: FormProps) {
  const text = useText();
  const attempt = useAttempt();
  const save = useSaving(props);
  const { dueAt, intentType } = props.intent;
  const when = useWhen(dueAt);
  const submit = () =>
    attempt(async () => {
      const chosen = await when.resolve();
      // Words that were not understood are shown as such; the form stays open.
      if (chosen) await save({ dueAt: chosen });
    });
  return (
    <SmallForm onSubmit={() => void submit()}>
      <WhenFields when={when} />
      <Buttons onCancel={props.onDone} disabled={when.due === "" && when.words.trim() === ""}>
        {dueAt && intentType !== "REMINDER" && (
          <Button className="mr-auto" onClick={() => void save({ dueAt: null, recurrence: null })}>
            {text.intents.noDue}
          </Button>
        )}
      </Buttons>
    </SmallForm>
  );
}

function LabelsForm(props: FormProps) {
  const text = useText();
  const save = useSaving(props);
  const { intents } = useIntents();
  const [typed, setTyped] = useState(props.intent.labels.join(", "));
  const labels = toTags(typed);
  const known = [...new Set(intents.flatMap((each) => each.labels))]
    .filter((each) => !labels.includes(each))
    .slice(0, 12);
  return (
    <SmallForm onSubmit={() => void save({ labels })}>
      <Field label={text.intents.labels} hint={text.tagsHint}>
        <TextInput autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      {known.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {known.map((label) => (
            <Button
              key={label}
              icon="plus"
              className="min-h-7 px-2 py-0.5 text-xs"
              onClick={() => setTyped([...labels, label].join(", "))}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
      <Buttons onCancel={props.onDone} />
    </SmallForm>
  );
}

const NAMED_PRIORITIES = [0, 1, 5, 8, 9] as const;

function PriorityForm(props: FormProps) {
  const text = useText();
  const save = useSaving(props);
  const [priority, setPriority] = useState(props.intent.priority);
  return (
    <SmallForm onSubmit={() => void save({ priority })}>
      <Choices
        label={text.intents.priority}
        value={String(priority)}
        onChange={(next) => setPriority(Number(next))}
        choices={NAMED_PRIORITIES.map((each) => [String(each), text.intents.priorities[each]] as const)}
      />
      <Field label={text.intents.priority} hint={text.intents.priorityHint}>
        <TextInput
          type="number"
          autoFocus
          min={0}
          max={10}
          value={priority}
          onChange={(event) => setPriority(Math.max(0, Math.min(10, Math.trunc(event.target.valueAsNumber || 0))))}
        />
      </Field>
      <Buttons onCancel={props.onDone} />
    </SmallForm>
  );
}
