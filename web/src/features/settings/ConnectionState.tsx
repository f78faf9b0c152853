import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";
import type { Connection } from "@/lib/liveSocket";
import { useConnection, useOutOfReach } from "@/lib/socketContext";

const dots: Record<Connection, string> = {
  connecting: "bg-edge",
  connected: "bg-moss",
  reconnecting: "bg-ember",
  offline: "bg-rust",
};

/** A dot that says how the line to the server stands. */
export function ConnectionDot() {
  const text = useText();
  const connection = useConnection();
  return (
    <span role="status" className="flex items-center gap-2 px-2 text-xs text-faint" title={text.connection[connection]}>
      <span className={`size-2 rounded-full transition-colors ${dots[connection]}`} />
      <span className={connection === "connected" ? "sr-only" : ""}>{text.connection[connection]}</span>
    </span>
  );
}

/** A line across the page while the server is out of reach for more than a moment. */
export function ConnectionBanner() {
  const text = useText();
  const connection = useConnection();
  const shown = useOutOfReach();
  if (!shown) return null;
  return (
    <div className="flex animate-fade items-center justify-center gap-2 bg-ember-wash px-4 py-1.5 text-center text-sm">
      <Icon name={connection === "offline" ? "alert" : "again"} className="text-ember" />
      <span>
        <span className="font-medium">{text.connection[connection]}</span>{" "}
        <span className="text-soft max-sm:hidden">{text.connection.hint}</span>
      </span>
    </div>
  );
}
