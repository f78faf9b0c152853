import { memo } from "react";
import { ProjectTag } from "@/components/ProjectTag";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import { useLanguage } from "@/lib/language";
import { errorOf } from "@/lib/messages";
import { toPage } from "@/lib/route";
import { Checkbox } from "./Checkbox";
import { DueField, LabelsField, MenuButton, PriorityField } from "./ItemFields";
import { Progress } from "./Progress";
import { ToDoBadge } from "./StatusBadge";
import { TitleEditor } from "./TitleEditor";
import { ToDoActions } from "./ToDoActions";
import type { Intent } from "./useIntents";
import { shortTitle, useWorkbench } from "./useWorkbench";

type CardProps = { intent: Intent; selected: boolean; tabbable: boolean; titled: boolean };

/** One item on the board. Its link covers it, so that a click anywhere opens it. */
export const BoardCard = memo(function BoardCard({ intent, selected, tabbable, titled }: CardProps) {
  const { text, translate } = useLanguage();
  const { open, select } = useWorkbench();
  const { intentType, progress, error } = intent;
  return (
    <div
      data-card
      className={`group relative rounded-xl border bg-raised p-2.5 text-sm hover:border-edge ${selected ? "border-wave" : "border-line"}`}
    >
      <div className="mb-1 flex items-center gap-2 text-xs text-faint">
        <ToDoBadge intent={intent} />
        <span className="min-w-0 truncate">
          {intentType ? text.intents.types[intentType] : text.intents.unclassified}
        </span>
        <Checkbox intent={intent} checked={selected} tabbable={tabbable} onSelect={select} />
        <MenuButton intent={intent} tabbable={tabbable} label={text.intents.menu(shortTitle(intent))} />
      </div>
      {titled ? (
        <TitleEditor intent={intent} onDone={() => open(null)} />
      ) : (
        <RouteLink
          to={toPage("intents", intent.id)}
          data-item-link
          draggable={false}
          tabIndex={tabbable ? 0 : -1}
          className="line-clamp-3 rounded wrap-anywhere after:absolute after:inset-0 after:rounded-xl"
        >
          {intent.description}
        </RouteLink>
      )}
      {intent.status === "PROCESSING" && <Progress progress={progress ?? null} />}
      {intent.status === "FAILED" && error && (
        <p className="mt-1 line-clamp-2 text-xs text-rust">{translate(errorOf(intent, error))}</p>
      )}
      <div className="mt-1 -ml-1 flex flex-wrap items-center gap-x-1">
        <DueField intent={intent} tabbable={tabbable} />
        <PriorityField intent={intent} tabbable={tabbable} />
        <LabelsField intent={intent} tabbable={tabbable} />
        <ProjectTag project={intent.project} className="px-1" />
        <TimeAgo at={intent.updatedAt} className="ml-auto text-xs text-faint" />
      </div>
      <div data-no-drag className="relative z-10 mt-1.5 flex flex-wrap items-center gap-1.5 empty:hidden">
        <ToDoActions
          intent={intent}
          reopening={false}
          tabIndex={tabbable ? 0 : -1}
          className="min-h-7! gap-1! px-2! py-0.5! text-xs pointer-coarse:min-h-9!"
        />
      </div>
    </div>
  );
});
