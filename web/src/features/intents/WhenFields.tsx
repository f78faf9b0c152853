import { useState } from "react";
import { Field, TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import { fromLocalField, toLocalField } from "@/lib/localTime";
import { type TypedTask, useTypedTask } from "./useTypedTask";

/** A chosen time, and how it repeats when the words say so. */
export type ChosenTime = { dueAt: string; recurrence: string | null };

export type When = {
  words: string;
  setWords: (words: string) => void;
  /** The value of a datetime-local field. */
  due: string;
  setDue: (due: string) => void;
  task: TypedTask | null;
  /** What the words say, while they count. */
  said: ChosenTime | null;
  /** Reads words that were not read yet; null when there is no time. */
  resolve: () => Promise<ChosenTime | null>;
};

/** A time that is typed in words, which the server reads, or chosen exactly. */
export function useWhen(at: string | null | undefined): When {
  const [words, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const { task, read } = useTypedTask(words);
  // A change of the exact field counts first, then the words, then the time that was set before.
  const said = chosen === null ? timeIn(task) : null;
  const shown = said?.dueAt ?? at;
  const due = chosen ?? (shown ? toLocalField(shown) : "");
  const setWords = (next: string) => {
    setTyped(next);
    setChosen(null);
  };
  const resolve = async () => {
    if (said) return said;
    if (chosen === null && words.trim() !== "") return timeIn(await read(words.trim()));
    const dueAt = fromLocalField(due);
    return dueAt === null ? null : { dueAt, recurrence: null };
  };
  return { words, setWords, due, setDue: setChosen, task, said, resolve };
}

function timeIn(task: TypedTask | null): ChosenTime | null {
  return task?.dueAt ? { dueAt: task.dueAt, recurrence: task.recurrence ?? null } : null;
}

export function WhenFields({ when: { words, setWords, due, setDue, task } }: { when: When }) {
  const { intents: text } = useText();
  return (
    <>
      <Field label={text.when}>
        <TextInput
          autoFocus
          value={words}
          placeholder={text.whenHint}
          onChange={(event) => setWords(event.target.value)}
        />
      </Field>
      <p role="status" className="-mt-2 text-xs text-ember empty:hidden">
        {task?.past && text.pastTime}
        {task && !task.dueAt && text.unreadTime(words.trim())}
      </p>
      <Field label={text.exactly}>
        <TextInput type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
      </Field>
    </>
  );
}
