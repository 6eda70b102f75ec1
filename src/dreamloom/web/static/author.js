// The author page: what the checker says while one types, saving without losing anybody's text, rehearsing, agreeing.

import { html, nothing, render } from "lit";
import { ask, download } from "./desk.js";
import { Editor } from "./editor.js";
import { Rehearsing } from "./rehearsing.js";

const AFTER_TYPING_MS = 120;
const KINDS = /** @type {Record<string, string>} */ ({ error: "error", warning: "warning", later: "not yet" });
const STANDING = /** @type {Record<string, string>} */ ({
  "plays": "It can be played.",
  "plays no cue": "It may be played, and this version would play no cue of it.",
  "cannot be played": "It cannot be played. It may be saved as a draft.",
});

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {number} count @param {string} kind */
const several = (count, kind) => `${count} ${kind}${count === 1 ? "" : "s"}`;

class Desk {
  constructor() {
    const start = JSON.parse(at("bar").dataset.start ?? "{}");
    this.file = at("bar").querySelector("h1")?.textContent ?? "dreamscape.yaml";
    this.seen = start.seen;
    this.agreed = start.agreed;
    this.mayUndo = start.mayUndo;
    this.looked = /** @type {any} */ ({ findings: [], sentences: [], sha256: start.sha256 });
    this.theirs = /** @type {any} */ (null);
    this.editor = new Editor(/** @type {HTMLTextAreaElement} */ (at("text")), at("editor"), () => this.typed());
    this.saved = start.seen !== "" && start.seen === start.sha256 ? this.editor.text : null;
    this.rehearsing = new Rehearsing(at("rehearsal"), {
      text: () => this.editor.text,
      sha256: () => this.looked.sha256,
    });
    this.listen();
    this.look();
  }

  get dirty() {
    return this.editor.text !== this.saved;
  }

