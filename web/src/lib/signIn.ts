const PAGE = "/sign-in";

/** Goes to where somebody signs in, and comes back to this page afterwards. */
export function toSignIn(): void {
  if (location.pathname === PAGE) return;
  location.assign(`${PAGE}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** The page to go to after signing in: one of ours, whatever the address asks for. */
export function afterSignIn(search: string): string {
  const wanted = new URLSearchParams(search).get("next") ?? "/";
  const url = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : null;
  return url?.origin === location.origin && url.pathname !== PAGE ? url.pathname + url.search : "/";
}

/** The code of the link that the console of the server shows; null in any other address. */
export function setupCode(hash: string): string | null {
  return hash.startsWith("#rec_") ? hash.slice(1) : null;
}
