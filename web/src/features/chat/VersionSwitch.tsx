import { IconButton } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import type { MessageActions } from "./useMessageActions";
import type { Message } from "./useMessages";
import { useMayWrite } from "./useMayWrite";

type SwitchProps = { message: Message; actions: MessageActions };

/** Which version of a message is shown, with buttons for the others; nothing for the only version. */
export function VersionSwitch({ message, actions }: SwitchProps) {
  const text = useText();
  const attempt = useAttempt();
  const count = message.versions.length;
  const place = message.versions.findIndex(({ id }) => id === message.id);
  const canWrite = useMayWrite();
  if (count < 2 || !canWrite) return null;
  const button = (icon: "earlier" | "later", label: string, target: string | undefined) => (
    // Not disabled, because a disabled button would lose the focus at the first and the last version.
    <IconButton
      small
      icon={icon}
      label={label}
      aria-disabled={target === undefined}
      onClick={() => target !== undefined && void attempt(() => actions.select(target))}
    />
  );
  return (
    <div role="group" aria-label={text.chat.versions} className="flex items-center text-soft">
      {button("earlier", text.chat.earlierVersion, message.versions[place - 1]?.id)}
      <span aria-hidden className="min-w-6 text-center text-xs tabular-nums">
        {place + 1}/{count}
      </span>
      <span role="status" className="sr-only">
        {text.chat.versionOf(place + 1, count)}
      </span>
      {button("later", text.chat.laterVersion, message.versions[place + 1]?.id)}
    </div>
  );
}
