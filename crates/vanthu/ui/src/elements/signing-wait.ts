/** Between two questions to the server; a little different each time, so that many windows do not ask at once. */
const ASK_MS = 3_000;
/** Where the token lies that the agent of this computer gave this page. */
const TOKEN = "vanthu_agent_token";

/** The agent answered, and said no. */
class Refusal extends Error {}

/**
 * `<signing-wait data-state data-mark data-until>` stands around the part of a page that waits for a signature: it counts the
 * time down, asks how far it is, and loads the page anew when that changed. With `data-agent` and `data-message` it hands
 * the message to the agent on this computer and sends its answer with the form.
 */
class SigningWait extends HTMLElement {
  #timers: number[] = [];

  connectedCallback(): void {
    this.#timers.push(window.setInterval(() => this.#count(), 1000));
    this.#count();
    this.#ask();
    if (this.dataset["agent"]) {
      this.querySelector("[data-agent-retry] button")?.addEventListener("click", () => void this.#handOver());
      void this.#handOver();
    }
    const whole = this.querySelector<HTMLFormElement>("[data-whole-file]");
    whole?.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.#openWhole(whole);
    });
  }

  /** The agent that signs whole files: it gets a ticket, fetches the file and sends it back by itself. */
  async #openWhole(form: HTMLFormElement): Promise<void> {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams([...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)])),
      });
      if (!answer.ok) throw new Refusal("Chưa lấy được vé ký số. Hãy tải lại trang.");
      const ticket = (await answer.json()) as { operation: string; message: unknown };
      const socket = new WebSocket(`${this.dataset["whole"] ?? ""}/${ticket.operation}`);
      socket.addEventListener("open", () => {
        socket.send(JSON.stringify(ticket.message));
        this.#say("Hãy ký trên phần mềm ký số. Trang này tự cập nhật.");
      });
      // What the agent says of itself is not believed: the page asks the server how far it is.
      socket.addEventListener("message", () => socket.close());
      socket.addEventListener("error", () => this.#say("Chưa kết nối được với phần mềm ký số trên máy này. Hãy mở phần mềm rồi bấm lại."));
    } catch (problem) {
      this.#say(problem instanceof Refusal ? problem.message : "Chưa lấy được vé ký số. Hãy thử lại.");
    }
  }

  disconnectedCallback(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  #count(): void {
    const left = this.querySelector<HTMLElement>("[data-left]");
    const until = Date.parse(this.dataset["until"] ?? "");
    if (!left || Number.isNaN(until)) return;
    left.textContent = spell(Math.max(0, Math.floor((until - Date.now()) / 1000)));
  }

  #ask(): void {
    const wait = ASK_MS + Math.random() * 1000;
    this.#timers.push(
      window.setTimeout(() => {
        void this.#look().finally(() => {
          if (this.isConnected) this.#ask();
        });
      }, wait),
    );
  }

  async #look(): Promise<void> {
    const address = this.dataset["state"];
    if (!address || document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const said: unknown = await answer.json();
      if (isStanding(said) && (said.is_final || said.mark !== this.dataset["mark"])) location.reload();
    } catch {
      // The network is away; the next question comes soon.
    }
  }

  /** Only the hash goes to the agent, and only its raw signature comes back. */
  async #handOver(): Promise<void> {
    const origin = this.dataset["agent"];
    const form = this.querySelector<HTMLFormElement>("[data-agent-form]");
    const field = form?.querySelector<HTMLInputElement>("input[name=answer]");
    const again = this.querySelector<HTMLElement>("[data-agent-retry]");
    if (!origin || !form || !field) return;
    if (again) again.hidden = true;
    this.#say("Đang kết nối với phần mềm ký số trên máy tính này…");
    try {
      const answer = await this.#call(origin, "sign", this.dataset["message"] ?? "{}");
      const text = await answer.text();
      if (answer.status === 401) {
        // The agent shows a code on its console now; the person carries it here.
        this.#say(sentenceOf(text) || "Nhập mã ghép nối đang hiện ở phần mềm ký số.");
        this.#offerPairing(origin);
        return;
      }
      if (!answer.ok) throw new Refusal(sentenceOf(text));
      field.value = text;
      this.#say("Thiết bị đã ký, đang gửi về hệ thống…");
      form.requestSubmit();
    } catch (problem) {
      const told = problem instanceof Refusal ? problem.message : "";
      this.#say(told || "Chưa kết nối được với phần mềm ký số. Hãy mở phần mềm (vanthu sign-agent) trên máy này rồi bấm Thử lại.");
      if (again) again.hidden = false;
    }
  }

  #call(origin: string, what: string, body: string): Promise<Response> {
    const token = localStorage.getItem(TOKEN);
    return fetch(`${origin}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body,
    });
  }

  #offerPairing(origin: string): void {
    const form = this.querySelector<HTMLFormElement>("[data-agent-pair]");
    const code = form?.querySelector<HTMLInputElement>("input");
    if (!form || !code) return;
    form.hidden = false;
    code.focus();
    form.onsubmit = (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.#pair(origin, form, code);
    };
  }

  async #pair(origin: string, form: HTMLFormElement, code: HTMLInputElement): Promise<void> {
    try {
      const answer = await this.#call(origin, "pair", JSON.stringify({ code: code.value.trim() }));
      const text = await answer.text();
      if (!answer.ok) throw new Refusal(sentenceOf(text));
      const said = JSON.parse(text) as { token?: unknown };
      if (typeof said.token !== "string") throw new Refusal("");
      localStorage.setItem(TOKEN, said.token);
      form.hidden = true;
      await this.#handOver();
    } catch (problem) {
      code.value = "";
      this.#say((problem instanceof Refusal && problem.message) || "Mã ghép nối không đúng hoặc đã hết hạn. Vui lòng nhập lại.");
    }
  }

  #say(sentence: string): void {
    const line = this.querySelector<HTMLElement>("[data-agent-text]");
    if (line) line.textContent = sentence;
  }
}

/** The agent says in its own words what went wrong. */
function sentenceOf(text: string): string {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said === "object" && said !== null && "message" in said && typeof said.message === "string") return said.message;
  } catch {
    // Not JSON: another program listens there.
  }
  return "";
}

function isStanding(said: unknown): said is { mark: string; is_final: boolean } {
  return typeof said === "object" && said !== null && "mark" in said && "is_final" in said;
}

/** `4 phút 05 giây`. */
export function spell(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return minutes > 0 ? `${minutes} phút ${rest} giây` : `${seconds} giây`;
}

customElements.define("signing-wait", SigningWait);
