/**
 * Runs while the scripts of the client still arrive, and waits for none of them: the build copies what it imports. It
 * requests what the client asks for first, and does work that the first frame would wait for.
 */
import { boardRequests } from "@/early/board";
import type { EarlyAnswer } from "@/lib/earlyAnswers";

/** The text of a generated document. The build replaces each call. */
declare function textOfDocument(name: string): string;
/** The scripts of the page that opens. Written by the build. */
declare const SCRIPTS_OF_PAGES: Record<string, readonly string[]>;

const page = location.pathname.split("/")[1] ?? "";
const answers: EarlyAnswer[] = [];

function ask(name: string, query: string, variables: object, after: Promise<unknown> = Promise.resolve()) {
  const answer = after.then(async () => {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ operationName: name, query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    return errors === undefined ? data : null;
  });
  // Without an answer the client asks again, and shows why it gets none.
  const settled = answer.catch(() => null);
  answers.push({ key: `${name} ${JSON.stringify(variables)}`, at: performance.now(), data: settled });
  return settled;
}

// Lists are read after the cursor: what changes after they were read then arrives as an event.
const cursor = ask("LatestCursor", textOfDocument("LatestCursor"), {});
if (page === "intents")
  for (const variables of boardRequests((key) => localStorage.getItem(key)))
    void ask("IntentList", textOfDocument("IntentList"), variables, cursor);
globalThis.earlyAnswers = answers;

for (const href of SCRIPTS_OF_PAGES[page] ?? [])
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));

// The first formatter loads the data of all, which takes longer than a frame.
new Intl.NumberFormat(navigator.language);
new Intl.RelativeTimeFormat(navigator.language);
