// What is asked of the desk? One request each; whatever goes wrong comes back as words, never as a lost text.

/**
 * @param {string} path
 * @param {object} [words] left out: only to be read
 * @returns {Promise<{ok: boolean, status: number, body: any, wrong: string, lost: boolean}>} lost: nobody answers here,
 *   or nobody who knows this page any more
 */
export async function ask(path, words) {
  const asked = words === undefined
    ? {}
    : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(words) };
  try {
    const answer = await fetch(path, asked);
    const body = await answer.json();
    const error = body?.error;
    const wrong = answer.ok ? "" : [error.what, error.why, error.still_works, error.do].filter(Boolean).join(" ");
    return { ok: answer.ok, status: answer.status, body, wrong, lost: answer.status === 401 };
  } catch {
    const wrong = "The page cannot reach dreamloom any more. Your text is still here: keep a copy of it.";
    return { ok: false, status: 0, body: null, wrong, lost: true };
  }
}

/** Hands the text out as a file, whatever has become of the desk. @param {string} name @param {string} text */
export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
