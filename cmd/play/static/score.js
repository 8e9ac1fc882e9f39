// @ts-check
// The score: a table for each layer, a column for each neuron, a row for each quantity, and
// under each quantity its twin of the backward pass.

import { at, head, make, times } from "./dom.js";
import { bytes, number, shade, signed, textOn } from "./picture.js";

/** @param {number} n */
export const sup = (n) => String(n).replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]);

/**
 * @typedef {object} Row  a quantity of one layer
 * @property {string} id
 * @property {string} name
 * @property {string} shape
 * @property {boolean} back  of the backward pass
 * @property {number} step  in which it is computed
 * @property {number[]} [values]  one for each neuron
 * @property {any} [picture]  a row for each neuron
 * @property {number} [limit]  of the scale, if it is not the largest value
 */

/**
 * Returns the rows of layer l.
 * @param {any} f  the layer going forward
 * @param {any} b  the layer going backward, or null
 * @param {number} last  L
 * @param {any} whole  the backward pass, or null
 * @returns {Row[]}
 */
export function rowsOf(f, b, last, whole) {
  const l = sup(f.layer), next = sup(f.layer + 1), n = f.z.length; // of which f.w.rows are shown
  const isLast = f.layer === last, error = isLast ? 3 : 4, column = `${n}×1`, w = `${n}×${f.w.cols}`;
  const forward = (/** @type {string} */ id, /** @type {string} */ name, /** @type {object} */ rest) =>
    ({ id, name, shape: column, back: false, step: 2, ...rest });
  const backward = (/** @type {string} */ id, /** @type {string} */ name, /** @type {number} */ step, /** @type {object} */ rest) =>
    ({ id, name, shape: column, back: true, step, ...rest });
  const rows = [
    forward("w", `w${l}`, { shape: w, picture: f.w }),
    backward("nabla-w", `∂C/∂w${l}`, 5, { shape: w, picture: b?.nablaW }),
    forward("b", `b${l}`, { values: f.b }),
    backward("nabla-b", `∂C/∂b${l}`, 5, { values: b?.delta }),
    forward("z", `z${l}`, { values: f.z }),
    backward("delta", `δ${l}`, error, { values: b?.delta }),
    backward("sigma-prime", `σ′(z${l})`, error, { values: b?.sigmoidPrime, limit: 0.25 }),
    forward("a", `a${l} = σ(z${l})`, { values: f.a, limit: 1 }),
  ];
  if (!isLast) return [...rows, backward("arrives", `(w${next})ᵀδ${next}`, 4, { values: b?.back })];
  rows.push(backward("y", "y", 3, { values: whole?.y, limit: 1 }));
  if (whole?.crossEntropy) return rows.filter((r) => r.id !== "sigma-prime"); // it has cancelled
  return [...rows, backward("arrives", `∇ₐC = a${l} − y`, 3, { values: b?.back })];
}

/**
 * Puts a layer's table on the page, or fills the one that is there.
 * @param {number} layer @param {string} caption @param {Row[]} rows @param {number} step  0 before the first
 * @param {(layer: number, neuron: number) => void} choose
 * @param {(step: number) => string} later  says when a row will be there
 */
export function drawLayer(layer, caption, rows, step, choose, later) {
  const n = rows[0].picture.rows; // not all neurons of a very large layer
  const kind = rows.map((r) => r.id + r.name + r.shape).join();
  let table = at("layer-" + layer);
  if (!table || table.dataset.kind !== kind) {
    const old = table?.parentElement;
    table = build(layer, n, rows, choose);
    table.dataset.kind = kind;
    if (old) old.replaceChildren(table);
    else at("score").append(make("div", "wide", table));
  }
  table.caption.replaceChildren(make("span", "", caption));
  for (const row of rows) fill(layer, row, n, step, later(row.step));
}

/** @param {number} layer @param {number} n @param {Row[]} rows @param {(layer: number, neuron: number) => void} choose */
function build(layer, n, rows, choose) {
  const heads = times(n, (j) => head("col", make("button", { id: `neuron-${layer}-${j}`, type: "button", tabIndex: -1 }, j)));
  const table = make("table", { id: "layer-" + layer, className: n > 16 ? "score many" : "score" }, make("caption", ""),
    make("thead", "", make("tr", "", make("td", ""), ...heads)), make("tbody", "", ...rows.map((r) => buildRow(layer, n, r))));
  table.style.setProperty("--n", String(n));
  table.addEventListener("click", (/** @type {MouseEvent} */ e) => {
    const cell = /** @type {Element} */ (e.target).closest("td, th");
    if (cell instanceof HTMLTableCellElement && cell.cellIndex > 0) choose(layer, cell.cellIndex - 1);
  });
  return table;
}

