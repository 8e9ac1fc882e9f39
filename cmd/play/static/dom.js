// @ts-check
// What every view does with the page: find and make elements, listen, and see where a
// pointer or a key leads.

/** Returns the element with this id. @param {string} id @returns {any} */
export const at = (id) => document.getElementById(id);

/** Calls f at an event of the element with this id. A form is not sent. @param {string} id @param {string} event @param {(e: any) => void} f */
export function on(id, event, f) {
  at(id).addEventListener(event, (/** @type {Event} */ e) => {
    if (event === "submit") e.preventDefault();
    f(e);
  });
}

/**
 * Creates an element with properties (a string is its class) and content: text or elements.
 * @param {string} name @param {string|object} properties @param {...(string|number|Node)} content @returns {any}
 */
export function make(name, properties, ...content) {
  const element = document.createElement(name);
  Object.assign(element, typeof properties === "string" ? { className: properties } : properties);
  for (const part of content) element.append(part instanceof Node ? part : String(part));
  return element;
}

/** Makes the head of a row or of a column of a table. @param {"row"|"col"} scope @param {...(string|number|Node)} content */
export const head = (scope, ...content) => make("th", { scope }, ...content);

/** Makes a row of a table: its head and its cells. @param {string|number} name @param {...(string|number|Node)} cells */
export const row = (name, ...cells) => make("tr", "", head("row", name), ...cells.map((cell) => make("td", "", cell)));

/** Makes a table of names and values. @param {string} caption @param {[string, string][]} values */
export function facts(caption, values) {
  return make("table", "facts", make("caption", "", caption), make("tbody", "", ...values.map(([name, value]) => row(name, value))));
}

/** Returns an array of n elements. @template T @param {number} n @param {(i: number) => T} f */
export const times = (n, f) => Array.from({ length: n }, (_, i) => f(i));

/** Returns where the pointer is in an element, each way from 0 to 1. @param {MouseEvent} e @param {Element} element */
export function place(e, element) {
  const box = element.getBoundingClientRect();
  const part = (/** @type {number} */ v, /** @type {number} */ size) => Math.min(Math.max(v / size, 0), 1);
  return { x: part(e.clientX - box.left, box.width), y: part(e.clientY - box.top, box.height) };
}

/** Returns the row and the column of the pointer in a picture of rows×cols. @param {MouseEvent} e @param {number} rows @param {number} cols */
export function pixel(e, rows, cols) {
  const { x, y } = place(e, /** @type {Element} */ (e.currentTarget));
  return [Math.min(Math.floor(y * rows), rows - 1), Math.min(Math.floor(x * cols), cols - 1)];
}

/** Returns the step, in rows and columns, of an arrow key, which then does nothing else; or null. @param {KeyboardEvent} e */
export function arrow(e) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key] ?? null;
  if (step) e.preventDefault();
  return step;
}
