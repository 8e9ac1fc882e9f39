// @ts-check
// Asking the server again and again: which answers count, and how often to ask.

import { fail } from "./page.js";

/**
 * Returns a function that waits for an answer, and returns null instead of it if it has
 * failed, or if something newer has been asked for meanwhile.
 */
export function newest() {
  let asked = 0;
  return async function wait(/** @type {Promise<any>|null} */ answer) {
    const mine = ++asked;
    try {
      const found = await answer;
      return mine === asked ? found : null;
    } catch (error) {
      if (mine === asked) fail(error);
      return null;
    }
  };
}

/**
 * Returns a function that runs f, but never twice at the same time: what is called for
 * meanwhile runs once afterwards. So a drag has one request under way, and its last state
 * is always asked.
 * @param {() => Promise<void>} f
 */
export function latest(f) {
  let busy = false, again = false;
  return async function run() {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await f().then(() => fail(null), fail);
    }
    busy = false;
  };
}
