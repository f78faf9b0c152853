import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useCopy } from "@/components/useCopy";
import { useText } from "@/lib/language";
import { type ClientName, type Connection, type Snippet, TESTED, snippetsOf, syncCommand } from "./commands";

type SnippetsProps = { client: ClientName; to: Connection };

/** The commands and files that connect the client, each with a copy button. */
export function Snippets({ client, to }: SnippetsProps) {
  const { agents: text } = useText();
  const [first, ...then] = snippetsOf(client, to);
  const inFile = first?.file !== undefined && to.token !== null && first.code.includes(to.token);
  const hasHooks = client === "claudePlugin";
  return (
    <div className="space-y-3 text-sm">
      {!TESTED.has(client) && client !== "other" && (
        <p className="flex items-start gap-1.5 text-ember">
          <Icon name="info" className="mt-0.5" />
          {text.untested}
        </p>
      )}
      <p>{text.clientHints[client]}</p>
      {first && <Copyable key={client} snippet={first} />}
      {inFile && <p className="text-soft">{text.secretInFile}</p>}
      {then.map((each) => (
        <div key={each.code} className="space-y-3">
          <p>{text.beforeStart}</p>
          <Copyable snippet={each} />
        </div>
      ))}
      {!hasHooks && (
        <details className="rounded-xl border border-line px-4 py-2">
          <summary className="cursor-pointer py-1 font-medium">{text.syncTitle}</summary>
          <div className="space-y-3 py-2">
            <p className="text-soft">{text.syncHint}</p>
            <Copyable snippet={{ code: syncCommand(to) }} />
          </div>
        </details>
      )}
    </div>
  );
}

function Copyable({ snippet: { file, code } }: { snippet: Snippet }) {
  const { agents: text } = useText();
  const [copied, copy] = useCopy();
  return (
    <figure className="overflow-hidden rounded-xl border border-line bg-shelf">
      <figcaption className="flex items-center justify-between gap-2 py-1 pr-1 pl-4">
        <span className="min-w-0 font-mono text-xs wrap-anywhere text-soft">{file}</span>
        <Button look="quiet" icon={copied ? "check" : "copy"} onClick={() => copy(code)}>
          {copied ? text.copied : text.copy}
        </Button>
      </figcaption>
      <pre className="px-4 pb-4 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
