import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { DecisionState } from "@/components/DecisionState";
import { Icon, type IconName } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { useAttempt } from "@/components/Toasts";
import type { ActionStatus } from "@/gql/graphql";
import { agentOf } from "@/lib/agents";
import { dueTime } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { type Subject, subjectOf } from "@/lib/subject";
import { ArgumentsForm } from "./ArgumentsForm";
import { asksForTime, fieldsOf } from "./proposal";
import { type Action, type Arguments, isQuiet, useActions } from "./useActions";
import { useCanWrite } from "@/lib/projects";

const icons: Record<ActionStatus, readonly [IconName, string]> = {
  DONE: ["check", "text-moss"],
  PROPOSED: ["info", "text-ember"],
  DISMISSED: ["close", "text-faint"],
  UNDONE: ["again", "text-faint"],
  FAILED: ["alert", "text-rust"],
};
const COMPACT = "min-h-8 px-2.5 py-1 text-xs";

type RowProps = {
  action: Action;
  /** The state of the subject, rendered by the feature that it belongs to. */
  stateOf?: ((subjectId: string) => ReactNode) | undefined;
};

/** One action: what it does, its status, and what the reader can do about it. */
export function ActionRow({ action, stateOf }: RowProps) {
  const { text, translate } = useLanguage();
  const [icon, color] = icons[action.status];
  const quiet = isQuiet(action);
  const summary = translate({ ...action, text: action.summary });
  const subject = action.subject && subjectOf(action.subject, translate);
  const canWrite = useCanWrite()(action);
  const agent = agentOf(action.actor);
  const row = useRef<HTMLElement>(null);
  // The button that was used is gone then; without this, the focus would return to the top of the page.
  const onChanged = () => row.current?.focus({ preventScroll: true });
  return (
    <article
      ref={row}
      tabIndex={-1}
      aria-label={`${text.actions.status[action.status]}: ${summary}`}
      className={`rounded-xl border px-3 py-1.5 text-xs ${action.status === "PROPOSED" ? "border-ember/50 bg-raised" : "border-line"}`}
    >
      <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1">
        <Icon name={icon} className={color} />
        <span className={`shrink-0 ${color}`}>{text.actions.status[action.status]}</span>
        <span className={`min-w-0 flex-1 basis-40 wrap-anywhere ${quiet ? "text-faint line-through" : "text-ink"}`}>
          {subject && !quiet ? (
            <RouteLink to={subject.route} className="hover:underline">
              {summary}
            </RouteLink>
          ) : (
            summary
          )}
        </span>
        {agent && <span className="shrink-0 text-faint">{text.actions.byAgent(agent)}</span>}
        {action.subject && !quiet && stateOf?.(action.subject.id)}
        {subject && !quiet && <StateOfDecision subject={subject} />}
        {action.undoable && canWrite && <Undo action={action} onChanged={onChanged} />}
      </div>
      {action.reason && !quiet && (
        <p className="pb-1 wrap-anywhere text-soft">
          {translate({ text: action.reason, key: action.reasonKey, params: action.reasonParams })}
        </p>
      )}
      {action.status === "PROPOSED" && canWrite && <Proposal action={action} onChanged={onChanged} />}
    </article>
  );
}

/** The status of a recorded decision that is not in force; a proposed one links to what the reader can do about it. */
function StateOfDecision({ subject }: { subject: Subject }) {
  const text = useText();
  if (subject.decisionStatus !== "PROPOSED") return <DecisionState status={subject.decisionStatus} />;
  return (
    <RouteLink
      to={subject.route}
      className="inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-full border border-line px-2.5 hover:bg-hover"
    >
      <Icon name="info" className="text-ember" />
      {text.actions.undecided}
    </RouteLink>
  );
}

type ButtonsProps = { action: Action; onChanged: () => void };

function Undo({ action, onChanged }: ButtonsProps) {
  const text = useText();
  const { undo } = useActions();
  const [busy, run] = useBusy(onChanged);
  return (
    <Button look="quiet" className={COMPACT} disabled={busy} onClick={() => run(() => undo(action.id))}>
      {text.actions.undo}
    </Button>
  );
}

/** The buttons of a proposal: to choose a record when several match, to accept, edit or dismiss it. */
function Proposal({ action, onChanged }: ButtonsProps) {
  const text = useText();
  const { accept, dismiss } = useActions();
  const [form, setForm] = useState<"open" | "cancelled" | null>(null);
  const [busy, run] = useBusy(onChanged);
  const fields = fieldsOf(action);
  const onAccept = (changed?: Arguments) => run(() => accept(action.id, changed));
  if (form === "open") {
    return (
      <ArgumentsForm
        fields={fields}
        given={action.arguments as Arguments}
        busy={busy}
        onSave={onAccept}
        onCancel={() => setForm("cancelled")}
      />
    );
  }
  const timeless = asksForTime(action);
  const edit = (
    <Button
      look={timeless ? "primary" : "outline"}
      className={COMPACT}
      disabled={busy}
      autoFocus={form === "cancelled"}
      onClick={() => setForm("open")}
    >
      {timeless ? text.actions.setTime : text.actions.edit}
    </Button>
  );
  return (
    <div className="flex flex-wrap items-center gap-1.5 pb-1">
      {action.candidates.length > 0 ? (
        <Candidates action={action} busy={busy} onChoose={(id) => onAccept({ id })} />
      ) : (
        <>
          {!timeless && (
            <Button look="primary" className={COMPACT} disabled={busy} onClick={() => onAccept()}>
              {text.actions.accept}
            </Button>
          )}
          {fields.length > 0 && edit}
        </>
      )}
      <Button look="quiet" className={COMPACT} disabled={busy} onClick={() => run(() => dismiss(action.id))}>
        {text.actions.dismiss}
      </Button>
    </div>
  );
}

type CandidatesProps = { action: Action; busy: boolean; onChoose: (id: string) => void };

function Candidates({ action, busy, onChoose }: CandidatesProps): ReactNode {
  const { language, text, translate } = useLanguage();
  return (
    <div role="group" aria-label={text.actions.which} className="flex flex-wrap items-center gap-1.5">
      <span className="text-soft">{text.actions.which}</span>
      {action.candidates.map((candidate) => (
        <Button
          key={candidate.id}
          className={`${COMPACT} max-w-full text-left wrap-anywhere`}
          disabled={busy}
          onClick={() => onChoose(candidate.id)}
        >
          {subjectOf(candidate, translate)?.name ?? candidate.id}
          {candidate.__typename === "Intent" && candidate.dueAt && (
            <span className="font-normal text-soft">{dueTime(candidate.dueAt, language)}</span>
          )}
        </Button>
      ))}
    </div>
  );
}

/** Whether work started by this component is running, and how to run it: once at a time. */
function useBusy(onDone: () => void): [boolean, (work: () => Promise<unknown>) => void] {
  const attempt = useAttempt();
  const [busy, setBusy] = useState(false);
  return [
    busy,
    (work) => {
      setBusy(true);
      void attempt(work).then((done) => {
        setBusy(false);
        if (done) onDone();
      });
    },
  ];
}
