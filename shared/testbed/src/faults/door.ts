import type { Proxy } from "toxiproxy-node-client";

/** Nothing listens there: Toxiproxy takes a connection, finds nobody behind it, and closes it. */
const nowhere = "127.0.0.1:1";

/** One program's way to a service. It is open and fast until a fault is put on it; {@link heal} takes all faults away. */
export class Door implements AsyncDisposable {
  /** `kafka:9101`: what the program is told. */
  readonly address: string;
  readonly #proxy: Proxy;
  readonly #upstream: string;
  readonly #readLog: () => Promise<string>;
  readonly #onClosed: () => void;
  #isSlow = false;
  #isLedAstray = false;

  constructor(proxy: Proxy, address: string, readLog: () => Promise<string>, onClosed: () => void) {
    this.#proxy = proxy;
    this.#upstream = proxy.upstream;
    this.address = address;
    this.#readLog = readLog;
    this.#onClosed = onClosed;
  }

  /** Every answer of the service takes this much longer, in milliseconds. */
  async slow(milliseconds: number): Promise<void> {
    await this.#proxy.addToxic({
      name: "latency",
      type: "latency",
      stream: "downstream",
      toxicity: 1,
      attributes: { latency: milliseconds, jitter: 0 },
    });
    this.#isSlow = true;
  }

  /**
   * Connections are cut, and every new one is taken and closed at once: nothing passes in either direction. Answers
   * that {@link slow} holds at that moment are lost.
   */
  async sever(): Promise<void> {
    await this.#lead(nowhere, true);
  }

  /** Connections are cut, and new ones are refused, as by a machine on which nothing runs. */
  async shut(): Promise<void> {
    await this.#lead(this.#upstream, false);
  }

  /** Takes every fault away. */
  async heal(): Promise<void> {
    if (this.#isSlow) await (await this.#proxy.getToxic("latency")).remove();
    this.#isSlow = false;
    if (this.#isLedAstray) await this.#lead(this.#upstream, true);
  }

  /** How many connections it has taken so far, those under {@link sever} included. */
  async connections(): Promise<number> {
    const taken = `"name":"${this.#proxy.name}"`;
    const lines = (await this.#readLog()).split("\n");
    return lines.filter((line) => line.includes("Accepted client") && line.includes(taken)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy.remove();
    this.#onClosed();
  }

  async #lead(upstream: string, enabled: boolean): Promise<void> {
    await this.#proxy.update({ listen: this.#proxy.listen, upstream, enabled });
    this.#isLedAstray = !enabled || upstream !== this.#upstream;
  }
}
