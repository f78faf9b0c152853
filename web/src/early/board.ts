const COLUMNS = ["AWAITING_CONFIRMATION", "PENDING", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"];
const HIDDEN_AT_FIRST = "CANCELLED";
const ORDERS = ["NEWEST", "OLDEST", "DUE", "PRIORITY"];
const PAGE_SIZE = 25;

/**
 * The variables of the first pages that the board reads, from what this browser remembers of the view; none for another
 * view. The address of a project names another page. A test compares them with the requests of the board.
 */
export function boardRequests(stored: (key: string) => string | null) {
  const order = stored("resonant.intentsOrder") ?? "NEWEST";
  const isBoard = (stored("resonant.intentsView") ?? "board") === "board";
  const isGrouped = (stored("resonant.intentsGroup") ?? "NONE") !== "NONE";
  if (!isBoard || isGrouped || !ORDERS.includes(order)) return [];
  const hidden = (stored("resonant.intentsHidden.board") ?? HIDDEN_AT_FIRST).split(" ");
  return COLUMNS.filter((status) => !hidden.includes(status)).map((status) => ({
    projectId: null,
    first: PAGE_SIZE,
    after: null,
    status: [status],
    intentType: null,
    assignee: null,
    labels: null,
    orderBy: order,
  }));
}
