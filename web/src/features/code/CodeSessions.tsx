import { Icon } from "@/components/Icon";
import { Logo } from "@/components/Logo";
import { LoadFailed } from "@/components/Notice";
import { clockTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { toText, summarizeInput } from "./toolText";
import { type Execution, type Session, useCodeSessions } from "./useCodeSessions";

/** The code sessions of an intent with their tool calls, live; nothing without sessions. */
export function CodeSessions({ intentId }: { intentId: string }) {
  const { text } = useLanguage();
  const { sessions, failure, retry } = useCodeSessions(intentId);
  if (failure) return <LoadFailed title={text.code.failed} failure={failure} onRetry={retry} />;
  if (sessions.length === 0) return null;
  return (
    <section aria-label={text.code.title} className="space-y-2 px-3.5 pb-3">
      {sessions.map((session) => (
        <Run key={session.id} session={session} />
      ))}
    </section>
  );
}

function Run({ session }: { session: Session }) {
  const { language, text, translate } = useLanguage();
  const { startedAt, totalDurationSeconds, errorMessage, executions } = session;
  const running = session.status === "running" || session.status === "pending";
  return (
    <article className="rounded-xl border border-line p-3.5 text-sm">
      <h3 className="flex flex-wrap items-center gap-x-2 font-medium">
        {running ? (
          <Logo live className="size-4 text-wave" />
        ) : (
          <Icon
            name={session.status === "completed" ? "check" : "alert"}
            className={`size-4 ${session.status === "completed" ? "text-moss" : "text-rust"}`}
          />
        )}
        {text.code.one}
        <span className="text-xs font-normal text-soft">{text.code.calls(executions.length)}</span>
        <span className="ml-auto text-xs font-normal text-faint">
          {startedAt && (
            <time dateTime={startedAt} title={fullDate(startedAt, language)}>
              {clockTime(startedAt, language)}
            </time>
          )}
          {typeof totalDurationSeconds === "number" && ` · ${seconds(totalDurationSeconds, language)}`}
        </span>
        <span className="sr-only">{statusText(session.status, text.code.statuses)}</span>
      </h3>
      {errorMessage && <p className="mt-1 wrap-anywhere text-rust">{translate(errorOf(session, errorMessage))}</p>}
      {executions.length > 0 && (
        <ol className="mt-2 divide-y divide-line border-t border-line">
          {executions.map((execution) => (
            <li key={execution.executionOrder}>
              <Call execution={execution} running={running} />
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}

function Call({ execution, running }: { execution: Execution; running: boolean }) {
  const { language, text, translate } = useLanguage();
  const { toolName, input, output, success, errorMessage } = execution;
  const durationMs = execution.durationMs ?? null;
  const isRunning = durationMs === null && running;
  return (
    <details className="group py-1">
      <summary className="flex min-h-8 list-none items-center gap-2 rounded hover:bg-hover">
        {isRunning ? (
          <Logo live className="size-4 text-wave" />
        ) : (
          <Icon name={success ? "check" : "alert"} className={`size-4 ${success ? "text-moss" : "text-rust"}`} />
        )}
        <span className="font-mono text-xs font-medium">{toolName}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-soft">{summarizeInput(input)}</span>
        <span className="text-xs text-faint">
          {isRunning
            ? text.code.statuses.running
            : durationMs === null
              ? text.code.broken
              : seconds(durationMs / 1000, language)}
        </span>
        {!isRunning && (
          <span className="sr-only">{success ? text.code.statuses.completed : text.code.statuses.failed}</span>
        )}
        <Icon name="chevron" className="size-4 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <dl className="space-y-2 pb-2 pl-6">
        <TextBlock name={text.code.given} value={toText(input)} />
        {errorMessage ? (
          <TextBlock name={text.code.error} value={translate(errorOf(execution, errorMessage))} />
        ) : (
          <TextBlock name={text.code.came} value={toText(output)} />
        )}
      </dl>
    </details>
  );
}

function TextBlock({ name, value }: { name: string; value: string }) {
  if (value === "") return null;
  return (
    <div>
      <dt className="text-xs text-faint">{name}</dt>
      <dd>
        <pre
          tabIndex={0}
          className="mt-0.5 max-h-64 overflow-auto rounded-lg bg-shelf p-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
        >
          {value}
        </pre>
      </dd>
    </div>
  );
}

function seconds(value: number, language: string): string {
  const unit = { style: "unit", unit: "second", unitDisplay: "narrow", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, unit).format(value);
}

function statusText(status: string, texts: Record<string, string>): string {
  return texts[status] ?? status;
}
