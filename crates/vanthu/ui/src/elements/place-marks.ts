import { type Blank, type Box, dayBlanks, numberBlank, type Run, signatureBox } from "../place-suggestion.ts";
import { el, icon } from "../text.ts";

/** What a viewer gives of each page to those who put something on it. Lengths are in millimetres. */
export interface ViewerPage {
  over: HTMLElement;
  read(): Promise<{ width: number; height: number; runs: Run[] }>;
}

type Name = "signature" | "number" | "day" | "month";

/** From the baseline of a line up to the head of its mark, and the height of the mark: letters of size 13 with a little air. */
const RISE = 5;
const LINE = 6;
/** Room of two digits; the server writes day and month into as much. */
const TWO_DIGITS = 6;
/** The signer's name is looked for from the end, in so many pages: annexes may follow it. */
const PAGES_TO_SEARCH = 40;

const LABELS: Record<Name, string> = { signature: "Chữ ký", number: "Số", day: "Ngày", month: "Tháng" };

/** One rectangle on a page. What can be pressed is never smaller than a fingertip, whatever the zoom. */
class Mark {
  readonly frame = el("div", "place-mark");
  readonly grab: HTMLButtonElement;
  readonly size: HTMLButtonElement | null = null;

  constructor(
    readonly name: Name,
    help: string,
    fixed: boolean,
    move: (dx: number, dy: number) => void,
    resize: ((dx: number, dy: number) => void) | null,
    perPixel: () => number,
  ) {
    const label = LABELS[name];
    this.frame.dataset["mark"] = name;
    this.grab = el("button", "place-grab", "", { type: "button", "aria-describedby": help, "aria-label": `Dời khung ${label}` });
    const tag = el("span", "place-tag", label, { "aria-hidden": "true" });
    this.frame.append(el("span", "place-frame"), tag, this.grab);
    if (fixed) {
      this.frame.classList.add("is-fixed");
      this.grab.remove();
      return;
    }
    follow(this.grab, move, perPixel);
    if (!resize) return;
    this.size = el("button", "place-size", "", { type: "button", "aria-describedby": help, "aria-label": `Đổi cỡ khung ${label}` });
    this.size.append(icon("arrows-diagonal"));
    follow(this.size, resize, perPixel);
    this.frame.append(this.size);
  }

  /** Fractions of the page: the mark then follows any zoom by itself. */
  put(box: Box, page: { width: number; height: number }): void {
    const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
    this.frame.style.left = percent(box.x, page.width);
    this.frame.style.top = percent(box.y, page.height);
    this.frame.style.width = percent(box.width, page.width);
    this.frame.style.height = percent(box.height, page.height);
  }
}

