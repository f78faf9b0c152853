import { type SubmitEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { ProjectPicker } from "@/components/ProjectPicker";
import { useAttempt, useToast } from "@/components/Toasts";
import { dueTime } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { useQuickAddRequest } from "@/lib/quickAdd";
import { navigate, toPage } from "@/lib/route";
import { Understood } from "./Understood";
import { type Unanswered, addOnce } from "./addOnce";
import { type Changes, inputOf } from "./quickAddInput";
import { useIntents } from "./useIntents";
import { useTypedTask } from "./useTypedTask";

/** A field that makes a to-do of one line, and shows what was understood before it is added. */
export function QuickAdd({ onForm }: { onForm: () => void }) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const showToast = useToast();
  const { create, update, remove } = useIntents();
  const hint = useId();
  const field = useRef<HTMLInputElement>(null);
  const [line, setLine] = useState("");
  const [changes, setChanges] = useState<Changes>({});
  const [projectId, setProjectId] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const unanswered = useRef<Unanswered | null>(null);
  const { task, read } = useTypedTask(line);
  useQuickAddRequest((wanted) => {
    if (wanted !== "") setLine(wanted);
    field.current?.focus();
  });

  const add = async () => {
    const typed = line.trim();
    const understood = inputOf(typed, task ?? (await read(typed)), changes);
    const input = { ...understood, ...(projectId === null ? {} : { projectId }) };
    const added = await addOnce(input, unanswered.current, { create, update, remove }, (next) => {
      unanswered.current = next;
    });
    unanswered.current = null;
    setLine("");
    setChanges({});
    showToast({
      title: text.intents.addedToDo(added.description),
      ...(added.dueAt ? { body: text.intents.dueAt(dueTime(added.dueAt, language)) } : {}),
      tone: "success",
      onOpen: () => navigate(toPage("intents", added.id)),
    });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (line.trim() === "" || busy) return;
    setBusy(true);
    void attempt(add).then(() => {
      setBusy(false);
      field.current?.focus();
    });
  };
  // On a phone, what is typed has a row of its own.
  const typed = line.trim() !== "";
  return (
    <form onSubmit={submit} className="px-4 pb-2">
      <div
        className={`flex items-center justify-end gap-x-2 rounded-xl border border-line bg-raised pl-3 focus-within:border-wave ${typed ? "max-sm:flex-wrap max-sm:pb-1" : ""}`}
      >
        <Icon name="plus" className="size-4 text-faint" />
        <input
          ref={field}
          aria-label={text.intents.quickAdd}
          aria-describedby={hint}
          placeholder={text.intents.quickAddHint}
          value={line}
          onChange={(event) => {
            setLine(event.target.value);
            if (event.target.value.trim() !== "") return;
            setChanges({});
            unanswered.current = null;
          }}
          className={`h-10 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint ${typed ? "max-sm:basis-4/5" : ""}`}
        />
        {typed && (
          <Button look="primary" type="submit" disabled={busy} className="min-h-8 px-3 py-1">
            {text.intents.add}
          </Button>
        )}
        <ProjectPicker value={projectId} onChange={setProjectId} />
        <Button look="quiet" icon="edit" onClick={onForm} className="mr-1 min-h-8 px-2 py-1 text-xs">
          <span className="max-sm:sr-only">{text.intents.new}</span>
        </Button>
      </div>
      <div id={hint} role="status" aria-label={text.intents.understood}>
        {typed && task && <Understood task={task} changes={changes} onChange={setChanges} />}
      </div>
    </form>
  );
}
