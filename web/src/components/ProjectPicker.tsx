import { Icon } from "@/components/Icon";
import { Menu, MenuChoice } from "@/components/Menu";
import { ProjectDot } from "@/components/ProjectTag";
import { useText } from "@/lib/language";
import { useProjects } from "@/lib/projects";

type PickerProps = {
  /** The id of the project that gets the new record; null for the default one. */
  value: string | null;
  onChange: (id: string) => void;
  side?: "top" | "bottom";
};

/** Chooses the project of a new record; nothing when one project is chosen already, or there is only one. */
export function ProjectPicker({ value, onChange, side = "bottom" }: PickerProps) {
  const { projects: text } = useText();
  const { projects: all, chosen } = useProjects();
  const projects = all.filter(({ role }) => role !== "READER");
  const current = projects.find(({ id }) => id === value) ?? projects[0];
  if (chosen !== null || current === undefined || projects.length < 2) return null;
  return (
    <Menu
      side={side}
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${text.goesTo}: ${current.name}`}
          title={`${text.goesTo}: ${current.name}`}
          className="flex min-h-8 max-w-48 items-center gap-1.5 rounded-lg px-2 text-xs text-soft hover:bg-hover hover:text-ink"
        >
          <ProjectDot hue={current.hue} />
          <span className="truncate">{current.name}</span>
          <Icon name="chevron" className={`size-3.5 shrink-0 ${side === "top" ? "rotate-180" : ""}`} />
        </button>
      }
    >
      <MenuChoice
        label={text.goesTo}
        value={current.id}
        choices={projects.map(({ id, name }) => [id, name] as const)}
        onChange={onChange}
      />
    </Menu>
  );
}
