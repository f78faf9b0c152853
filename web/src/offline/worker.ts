/**
 * The service worker. It caches the files of the client, so the page opens without the server. Rows of the server are
 * never cached here; see `lib/offlineCache`.
 *
 * Pages are read from the network when possible, so the next load uses a new build.
 */
type WaitableEvent = Event & { waitUntil: (work: Promise<unknown>) => void };
type RequestEvent = WaitableEvent & { request: Request; respondWith: (answer: Promise<Response>) => void };
type WorkerScope = {
  addEventListener(kind: "install" | "activate", listener: (event: WaitableEvent) => void): void;
  addEventListener(kind: "fetch", listener: (event: RequestEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
declare const self: WorkerScope;
/** Written by the build. */
declare const SHELL: { build: string; files: string[] };

const CACHE = `shell-${SHELL.build}`;
const UNCACHED = /^\/(graphql|graphiql|sign-in|files|health|ready|metrics)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || UNCACHED.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(networkFirst(request, "/"));
  else if (pathname === "/theme.js") event.respondWith(networkFirst(request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request, pathname));
});

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.files);
  await self.skipWaiting();
}

async function activate() {
  const others = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const fromCache = (path: string) => caches.match(path, { ignoreVary: true });

async function networkFirst(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await fromCache(path);
    if (!found) throw error;
    return found;
  }
}

/** File names under /assets contain a hash of their content, so a cached file is never outdated. */
async function cacheFirst(request: Request, path: string): Promise<Response> {
  return (await fromCache(path)) ?? fetch(request);
}

export {};
