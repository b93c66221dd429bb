/** Small things of every page: where the focus goes after an answer, menus that close on leaving. */
export function settlePage(): void {
  // Browsers heed autofocus when a page loads, not when an answer takes its place.
  const first = document.querySelector<HTMLElement>("[data-error-summary]") ?? document.querySelector<HTMLElement>("main [autofocus]");
  first?.focus();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-error-summary] a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      const target = field?.matches("input, select, textarea") ? field : field?.querySelector<HTMLElement>("input, select, textarea");
      if (!target) return;
      event.preventDefault();
      target.focus();
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  // On a phone the open tab may stand beyond the edge of its row.
  for (const open of document.querySelectorAll<HTMLElement>(".tabs [aria-current]")) {
    const row = open.closest<HTMLElement>(".tabs");
    if (row) row.scrollLeft = open.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }
  // A fragment of the same page keeps the phone's menu open otherwise.
  for (const link of document.querySelectorAll("#boxes a")) {
    link.addEventListener("click", () => document.querySelector<HTMLElement>("#boxes:popover-open")?.hidePopover());
  }
}
