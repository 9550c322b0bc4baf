// A client inside the cluster: asks what the grader tells it to ask, once or again and again.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

const longestBody = 100_000;
const loads = new Map();

/** One request over a connection of its own. */
async function ask({ url, method = "GET", headers = {}, body, withinMs }) {
  const asking = request(url, {
    method,
    headers: { ...headers, connection: "close" },
    agent: false,
    // One question to the name server and not two at the same time: of two, the kernel may lose one.
    // https://github.com/kubernetes/kubernetes/issues/56903
    family: 4,
    signal: AbortSignal.timeout(withinMs),
  });
  try {
    asking.end(body);
    const [response] = await once(asking, "response");
    let text = "";
    for await (const chunk of response.setEncoding("utf8"))
      if (text.length < longestBody) text += chunk;
    if (!response.complete) return { error: "the connection was cut in the middle of the answer" };
    return { status: response.statusCode, headers: response.headers, body: text };
  } catch (error) {
    const isOver = error.name === "AbortError" || error.name === "TimeoutError";
    return {
      error: isOver ? `no answer within ${withinMs / 1000} s` : (error.code ?? error.message),
    };
  }
}

function startLoad({ id, url, workers, everyMs, withinMs }) {
  const load = { isOver: false, asked: 0, failures: [], answers: {} };
  const work = async () => {
    while (!load.isOver) {
      const at = Date.now();
      const answer = await ask({ url, withinMs });
      load.asked += 1;
      const pod = answer.headers?.["x-served-by"] ?? "?";
      if (answer.status === 200) load.answers[pod] = (load.answers[pod] ?? 0) + 1;
      else load.failures.push({ at, pod, reason: answer.error ?? `status ${answer.status}` });
      await pause(everyMs);
    }
  };
  load.end = Promise.all(Array.from({ length: workers }, work));
  loads.set(id, load);
}

async function stopLoad({ id }) {
  const load = loads.get(id);
  if (load === undefined) return {};
  loads.delete(id);
  load.isOver = true;
  await load.end;
  return { asked: load.asked, failures: load.failures, answers: load.answers };
}

const actions = { "/ask": ask, "/start": startLoad, "/stop": stopLoad, "/look": look };

/** How a load stands, while it goes on. */
function look({ id }) {
  const { asked, failures, answers } = loads.get(id);
  return { asked, failures, answers };
}

async function handle(incoming, response) {
  if (incoming.headers.authorization !== process.env.CLIENT_PASSWORD) {
    response.writeHead(403).end("this is the grader's own");
    return;
  }
  try {
    const result = await actions[incoming.url](await json(incoming));
    response.end(JSON.stringify(result ?? {}));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

createServer((incoming, response) => void handle(incoming, response)).listen(8080);
