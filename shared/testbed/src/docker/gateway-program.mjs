// Runs in the gateway's container: lets the grader reach containers on the grading's internal network.
import { createServer } from "node:http";
import { connect } from "node:net";

const server = createServer((request, response) => response.writeHead(405).end());
server.on("connect", (request, client, head) => {
  client.on("error", () => client.destroy());
  if (request.headers["proxy-authorization"] !== process.env.PASSWORD) {
    client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    return;
  }
  const [host, port] = request.url.split(":");
  const target = connect(Number(port), host);
  let isOpen = false;
  target.on("connect", () => {
    isOpen = true;
    client.write("HTTP/1.1 200 Connected\r\n\r\n");
    target.write(head);
    target.pipe(client).pipe(target);
  });
  target.on("error", (error) => {
    // Once the way is open, what comes over it is the container's own.
    if (isOpen) client.destroy();
    else client.end(`HTTP/1.1 502 ${error.code}\r\n\r\n`);
  });
  client.on("error", () => target.destroy());
});
server.listen(8081, () => console.log("Gateway listens"));
process.on("SIGTERM", () => process.exit(0));