  listen() {
    /** @type {Record<string, () => void>} */
    const pressed = {
      "save": () => this.save(this.seen),
      "undo": () => this.undo(),
      "check": () => this.look(),
      "keep-mine": () => this.save(this.theirs?.sha256 ?? this.seen),
      "load-theirs": () => this.loadTheirs(),
      "to-rehearsal": () => this.rehearse(),
    };
    for (const [id, act] of Object.entries(pressed)) {
      at(id).addEventListener("click", (event) => {
        event.preventDefault();
        act();
      });
    }
    at("agree").addEventListener("submit", (event) => {
      event.preventDefault();
      this.agree(/** @type {HTMLInputElement} */ (at("name")).value);
    });
    addEventListener("keydown", (event) => this.onKey(event));
    addEventListener("beforeunload", (event) => {
      if (this.dirty && this.saved !== null) event.preventDefault();
    });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      this.save(this.seen);
    } else if (event.key === "F8") {
      event.preventDefault();
      this.next();
    }
  }

  typed() {
    if (this.theirs === null) at("told").hidden = true;
    this.tellSaved();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), AFTER_TYPING_MS);
  }

  /** One look at a time; what was typed meanwhile is looked at right after. */
  async look() {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    do {
      this.again = false;
      const answer = await ask("/api/look", { text: this.editor.text });
      if (answer.ok) this.tellLooked(answer.body);
      else this.tell(answer.wrong, answer.lost);
    } while (this.again);
    this.looking = false;
  }

  /** @param {any} looked */
  tellLooked(looked) {
    const before = this.looked;
    this.looked = looked;
    this.editor.mark(looked.findings);
    this.tellSaved();
    render(this.findings(), emptied("findings"));
    const read = looked.sentences.length > 0;
    for (const id of ["sentences", "map", "questions"]) at(id).classList.toggle("stale", !read);
    if (read) render(this.sentences(), emptied("sentences"));
    if (read) render(this.questions(), emptied("questions"));
    if (read && looked.map !== before.map) {
      at("map").replaceChildren(new DOMParser().parseFromString(looked.map, "image/svg+xml").documentElement);
      at("map-rows").replaceChildren(...new DOMParser().parseFromString(looked.map_table, "text/html").body.childNodes);
      at("map").scrollLeft = (at("map").scrollWidth - at("map").clientWidth) / 2;
    }
    this.tellAgreed();
    this.rehearsing.tell();
  }

  tellSaved() {
    const { findings, plays } = this.looked;
    const counted = ["error", "warning"]
      .map((kind) => [findings.filter((/** @type {any} */ each) => each.severity === kind).length, kind])
      .filter(([count]) => count > 0)
      .map(([count, kind]) => several(Number(count), String(kind)));
    say("saved", this.dirty ? "not saved" : "saved");
    at("saved").classList.toggle("unsaved", this.dirty);
    say("found", `${counted.length ? `${counted.join(", ")}.` : "Nothing amiss."} ${STANDING[plays] ?? ""}`);
    /** @type {HTMLButtonElement} */ (at("undo")).disabled = !this.mayUndo;
  }

  findings() {
    const found = this.looked.findings;
    if (found.length === 0) return html`<p>Nothing amiss.</p>`;
    return html`<ol class="found">${found.map((/** @type {any} */ each) => html`
      <li class=${each.severity}>
        <button type="button" class="goto" @click=${() => this.editor.jump(each.line, each.column)}>
          <span class="place">${each.line}:${each.column}</span> <strong>${KINDS[each.severity]}</strong></button>
        ${each.text} <span class="dim">${each.code}</span>
      </li>`)}</ol>`;
  }

  sentences() {
    const { sentences, tags } = this.looked;
    return html`<ol class="sentences">${sentences.map((/** @type {string} */ each) => html`<li>${each}</li>`)}</ol>
      ${tags.length ? html`<ul class="dim">${tags.map((/** @type {string} */ each) => html`<li>${each}</li>`)}</ul>` : nothing}`;
  }

  questions() {
    const { questions, earned } = this.looked;
    if (questions.length + earned.length === 0) return html`<p>There is nothing that it would ask.</p>`;
    return html`<ul class="questions">
      ${questions.map((/** @type {any} */ each) => html`<li>
        ${each.line ? html`<button type="button" class="goto" @click=${() => this.editor.jump(each.line, 1)}>${each.line}</button>` : nothing}
        ${each.text} <span class="dim">${each.why}</span></li>`)}
      ${earned.map((/** @type {string} */ each) => html`<li>It earns the tag ${each}.
        <span class="dim">By tags sleepers and councils find it, and keep away from it.</span></li>`)}</ul>`;
  }

  tellAgreed() {
    /** @type {HTMLInputElement} */ (at("agree-sha256")).value = this.looked.sha256;
    if (this.agreed.length === 0) {
      render(html`<p>Nobody yet.</p>`, emptied("agreed"));
      return;
    }
    render(html`<ul>${this.agreed.map((/** @type {any} */ each) => html`
      <li class=${each.sha256 === this.looked.sha256 ? "this" : "older"}>
        <strong>${each.name}</strong>: ${each.sha256 === this.looked.sha256 ? "exactly this text" : "an older text"},
        ${each.at.slice(0, 16).replace("T", " ")} UTC
        <button type="button" class="small" @click=${() => this.takeBack(each.name)}>Take back</button>
      </li>`)}</ul>`, emptied("agreed"));
  }

  /** The finding behind the cursor, round and round. */
  next() {
    const found = this.looked.findings;
    if (found.length === 0) return;
    const { line, column } = this.editor.place;
    const later = found.find((/** @type {any} */ each) => each.line > line || (each.line === line && each.column > column));
    const { line: toLine, column: toColumn } = later ?? found[0];
    this.editor.jump(toLine, toColumn);
  }

  /** @param {string} seen what the file held when it was seen last */
  async save(seen) {
    const text = this.editor.text;
    const answer = await ask("/api/save", { text, seen });
    if (answer.status === 409 && answer.body.theirs) {
      this.showTheirs(answer);
    } else if (answer.ok) {
      this.take(answer.body, text);
      this.tell(this.looked.plays === "cannot be played" ? "Saved as a draft: it cannot be played yet." : "Saved.", false);
    } else {
      this.tell(answer.wrong, answer.lost);
    }
  }

  async undo() {
    const answer = await ask("/api/undo", { seen: this.seen });
    if (answer.status === 409 && answer.body.theirs) {
      this.showTheirs(answer);
    } else if (answer.ok) {
      this.editor.replace(answer.body.text);
      this.take(answer.body, this.editor.text);
      this.tell("What lay there before your last save lies there again. Pressed once more, it is as it was.", false);
    } else {
      this.tell(answer.wrong, answer.lost);
    }
  }

  /** What lies in the file now is what was sent. @param {any} opened @param {string} text */
  take(opened, text) {
    this.saved = text;
    this.seen = opened.seen;
    this.mayUndo = opened.may_undo;
    this.agreed = opened.agreed;
    this.theirs = null;
    at("conflict").hidden = true;
    /** @type {HTMLInputElement} */ (at("seen")).value = opened.seen;
    this.look();
  }

  /** @param {{body: any, wrong: string}} answer */
  showTheirs(answer) {
    this.theirs = answer.body.theirs;
    at("differences").textContent = answer.body.differences.join("\n");
    at("load-theirs").hidden = this.theirs.text === null;
    at("conflict").hidden = false;
    this.tell(answer.wrong, false);
    at("told").scrollIntoView({ block: "start" });
  }

  loadTheirs() {
    const { text, sha256 } = this.theirs;
    this.editor.replace(text);
    this.saved = this.editor.text;
    this.seen = sha256;
    at("conflict").hidden = true;
    this.tell("Their text is in the editor. Ctrl+Z brings back yours.", false);
    this.look();
  }

  /** @param {string} name */
  async agree(name) {
    const answer = await ask("/api/agree", { name, sha256: this.dirty ? "" : this.seen });
    if (answer.ok) this.take(answer.body, this.editor.text);
    this.tell(answer.wrong || `${name} agrees to exactly this text.`, answer.lost);
  }

  /** @param {string} name */
  async takeBack(name) {
    const answer = await ask("/api/take-back", { name });
    if (answer.ok) this.agreed = answer.body.agreed;
    this.tell(answer.wrong || `${name} agrees no more.`, answer.lost);
    this.tellAgreed();
  }

  rehearse() {
    at("rehearsal-h").scrollIntoView({ block: "start" });
    this.rehearsing.begin();
  }

  /** @param {string} words @param {boolean} lost whether the text should be kept elsewhere */
  tell(words, lost) {
    const place = at("told");
    place.hidden = words === "";
    render(html`${words} ${lost ? html`<button type="button" id="copy"
      @click=${() => download(this.file, this.editor.text)}>Keep a copy</button>` : nothing}`, emptied("told"));
  }
}

/** The place, rid of what the page came with. @param {string} id */
function emptied(id) {
  const place = at(id);
  if (!place.dataset.live) {
    place.replaceChildren();
    place.dataset.live = "yes";
  }
  return place;
}

/** Only what is new, so that nothing is read out twice. @param {string} id @param {string} words */
function say(id, words) {
  if (at(id).textContent !== words) at(id).textContent = words;
}

document.documentElement.classList.add("scripted");
new Desk();
