import { CARDS_PER_PAGE, hiddenStatuses, intentStatuses, serverOrders } from "@/lib/boardPages";

/**
 * The variables of the first pages that the board reads, from what this browser remembers of the view; none for another
 * view. The address of a project names another page. A test compares them with the requests of the board.
 */
export function boardRequests(stored: (key: string) => string | null) {
  const kept = stored("resonant.intentsOrder") ?? "NEWEST";
  const order = serverOrders.find((each) => each === kept);
  const isBoard = (stored("resonant.intentsView") ?? "board") === "board";
  const isGrouped = (stored("resonant.intentsGroup") ?? "NONE") !== "NONE";
  if (!isBoard || isGrouped || !order) return [];
  const hidden: readonly string[] = stored("resonant.intentsHidden.board")?.split(" ") ?? hiddenStatuses;
  return intentStatuses
    .filter((status) => !hidden.includes(status))
    .map((status) => ({
      projectId: null,
      first: CARDS_PER_PAGE,
      after: null,
      status: [status],
      intentType: null,
      assignee: null,
      labels: null,
      orderBy: order,
    }));
}
