// Runs in the alert receiver's container: keeps what is posted to it, and tells the grader on a port of its own.
import { createServer } from "node:http";

const alerts = [];
const largestAlert = 100_000;

const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk) => {
    body += chunk;
    if (body.length > largestAlert) request.destroy();
  });
  request.on("end", () => {
    alerts.push({ method: request.method, path: request.url, body });
    response.writeHead(request.method === "POST" && request.url === "/alerts" ? 204 : 404).end();
  });
});
const teller = createServer((_, response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify(alerts));
});
receiver.listen(8080, () => teller.listen(8081, () => console.log("Alert receiver listens")));
process.on("SIGTERM", () => process.exit(0));
