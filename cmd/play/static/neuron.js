// @ts-check
// One neuron by hand: its sum forward, its error backward, and one of its weights.

import { at, make } from "./main.js";
import { bytes, colour, number, signed, signedNumber } from "./picture.js";
import { image, shown } from "./forward.js";
import { equation } from "./backward.js";
import { sup } from "./score.js";

/** @type {import("./main.js").Page} */
let page;
/** @type {(part: Partial<import("./forward.js").Shown>) => void} */
let change;
/** @type {any} */
let neuron = null;
/** @type {any} */
let weight = null;
let asked = 0;
let last = ""; // what neuron and weight are about

/** @param {import("./main.js").Page} p @param {{change: typeof change}} view */
export function startNeuron(p, view) {
  page = p;
  change = view.change;
  at("weights").addEventListener("click", pick);
  at("gradient").addEventListener("click", pick);
  at("weights").addEventListener("keydown", keys);
}

/** Chooses the weight that is clicked. @param {MouseEvent} e */
function pick(e) {
  if (!neuron) return;
  const box = /** @type {Element} */ (e.currentTarget).getBoundingClientRect(), { rows, cols } = neuron.weights;
  const part = (/** @type {number} */ v, /** @type {number} */ size, /** @type {number} */ n) => Math.min(n - 1, Math.max(0, Math.floor(v / size * n)));
  change({ weight: part(e.clientY - box.top, box.height, rows) * cols + part(e.clientX - box.left, box.width, cols) });
}

/** Arrows move the weight. @param {KeyboardEvent} e */
function keys(e) {
  if (!neuron) return;
  const { rows, cols } = neuron.weights;
  /** @type {Object<string, number>} */
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -cols, ArrowDown: cols };
  const k = (shown.weight ?? 0) + by[e.key];
  if (!(e.key in by)) return;
  e.preventDefault();
  e.stopPropagation();
  if (k >= 0 && k < rows * cols) change({ weight: k });
}

/** Shows the neuron chosen, and asks for it. */
export async function drawNeuron() {
  const { forward, layer, neuron: j } = shown, mine = ++asked;
  at("neuron").hidden = !forward;
  if (!forward) return;
  try {
    const request = { ...image(), layer, neuron: j };
    const n = await page.post("/api/neuron", request);
    if (mine !== asked) return;
    shown.weight ??= n.forward.terms[0]?.k ?? 0;
    const w = shown.label === null ? null : await page.post("/api/weight", { ...request, weight: shown.weight });
    if (mine !== asked) return;
    neuron = n;
    weight = w;
    show();
    at("neuron").dataset.shown = `${layer}-${j}-${shown.weight}`;
  } catch (error) {
    page.fail(error);
  }
}

function show() {
  const { layer, neuron: j, step, label } = shown;
  const l = sup(layer), before = sup(layer - 1), isLast = layer === shown.forward.sizes.length;
  const error = label !== null && step >= (isLast ? 3 : 4), gradient = label !== null && step >= 5;
  at("neuron-title").textContent = page.t("neuron.title", { j, l: layer });
  frame("weights", neuron.weights, `w${l}(${j}, k)`);
  frame("products", neuron.products, `w${l}(${j}, k) · a${before}(k)`);
  at("forward-sum").replaceChildren(forwardTable(l, before, j), equation(neuron.equation));
  for (const element of document.querySelectorAll(".neuron .backward")) element.classList.toggle("later", !error);
  frame("gradient", gradient ? neuron.gradient : null, `∂C/∂w${l}(${j}, k)`);
  at("backward-sum").replaceChildren(...(error ? [backwardTable(l, sup(layer + 1), j), equation(neuron.backEquation)] : [make("p", "note", page.t("neuron.later"))]));
  at("weight").replaceChildren(...(gradient && weight ? [weightTable(l, before, j)] : [make("p", "note", page.t("neuron.weightLater"))]));
}

/** Draws a picture of the neuron's weights, with the chosen one marked. @param {string} id @param {any} picture @param {string} name */
function frame(id, picture, name) {
  const canvas = at(id), { rows, cols } = neuron.weights, caption = at(id + "-caption");
  canvas.classList.toggle("blank", !picture);
  caption.replaceChildren(make("span", "symbol", name), " ", make("span", "range", picture ? "±" + number(picture.limit) : ""));
  if (!picture) {
    canvas.width = cols;
    canvas.height = rows;
    return;
  }
  const small = signed(document.createElement("canvas"), bytes(picture.bytes), rows, cols), unit = Math.max(1, Math.floor(560 / Math.max(rows, cols)));
  canvas.width = cols * unit;
  canvas.height = rows * unit;
  const c = canvas.getContext("2d"), k = shown.weight ?? 0;
  c.imageSmoothingEnabled = false;
  c.drawImage(small, 0, 0, canvas.width, canvas.height);
  for (const [name, width] of /** @type {[string, number][]} */ ([["--paper", 9], ["--ink", 4]])) {
    c.lineWidth = width;
    c.strokeStyle = colour(name);
    c.strokeRect(k % cols * unit, Math.floor(k / cols) * unit, unit, unit);
  }
}

