// Keeps the page's own files, so that it opens without a network. What is asked of the house is never kept here.
/* global SHELL, VERSION */

const NAME = `pod-${VERSION}`;
const WORDS = "/words.js";
const PATIENCE_MS = 1500;
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
  const { pathname: path, search } = new URL(request.url);
  if (request.method !== "GET" || search !== "" || !SHELL.includes(path)) return;
  event.respondWith(path === WORDS ? words(request) : kept(request, path));
});

/** @param {Request} request @param {string} path */
const kept = async (request, path) => (await (await caches.open(NAME)).match(path)) ?? fetch(request);

/** In the language chosen last where the house answers soon, else as they were. @param {Request} request */
const words = async (request) => {
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await (await caches.open(NAME)).put(WORDS, answer.clone());
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(() => kept(request, WORDS));
  return Promise.race([fresh, late]).catch(() => kept(request, WORDS));
};
