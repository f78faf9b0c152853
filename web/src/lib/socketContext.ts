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

/** How the WebSocket stands, live. */
export function useConnection(): Connection {
  const socket = useSocket();
  return useSyncExternalStore(socket.onConnection, socket.getConnection);
}

/** Whether the server has been out of reach for more than a moment. */
export function useDisconnected(): boolean {
  const lost = useConnection() !== "connected";
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => setLasting(true), GRACE_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [lost]);
  return lost && lasting;
}
