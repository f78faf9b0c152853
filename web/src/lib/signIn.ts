import { clearOfflineCache } from "@/lib/offlineCache";

const PAGE = "/sign-in";
const WIPING_MS = 500;

let signingOut = false;

/** Forgets what was read, goes to where somebody signs in, and comes back to this page afterwards; not when the reader left on purpose. */
export function toSignIn(): void {
  if (location.pathname === PAGE) return;
  const next = encodeURIComponent(location.pathname + location.search);
  const page = signingOut ? PAGE : `${PAGE}?next=${next}`;
  // The sign-in page wipes it too, should this take too long.
  void Promise.race([clearOfflineCache(), new Promise((done) => setTimeout(done, WIPING_MS))]).then(() =>
    location.assign(page),
  );
}

/** Ends the session and leaves, whether the socket or the answer is first to tell that it ended. */
export async function signOutBy(end: () => Promise<boolean>): Promise<void> {
  signingOut = true;
  signingOut = await end();
  if (signingOut) toSignIn();
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
