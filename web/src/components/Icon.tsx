const paths = {
  chat: "M4 5h16v11H9.5L5 20v-4H4z",
  board: "M4 5h4.5v14H4zM10 5h4.5v9H10zM16 5h4v12h-4z",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
  page: "M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h7M9 16h7",
  fork: "M12 20.5v-7M12 13.5L6 7.5M12 13.5l6-6M6 11.5v-5h5M18 11.5v-5h-5",
  layers: "M12 3.5l9 5-9 5-9-5zM4 12.5l8 4.5 8-4.5M4 16.5l8 4.5 8-4.5",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L20.5 20.5",
  keys: "M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  earlier: "M14.5 5.5L8 12l6.5 6.5",
  later: "M9.5 5.5L16 12l-6.5 6.5",
  left: "M19 12H5M11.5 5.5L5 12l6.5 6.5",
  branch: "M6 5v14M6 12h6a4 4 0 0 0 4-4V6M16 6a1.6 1.6 0 1 0 0-.01M6 20a1.6 1.6 0 1 0 0-.01M6 5a1.6 1.6 0 1 0 0-.01",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h11M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5l4 4L15 8M12 15.5l1.5 1.5L22 8.5",
  edit: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  archive: "M4 5h16v4H4zM5.5 9v10h13V9M10 13h4",
  again: "M19.5 8.5A8 8 0 1 0 20 14M20 4v5h-5",
  undo: "M9 7L4.5 11.5 9 16M4.5 11.5H14a5 5 0 0 1 0 10h-2.5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  waves: "M4 12a8 8 0 0 1 8-8M4 12a8 8 0 0 0 8 8M9 12a3 3 0 0 1 3-3M9 12a3 3 0 0 0 3 3M16 12h.01M20 12h.01",
  down: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  chevron: "M8 10l4 4 4-4",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  info: "M12 11v6M12 7.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  alert: "M12 9v5M12 17h.01M12 3.5L2.5 20h19z",
  clock: "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  external: "M14 5h5v5M19 5l-9 9M17 14v5H5V7h5",
  play: "M8 5.5v13l10-6.5z",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5a7.5 7.5 0 0 1 15 0",
  people:
    "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14a6.5 6.5 0 0 1 4 5.5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  tag: "M4 4h7l9 9-7 7-9-9zM8 8h.01",
  clip: "M19 11.5l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.1-2.1l7.2-7.2",
  folder: "M3.5 6.5h6l2 2.5h9v10.5h-17z",
  image: "M4 5h16v14H4zM4 16l5-5 5 5 2.5-2.5L20 17M15.5 9h.01",
} as const;

export type IconName = keyof typeof paths;

const DEFAULT_SIZE = "1.15em";

/**
 * A line icon, hidden from screen readers: the parent element carries the label. The `width` and `height` attributes
 * are the default size; a `size-*` class overrides them, and any other class leaves the icon at that size.
 */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={DEFAULT_SIZE}
      height={DEFAULT_SIZE}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" || name === "waves" ? 2 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={paths[name]} />
    </svg>
  );
}
