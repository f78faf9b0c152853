/**
 * Keeps what the client consists of, so that the page opens without a server: it then says that there is none, shows
 * what was written and read last, and goes on by itself. What the server says is never kept here, but by `readCachedRows`.
 *
 * A page always comes from the network where that can be, so a new build is taken up with the next load.
 */
type Lasting = Event & { waitUntil: (work: Promise<unknown>) => void };
type Asking = Lasting & { request: Request; respondWith: (answer: Promise<Response>) => void };
type WorkerScope = {
  addEventListener(kind: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", listener: (event: Asking) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
declare const self: WorkerScope;
/** Written by the build. */
declare const SHELL: { build: string; files: string[] };

const KEPT = `shell-${SHELL.build}`;
const NOT_OURS = /^\/(graphql|graphiql|sign-in|health|ready|metrics)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || NOT_OURS.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(freshOr(request, "/"));
  else if (pathname === "/theme.js") event.respondWith(freshOr(request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(keptOr(request, pathname));
});

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll(SHELL.files);
  await self.skipWaiting();
}

async function takeOver() {
  const others = (await caches.keys()).filter((name) => name !== KEPT);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const kept = (path: string) => caches.match(path, { ignoreVary: true });

async function freshOr(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(path);
    if (!found) throw error;
    return found;
  }
}

/** Names under /assets carry a hash of their content, so what is kept is what the server has. */
async function keptOr(request: Request, path: string): Promise<Response> {
  return (await kept(path)) ?? fetch(request);
}

export {};
