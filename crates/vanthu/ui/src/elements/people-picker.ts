import { el, matches } from "../text.ts";

/** `<people-picker>` around a list of check boxes: a filter that ignores accents, and a count of the chosen. */
class PeoplePicker extends HTMLElement {
  connectedCallback(): void {
    const list = this.querySelector<HTMLElement>(".pick-list");
    if (!list || this.querySelector(".pick-tools")) return;
    const options = [...list.querySelectorAll<HTMLElement>(".form-check")];
    const label = this.dataset["label"] ?? "danh sách";
    const filter = el("input", "form-control", "", {
      type: "search",
      placeholder: "Lọc theo tên, không cần dấu",
      "aria-label": `Lọc: ${label}`,
      autocomplete: "off",
    });
    const count = el("span", "", "", { "aria-live": "polite" });
    const none = el("p", "pick-none", "Không có tên nào khớp.");
    none.hidden = true;
    const tools = el("div", "pick-tools");
    tools.append(filter, count);
    list.before(tools);
    list.append(none);

    const recount = (): void => {
      const chosen = options.filter((option) => option.querySelector("input")?.checked).length;
      count.textContent = chosen === 0 ? "Chưa chọn" : `Đã chọn ${chosen}`;
    };
    const sift = (): void => {
      let shown = 0;
      for (const option of options) {
        const fits = matches(option.textContent ?? "", filter.value);
        option.hidden = !fits;
        if (fits) shown += 1;
      }
      none.hidden = shown > 0;
    };
    filter.addEventListener("input", sift);
    filter.addEventListener("keydown", (event) => {
      // Enter ticks the first match instead of sending a half-filled form.
      if (event.key === "Enter") {
        event.preventDefault();
        const first = options.find((option) => !option.hidden)?.querySelector("input");
        if (first && filter.value !== "") {
          first.checked = !first.checked;
          filter.value = "";
          sift();
          recount();
        }
      } else if (event.key === "Escape" && filter.value !== "") {
        event.preventDefault();
        filter.value = "";
        sift();
      }
    });
    list.addEventListener("change", recount);
    recount();
  }
}

customElements.define("people-picker", PeoplePicker);
