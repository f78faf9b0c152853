import type { ComponentProps, MouseEvent } from "react";
import { type Route, navigate, pathOf } from "@/lib/route";

type LinkProps = Omit<ComponentProps<"a">, "href" | "onClick"> & { to: Route; onOpen?: () => void };

/** A link within the client: a plain click changes the route, other clicks keep the browser's behaviour. */
export function RouteLink({ to, onOpen, ...rest }: LinkProps) {
  const open = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
    onOpen?.();
  };
  return <a href={pathOf(to)} onClick={open} {...rest} />;
}