/** Lets a button be pulled by mouse, pen or finger, and pushed by the arrow keys: 1 mm, with shift 0,1 mm. */
function follow(button: HTMLButtonElement, push: (dx: number, dy: number) => void, perPixel: () => number): void {
  let at: { x: number; y: number } | null = null;
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    at = { x: event.clientX, y: event.clientY };
  });
  button.addEventListener("pointermove", (event) => {
    if (!at) return;
    push((event.clientX - at.x) * perPixel(), (event.clientY - at.y) * perPixel());
    at = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, () => (at = null));
  const keys: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  button.addEventListener("keydown", (event) => {
    const way = keys[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 0.1 : 1;
    push(way[0] * step, way[1] * step);
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * `<place-marks data-signer [data-suggest] [data-signed]>` inside the form of places puts a rectangle for each of its fields
 * on the pages of the viewer beside it. The fields stay the truth: what is pulled is written into them, what is typed moves
 * the rectangles. Where nobody has placed yet it reads the file and suggests.
 */
class PlaceMarks extends HTMLElement {
  #form: HTMLFormElement | null = null;
  #pages: ViewerPage[] = [];
  #sizes = new Map<number, { width: number; height: number }>();
  #marks: Mark[] = [];
  #said = el("p", "visually-hidden", "", { role: "status" });
  #note = el("div", "notice notice-box tone-info", "", { role: "status" });
  #timer = 0;
  #listening = new AbortController();

  connectedCallback(): void {
    this.#form = this.closest("form");
    const viewer = document.querySelector("pdf-viewer");
    if (!this.#form || !viewer) return;
    const { signal } = this.#listening;
    viewer.addEventListener("pdf-ready", (event) => void this.#show((event as CustomEvent<ViewerPage[]>).detail), { signal });
    this.#form.addEventListener("input", () => void this.#draw(), { signal });
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    clearTimeout(this.#timer);
    for (const mark of this.#marks) mark.frame.remove();
  }

  async #show(pages: ViewerPage[]): Promise<void> {
    this.#pages = pages;
    const help = el("p", "form-hint", "Kéo khung trên trang, hoặc chọn khung rồi dùng phím mũi tên: mỗi lần 1 mm, giữ Shift 0,1 mm. Góc dưới bên phải đổi cỡ khung.");
    help.id = "place-help";
    const signed = this.hasAttribute("data-signed");
    for (const name of signed ? ["page", "x", "y", "width", "height"] : []) this.#field(name)?.setAttribute("readonly", "");
    const add = (name: Name, move: (dx: number, dy: number) => void, resize: ((dx: number, dy: number) => void) | null): void => {
      this.#marks.push(new Mark(name, help.id, name === "signature" && signed, move, resize, () => this.#perPixel(name)));
    };
    add("signature", (dx, dy) => this.#push({ x: dx, y: dy }, "signature"), (dx, dy) => this.#push({ width: dx, height: dy }, "signature"));
    add("number", (dx, dy) => this.#push({ number_x: dx, baseline: dy }, "number"), (dx) => this.#push({ number_width: dx }, "number"));
    add("day", (dx, dy) => this.#push({ day_x: dx, baseline: dy }, "day"), null);
    add("month", (dx, dy) => this.#push({ month_x: dx, baseline: dy }, "month"), null);

    const tools = el("div", "place-tools");
    for (const name of ["number", "signature"] as const) {
      const look = el("button", "btn", `Xem khung ${LABELS[name].toLowerCase()}`, { type: "button" });
      look.prepend(icon("eye"));
      look.addEventListener("click", () => this.#look(name));
      tools.append(look);
    }
    const again = el("button", "btn", "Gợi ý từ nội dung tệp", { type: "button" });
    again.prepend(icon("search"));
    again.addEventListener("click", () => void this.#suggest());
    tools.append(again);
    this.#note.hidden = true;
    this.replaceChildren(this.#note, help, tools, this.#said);
    if (this.hasAttribute("data-suggest")) await this.#suggest();
    await this.#draw();
    this.setAttribute("data-ready", "");
  }

  #field(name: string): HTMLInputElement | null {
    const found = this.#form?.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : null;
  }

  #value(name: string): number {
    const value = this.#field(name)?.valueAsNumber ?? 0;
    return Number.isFinite(value) ? value : 0;
  }

  #write(name: string, value: number): void {
    const field = this.#field(name);
    // Whole hundredths: the step of the fields, finer than anybody sees.
    if (field) field.value = String(Math.round(value * 100) / 100);
  }

  #page(name: Name): number {
    const page = name === "signature" ? Math.round(this.#value("page")) : 1;
    return Math.min(Math.max(page, 1), Math.max(this.#pages.length, 1));
  }

  async #size(number: number): Promise<{ width: number; height: number }> {
    const known = this.#sizes.get(number);
    if (known) return known;
    const read = await this.#pages[number - 1]?.read();
    const size = { width: read?.width ?? 210, height: read?.height ?? 297 };
    this.#sizes.set(number, size);
    return size;
  }

  #perPixel(name: Name): number {
    const number = this.#page(name);
    const pixels = this.#pages[number - 1]?.over.clientWidth ?? 0;
    return pixels > 0 ? (this.#sizes.get(number)?.width ?? 210) / pixels : 0;
  }

  #box(name: Name): Box {
    const top = this.#value("baseline") - RISE;
    switch (name) {
      case "signature":
        return { x: this.#value("x"), y: this.#value("y"), width: this.#value("width"), height: this.#value("height") };
      case "number":
        return { x: this.#value("number_x"), y: top, width: this.#value("number_width"), height: LINE };
      default:
        return { x: this.#value(`${name}_x`), y: top, width: TWO_DIGITS, height: LINE };
    }
  }

  /** Changes fields by so many millimetres, as far as every rectangle stays on its page. */
  #push(by: Record<string, number>, name: Name): void {
    const page = this.#sizes.get(this.#page(name)) ?? { width: 210, height: 297 };
    for (const [field, step] of Object.entries(by)) {
      if (step === 0) continue;
      const before = this.#value(field);
      const box = this.#box(name);
      const input = this.#field(field);
      const least = Number(input?.min || 0);
      const most = /(^|_)x$/.test(field)
        ? page.width - box.width
        : /width$/.test(field)
          ? Math.min(page.width - box.x, Number(input?.max || page.width))
          : field === "height"
            ? page.height - box.y
            : field === "baseline"
              ? page.height - (LINE - RISE)
              : page.height - box.height;
      this.#write(field, Math.min(Math.max(before + step, least), most));
    }
    void this.#draw();
    this.#say(name);
  }

  async #draw(): Promise<void> {
    for (const mark of this.#marks) {
      const number = this.#page(mark.name);
      mark.put(this.#box(mark.name), await this.#size(number));
      const over = this.#pages[number - 1]?.over;
      // Moving it again would take the focus away.
      if (over && mark.frame.parentElement !== over) over.append(mark.frame);
    }
  }

  /** Tells where a rectangle stands once it rests. */
  #say(name: Name): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const { x, y, width, height } = this.#box(name);
      const mm = (value: number): string => `${value.toFixed(1).replace(".", ",")} mm`;
      this.#said.textContent = `Khung ${LABELS[name]}: cách trái ${mm(x)}, cách trên ${mm(y)}, rộng ${mm(width)}, cao ${mm(height)}.`;
    }, 500);
  }

  #look(name: Name): void {
    const mark = this.#marks.find((one) => one.name === name);
    mark?.frame.scrollIntoView({ block: "center", inline: "center" });
    mark?.grab.focus({ preventScroll: true });
  }

  async #suggest(): Promise<void> {
    const first = await this.#pages[0]?.read();
    const number = numberBlank(first?.runs ?? []);
    const days = dayBlanks(first?.runs ?? []);
    const missing: string[] = [];
    if (number) {
      this.#write("number_x", number.x);
      this.#write("number_width", Math.min(number.width, 60));
    } else missing.push("số");
    if (days) {
      const left = (blank: Blank): number => blank.x + (blank.width - TWO_DIGITS) / 2;
      this.#write("day_x", left(days.day));
      this.#write("month_x", left(days.month));
    } else missing.push("ngày, tháng");
    const line = number ?? days?.day;
    if (line) this.#write("baseline", line.baseline);
    if (!this.hasAttribute("data-signed") && !(await this.#suggestSignature())) missing.push("chữ ký");

    const found = missing.length < 3;
    const sentence = found
      ? "Vị trí dưới đây là gợi ý đọc từ nội dung tệp. Đề nghị kiểm tra từng khung trên trang rồi lưu."
      : "Không đọc được vị trí từ nội dung tệp (có thể là bản quét). Đề nghị đặt từng khung trên trang rồi lưu.";
    const rest = found && missing.length > 0 ? ` Chưa tìm thấy chỗ của: ${missing.join("; ")}; khung đó đứng ở vị trí thông thường.` : "";
    this.#note.className = `notice notice-box ${missing.length > 0 ? "tone-warn" : "tone-info"}`;
    this.#note.replaceChildren(icon(missing.length > 0 ? "alert-triangle" : "info-circle"), el("p", "", sentence + rest));
    this.#note.hidden = false;
    await this.#draw();
  }

  async #suggestSignature(): Promise<boolean> {
    const signer = this.dataset["signer"] ?? "";
    const last = this.#pages.length;
    for (let number = last; number > Math.max(last - PAGES_TO_SEARCH, 0); number -= 1) {
      const page = await this.#pages[number - 1]?.read();
      const box = page && signatureBox(page.runs, signer);
      if (!box) continue;
      this.#write("page", number);
      for (const [name, value] of Object.entries(box)) this.#write(name, value);
      return true;
    }
    return false;
  }
}

customElements.define("place-marks", PlaceMarks);
