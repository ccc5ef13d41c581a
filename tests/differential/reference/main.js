// Usage: node main.js engineio|socketio '{"pingInterval":300, …}'
// Prints `listening PORT` and serves until its standard input ends.
import { createServer } from "node:http";

const [kind, json = "{}"] = process.argv.slice(2);
const options = JSON.parse(json);
const { serve } = await import(`./${kind}.js`);
const http = createServer();
http.on("request", (request, response) => {
  if (!request.url.startsWith(`/${kind === "engineio" ? "engine.io" : "socket.io"}/`)) {
    response.writeHead(404).end();
  }
});
serve(http, options);
http.listen(options.port ?? 0, "127.0.0.1", () => console.log(`listening ${http.address().port}`));
process.stdin.resume().on("end", () => process.exit(0));
