import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Icon } from "@/components/Icon";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { Prose } from "@/components/Prose";
import { RouteLink } from "@/components/RouteLink";
import { Tags } from "@/components/Tags";
import { TimeAgo } from "@/components/TimeAgo";
import { useText } from "@/lib/language";
import { useFollowProject } from "@/lib/projects";
import { type RequestFailure, toFailure } from "@/lib/request";
import { navigate, toConversation, toPage } from "@/lib/route";
import { DecisionActions } from "./DecisionActions";
import { DecisionDependents } from "./DecisionDependents";
import { DecisionForm } from "./DecisionForm";
import { DecisionHistory } from "./DecisionHistory";
import { DecisionStatusBadge, isHistory } from "./DecisionRow";
import type { Decision, Decisions } from "./useDecisions";
import { Writing } from "@/components/Writing";

type ViewProps = { id: string; before?: ((decision: Decision) => ReactNode) | undefined } & Pick<
  Decisions,
  "decisions" | "find" | "fetchOne" | "record" | "update" | "setStatus" | "remove"
>;

/** One decision with its options, its reasons, its actions and its history. */
export function DecisionView({ id, before, ...list }: ViewProps) {
  const { decisions, find, fetchOne, record, update, setStatus, remove } = list;
  const text = useText();
  const [read, setRead] = useState(false);
  const [form, setForm] = useState<"edit" | "supersede" | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const reread = useCallback(() => {
    fetchOne(id).then(
      () => {
        setRead(true);
        setFailure(null);
      },
      (error: unknown) => setFailure(toFailure(error)),
    );
  }, [id, fetchOne]);
  useEffect(reread, [reread]);
  // Also one that the filter of the list leaves out: its status may have changed here.
  const decision = find(id);
  useFollowProject(decision?.project);
  if (!decision) {
    if (failure) return <LoadFailed title={text.decisions.failed} failure={failure} onRetry={reread} />;
    if (!read) return <Loading />;
    return <EmptyState icon="info" title={text.decisions.missing} hint={text.decisions.missingHint} />;
  }
  if (form) {
    const accepted = decisions.filter((each) => each.status === "ACCEPTED" && each.id !== decision.id);
    return (
      <DecisionForm
        decision={form === "edit" ? decision : null}
        replaced={form === "supersede" ? decision : null}
        accepted={form === "supersede" ? [decision, ...accepted] : accepted}
        record={record}
        update={update}
        onDone={(saved) => {
          setForm(null);
          if (saved && saved.id !== decision.id) navigate(toPage("decisions", saved.id));
        }}
      />
    );
  }
  return (
    <article className="mx-auto w-full max-w-3xl px-4 pt-4 pb-12">
      <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
        <span className="font-medium tabular-nums">{text.decisions.number(decision.number)}</span>
        <DecisionStatusBadge status={decision.status} />
      </p>
      <h2
        className={`mt-1 font-display text-2xl tracking-tight wrap-anywhere ${isHistory(decision.status) ? "text-soft" : ""}`}
      >
        {decision.title}
      </h2>
      <Facts decision={decision} />
      <Tags tags={decision.tags} />
      <Writing record={decision}>
        <DecisionActions
          decision={decision}
          setStatus={setStatus}
          remove={remove}
          onEdit={() => setForm("edit")}
          onSupersede={() => setForm("supersede")}
        />
      </Writing>
      {before?.(decision)}
      <Content decision={decision} />
      <DecisionDependents id={decision.id} />
      <DecisionHistory id={decision.id} version={decision.version} />
    </article>
  );
}

function Facts({ decision }: { decision: Decision }) {
  const text = useText();
  const { kind, topic, decidedAt, createdAt, conversation, intent, supersededBy, supersedes } = decision;
  return (
    <>
      <p className="mt-1 mb-2 flex flex-wrap gap-x-3 gap-y-1 text-sm text-soft">
        <span>{text.decisions.kinds[kind]}</span>
        <span className="min-w-0 wrap-anywhere">{topic}</span>
        <TimeAgo at={decidedAt ?? createdAt} />
        {conversation && (
          <RouteLink to={toConversation(conversation.id)} className="max-w-64 truncate text-wave underline">
            {conversation.title}
          </RouteLink>
        )}
        {intent && (
          <RouteLink to={toPage("intents", intent.id)} className="max-w-64 truncate text-wave underline">
            {intent.description}
          </RouteLink>
        )}
      </p>
      {supersededBy && <DecisionLink label={text.decisions.supersededBy} decision={supersededBy} />}
      {supersedes.map((each) => (
        <DecisionLink key={each.id} label={text.decisions.replaced} decision={each} />
      ))}
    </>
  );
}

type LinkProps = { label: string; decision: { id: string; number: number; title: string } };

function DecisionLink({ label, decision: { id, number, title } }: LinkProps) {
  const text = useText();
  return (
    <p className="mb-1.5 text-sm">
      <span className="text-soft">{label} </span>
      <RouteLink to={toPage("decisions", id)} className="wrap-anywhere text-wave underline underline-offset-2">
        {text.decisions.number(number)}: {title}
      </RouteLink>
    </p>
  );
}

function Content({ decision }: { decision: Decision }) {
  const text = useText();
  const { context, options, value, rationale, consequences } = decision;
  return (
    <>
      {value && (
        <Part name={text.decisions.value}>
          <p className="font-medium wrap-anywhere">{value}</p>
        </Part>
      )}
      {options.length > 0 && (
        <Part name={text.decisions.options}>
          <Options decision={decision} />
        </Part>
      )}
      {rationale && (
        <Part name={text.decisions.rationale}>
          <Prose text={rationale} />
        </Part>
      )}
      {context && (
        <Part name={text.decisions.context}>
          <Prose text={context} />
        </Part>
      )}
      {consequences && (
        <Part name={text.decisions.consequences}>
          <Prose text={consequences} />
        </Part>
      )}
    </>
  );
}

export function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="mt-5 text-sm">
      <h3 className="mb-1.5 text-xs font-medium text-faint">{name}</h3>
      {children}
    </section>
  );
}

function Options({ decision: { options, chosen } }: { decision: Decision }) {
  const text = useText();
  return (
    <ul className="space-y-1.5">
      {options.map((option) => (
        <li key={option.id} className="flex gap-2.5">
          <span className={`mt-0.5 ${option.id === chosen?.id ? "text-moss" : "text-faint"}`}>
            <Icon name={option.id === chosen?.id ? "check" : chosen ? "close" : "fork"} className="size-4.5" />
          </span>
          <span className="min-w-0 wrap-anywhere">
            <span className={option.id === chosen?.id ? "font-medium" : chosen ? "text-soft" : ""}>{option.label}</span>
            {option.id === chosen?.id && <span className="sr-only"> ({text.decisions.chosen})</span>}
            {option.rejectionReason && <span className="block text-soft">{option.rejectionReason}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
