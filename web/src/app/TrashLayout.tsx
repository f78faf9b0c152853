import { useViewer } from "@/features/settings/useViewer";
import { TrashPage } from "@/features/trash/TrashPage";

/** The trash, which tells the viewer from others who deleted something. */
export function TrashLayout() {
  return <TrashPage viewerId={useViewer()?.id ?? null} />;
}
