// @ts-check
/** @param {import("./main.js").Page} page */
export function start(page) {}