/**
 * The sorted terms of a sum, then what is added to them.
 * @param {string} id @param {string} caption @param {string[]} heads @param {any} sum  or null
 * @param {[string, number][]} ends
 */
function sumTable(id, caption, heads, sum, ends) {
  const table = make("table", "sum", make("caption", "", caption));
  table.id = id;
  if (sum) {
    const head = table.createTHead().insertRow();
    for (const name of heads) {
      const th = make("th", "", name);
      th.scope = "col";
      head.append(th);
    }
  }
  const body = table.createTBody();
  for (const term of sum?.terms ?? []) {
    const row = body.insertRow();
    for (const text of [String(term.k), number(term.x), number(term.y), signedNumber(term.product)]) row.append(make("td", "", text));
  }
  const rest = sum ? sum.count - sum.terms.length : 0;
  /** @type {[string, number][]} */
  const lines = rest > 0 ? [[page.t("neuron.others", { n: rest }), sum.others], ...ends] : ends;
  for (const [name, value] of lines) {
    const row = body.insertRow(), th = make("th", "", name);
    th.scope = "row";
    th.colSpan = 3;
    row.append(th, make("td", "", /^[aσy·]/.test(name) ? number(value) : signedNumber(value))); // what is added has its sign
    row.className = name.startsWith("=") ? "result" : "";
  }
  return table;
}

/** @param {string} l @param {string} before @param {number} j */
function forwardTable(l, before, j) {
  return sumTable("forward-terms", page.t("neuron.forward"), ["k", `w${l}(${j},k)`, `a${before}(k)`, "w · a"], neuron.forward, [
    [`+ b${l}(${j})`, neuron.b], [`= z${l}(${j})`, neuron.z], [`a${l}(${j}) = σ(z${l}(${j}))`, neuron.a]]);
}

/** @param {string} l @param {string} next @param {number} j */
function backwardTable(l, next, j) {
  const heads = ["k", `w${next}(k,${j})`, `δ${next}(k)`, "w · δ"], n = neuron;
  /** @type {[string, number][]} */
  const ends = n.backward ? [[`= (w${next})ᵀδ${next} (${j})`, n.backward.total]]
    : [[`a${l}(${j})`, n.a], [`y(${j})`, n.y], ...(shown.backward?.crossEntropy ? [] : /** @type {[string, number][]} */ ([[`= ∂C/∂a${l}(${j}) = a − y`, n.error]]))];
  const factor = n.backward || !shown.backward?.crossEntropy;
  return sumTable("backward-terms", page.t("neuron.backward"), heads, n.backward, [
    ...ends, ...(factor ? /** @type {[string, number][]} */ ([[`· σ′(z${l}(${j}))`, n.sigmoidPrime]]) : []), [`= δ${l}(${j})`, n.delta]]);
}

/** The two derivatives with respect to the weight chosen. @param {string} l @param {string} before @param {number} j */
function weightTable(l, before, j) {
  const k = shown.weight, table = make("table", "facts", make("caption", "", page.t("neuron.weight", { name: `w${l}(${j},${k})` })));
  const body = table.createTBody();
  const rows = [[`w${l}(${j},${k})`, number(weight.w)], [`a${before}(${k})`, number(weight.a)], [`δ${l}(${j})`, number(weight.delta)],
    [page.t("neuron.backprop"), weight.backprop.toExponential(8)], [page.t("neuron.numerical"), weight.numerical.toExponential(8)],
    [page.t("neuron.agree"), page.t(weight.digits < 0 ? "neuron.tooSmall" : weight.backprop === 0 && weight.numerical === 0 ? "neuron.bothZero" : "neuron.digits", { n: weight.digits })]];
  for (const [name, value] of rows) {
    const row = body.insertRow(), th = make("th", "", name);
    th.scope = "row";
    row.append(th, make("td", "", value.replaceAll("-", "−").replace("e+", "e")));
  }
  body.lastChild.id = "agree";
  return make("div", "", table, equation(weight.equation), equation(weight.definition));
}
