// Starts a server process that prints `listening PORT` and ends with its standard input.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The two programs that serve the same puppet application. */
export const PROGRAMS = {
  reference: [process.execPath, path("../reference/main.js")],
  ours: [process.env.WIRE_SERVER ?? path("../../../target/debug/wire-server")],
};

export async function start([program, ...args], kind, options) {
  const child = spawn(program, [...args, kind, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", process.env.WIRE_LOG ? "inherit" : "ignore"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => [`exit ${code}`]),
  ]);
  const port = Number(line.replace(/^listening /, ""));
  if (!port) throw new Error(`${program} said ${line}`);
  return { port, path: kind === "engineio" ? "/engine.io/" : "/socket.io/", stop: () => child.kill() };
}
