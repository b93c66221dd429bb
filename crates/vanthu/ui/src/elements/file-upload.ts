import { isConfirmed, markSent, release } from "../behaviours/forms.ts";
import { checkFile } from "../file-check.ts";
import { el, fileSize, icon } from "../text.ts";

/**
 * `<file-upload data-max-mb>` around a file input: drop files on it, see each one's size and what the server would say
 * about it, and follow the sending. The form goes as it is (same fields, same address); the answer's page takes over.
 */
class FileUpload extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    if (!input || this.querySelector(".drop-zone")) return;
    const maxMegabytes = Number(this.dataset["maxMb"] ?? "50");
    const zone = el("div", "drop-zone");
    const list = el("ul", "upload-list");
    list.setAttribute("aria-live", "polite");
    zone.append(icon("upload"), el("span", "", input.multiple ? "Bấm để chọn các tệp, hoặc kéo thả vào đây" : "Bấm để chọn tệp, hoặc kéo thả vào đây"));
    input.before(zone);
    zone.append(input);
    zone.after(list);

    const review = (): void => {
      const blocked: string[] = [];
      list.replaceChildren(
        ...[...(input.files ?? [])].map((file) => {
          const item = el("li");
          item.append(icon("file"), el("span", "upload-name", file.name), el("small", "", fileSize(file.size)));
          for (const finding of checkFile(file.name, file.size, input.accept, maxMegabytes)) {
            const note = el("p", finding.blocking ? "field-error" : "form-hint", finding.sentence);
            item.append(note);
            if (finding.blocking) blocked.push(file.name);
          }
          return item;
        }),
      );
      input.setCustomValidity(blocked.length > 0 ? `Không gửi được tệp: ${blocked.join(", ")}` : "");
    };
    input.addEventListener("change", () => {
      review();
      // A button that reads this file into the form is pressed by itself; without the script it is pressed by hand.
      const form = input.form;
      const reader = form?.querySelector<HTMLButtonElement>(`button[data-reads="${input.name}"]`);
      if (reader && input.files?.length && input.validationMessage === "" && !form?.hasAttribute("data-sending")) {
        form?.requestSubmit(reader);
      }
    });

    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      const dropped = [...((event as DragEvent).dataTransfer?.files ?? [])];
      if (dropped.length === 0) return;
      const chosen = new DataTransfer();
      for (const file of input.multiple ? [...(input.files ?? []), ...dropped] : dropped.slice(0, 1)) chosen.items.add(file);
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });

    input.form?.addEventListener("submit", (event) => {
      const form = input.form;
      const submitter = event.submitter as HTMLButtonElement | null;
      // The guard of the document comes after this listener: it asks first, then submits again.
      if (!form || !input.files?.length || event.defaultPrevented || !isConfirmed(form, submitter)) return;
      event.preventDefault();
      if (!form.hasAttribute("data-sending")) this.#send(form, submitter);
    });
  }

  #send(form: HTMLFormElement, submitter: HTMLButtonElement | null): void {
    form.setAttribute("data-sending", "");
    const bar = el("progress", "upload-progress", "", { max: "100", "aria-label": "Tiến độ gửi tệp" });
    const state = el("p", "upload-state", "Đang gửi…");
    state.setAttribute("role", "status");
    this.append(bar, state);

    const request = new XMLHttpRequest();
    const stop = (sentence: string): void => {
      form.removeAttribute("data-sending");
      bar.remove();
      state.textContent = sentence;
      state.className = "field-error";
      release(form);
    };
    const body = new FormData(form, submitter);
    // Not form.action: a field of that name would shadow it.
    const target = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href).href;
    request.open("POST", target);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((event.loaded / event.total) * 100);
      bar.value = percent;
      state.textContent =
        percent < 100 ? `Đã gửi ${fileSize(event.loaded)} / ${fileSize(event.total)}` : "Đã gửi xong, đang kiểm tra tệp…";
    });
    request.addEventListener("error", () => stop("Mất kết nối khi gửi tệp. Nội dung vẫn còn, hãy bấm gửi lại."));
    request.addEventListener("load", () => {
      const type = request.getResponseHeader("content-type") ?? "";
      if (request.status === 413) return stop("Máy chủ từ chối vì tệp quá lớn.");
      if (type.startsWith("text/html")) return showAnswer(request.responseText, request.responseURL);
      stop("Máy chủ chưa nhận được tệp. Hãy thử lại sau ít phút.");
    });
    request.send(body);
    markSent(form, submitter);
  }
}

/**
 * Puts the page that the server answered in place of this one. The redirect after an accepted form was followed by the
 * request already, and its flash is shown once only, so the page must not be fetched a second time.
 */
function showAnswer(html: string, address: string): void {
  const answer = new DOMParser().parseFromString(html, "text/html");
  if (address !== location.href) {
    history.pushState(null, "", address);
    window.addEventListener("popstate", () => location.reload(), { once: true });
  }
  document.title = answer.title;
  document.body.replaceWith(document.adoptNode(answer.body));
  // Scripts of a parsed page do not run by themselves; ours are modules that run once.
  for (const script of document.body.querySelectorAll<HTMLScriptElement>("script[src]")) void import(script.src);
  window.scrollTo(0, 0);
  document.dispatchEvent(new CustomEvent("vanthu:page"));
}

customElements.define("file-upload", FileUpload);
