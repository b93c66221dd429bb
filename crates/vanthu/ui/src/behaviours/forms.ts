import { ask } from "../dialog.ts";

type SubmitButton = HTMLButtonElement | HTMLInputElement;

const confirmed = new WeakSet<HTMLFormElement>();
const sent = new WeakSet<HTMLFormElement>();

/**
 * Forms: asks before `[data-confirm]`, sends a form once, carries the pressed button's name and value.
 * The hidden command_id makes a second arrival harmless anyway; this only spares the wait and the doubt.
 */
export function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter as SubmitButton | null;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    const question = submitter?.dataset["confirm"] ?? form.dataset["confirm"];
    if (question && !confirmed.has(form)) {
      event.preventDefault();
      void ask(question, words(submitter) || "Đồng ý").then((yes) => {
        if (!yes) return;
        confirmed.add(form);
        form.requestSubmit(submitter);
      });
      return;
    }
    confirmed.delete(form);
    if (form.method !== "post" || event.defaultPrevented) return;
    // A download leaves the page where it is: the form is used again.
    if (submitter?.dataset["download"] !== undefined) return;
    markSent(form, submitter);
  });

  // Coming back with the browser's button shows the page as it was left; it must work again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) release(form);
  });
}

/** Whether the question of this submit, if it has one, has been answered with yes. */
export function isConfirmed(form: HTMLFormElement, submitter: SubmitButton | null): boolean {
  return confirmed.has(form) || !(submitter?.dataset["confirm"] ?? form.dataset["confirm"]);
}

/** Marks a form as being sent: its buttons rest, though still readable by a screen reader. */
export function markSent(form: HTMLFormElement, submitter: SubmitButton | null): void {
  sent.add(form);
  for (const button of form.querySelectorAll<SubmitButton>("button[type=submit], button:not([type]), input[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
  if (submitter instanceof HTMLButtonElement) {
    submitter.classList.add("is-busy");
  }
}

/** Lets a form be sent again, after an attempt that did not reach the server. */
export function release(form: HTMLFormElement): void {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("is-busy");
  }
}

/** What a button says, without the key that presses it. */
function words(button: SubmitButton | null): string {
  const copy = button?.cloneNode(true) as HTMLElement | undefined;
  for (const key of copy?.querySelectorAll("kbd") ?? []) key.remove();
  return copy?.textContent?.trim() ?? "";
}
