// One server and one browser for the tests of a file, and people with the page open.
import { after, before } from 'node:test';
import { launch } from './browser.js';
import { startRoomcast } from './process.js';
import { Tab } from './tab.js';

/** Starts both before the first test and ends them after the last. A test may put another `server` in the place of the first. */
export function serve(settings) {
  const house = {};
  before(async () => {
    house.server = await startRoomcast(settings);
    house.browser = await launch();
  });
  after(async () => {
    await house.browser?.close();
    await house.server?.stop();
  });
  /** Somebody who comes to the server, or to what stands in front of it. */
  house.open = (name, options, server = house.server) => Tab.open(house.browser, server, name, options);
  /** They go; nothing went wrong for any of them. */
  house.leave = async (...tabs) => {
    for (const tab of tabs) tab.assertClean(house.server);
    await Promise.all(tabs.map((tab) => tab.close()));
  };
  return house;
}
