/** Follows single keys ("e", "?") and pairs ("g h") through presses that come at most a second apart. */
export class KeySequence {
  #before = "";
  #at = Number.NEGATIVE_INFINITY;

  /** The sequences that this press may complete, the longest first. `at` is in milliseconds. */
  press(key: string, at: number): string[] {
    const pair = at - this.#at <= 1000 && this.#before !== "" ? [`${this.#before} ${key}`] : [];
    this.#before = key;
    this.#at = at;
    return [...pair, key];
  }

  /** Forgets what was pressed, after a sequence has been used. */
  clear(): void {
    this.#before = "";
  }
}
