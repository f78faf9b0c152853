const paths = {
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
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  waves: "M4 12a8 8 0 0 1 8-8M4 12a8 8 0 0 0 8 8M9 12a3 3 0 0 1 3-3M9 12a3 3 0 0 0 3 3M16 12h.01M20 12h.01",
  down: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  chevron: "M8 10l4 4 4-4",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  info: "M12 11v6M12 7.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  alert: "M12 9v5M12 17h.01M12 3.5L2.5 20h19z",
  clock: "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  external: "M14 5h5v5M19 5l-9 9M17 14v5H5V7h5",
  image: "M4 5h16v14H4zM4 16l5-5 5 5 2.5-2.5L20 17M15.5 9h.01",
} as const;

export type IconName = keyof typeof paths;

/** A line drawing for the eye only; whatever holds it carries the name. */
export function Icon({ name, className = "size-[1.15em]" }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden="true"
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
