import { el, spellDay } from "../text.ts";

/** Says below each date of a form which day it is, so that 03/04 is never taken for another month and a Sunday is noticed. */
export function spellDates(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".field > input[type=date]")) {
    if (input.closest(".filter-bar") || input.nextElementSibling?.matches(".date-words")) continue;
    const words = el("p", "date-words", spellDay(input.value), { id: `${input.id}-words` });
    input.after(words);
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), words.id].filter(Boolean).join(" "));
    input.addEventListener("input", () => {
      words.textContent = spellDay(input.value);
    });
  }
}
