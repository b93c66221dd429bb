const POLL_MS = 60_000;

/**
 * `<live-counters>` keeps the badges `[data-box]` fresh: events `boxes` of `/live` whose data is {"box": count, …}, or, when the
 * stream is not there, `/boxes.json` with the same content every minute. A hidden window asks nothing.
 */
class LiveCounters extends HTMLElement {
  #events: EventSource | null = null;
  #timer = 0;

  connectedCallback(): void {
    document.addEventListener("visibilitychange", this.#follow);
    window.addEventListener("pagehide", this.#stop);
    this.#follow();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#follow);
    window.removeEventListener("pagehide", this.#stop);
    this.#stop();
  }

  #follow = (): void => {
    this.#stop();
    if (document.hidden) return;
    const events = new EventSource("/live");
    this.#events = events;
    events.addEventListener("boxes", (event) => show((event as MessageEvent<string>).data));
    events.addEventListener("error", () => {
      // CLOSED means that the server has no stream for us; otherwise the browser reconnects by itself.
      if (events.readyState !== EventSource.CLOSED) return;
      this.#stop();
      this.#timer = window.setInterval(() => void poll(), POLL_MS);
    });
  };

  #stop = (): void => {
    this.#events?.close();
    this.#events = null;
    clearInterval(this.#timer);
  };
}

async function poll(): Promise<void> {
  try {
    const answer = await fetch("/boxes.json", { headers: { accept: "application/json" } });
    if (answer.ok && !answer.redirected) show(await answer.text());
  } catch {
    // The network is away; the next minute tries again.
  }
}

function show(text: string): void {
  let counts: unknown;
  try {
    counts = JSON.parse(text);
  } catch {
    return;
  }
  if (typeof counts !== "object" || counts === null) return;
  for (const [box, count] of Object.entries(counts)) {
    if (typeof count !== "number") continue;
    for (const badge of document.querySelectorAll<HTMLElement>(`[data-box="${CSS.escape(box)}"]`)) {
      badge.textContent = String(count);
      if (badge.classList.contains("side-count")) badge.hidden = count === 0;
    }
  }
}

customElements.define("live-counters", LiveCounters);
