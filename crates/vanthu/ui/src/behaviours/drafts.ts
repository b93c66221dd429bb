import { el } from "../text.ts";

const PREFIX = "vanthu-draft:";
const SENT = "vanthu-sent";
const KEEP_DAYS = 7;

interface Draft {
  text: string;
  at: number;
}

/**
 * Keeps what is being written in text areas of forms with an id, in this browser only, until the form is accepted.
 * A session that ended or a closed window then costs nothing. The key holds the path, the form and the field, and the
 * account, so that colleagues on one machine never see each other's words.
 */
export function keepDrafts(): void {
  const owner = document.querySelector(".who-card strong")?.textContent ?? "";
  sweep();
  if (!owner) return;
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("form[id] textarea[name]")) {
    const form = area.form;
    if (!form || area.hasAttribute("data-no-draft")) continue;
    // Not form.id: a field of that name would shadow it.
    const place = `${owner}:${location.pathname}:${form.getAttribute("id")}:`;
    const key = `${PREFIX}${place}${area.name}`;
    offer(area, key);
    let timer = 0;
    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => save(key, area), 400);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      // The answer decides: only an accepted form loses its draft, a session that has ended does not.
      save(key, area);
      remember(place);
    });
  }
}

/** Forgets the drafts of the form that was sent last, when this page says that it was accepted. */
export function forgetSentDrafts(): void {
  try {
    const place = sessionStorage.getItem(SENT);
    if (!place || !document.querySelector("[data-flash].tone-good")) return;
    sessionStorage.removeItem(SENT);
    for (const key of keys()) if (key.startsWith(PREFIX + place)) localStorage.removeItem(key);
  } catch {
    // No storage, no drafts.
  }
}

function remember(place: string): void {
  try {
    sessionStorage.setItem(SENT, place);
  } catch {
    // No storage, no drafts.
  }
}

function offer(area: HTMLTextAreaElement, key: string): void {
  const draft = load(key);
  if (!draft || draft.text === area.value || draft.text.trim() === "") return;
  if (area.value !== "") return;
  area.value = draft.text;
  const note = el("p", "draft-note");
  note.setAttribute("role", "status");
  const when = new Date(draft.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
  const drop = el("button", "", "Bỏ bản này", { type: "button" });
  drop.addEventListener("click", () => {
    area.value = "";
    localStorage.removeItem(key);
    note.remove();
    area.focus();
  });
  note.append(el("span", "", `Đã khôi phục nội dung viết dở lúc ${when}.`), drop);
  area.after(note);
}

function save(key: string, area: HTMLTextAreaElement): void {
  try {
    if (area.value.trim() === "") localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ text: area.value, at: Date.now() } satisfies Draft));
  } catch {
    // Private windows may refuse storage; writing goes on without a net.
  }
}

function load(key: string): Draft | null {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const draft = parsed as Draft | null;
    return draft && typeof draft.text === "string" && typeof draft.at === "number" ? draft : null;
  } catch {
    return null;
  }
}

function keys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function sweep(): void {
  for (const key of keys()) {
    const draft = load(key);
    if (!draft || Date.now() - draft.at > KEEP_DAYS * 86_400_000) localStorage.removeItem(key);
  }
}
