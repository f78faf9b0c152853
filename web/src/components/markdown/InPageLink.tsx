import type { MouseEvent, ReactNode } from "react";

const CONTAINER = ".prose-reply";

type LinkProps = { target: string; id: string | undefined; label: string | undefined; children: ReactNode };

/** A link to a footnote or a heading of the same text. It does not change the address, which names the open message. */
export function InPageLink({ target, id, label, children }: LinkProps) {
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    event.preventDefault();
    const found = findTarget(event.currentTarget, target);
    found?.scrollIntoView({ block: "center" });
    found?.setAttribute("tabindex", "-1");
    found?.focus({ preventScroll: true });
  };
  return (
    <a href={`#${target}`} id={id} aria-label={label} onClick={open}>
      {children}
    </a>
  );
}

/** The element with this id in the same text, or the heading with this slug; other texts may have the same ids. */
function findTarget(link: HTMLElement, target: string): HTMLElement | undefined {
  const container = link.closest(CONTAINER) ?? document;
  const wanted = decoded(target);
  return (
    [...container.querySelectorAll<HTMLElement>("[id]")].find(({ id }) => id === wanted) ??
    [...container.querySelectorAll<HTMLElement>("h1,h2,h3,h4,h5,h6")].find(
      ({ textContent }) => slugOf(textContent) === slugOf(wanted),
    )
  );
}

/** The name of a heading in an address, as GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target; // a percent sign that is not an escape
  }
}
