import { useState } from "react";
import { Field, TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import { fromLocalField, toLocalField } from "@/lib/localTime";
import { type TypedTask, useTypedTask } from "./useTypedTask";

export type When = {
  words: string;
  setWords: (words: string) => void;
  /** The value of a datetime-local field. */
  due: string;
  setDue: (due: string) => void;
  task: TypedTask | null;
  /** The chosen time; reads words that were not read yet. Null when there is no time. */
  resolve: () => Promise<string | null>;
};

/** A time that is typed in words, which the server reads, or chosen exactly. */
export function useWhen(at: string | null | undefined): When {
  const [words, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const { task, read } = useTypedTask(words);
  // A change of the exact field counts first, then the words, then the time that was set before.
  const said = task?.dueAt ?? at;
  const due = chosen ?? (said ? toLocalField(said) : "");
  const setWords = (next: string) => {
    setTyped(next);
    setChosen(null);
  };
  const resolve = async () => {
    if (chosen !== null || task?.dueAt || words.trim() === "") return fromLocalField(due);
    return (await read(words.trim()))?.dueAt ?? null;
  };
  return { words, setWords, due, setDue: setChosen, task, resolve };
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
