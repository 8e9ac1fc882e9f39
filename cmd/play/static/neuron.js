// @ts-check
// One neuron by hand: its sum forward, its error backward, and one of its weights.

import { newest } from "./ask.js";
import { arrow, at, facts, head, make, on, pixel } from "./dom.js";
import * as page from "./page.js";
import { bytes, enlarge, number, signed, signedNumber } from "./picture.js";
import { change, image, shown } from "./forward.js";
import { equation } from "./backward.js";
import { sup } from "./score.js";

/** @type {any} */
let neuron = null;
/** @type {any} */
let weight = null;

/** Lets a weight be chosen in its picture. */
export function startNeuron() {
  on("weights", "click", pick);
  on("gradient", "click", pick);
  on("weights", "keydown", keys);
}

/** Chooses the weight that is clicked. @param {MouseEvent} e */
function pick(e) {
  if (!neuron) return;
  const { rows, cols } = neuron.weights, [row, col] = pixel(e, rows, cols);
  change({ weight: row * cols + col });
}

/** Arrows move the weight. @param {KeyboardEvent} e */
function keys(e) {
  const step = arrow(e);
  if (!step || !neuron) return;
  const { rows, cols } = neuron.weights, k = (shown.weight ?? 0) + step[0] * cols + step[1];
  if (k >= 0 && k < rows * cols) change({ weight: k });
}

const wait = newest();

/** Shows the neuron chosen, and asks for it. */
export async function drawNeuron() {
  const { forward, layer, neuron: j } = shown;
  at("neuron").hidden = !forward;
  const found = await wait(forward && ask({ ...image(), layer, neuron: j }));
  if (!found) return;
  [neuron, weight, shown.weight] = found;
  show();
  at("neuron").dataset.shown = `${layer}-${j}-${shown.weight}`;
}

/** Asks for a neuron, and for the weight chosen: if none is, that of the largest term. @param {object} request */
async function ask(request) {
  const n = await page.post("/api/neuron", request), k = shown.weight ?? n.forward.terms[0]?.k ?? 0;
  return [n, shown.label === null ? null : await page.post("/api/weight", { ...request, weight: k }), k];
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
  const unit = Math.max(1, Math.floor(560 / Math.max(rows, cols))), k = shown.weight ?? 0;
  const small = signed(make("canvas", ""), bytes(picture.bytes), rows, cols);
  enlarge(canvas, small, [cols * unit, rows * unit], [Math.floor(k / cols), k % cols, 1, 1], [9, 4]);
}

/**
 * The sorted terms of a sum, then what is added to them.
 * @param {string} id @param {string} caption @param {string[]} heads @param {any} sum  or null
 * @param {[string, number][]} ends
 */
function sumTable(id, caption, heads, sum, ends) {
  const table = make("table", { id, className: "sum" }, make("caption", "", caption)), body = make("tbody", "");
  if (sum) table.append(make("thead", "", make("tr", "", ...heads.map((name) => head("col", name)))));
  table.append(body);
  for (const term of sum?.terms ?? []) {
    const texts = [term.k, number(term.x), number(term.y), signedNumber(term.product)];
    body.append(make("tr", "", ...texts.map((text) => make("td", "", text))));
  }
  const rest = sum ? sum.count - sum.terms.length : 0;
  /** @type {[string, number][]} */
  const lines = rest > 0 ? [[page.t("neuron.others", { n: rest }), sum.others], ...ends] : ends;
  for (const [name, value] of lines) {
    const text = /^[aσy·]/.test(name) ? number(value) : signedNumber(value); // what is added has its sign
    body.append(make("tr", name.startsWith("=") ? "result" : "", make("th", { scope: "row", colSpan: 3 }, name), make("td", "", text)));
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
  const k = shown.weight, exact = (/** @type {number} */ v) => v.toExponential(8).replaceAll("-", "−").replace("e+", "e");
  const agree = weight.digits < 0 ? "neuron.tooSmall" : weight.backprop === 0 && weight.numerical === 0 ? "neuron.bothZero" : "neuron.digits";
  const table = facts(page.t("neuron.weight", { name: `w${l}(${j},${k})` }), [
    [`w${l}(${j},${k})`, number(weight.w)], [`a${before}(${k})`, number(weight.a)], [`δ${l}(${j})`, number(weight.delta)],
    [page.t("neuron.backprop"), exact(weight.backprop)], [page.t("neuron.numerical"), exact(weight.numerical)],
    [page.t("neuron.agree"), page.t(agree, { n: weight.digits })]]);
  table.tBodies[0].lastChild.id = "agree";
  return make("div", "", table, equation(weight.equation), equation(weight.definition));
}