/** @param {number} layer @param {number} n @param {Row} row */
function buildRow(layer, n, row) {
  const name = head("row", make("span", "symbol", row.name), " ", make("span", "shape", row.shape), " ", make("span", "range"));
  const picture = () => make("canvas", { ariaHidden: "true" }); // the neuron's own is larger, and named
  const cells = times(n, () => make("td", "", ...(isPicture(row) ? [picture()] : [])));
  return make("tr", { id: `${row.id}-${layer}`, className: row.back ? "backward" : "forward" }, name, ...cells);
}

/** @param {Row} row */
const isPicture = (row) => row.id === "w" || row.id === "nabla-w";

/** Fills a row with its values, if its step has come. @param {number} layer @param {Row} row @param {number} n @param {number} step @param {string} later */
function fill(layer, row, n, step, later) {
  const tr = at(`${row.id}-${layer}`);
  const there = (row.values || row.picture) && (!row.back || step >= row.step);
  tr.classList.toggle("later", !there);
  tr.classList.toggle("now", step === row.step);
  const limit = row.picture?.limit ?? row.limit ?? Math.max(...(row.values ?? [0]).map(Math.abs));
  const range = row.id === "a" || row.id === "y" ? "0…1" : row.id === "sigma-prime" ? "0…¼" : "±" + number(limit);
  const most = there && row.picture?.most > limit ? ` (${number(row.picture.most)})` : "";
  tr.cells[0].lastChild.replaceChildren(there ? range : later, make("span", "most", most));
  const data = there && row.picture ? bytes(row.picture.bytes) : null;
  for (let j = 0; j < n; j++) {
    const cell = tr.cells[j + 1];
    if (isPicture(row)) {
      cell.firstChild.hidden = !data;
      if (data) thumb(cell.firstChild, data, j, row.picture.cols);
    } else {
      fillCell(cell, row.name, j, there && row.values ? row.values[j] : null, limit, n);
    }
  }
}

/** Draws row j of a matrix, 28×28 if it is as long as an image. @param {HTMLCanvasElement} canvas @param {Uint8Array} data @param {number} j @param {number} cols */
function thumb(canvas, data, j, cols) {
  const part = data.subarray(j * cols, (j + 1) * cols);
  if (cols === 784) signed(canvas, part, 28, 28);
  else signed(canvas, part, 1, cols);
  canvas.classList.toggle("strip", cols !== 784);
}

/** A number from 0 to 1 in three characters. @param {number} v */
const part = (v) => v < 0.005 ? "0" : v >= 0.995 ? "1" : v.toFixed(2).slice(1);

/** Wide cells have their number, narrow ones its sign, or if it has none, the start of it. @param {HTMLTableCellElement} cell @param {string} name @param {number} j @param {number|null} v @param {number} limit @param {number} n */
function fillCell(cell, name, j, v, limit, n) {
  if (v === null) {
    cell.textContent = cell.title = cell.style.backgroundColor = "";
    return;
  }
  const signless = cell.parentElement?.id.startsWith("a-") || cell.parentElement?.id.startsWith("sigma-prime-");
  cell.style.backgroundColor = shade(v, limit);
  cell.style.color = textOn(v, limit);
  cell.textContent = n <= 16 ? number(v) : signless ? part(v) : v < 0 ? "−" : v > 0 ? "+" : "0";
  cell.title = `${name.split(" = ")[0]}(${j}) = ${number(v)}`;
}

/** Marks the neuron chosen. @param {number} layer @param {number} neuron */
export function mark(layer, neuron) {
  for (const cell of document.querySelectorAll("#score .chosen")) cell.classList.remove("chosen");
  for (const button of document.querySelectorAll("#score thead button")) {
    const chosen = button.id === `neuron-${layer}-${neuron}`;
    /** @type {HTMLButtonElement} */ (button).tabIndex = chosen ? 0 : -1;
    button.ariaPressed = String(chosen);
  }
  for (const row of at("layer-" + layer)?.rows ?? []) row.cells[neuron + 1]?.classList.add("chosen");
}
