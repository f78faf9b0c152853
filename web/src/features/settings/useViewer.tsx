import { type ReactNode, createContext, use, useCallback, useEffect, useState } from "react";
import type { ViewerSettingsQuery } from "@/gql/graphql";
import { cacheRows, readCachedRows, setCacheOwner } from "@/lib/offlineCache";
import { useRequest } from "@/lib/request";
import { useConnection, useDisconnected } from "@/lib/socketContext";
import { deviceZone, setChosenZone } from "@/lib/zone";
import { ReportDeviceZone, ViewerSettings } from "./documents";

export type Viewer = ViewerSettingsQuery["viewer"];

const CACHE_KEY = "viewer";

const CHANNEL = "resonant.viewer";

const ViewerContext = createContext<Viewer | null>(null);
const ReloadContext = createContext<() => void>(() => undefined);

/**
 * Loads the viewer and the assistant; read again after a reconnect, because the server may have a new configuration, and
 * when this or another tab has changed it.
 */
export function ViewerProvider({ children }: { children: ReactNode }) {
  const request = useRequest();
  const connected = useConnection() === "connected";
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const disconnected = useDisconnected();
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => setChanges((count) => count + 1);
    return () => channel.close();
  }, []);
  const reload = useCallback(() => {
    // The provider of this tab receives the message too, because it has a channel of its own.
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage("changed");
    channel.close();
  }, []);
  useEffect(() => {
    if (!disconnected) return;
    let current = true;
    void readCachedRows<Viewer>(CACHE_KEY).then(([kept]) => {
      if (current && kept) setViewer((now) => now ?? kept);
    });
    return () => {
      current = false;
    };
  }, [disconnected]);
  useEffect(() => {
    let current = true;
    request(ViewerSettings, {}).then(
      (data) => {
        if (!current) return;
        setViewer(data.viewer);
        setCacheOwner(data.viewer.id);
        void cacheRows(CACHE_KEY, [data.viewer]);
        setChosenZone(data.viewer.chosenTimezone);
        // "Yesterday" means a day where the user is now. A failure changes no list; the next connection tries again.
        const zone = deviceZone();
        const reports = data.viewer.chosenTimezone === null && data.viewer.timezone !== zone;
        if (reports) request(ReportDeviceZone, { zone }).catch(() => undefined);
      },
      // The lists show the failure; without a viewer only the assistant badge is missing.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [request, connected, changes]);
  return (
    <ViewerContext value={viewer}>
      <ReloadContext value={reload}>{children}</ReloadContext>
    </ViewerContext>
  );
}

/** Whether the viewer can enter a model in Settings: the owner of a local installation. */
export const canEnterModel = ({ access, role }: Viewer) => access === "LOCAL" && role === "OWNER";

/** Returns a function that has the viewer and the assistant read again, in all tabs of this browser. */
export function useReloadViewer(): () => void {
  return use(ReloadContext);
}

/** The viewer; null until known. */
export function useViewer(): Viewer | null {
  return use(ViewerContext);
}
