// @ts-check
// The digit's way through the network: the score of its layers, and the neuron chosen.

import { newest } from "./ask.js";
import { arrow, at, on, times } from "./dom.js";
import * as page from "./page.js";
import { base64, colour, diverging } from "./picture.js";
import { drawLayer, mark, rowsOf } from "./score.js";
import { drawSteps, startSteps } from "./backward.js";
import { drawNeuron, startNeuron } from "./neuron.js";

/**
 * @typedef {object} Shown  what this view shows
 * @property {any} forward
 * @property {any} backward
 * @property {number} step  0 before the first
 * @property {number|null} label
 * @property {string} cost
 * @property {number} layer  and
 * @property {number} neuron  that are chosen
 * @property {number|null} weight
 */

/** @type {Shown} */
export const shown = { forward: null, backward: null, step: 0, label: null, cost: "quadratic", layer: 2, neuron: 0, weight: null };

/** Starts the view. Returns what draws it again. */
export function start() {
  fromState();
  startSteps();
  startNeuron();
  on("score", "keydown", keys);
  let first = !page.digit(); // the choices in the URL are about the digit that comes first
  page.onDigit(() => {
    if (!first) Object.assign(shown, { label: null, step: 0, backward: null });
    first = false;
    toState();
    refresh();
  });
  page.onNetwork((training) => { if (!training || page.state.view === "digit") refresh(); });
  if (page.digit()) refresh();
  else draw();
  return draw;
}

/** Reads the choices from the URL. */
function fromState() {
  const whole = (/** @type {string|undefined} */ s, /** @type {number|null} */ otherwise) => /^\d+$/.test(s ?? "") ? Number(s) : otherwise;
  const { label, step, cost, layer, neuron, weight } = page.state;
  shown.label = whole(label, null);
  shown.step = shown.label === null ? 0 : Math.min(whole(step, 1) ?? 1, 5);
  shown.cost = cost === "cross-entropy" ? cost : "quadratic";
  shown.layer = whole(layer, 2) ?? 2;
  shown.neuron = whole(neuron, 0) ?? 0;
  shown.weight = whole(weight, null);
}

function toState() {
  const { label, step, layer, neuron, weight, cost } = shown;
  page.setState({ label, step: step || null, layer, neuron, weight, cost: cost === "quadratic" ? null : cost });
}

/** Changes the choices, and asks for what they need. @param {Partial<Shown>} part */
export function change(part) {
  const anew = "label" in part || "cost" in part;
  Object.assign(shown, part);
  toState();
  if (anew) refresh();
  else draw();
}

/** The image as the server wants it, with its label. */
export function image() {
  return { pixels: base64(page.digit() ?? new Uint8Array(784)), label: shown.label ?? 0, cost: shown.cost };
}

const wait = newest();

/** Asks for the passes and draws them. */
async function refresh() {
  if (!page.digit()) {
    wait(null); // what is on its way comes too late
    shown.forward = shown.backward = null;
    draw();
    return;
  }
  const { pixels } = image();
  const passes = await wait(Promise.all([
    page.post("/api/forward", { pixels }),
    shown.label === null ? null : page.post("/api/backward", image()),
  ]));
  if (!passes) return;
  [shown.forward, shown.backward] = passes;
  clamp();
  draw();
}

/** Returns how many neurons of a layer are shown. @param {number} layer */
const count = (layer) => shown.forward.layers[layer - 2].w.rows;

/** The network may have fewer neurons than the one before. */
function clamp() {
  const { sizes } = shown.forward;
  shown.layer = Math.min(Math.max(shown.layer, 2), sizes.length);
  shown.neuron = Math.min(shown.neuron, count(shown.layer) - 1);
  if (shown.weight !== null) shown.weight = Math.min(shown.weight, sizes[shown.layer - 2] - 1);
}

function draw() {
  const { forward, backward, step } = shown;
  at("view-digit").classList.toggle("empty", !forward);
  drawSteps();
  if (forward) {
    const last = forward.sizes.length;
    for (const table of document.querySelectorAll("#score table")) {
      if (Number(table.id.slice("layer-".length)) > last) table.parentElement?.remove();
    }
    for (const layer of forward.layers) {
      const back = backward?.layers[layer.layer - 2] ?? null;
      drawLayer(layer.layer, caption(layer, last), rowsOf(layer, back, last, backward), step, choose, (n) => page.t("digit.later", { n }));
    }
    mark(shown.layer, shown.neuron);
  }
  drawNeuron();
  diverging(at("scale-bar"), times(129, (i) => i - 64), 1, 129, 64);
  at("seen").classList.toggle("now", step === 1 && colour("--accent") !== "");
  const root = document.documentElement.dataset;
  root.step = String(step);
  root.shown = String(Number(root.shown ?? 0) + 1);
}

/** @param {any} layer @param {number} last */
function caption(layer, last) {
  const values = { l: layer.layer, n: layer.z.length, L: last };
  const text = page.t(layer.layer === last ? "digit.lastLayer" : "digit.hiddenLayer", values);
  const more = [];
  if (layer.saturated > 0) more.push(page.t("digit.saturated", { n: layer.saturated }));
  if (layer.w.rows < values.n) more.push(page.t("digit.first", { n: layer.w.rows }));
  return [text, ...more].join(" ");
}

/** @param {number} layer @param {number} neuron */
function choose(layer, neuron) {
  change({ layer, neuron, weight: layer === shown.layer ? shown.weight : null });
}

/** Arrows choose a neuron. @param {KeyboardEvent} e */
function keys(e) {
  const step = arrow(e);
  if (!step || !shown.forward) return;
  const layer = shown.layer + step[0], neuron = shown.neuron + step[1];
  if (layer < 2 || layer > shown.forward.sizes.length) return;
  choose(layer, Math.min(Math.max(neuron, 0), count(layer) - 1));
  at(`neuron-${shown.layer}-${shown.neuron}`).focus();
}
