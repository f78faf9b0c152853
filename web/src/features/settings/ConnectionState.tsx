import { Banner } from "@/components/Banner";
import { useText } from "@/lib/language";
import type { Connection } from "@/lib/liveSocket";
import { useConnection, useDisconnected } from "@/lib/socketContext";

const dots: Record<Connection, string> = {
  connecting: "bg-edge",
  connected: "bg-moss",
  reconnecting: "bg-ember",
  offline: "bg-rust",
};

type DotProps = {
  /** Shows the dot alone where space is small; screen readers still get the text. */
  compact?: boolean;
};

/** A coloured dot that shows the state of the connection. */
export function ConnectionDot({ compact = false }: DotProps) {
  const text = useText();
  const connection = useConnection();
  const hidden = compact || connection === "connected";
  return (
    <span
      role="status"
      className="flex min-h-6 items-center gap-2 px-2 text-xs text-faint"
      title={text.connection[connection]}
    >
      <span className={`size-2 shrink-0 rounded-full transition-colors ${dots[connection]}`} />
      <span className={hidden ? "sr-only" : ""}>{text.connection[connection]}</span>
    </span>
  );
}

/** A banner across the page while the connection is lost for more than a moment. */
export function ConnectionBanner() {
  const text = useText();
  const connection = useConnection();
  const shown = useDisconnected();
  if (!shown) return null;
  return (
    <Banner shape="bar" icon={connection === "offline" ? "alert" : "again"}>
      <span className="font-medium">{text.connection[connection]}</span>{" "}
      <span className="text-soft max-sm:hidden">{text.connection.hint}</span>
    </Banner>
  );
}
