import { createContext, use, useSyncExternalStore } from "react";
import type { Connection, LiveSocket } from "@/lib/liveSocket";

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
