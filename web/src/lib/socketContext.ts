import { createContext, use, useEffect, useState, useSyncExternalStore } from "react";
import type { Connection, LiveSocket } from "@/lib/liveSocket";

const GRACE_MS = 1_200;

export const SocketContext = createContext<LiveSocket | null>(null);

/** The page's WebSocket; throws outside its provider. */
export function useSocket(): LiveSocket {
  const socket = use(SocketContext);
  if (!socket) throw new Error("useSocket needs a SocketContext above it");
  return socket;
}

/** The current state of the WebSocket. */
export function useConnection(): Connection {
  const socket = useSocket();
  return useSyncExternalStore(socket.onConnection, socket.getConnection);
}

/** Whether the connection has been lost for more than a moment. */
export function useDisconnected(): boolean {
  const lost = useConnection() !== "connected";
  const [afterGrace, setAfterGrace] = useState(false);
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => setAfterGrace(true), GRACE_MS);
    return () => {
      clearTimeout(timer);
      setAfterGrace(false);
    };
  }, [lost]);
  return lost && afterGrace;
}
