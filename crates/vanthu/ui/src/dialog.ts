import { el } from "./text.ts";

/** Asks with a modal dialog; resolves to whether it was confirmed. Escape means no. */
export function ask(question: string, yes: string): Promise<boolean> {
  const dialog = el("dialog", "sheet", "", { "aria-labelledby": "ask-title" });
  const form = el("form", "", "", { method: "dialog" });
  const acts = el("div", "form-acts");
  const confirm = el("button", "btn btn-primary", yes, { value: "yes" });
  acts.append(el("button", "btn", "Thôi", { value: "" }), confirm);
  form.append(el("h2", "", question, { id: "ask-title" }), acts);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  confirm.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}
