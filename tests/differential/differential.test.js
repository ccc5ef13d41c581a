// The same raw scripts are sent to npm's socket.io (and engine.io) and to ours. Every difference
// is listed in `differences.json` with its reason: one that is not listed fails, and so does one
// that is listed and no longer occurs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { differences } from "./lib/compare.js";
import { run } from "./lib/run.js";
import { PROGRAMS, start } from "./lib/server.js";
import { SCRIPTS } from "./scripts/index.js";

const LISTED = JSON.parse(readFileSync(new URL("differences.json", import.meta.url), "utf8"));

const servers = new Map(); // kind and options -> the pair

/** Both servers for a script, shared by all scripts that ask for the same. */
function pair({ kind, options = {} }) {
  const key = JSON.stringify([kind, options]);
  if (!servers.has(key)) {
    const both = [PROGRAMS.reference, PROGRAMS.ours].map((program) => start(program, kind, options));
    servers.set(key, Promise.all(both));
  }
  return servers.get(key);
}

after(async () => {
  for (const both of servers.values()) {
    for (const server of await both) server.stop();
  }
});

describe("the same script has the same answers", () => {
  for (const script of SCRIPTS) {
    it(script.name, { timeout: 60_000 }, async () => {
      const [reference, ours] = await pair(script);
      const [theirs, own] = await Promise.all([run(reference, script), run(ours, script)]);
      const found = differences(theirs, own);
      const listed = LISTED[script.name]?.differences ?? [];
      const message = `${JSON.stringify(found, null, 2)}\nis what differs`;
      assert.deepEqual(found, listed, message);
    });
  }
});

describe("the table of differences", () => {
  it("names scripts that exist, each with a reason", () => {
    const names = new Set(SCRIPTS.map((script) => script.name));
    for (const [name, { reason }] of Object.entries(LISTED)) {
      assert.ok(names.has(name), `no script is called ${name}`);
      assert.ok(reason, `${name} has no reason`);
    }
  });

  it("is beside at least 60 scripts, all with names of their own", () => {
    const names = new Set(SCRIPTS.map((script) => script.name));
    assert.equal(names.size, SCRIPTS.length);
    assert.ok(SCRIPTS.length >= 60, `${SCRIPTS.length} scripts`);
  });
});
