import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";
import { useHasProjects, useProjects } from "@/lib/projects";
import { ProjectMark } from "./ProjectMark";

type ButtonProps = { look: "rail" | "row"; onOpen: () => void };

/** Shows the chosen project and opens the switcher; nothing while there is only one project. */
export function ProjectButton({ look, onOpen }: ButtonProps) {
  const { projects: text } = useText();
  const { chosen } = useProjects();
  if (!useHasProjects()) return null;
  const name = chosen?.name ?? text.all;
  const shape =
    look === "rail"
      ? "mb-2 w-15 flex-col gap-1 rounded-xl px-1 py-1.5 text-[0.6875rem]"
      : "min-h-11 w-full gap-3 rounded-xl px-3 text-sm";
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+P Meta+P"
      title={`${text.current(name)} (Ctrl/⌘ P)`}
      onClick={onOpen}
      className={`flex items-center text-soft hover:bg-hover hover:text-ink ${shape}`}
    >
      <ProjectMark project={chosen} />
      <span className="sr-only">{text.current(name)}</span>
      <span
        aria-hidden="true"
        className={look === "rail" ? "line-clamp-2 w-full text-center leading-tight wrap-anywhere" : "truncate"}
      >
        {name}
      </span>
      {look === "row" && <Icon name="chevron" className="ml-auto size-4 text-faint" />}
    </button>
  );
}
