/** Lists inside `<form data-bulk>`: a bar with the acts appears as soon as a row is chosen. */
export function followSelections(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-bulk]")) {
    const bar = form.querySelector<HTMLElement>("[data-bulk-bar]");
    const count = form.querySelector<HTMLElement>("[data-bulk-count]");
    const all = form.querySelector<HTMLInputElement>("[data-check-all]");
    const boxes = [...form.querySelectorAll<HTMLInputElement>("[data-row] input[type=checkbox]")];
    let last = -1;

    const refresh = (): void => {
      const chosen = boxes.filter((box) => box.checked).length;
      bar?.classList.toggle("is-active", chosen > 0);
      if (count) count.textContent = `Đã chọn ${chosen} văn bản`;
      if (all) {
        all.checked = chosen > 0 && chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };

    count?.setAttribute("aria-live", "polite");
    all?.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      refresh();
    });
    boxes.forEach((box, index) => {
      // Shift chooses the range from the last one, as in a mail program.
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last >= 0) {
          for (const between of boxes.slice(Math.min(last, index), Math.max(last, index))) between.checked = box.checked;
        }
        last = index;
        refresh();
      });
      box.addEventListener("change", refresh);
    });
    refresh();
  }
}
