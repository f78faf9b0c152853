import { clearOfflineCache } from "@/lib/offlineCache";

const PAGE = "/sign-in";
const CLEAR_TIMEOUT_MS = 500;

let signingOut = false;

/** Clears the offline cache and opens the sign-in page, which returns here afterwards, except after a sign-out. */
export function toSignIn(): void {
  if (location.pathname === PAGE) return;
  const next = encodeURIComponent(location.pathname + location.search);
  const page = signingOut ? PAGE : `${PAGE}?next=${next}`;
  // The sign-in page clears it too, in case this takes too long.
  void Promise.race([clearOfflineCache(), new Promise((done) => setTimeout(done, CLEAR_TIMEOUT_MS))]).then(() =>
    location.assign(page),
  );
}

/** Ends the session and opens the sign-in page, whether the socket or the response reports the end first. */
export async function signOutBy(end: () => Promise<boolean>): Promise<void> {
  signingOut = true;
  signingOut = await end();
  if (signingOut) toSignIn();
}

/** The page to open after signing in: always one of this origin. */
export function afterSignIn(search: string): string {
  const wanted = new URLSearchParams(search).get("next") ?? "/";
  const url = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : null;
  return url?.origin === location.origin && url.pathname !== PAGE ? url.pathname + url.search : "/";
}

/** The code of the set-up link that the server prints; null for any other address. */
export function setupCode(hash: string): string | null {
  return hash.startsWith("#rec_") ? hash.slice(1) : null;
}
