import { Popover } from "radix-ui";
import { useRef } from "react";
import { useText } from "@/lib/language";
import { DueForm } from "./DueForm";
import { LabelsForm } from "./LabelsForm";
import { PriorityForm } from "./PriorityForm";
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
