import { Popover } from "radix-ui";
import { Banner } from "@/components/Banner";
import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { useStorage } from "@/lib/storage";
import { canEnterModel, useViewer } from "./useViewer";

/** One line at the top of a conversation while no model is configured; hidden, the badge in the header remains. */
export function AssistantNotice() {
  const text = useText();
  const viewer = useViewer();
  const [hidden, setHidden] = useStorage("resonant.assistantNotice");
  if (!viewer?.assistant.offline || hidden) return null;
  return (
    <aside aria-label={text.assistant.offlineTitle}>
      <Banner
        shape="bar"
        icon="info"
        actions={
          <IconButton
            small
            icon="close"
            label={text.assistant.dismiss}
            className="-my-1"
            onClick={() => setHidden("hidden")}
          />
        }
      >
        <p className="flex min-w-0 items-baseline gap-x-3">
          <span className="truncate sm:hidden">{text.assistant.offline}</span>
          <span className="truncate max-sm:hidden">{text.assistant.offlineTitle}</span>
          {canEnterModel(viewer) && (
            <RouteLink to={toPage("settings")} className="shrink-0 text-wave underline underline-offset-4">
              {text.assistant.toSettings}
            </RouteLink>
          )}
        </p>
      </Banner>
    </aside>
  );
}

/** Shows which assistant replies. */
export function AssistantBadge() {
  const text = useText();
  const viewer = useViewer();
  if (!viewer) return null;
  const { name, model, offline } = viewer.assistant;
  if (!offline) {
    return (
      <span className="hidden max-w-48 truncate text-xs text-faint sm:block" title={text.assistant.answers(name)}>
        {model ?? name}
      </span>
    );
  }
  return (
    <Popover.Root>
      <Popover.Trigger className="flex min-h-7 items-center gap-1.5 rounded-full bg-ember-wash px-2.5 text-xs font-medium whitespace-nowrap text-ember max-sm:size-9 max-sm:justify-center max-sm:px-0">
        <Icon name="info" className="size-4" />
        <span className="max-sm:sr-only">{text.assistant.offline}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={12}
          aria-label={text.assistant.offlineTitle}
          className="z-50 w-[min(22rem,calc(100vw-1.5rem))] animate-rise rounded-2xl border border-line bg-raised p-4 text-sm shadow-xl outline-none"
        >
          <HowToConfigure />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type HowToProps = {
  /** Whether the form of the model is on the same page. */
  inSettings?: boolean;
};

/** How to configure a model: in Settings, which only the owner of a local installation can, or in the environment. */
export function HowToConfigure({ inSettings = false }: HowToProps) {
  const text = useText();
  const viewer = useViewer();
  const owns = viewer !== null && canEnterModel(viewer);
  return (
    <>
      <p className="font-medium">{text.assistant.offlineTitle}</p>
      <p className="text-soft">
        {text.assistant.offlineHint} {owns ? !inSettings && text.assistant.enterModel : text.assistant.howTo}{" "}
        {!owns && <code className="font-mono text-[0.92em] wrap-anywhere text-ink">ANTHROPIC_API_KEY=…</code>}
        {owns && !inSettings && (
          <RouteLink to={toPage("settings")} className="text-wave underline underline-offset-4">
            {text.assistant.toSettings}
          </RouteLink>
        )}
      </p>
    </>
  );
}
