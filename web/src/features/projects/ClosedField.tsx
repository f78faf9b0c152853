import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Project, useProjectList } from "./useProjectList";

/** Takes the place of the message field in an archived project, and offers to restore it. */
export function ClosedField({ project }: { project: Project }) {
  const { projects: text } = useText();
  const attempt = useAttempt();
  const { archive } = useProjectList();
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <div
        role="group"
        aria-label={text.archived}
        className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-2xl border border-line bg-shelf px-4 py-3 text-sm text-soft"
      >
        <Icon name="archive" className="size-4.5 shrink-0" />
        <p className="min-w-0 flex-1 basis-60 wrap-anywhere">{text.closedField(project.name)}</p>
        {project.role === "ADMIN" && (
          <Button className="whitespace-nowrap" onClick={() => void attempt(() => archive(project, false))}>
            {text.restore}
          </Button>
        )}
      </div>
    </div>
  );
}
