// @ts-check

/**
 * Returns a function that runs f, but never twice at the same time: what is called for
 * meanwhile runs once afterwards. So a drag has one request under way, and its last state
 * is always asked.
 * @param {() => Promise<void>} f @param {(error: unknown) => void} fail
 */
export function latest(f, fail) {
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
