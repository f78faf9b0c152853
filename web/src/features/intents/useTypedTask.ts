import { useCallback, useEffect, useRef, useState } from "react";
import type { ReadTaskQuery } from "@/gql/graphql";
import { useRequest } from "@/lib/request";
import { readerZone } from "@/lib/zone";
import { ReadTask } from "./documents";

export type TypedTask = ReadTaskQuery["readTask"];

const PAUSE_MS = 250;
/** Longer lines are not read; they are kept as they are. */
const LONGEST_LINE = 1_000;

/** What the server understands of a line: shortly after the last key, and at once by `read`. Null while unknown. */
export function useTypedTask(line: string) {
  const request = useRequest();
  const [found, setFound] = useState<{ line: string; task: TypedTask } | null>(null);
  const reads = useRef(0);
  const typed = line.trim();
  const read = useCallback(
    async (text: string): Promise<TypedTask | null> => {
      if (text === "" || text.length > LONGEST_LINE) return null;
      const timezone = readerZone();
      const number = ++reads.current;
      const { readTask: task } = await request(ReadTask, { text, timezone });
      // An earlier line may be answered later.
      if (number === reads.current) setFound({ line: text, task });
      return task;
    },
    [request],
  );
  useEffect(() => {
    if (typed === "") return;
    // A failure is shown when the line is submitted; a preview that is missing hides nothing.
    const timer = setTimeout(() => void read(typed).catch(() => null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [read, typed]);
  return { task: found?.line === typed ? found.task : null, read };
}
