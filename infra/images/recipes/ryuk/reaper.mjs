// Speaks the protocol of Testcontainers' Ryuk: a client connects, names what is its own by lines of filters
// (`label=KEY=VALUE`, joined by `&`, URL-encoded), and keeps the connection. When the last connection has been closed
// for a while, everything that matches one of the lines is removed.
import http from "node:http";
import net from "node:net";
import os from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const port = Number(process.env.RYUK_PORT ?? 8080);
const connectionTimeoutMs = durationMs(process.env.RYUK_CONNECTION_TIMEOUT ?? "60s");
const reconnectionTimeoutMs = durationMs(process.env.RYUK_RECONNECTION_TIMEOUT ?? "10s");
// A client that dies may have asked the engine for something that it is still making.
const nextPassMs = 1_000;
const requiredEmptyPasses = 2;
const passes = 15;

const filters = new Map();
let connections = 0;
let timer = setTimeout(() => void reap(), connectionTimeoutMs);

const server = net.createServer((socket) => {
  connections += 1;
  clearTimeout(timer);
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const filter = line.trim();
      if (filter === "") continue;
      filters.set(filter, engineFilter(filter));
      socket.write("ACK\n");
    }
  });
  // A client that is killed resets the connection.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    connections -= 1;
    if (connections === 0) timer = setTimeout(() => void reap(), reconnectionTimeoutMs);
  });
});
server.listen(port, () => console.log(`Started! Listening on port ${port}`));
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

/** `label=a%3Db&label=c` as the engine's API takes it: `{"label":["a=b","c"]}`. */
function engineFilter(line) {
  const filter = {};
  for (const [key, value] of new URLSearchParams(line)) (filter[key] ??= []).push(value);
  return JSON.stringify(filter);
}

async function reap() {
  server.close();
  let removed = 0;
  let emptyPasses = 0;
  for (let pass = 0; pass < passes && emptyPasses < requiredEmptyPasses; pass += 1) {
    if (pass > 0) await delay(nextPassMs);
    const found = await removeAll();
    removed += found.removed;
    emptyPasses = found.seen === 0 ? emptyPasses + 1 : 0;
  }
  console.log(`Removed ${removed} things`);
  process.exit(0);
}

/** One pass; containers first, for they hold the rest. */
async function removeAll() {
  const kinds = [
    {
      list: "/containers/json?all=true&",
      of: (body) =>
        body.filter(isNotThisOne).map(({ Id }) => `/containers/${Id}?force=true&v=true`),
    },
    { list: "/networks?", of: (body) => body.map(({ Id }) => `/networks/${Id}`) },
    {
      list: "/volumes?",
      of: (body) => (body.Volumes ?? []).map(({ Name }) => `/volumes/${Name}?force=true`),
    },
    { list: "/images/json?", of: (body) => body.map(({ Id }) => `/images/${Id}?force=true`) },
  ];
  let seen = 0;
  let removed = 0;
  for (const { list, of } of kinds) {
    const paths = new Set();
    for (const filter of filters.values()) {
      const answer = await request("GET", `${list}filters=${encodeURIComponent(filter)}`);
      if (answer.status === 200) of(JSON.parse(answer.body)).forEach((path) => paths.add(path));
    }
    seen += paths.size;
    const answers = await Promise.all([...paths].map((path) => request("DELETE", path)));
    for (const [index, { status, body }] of answers.entries()) {
      if (status < 300) removed += 1;
      // 404: gone already. 409: under way, or held by something that the next pass takes.
      else if (status !== 404 && status !== 409)
        console.error(`${[...paths][index]}: ${status} ${body}`);
    }
  }
  return { seen, removed };
}

function isNotThisOne({ Id, Labels }) {
  return !Id.startsWith(os.hostname()) && Labels?.["org.testcontainers.ryuk"] !== "true";
}

function request(method, path) {
  const socketPath = (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace(
    "unix://",
    "",
  );
  return new Promise((resolve) => {
    const failed = (error) => resolve({ status: 0, body: error.message });
    const call = http.request({ socketPath, method, path }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode, body }));
      response.on("error", failed);
    });
    call.on("error", failed);
    call.end();
  });
}

/** Go's durations, as far as Ryuk's settings use them: `500ms`, `10s`, `1m`. */
function durationMs(text) {
  const units = { ms: 1, s: 1_000, m: 60_000 };
  const match = /^([\d.]+)(ms|s|m)$/.exec(text);
  if (match === null) throw new Error(`not a duration: ${text}`);
  return Number(match[1]) * units[match[2]];
}
