import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/Icon";
import { LoadFailed, Loading } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import type { ProjectStateQuery } from "@/gql/graphql";
import { dueTime } from "@/lib/dates";
import { useLanguage, useText } from "@/lib/language";
import { type Route, toConversation, toPage } from "@/lib/route";
import { Members } from "./Members";
import { ProjectMark } from "./ProjectMark";
import type { Project } from "./useProjectList";
import { useProjectState } from "./useProjectState";

/** What is open, due and decided in a project, with the links to its pages. */
export function ProjectOverview({ project }: { project: Project }) {
  const { projects: text } = useText();
  const { value: state, failure, reload } = useProjectState(project.id);
  return (
    <>
      <div className="flex items-start gap-3">
        <ProjectMark project={project} className="mt-0.5 size-9 text-base" />
        <div className="min-w-0">
          <h2 className="font-display text-2xl tracking-tight wrap-anywhere">{project.name}</h2>
          <p className="text-sm wrap-anywhere whitespace-pre-line text-soft">{project.description}</p>
        </div>
      </div>
      <nav aria-label={text.pages} className="mt-4 flex flex-wrap gap-2">
        <PageLink icon="chat" to={toConversation(null)} name={text.toChat} />
        <PageLink icon="board" to={toPage("intents")} name={text.toBoard} />
        <PageLink icon="fork" to={toPage("decisions")} name={text.toDecisions} />
        {project.role === "ADMIN" && (
          <PageLink icon="settings" to={toPage("project", "settings")} name={text.settings} />
        )}
      </nav>
      {!state && failure && <LoadFailed title={text.failed} failure={failure} onRetry={reload} />}
      {!state && !failure && <Loading />}
      {state && <State {...state} />}
      <Members project={project} />
    </>
  );
}

function PageLink({ icon, to, name }: { icon: IconName; to: Route; name: string }) {
  return (
    <RouteLink
      to={to}
      className="inline-flex min-h-9 items-center gap-2 rounded-lg border border-line px-3.5 text-sm font-medium hover:bg-hover"
    >
      <Icon name={icon} />
      {name}
    </RouteLink>
  );
}

function State({ open, waiting, decisions }: ProjectStateQuery) {
  const { language, text } = useLanguage();
  const { projects: words } = text;
  const due = open.edges.flatMap(({ node }) => (node.dueAt == null ? [] : [{ ...node, dueAt: node.dueAt }]));
  return (
    <div className="mt-6 grid gap-4 lg:grid-cols-2">
      <section aria-label={words.open} className="rounded-2xl border border-line bg-raised px-4 py-3 lg:col-span-2">
        <h3 className="text-xs text-faint">{words.open}</h3>
        <p className="font-display text-2xl tabular-nums">{new Intl.NumberFormat(language).format(open.totalCount)}</p>
        <p className="text-sm text-soft">
          {waiting.totalCount > 0 ? (
            <RouteLink to={toPage("intents")} className="text-wave underline underline-offset-4">
              {words.waiting(waiting.totalCount)}
            </RouteLink>
          ) : (
            words.openHint
          )}
        </p>
      </section>
      <Card name={words.due} none={due.length === 0 ? words.nothingDue : null}>
        {due.map(({ id, description, dueAt }) => (
          <Line key={id} to={toPage("intents", id)} name={description} note={dueTime(dueAt, language)} />
        ))}
      </Card>
      <Card name={words.lastDecisions} none={decisions.edges.length === 0 ? words.noDecisions : null}>
        {decisions.edges.map(({ node: { id, number, title, decidedAt, createdAt } }) => (
          <Line
            key={id}
            to={toPage("decisions", id)}
            name={`${text.decisions.number(number)}: ${title}`}
            note={<TimeAgo at={decidedAt ?? createdAt} />}
          />
        ))}
      </Card>
    </div>
  );
}

function Card({ name, none, children }: { name: string; none: string | null; children: ReactNode }) {
  return (
    <section aria-label={name} className="min-w-0 rounded-2xl border border-line bg-raised px-4 py-3">
      <h3 className="pb-1 text-sm font-medium">{name}</h3>
      {none === null ? (
        <ul className="divide-y divide-line">{children}</ul>
      ) : (
        <p className="py-2 text-sm text-soft">{none}</p>
      )}
    </section>
  );
}

function Line({ to, name, note }: { to: Route; name: string; note: ReactNode }) {
  return (
    <li className="flex items-baseline gap-3 py-1.5 text-sm">
      <RouteLink to={to} className="line-clamp-2 min-w-0 flex-1 wrap-anywhere hover:underline">
        {name}
      </RouteLink>
      <span className="shrink-0 text-xs text-faint">{note}</span>
    </li>
  );
}
