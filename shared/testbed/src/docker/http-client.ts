import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Gateway } from "./gateway.ts";

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpQuestion {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long to wait for the whole answer, in milliseconds. 5,000 unless told. */
  readonly withinMs?: number;
  /** Called when the service has the request and works on it. Asks the service to say so (`Expect: 100-continue`). */
  readonly onUnderWay?: () => void;
  readonly signal: AbortSignal;
}

/** How long an answer may be, in characters. */
const largestAnswer = 1_000_000;

/** An answer that nobody reads to its end. */
export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
}

/**
 * Sends one HTTP request to a container, over a connection of its own.
 * @throws an Error whose message says in words why there was no answer
 */
export async function askOverHttp(
  gateway: Gateway,
  address: string,
  port: number,
  question: HttpQuestion,
): Promise<HttpAnswer> {
  const { method = "GET", path, json, withinMs = 5000 } = question;
  const timeUp = AbortSignal.timeout(withinMs);
  const signal = AbortSignal.any([question.signal, timeUp]);
  try {
    const socket = await gateway.connect(address, port, signal);
    const body = json === undefined ? undefined : JSON.stringify(json);
    const asking = request({
      method,
      path,
      signal,
      createConnection: () => socket,
      headers: {
        host: `${address}:${port}`,
        connection: "close",
        ...question.headers,
        ...(question.onUnderWay === undefined ? {} : { expect: "100-continue" }),
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
    });
    if (question.onUnderWay !== undefined) asking.once("continue", question.onUnderWay);
    asking.end(body);
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: await readWhole(response) };
  } catch (error) {
    if (timeUp.aborted) throw new Error(`no answer within ${withinMs / 1000} s`, { cause: error });
    if ((error as NodeJS.ErrnoException).code === "ECONNRESET")
      throw new Error("the connection was cut", { cause: error });
    throw error;
  }
}

async function readWhole(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > largestAnswer)
      throw new AnswerTooLong(`the answer is longer than ${largestAnswer} bytes`);
  }
  return text;
}
