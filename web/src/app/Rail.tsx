import { useNavItems } from "@/app/navigation";
import { Icon } from "@/components/Icon";
import { Logo } from "@/components/Logo";
import { RouteLink } from "@/components/RouteLink";
import { ProjectButton } from "@/features/projects/ProjectButton";
import { ConnectionDot } from "@/features/settings/ConnectionState";
import { useText } from "@/lib/language";
import { toPage, useRoute } from "@/lib/route";

/** The navigation column of wide windows. */
export function Rail({ onProjects }: { onProjects: () => void }) {
  const text = useText();
  return (
    <div className="flex w-18 shrink-0 flex-col items-center overflow-y-auto border-r border-line bg-shelf py-3">
      <Logo className="mb-3 size-7 text-wave" />
      <ProjectButton look="rail" onOpen={onProjects} />
      <NavLinks look="rail" />
      <div className="mt-auto flex flex-col items-center gap-2 pt-3">
        <a
          href="/graphiql"
          target="_blank"
          rel="noreferrer"
          title={text.settings.graphiql}
          className="flex w-15 flex-col items-center gap-0.5 rounded-xl py-1.5 text-[0.6875rem] text-soft hover:bg-hover hover:text-ink"
        >
          <Icon name="external" className="size-5" />
          {text.settings.graphiql}
        </a>
        <ConnectionDot compact />
      </div>
    </div>
  );
}

type LinksProps = { look: "rail" | "rows"; onOpen?: () => void };

/** The page links, as icons of the rail or as rows of the menu. */
export function NavLinks({ look, onOpen = () => undefined }: LinksProps) {
  const text = useText();
  const { page: current } = useRoute();
  const navItems = useNavItems();
  const shape =
    look === "rail"
      ? "w-17 flex-col justify-center gap-0.5 py-1.5 text-[0.6875rem]"
      : "min-h-10 w-full gap-3 px-3 text-sm";
  return (
    <nav aria-label={text.pages.title}>
      <ul className={look === "rail" ? "flex flex-col gap-1" : ""}>
        {navItems.map(({ page, icon }) => (
          <li key={page}>
            <RouteLink
              to={toPage(page)}
              onOpen={onOpen}
              aria-current={page === current ? "page" : undefined}
              className={`flex items-center rounded-xl ${shape} ${page === current ? "bg-tint font-medium text-wave" : "text-soft hover:bg-hover hover:text-ink"}`}
            >
              <Icon name={icon} className="size-5" />
              <span className="max-w-full truncate">{text.pages[page]}</span>
            </RouteLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
