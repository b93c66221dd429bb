import {
  getDocument,
  GlobalWorkerOptions,
  type PDFDocumentProxy,
  type PDFPageProxy,
  type RenderTask,
  TextLayer,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import type { ViewerPage } from "./place-marks.ts";
import { runOf } from "../place-suggestion.ts";
import { el, icon } from "../text.ts";

GlobalWorkerOptions.workerSrc = "/assets/pdf.worker.js";

const CSS_PER_POINT = 96 / 72;
const MM_PER_POINT = 25.4 / 72;
const ZOOM_STEP = 1.2;
const MIN_SCALE = 0.25;
const MAX_SCALE = 5;
/** Beyond this a canvas is drawn coarser instead of being refused by the browser. */
const MAX_CANVAS_PIXELS = 16_000_000;

/** One page: a box of the right size that is drawn only while it is near the window. */
class PageView {
  readonly box = el("div", "pdf-page");
  /** Lies over the page and stays when its picture is drawn anew: for what other elements put on it. */
  readonly over = el("div", "pdf-over");
  #page: PDFPageProxy | null = null;
  #task: RenderTask | null = null;
  #text: TextLayer | null = null;
  #turn = 0;

  /** `width` and `height` are in points at scale 1; other pages are assumed to be like the first until they are loaded. */
  constructor(
    readonly pdf: PDFDocumentProxy,
    readonly number: number,
    public width: number,
    public height: number,
  ) {
    this.box.dataset["page"] = String(number);
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", `Trang ${number}`);
    this.box.append(this.over);
  }

  /** Sets the size of the box for a scale in CSS pixels per CSS pixel of paper. */
  fit(scale: number): void {
    this.box.style.width = `${Math.round(this.width * CSS_PER_POINT * scale)}px`;
    this.box.style.height = `${Math.round(this.height * CSS_PER_POINT * scale)}px`;
    this.box.style.setProperty("--total-scale-factor", String(scale * CSS_PER_POINT));
  }

  /** Draws the page and its selectable text; a later call or `clear` makes an earlier one give up. */
  async draw(scale: number): Promise<void> {
    const turn = ++this.#turn;
    this.#page ??= await this.pdf.getPage(this.number);
    if (turn !== this.#turn) return;
    const plain = this.#page.getViewport({ scale: 1 });
    this.width = plain.width;
    this.height = plain.height;
    this.fit(scale);

    const viewport = this.#page.getViewport({ scale: scale * CSS_PER_POINT });
    const wanted = Math.min(window.devicePixelRatio || 1, 2);
    const sharp = Math.min(wanted, Math.sqrt(MAX_CANVAS_PIXELS / (viewport.width * viewport.height)));
    const canvas = el("canvas");
    canvas.setAttribute("aria-hidden", "true");
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    this.#task?.cancel();
    this.#task = this.#page.render({
      canvas,
      viewport,
      ...(sharp === 1 ? {} : { transform: [sharp, 0, 0, sharp, 0, 0] }),
    });
    try {
      await this.#task.promise;
    } catch (problem) {
      if (problem instanceof Error && problem.name === "RenderingCancelledException") return;
      throw problem;
    }
    if (turn !== this.#turn) return;
    const layer = el("div", "textLayer");
    this.box.replaceChildren(canvas, layer, this.over);
    this.#text = new TextLayer({ textContentSource: this.#page.streamTextContent(), container: layer, viewport });
    await this.#text.render().catch(() => undefined);
    layer.append(el("div", "endOfContent"));
  }

  /** Size in millimetres and text of the page, for elements that put something on it. */
  async read(): Promise<Awaited<ReturnType<ViewerPage["read"]>>> {
    const page = await this.pdf.getPage(this.number);
    const viewport = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const runs = items.map((item) => ("str" in item ? runOf(item, viewport.transform) : null)).filter((run) => run !== null);
    return { width: viewport.width * MM_PER_POINT, height: viewport.height * MM_PER_POINT, runs };
  }

  /** Gives the memory of a page back that is far from the window. */
  clear(): void {
    this.#turn += 1;
    this.#task?.cancel();
    this.#text?.cancel();
    this.#task = null;
    this.#text = null;
    this.box.replaceChildren(this.over);
    this.#page?.cleanup();
  }
}

/**
 * `<pdf-viewer src title>` shows a PDF in its box: lazy pages, zoom, fit to width, selectable text. Its content in the
 * page (links to open and download) stays when scripts are off or the file cannot be shown.
 */
class PdfViewer extends HTMLElement {
  #pages: PageView[] = [];
  #near = new Set<PageView>();
  #scroller = el("div", "pdf-pages", "", { tabindex: "0", role: "group" });
  #count = el("span", "pdf-count");
  #zoomText = el("span", "pdf-zoom");
  #scale = 1;
  #fitWidth = true;
  #seen: IntersectionObserver | null = null;
  #sized: ResizeObserver | null = null;
  #loading: ReturnType<typeof getDocument> | null = null;

  connectedCallback(): void {
    const src = this.getAttribute("src");
    if (!src || this.#loading) return;
    const plain = [...this.childNodes];
    const message = el("p", "pdf-message", "Đang mở văn bản…", { role: "status" });
    this.#scroller.setAttribute("aria-label", this.getAttribute("title") ?? "Văn bản");
    this.#scroller.replaceChildren(message);
    this.replaceChildren(this.#bar(src), this.#scroller);
    this.#loading = getDocument({
      url: src,
      // The policy of the pages allows neither eval nor WebAssembly.
      isEvalSupported: false,
      useWasm: false,
      wasmUrl: "/assets/pdf/",
      enableXfa: false,
    });
    this.#loading.promise.then(
      (pdf) => this.#show(pdf),
      (problem: unknown) => {
        const locked = problem instanceof Error && problem.name === "PasswordException";
        const said = locked ? "Tệp có mật khẩu nên không xem được tại đây." : "Không xem được tệp tại đây. Hãy tải về để mở.";
        this.replaceChildren(el("p", "pdf-message", said, { role: "alert" }), ...plain);
      },
    );
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect();
    this.#sized?.disconnect();
    void this.#loading?.destroy();
    this.#loading = null;
  }

  #bar(src: string): HTMLElement {
    const bar = el("div", "pdf-bar", "", { role: "toolbar", "aria-label": "Xem văn bản" });
    const button = (name: string, label: string, act: () => void): HTMLButtonElement => {
      const made = el("button", "btn btn-icon btn-ghost", "", { type: "button", "aria-label": label, title: label });
      made.append(icon(name));
      made.addEventListener("click", act);
      return made;
    };
    const link = (name: string, label: string, attributes: Record<string, string>): HTMLAnchorElement => {
      const made = el("a", "btn btn-icon btn-ghost", "", { href: src, "aria-label": label, title: label, ...attributes });
      made.append(icon(name));
      return made;
    };
    bar.append(
      this.#count,
      button("zoom-out", "Thu nhỏ (−)", () => this.#zoom(this.#scale / ZOOM_STEP)),
      this.#zoomText,
      button("zoom-in", "Phóng to (+)", () => this.#zoom(this.#scale * ZOOM_STEP)),
      button("arrow-autofit-width", "Vừa chiều ngang (0)", () => this.#zoom("width")),
      link("external-link", "Mở trong thẻ mới", { target: "_blank", rel: "noopener" }),
      link("download", "Tải văn bản", { download: "" }),
    );
    this.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") this.#zoom(this.#scale * ZOOM_STEP);
      else if (event.key === "-") this.#zoom(this.#scale / ZOOM_STEP);
      else if (event.key === "0") this.#zoom("width");
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return bar;
  }

  async #show(pdf: PDFDocumentProxy): Promise<void> {
    const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
    this.#pages = Array.from({ length: pdf.numPages }, (_, index) => new PageView(pdf, index + 1, first.width, first.height));
    this.#scroller.replaceChildren(...this.#pages.map((page) => page.box));
    this.#zoom("width");

    this.#seen = new IntersectionObserver((entries) => this.#moved(entries), { root: this.#scroller, rootMargin: "80% 0px" });
    for (const page of this.#pages) this.#seen.observe(page.box);
    this.#scroller.addEventListener("scroll", () => this.#tell(), { passive: true });

    let width = this.#scroller.clientWidth;
    let timer = 0;
    this.#sized = new ResizeObserver(() => {
      if (this.#scroller.clientWidth === width) return;
      width = this.#scroller.clientWidth;
      clearTimeout(timer);
      timer = window.setTimeout(() => this.#fitWidth && this.#zoom("width"), 120);
    });
    this.#sized.observe(this.#scroller);
    this.setAttribute("data-ready", "");
    const pages: ViewerPage[] = this.#pages.map((page) => ({ over: page.over, read: () => page.read() }));
    this.dispatchEvent(new CustomEvent("pdf-ready", { bubbles: true, detail: pages }));
  }

  #moved(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const page = this.#pages[Number((entry.target as HTMLElement).dataset["page"]) - 1];
      if (!page) continue;
      if (entry.isIntersecting) {
        this.#near.add(page);
        void page.draw(this.#scale).catch(() => page.box.replaceChildren(el("p", "pdf-message", "Không vẽ được trang này."), page.over));
      } else if (this.#near.delete(page)) {
        page.clear();
      }
    }
    this.#tell();
  }

  /** Zooms to a scale, or to the width of the pane, and keeps the place being read. */
  #zoom(to: number | "width"): void {
    const first = this.#pages[0];
    if (!first) return;
    this.#fitWidth = to === "width";
    const space = getComputedStyle(this.#scroller);
    const room = this.#scroller.clientWidth - Number.parseFloat(space.paddingLeft) - Number.parseFloat(space.paddingRight);
    const wanted = to === "width" ? room / (first.width * CSS_PER_POINT) : to;
    const place = this.#scroller.scrollTop / Math.max(this.#scroller.scrollHeight, 1);
    this.#scale = Math.min(Math.max(wanted, MIN_SCALE), MAX_SCALE);
    for (const page of this.#pages) page.fit(this.#scale);
    this.#scroller.scrollTop = place * this.#scroller.scrollHeight;
    for (const page of this.#near) void page.draw(this.#scale).catch(() => undefined);
    this.#zoomText.textContent = `${Math.round(this.#scale * 100)}%`;
    this.#tell();
  }

  #tell(): void {
    const middle = this.#scroller.scrollTop + this.#scroller.clientHeight / 3;
    const top = this.#scroller.offsetTop;
    const now = this.#pages.findLast((page) => page.box.offsetTop - top <= middle)?.number ?? 1;
    const said = `Trang ${now} / ${this.#pages.length}`;
    if (this.#count.textContent !== said) this.#count.textContent = said;
  }
}

customElements.define("pdf-viewer", PdfViewer);
