// A clock that goes on while the page is hidden: timers of a worker are not held back as those of a hidden page are.

const EVERY_MS = 50;
setInterval(() => postMessage(null), EVERY_MS);
