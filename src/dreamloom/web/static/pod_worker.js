// Keeps the page's own files, so that it opens without a network. What is asked of the house is never kept here.
/* global SHELL, VERSION */

const NAME = `pod-${VERSION}`;
const self_ = /** @type {any} */ (self);

self_.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((kept) => kept.addAll(SHELL.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self_.skipWaiting()),
  );
});

self_.addEventListener("activate", (/** @type {any} */ event) => {
  const old = (/** @type {string[]} */ names) => names.filter((name) => name.startsWith("pod-") && name !== NAME);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self_.clients.claim()),
  );
});

self_.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || !SHELL.includes(path)) return;
  event.respondWith(caches.open(NAME).then((kept) => kept.match(path).then((found) => found ?? fetch(request))));
});
