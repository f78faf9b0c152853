import { type ReactNode, useState } from "react";
import { Icon } from "@/components/Icon";
import { ProposedActions } from "@/features/actions/ProposedActions";
import { CodeSessions } from "@/features/code/CodeSessions";
import { ContextOfIntent } from "@/features/context/WhyThisAnswer";
import { Contradictions } from "@/features/contradictions/Contradictions";
import { ProposedDecisions } from "@/features/decisions/ProposedDecisions";
import { IntentsPage } from "@/features/intents/IntentsPage";
import { Similar } from "@/features/search/Similar";
import { TraceGraph } from "@/features/trace/TraceGraph";
import { useText } from "@/lib/language";

/** The intents page, with the details that other features add to the open intent. */
export function IntentsLayout({ id }: { id: string | null }) {
  const text = useText();
  return (
    <IntentsPage
      id={id}
      waiting={
        <>
          <ProposedActions />
          <ProposedDecisions />
        </>
      }
      before={({ id: intentId, description, version, project }) => (
        <>
          <Contradictions
            key={`contradictions ${intentId}`}
            of="intent"
            id={intentId}
            words={description}
            version={version}
            project={project}
          />
          <CodeSessions key={`code ${intentId}`} intentId={intentId} />
        </>
      )}
      more={({ id: intentId, version }) => (
        <div className="border-t border-line">
          <Section name={text.trace.title}>
            <TraceGraph id={intentId} version={version} />
          </Section>
          <Section name={text.intents.similar}>
            <Similar intentId={intentId} />
          </Section>
          <Section name={text.context.given}>
            <ContextOfIntent intentId={intentId} />
          </Section>
        </div>
      )}
    />
  );
}

/** A collapsed section; its content is loaded when it is first opened. */
function Section({ name, children }: { name: string; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details className="group border-b border-line" onToggle={(event) => setOpened(opened || event.currentTarget.open)}>
      <summary className="flex min-h-10 list-none items-center justify-between px-3.5 text-sm font-medium hover:bg-hover">
        {name}
        <Icon name="chevron" className="size-4 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <div className="px-3.5 pt-1 pb-4 text-sm">{opened && children}</div>
    </details>
  );
}
