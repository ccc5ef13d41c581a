// The options both kinds of test server take, as one JSON argument, in npm's
// spelling; `../../src/options.rs` is the Rust side of the same list.

/** Options of engine.io's server made of ours. */
export function engineOptions(options) {
  const engine = {};
  for (const key of ["pingInterval", "pingTimeout", "upgradeTimeout", "allowUpgrades", "transports"]) {
    if (options[key] !== undefined) engine[key] = options[key];
  }
  if (options.maxPayload !== undefined) engine.maxHttpBufferSize = options.maxPayload;
  if (options.cors !== undefined) {
    engine.cors = { origin: options.cors, credentials: options.credentials === true };
  }
  return engine;
}
