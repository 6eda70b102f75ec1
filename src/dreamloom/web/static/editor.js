// The text itself: line numbers, marked lines, two spaces for Tab. What is typed stays a plain text area's, undo too.

const INDENT = "  ";
const SIGNS = { error: "■", warning: "▲", later: "○" };
const GRAVEST = ["error", "warning", "later"];

/** @typedef {{severity: "error" | "warning" | "later", line: number, column: number, code: string, text: string}} Said */

export class Editor {
  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} frame
   * @param {() => void} changed
   */
  constructor(area, frame, changed) {
    this.area = area;
    this.leaving = false;
    this.layer = document.createElement("div");
    this.layer.className = "lines";
    this.layer.setAttribute("aria-hidden", "true");
    frame.prepend(this.layer);
    frame.classList.add("live");
    area.addEventListener("input", () => {
      this.number();
      changed();
    });
    area.addEventListener("scroll", () => (this.layer.scrollTop = area.scrollTop));
    area.addEventListener("keydown", (event) => this.onKey(event));
    area.addEventListener("blur", () => (this.leaving = false));
    this.number();
  }

  get text() {
    return this.area.value;
  }

  /** As if somebody had typed it, so that Ctrl+Z brings back what was there. @param {string} text */
  replace(text) {
    this.area.focus();
    this.area.select();
    this.insert(text);
    this.area.setSelectionRange(0, 0);
    this.area.scrollTop = 0;
  }

  /** One row a line, added or taken away at the end. */
  number() {
    const lines = this.text.split("\n").length;
    while (this.layer.childElementCount > lines) this.layer.lastElementChild?.remove();
    for (let line = this.layer.childElementCount + 1; line <= lines; line += 1) {
      const row = document.createElement("div");
      row.dataset.line = String(line);
      this.layer.append(row);
    }
    this.layer.scrollTop = this.area.scrollTop;
  }

  /** Each line that something is said of, by the gravest of it. @param {Said[]} findings */
  mark(findings) {
    for (const row of this.layer.querySelectorAll("[class]")) {
      row.removeAttribute("class");
      row.removeAttribute("data-sign");
    }
    for (const severity of [...GRAVEST].reverse()) {
      for (const each of findings.filter((found) => found.severity === severity)) {
        const row = this.layer.children[each.line - 1];
        row?.setAttribute("class", severity);
        row?.setAttribute("data-sign", SIGNS[each.severity]);
      }
    }
  }

  /** Puts the cursor there, both counted from 1, a column a character. @param {number} line @param {number} column */
  jump(line, column) {
    const lines = this.text.split("\n");
    const at = Math.min(line, lines.length) - 1;
    const before = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
    const place = before + [...lines[at]].slice(0, column - 1).join("").length;
    this.area.focus();
    this.area.setSelectionRange(place, before + lines[at].length);
    const high = this.area.scrollHeight / Math.max(lines.length, 1);
    this.area.scrollTop = Math.max(0, at * high - this.area.clientHeight / 3);
  }

  /** The place of the cursor as line and column, counted from 1. */
  get place() {
    const before = this.text.slice(0, this.area.selectionStart).split("\n");
    return { line: before.length, column: [...before[before.length - 1]].length + 1 };
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      this.leaving = true;
    } else if (event.key === "Tab" && !this.leaving) {
      event.preventDefault();
      this.indent(!event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.newLine();
    } else if (event.key !== "Shift") {
      this.leaving = false;
    }
  }

  /** The next line begins where this one does. */
  newLine() {
    const before = this.text.slice(0, this.area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    this.insert(`\n${line.match(/^ */)?.[0] ?? ""}`);
  }

  /** Every line of the selection, or two spaces where there is none. @param {boolean} inward */
  indent(inward) {
    const { selectionStart: from, selectionEnd: to } = this.area;
    if (inward && from === to) {
      this.insert(INDENT);
      return;
    }
    const first = this.text.lastIndexOf("\n", from - 1) + 1;
    const end = this.text.indexOf("\n", Math.max(from, to - 1));
    const last = end === -1 ? this.text.length : end;
    const block = this.text.slice(first, last);
    const moved = inward ? block.replace(/^(?=.)/gm, INDENT) : block.replace(/^ {1,2}/gm, "");
    if (moved === block) return;
    this.area.setSelectionRange(first, last);
    this.insert(moved);
    if (from === to) {
      const at = Math.max(first, from + moved.length - block.length);
      this.area.setSelectionRange(at, at);
    } else {
      this.area.setSelectionRange(first, first + moved.length);
    }
  }

  /** @param {string} text */
  insert(text) {
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (done) return;
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.dispatchEvent(new Event("input"));
  }
}
