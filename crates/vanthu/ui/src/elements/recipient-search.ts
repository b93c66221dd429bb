import { el } from "../text.ts";

/** After the last key: the server is asked once, not for every letter. */
const PAUSE_MS = 250;
/** Shorter texts find too much. */
const SHORTEST = 2;

/**
 * `<recipient-search data-href>` around the search field and the rows of recipients outside: what is typed is looked up at
 * once, and chosen rows stay while others come and go. Several lines are left to the button, as without a script.
 */
class RecipientSearch extends HTMLElement {
  #timer = 0;
  #asked = 0;

  connectedCallback(): void {
    const field = this.querySelector("textarea");
    const rows = this.querySelector<HTMLElement>(".axis-rows");
    if (!field || !rows) return;
    field.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#look(field.value, rows), PAUSE_MS);
    });
    field.addEventListener("keydown", (event) => {
      // One line is looked up; a new line begins a list.
      if (event.key === "Enter" && !event.shiftKey && !field.value.includes("\n")) {
        event.preventDefault();
        window.clearTimeout(this.#timer);
        void this.#look(field.value, rows);
      }
    });
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }

  async #look(text: string, rows: HTMLElement): Promise<void> {
    const wanted = text.trim();
    if (wanted.includes("\n")) return;
    const mine = ++this.#asked;
    const found = el("div");
    if (wanted.length >= SHORTEST) {
      try {
        const answer = await fetch(`${this.dataset["href"] ?? ""}?q=${encodeURIComponent(wanted)}`);
        if (!answer.ok) throw new Error(String(answer.status));
        // Rows of our own server, rendered and escaped there.
        found.innerHTML = await answer.text();
      } catch {
        found.append(el("p", "form-hint axis-note", "Chưa tìm được. Hãy bấm “Tìm nơi nhận” hoặc thử lại."));
      }
    }
    // A later question was asked meanwhile: this answer is old.
    if (mine !== this.#asked) return;
    const chosen = [...rows.querySelectorAll<HTMLElement>(".axis-row")].filter((row) => row.querySelector("select")?.value);
    const known = new Set(chosen.map((row) => row.querySelector("select")?.id));
    const fresh = [...found.children].filter((row) => !known.has(row.querySelector("select")?.id));
    rows.replaceChildren(...chosen, ...fresh);
  }
}

customElements.define("recipient-search", RecipientSearch);
