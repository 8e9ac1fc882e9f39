// @ts-check
// Chapter 6: the filters and feature maps of a convolutional network, for the drawn digit.

import { latest } from "./ask.js";
import { arrow, at, head, make, on, pixel, times } from "./dom.js";
import * as page from "./page.js";
import { base64, diverging, enlarge, grey, number, shade, signedNumber, textOn } from "./picture.js";

const size = 336; // of a picture, in pixels of its canvas

/** @type {EventSource|null} */
let stream = null;
/** @type {any} */
let net = null; // what does not depend on the digit, once it is trained
/** @type {any} */
let answer = null; // to the last digit
let [map, row, col] = [0, 11, 11]; // the chosen feature map, and a neuron of it

/** Starts the view. Returns what draws it again. */
export function start() {
  [map, row, col] = (page.state.conv ?? "0~11~11").split("~").map(Number);
  page.onDigit(ask);
  addEventListener("hashchange", listen);
  on("conv-map", "pointerdown", pick);
  on("conv-map", "keydown", move);
  for (const id of ["conv-row", "conv-col"]) on(id, "input", () => choose(map, at("conv-row").valueAsNumber, at("conv-col").valueAsNumber));
  listen();
  return draw;
}

/** Waits for the network while the view is shown: the server trains it only meanwhile. */
function listen() {
  const shown = page.state.view === "convolution";
  if (!shown) { stream?.close(); stream = null; }
  if (shown && net) ask();
  if (!shown || net || stream) return;
  stream = new EventSource("/api/convolution?visitor=" + page.visitor);
  stream.addEventListener("progress", (e) => {
    const { done, total } = JSON.parse(e.data);
    Object.assign(at("conv-progress"), { value: done, max: total });
    at("conv-training").hidden = false;
  });
  stream.addEventListener("ready", (e) => { stream?.close(); stream = null; net = JSON.parse(e.data); filters(); ask(); });
}

const ask = latest(async () => {
  const pixels = page.digit();
  if (!net || page.state.view !== "convolution") return;
  const asked = pixels && { pixels: base64(pixels), map, row, col };
  answer = asked && { ...await page.post("/api/featuremap", asked), asked, pixels };
  draw();
});

/** Chooses a neuron, as far as there is one. @param {number} f @param {number} j @param {number} k */
function choose(f, j, k) {
  const [rows, cols] = net.convolved;
  if (!(j >= 0 && j < rows && k >= 0 && k < cols)) return;
  [map, row, col] = [f, j, k];
  page.setState({ conv: [map, row, col].join("~") });
  ask();
}

/** Chooses the neuron under the pointer. @param {PointerEvent} e */
function pick(e) {
  const [rows, cols] = net.convolved, [j, k] = pixel(e, rows, cols);
  choose(map, j, k);
}

/** Moves to a neuron beside the chosen one. @param {KeyboardEvent} e */
function move(e) {
  const step = arrow(e);
  if (step) choose(map, row + step[0], col + step[1]);
}

/** Makes a radio button of each feature map, with its filter and the map after pooling. */
function filters() {
  const [rows, cols] = net.convolved, all = times(net.maps, (f) => {
    const radio = { type: "radio", name: "conv-filter", id: "conv-filter-" + f, checked: f === map, onchange: () => choose(f, row, col) };
    const pictures = ["filter", "pooled"].map((kind) => make("canvas", { className: "pixels " + kind, ariaHidden: "true" }));
    return make("label", "", make("input", radio), f, ...pictures);
  });
  [map, row, col] = [Math.min(map, net.maps - 1), Math.min(row, rows - 1), Math.min(col, cols - 1)];
  at("conv-filters").replaceChildren(...all);
  at("conv-row").max = rows - 1;
  at("conv-col").max = cols - 1;
}

/** Returns the largest absolute value. @param {number[]} values */
const most = (values) => values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

function draw() {
  at("conv-training").hidden = Boolean(net);
  at("conv-ready").hidden = !net;
  if (!net) return;
  const { filter: [fr, fc], convolved: [rows, cols], pool: [pr, pc], pooled: [qr, qc] } = net, n = qr * qc;
  at("conv-about").textContent = net.images > 0 ? page.t("convolution.trained", { images: net.images, right: number(100 * net.right / net.test, 1), n: net.test }) : page.t("convolution.loaded");
  const ranges = { w: most(net.filters), a: answer ? most(answer.pooled) : 0, z: answer ? most(answer.z) : 0 };
  [...at("conv-filters").children].forEach((label, f) => {
    diverging(label.querySelector(".filter"), net.filters.slice(f * fr * fc, (f + 1) * fr * fc), fr, fc, ranges.w);
    label.querySelector(".pooled").hidden = !answer;
    if (answer) diverging(label.querySelector(".pooled"), answer.pooled.slice(f * n, (f + 1) * n), qr, qc, ranges.a);
  });
  at("conv-range").textContent = page.t("convolution.range", { w: number(ranges.w), a: number(ranges.a) });
  at("conv-digit").hidden = !answer;
  at("conv-none").hidden = Boolean(answer);
  if (!answer) return;
  const { pixels, asked: { map, row, col } } = answer; // not what is chosen meanwhile
  const scratch = make("canvas", ""), [p, q] = [Math.floor(row / pr), Math.floor(col / pc)];
  picture("conv-image", grey(scratch, pixels, 28, 28), row, col, fr, fc);
  const c = picture("conv-map", diverging(scratch, answer.z, rows, cols, ranges.z), row, col, 1, 1);
  for (const [j, k] of answer.winners) {
    c.fillStyle = textOn(answer.z[j * cols + k], ranges.z);
    c.fillRect((k + 0.35) * size / cols, (j + 0.35) * size / rows, 0.3 * size / cols, 0.3 * size / rows);
  }
  picture("conv-pooled", diverging(scratch, answer.pooled.slice(map * n, (map + 1) * n), qr, qc, ranges.a), p, q, 1, 1);
  at("conv-map-range").textContent = page.t("convolution.mapRange", { z: number(ranges.z), a: number(ranges.a) });
  sum(answer, fr, fc);
  at("conv-outputs").tBodies[0].rows[0].replaceChildren(...times(10, (j) => make("td", j === answer.answer ? "best" : "", number(answer.outputs[j]))));
  at("conv-answer").textContent = page.t("convolution.answer", { digit: answer.answer });
}

/**
 * Draws an image as large as the others, and a frame around rows×cols of its pixels.
 * @param {string} id @param {HTMLCanvasElement} image @param {number} j @param {number} k @param {number} rows @param {number} cols
 */
function picture(id, image, j, k, rows, cols) {
  return enlarge(at(id), image, [size, size], [j, k, rows, cols], [5, 2]);
}

/** Writes equation (125) out. @param {any} answer @param {number} rows @param {number} cols */
function sum({ asked: { map, row, col }, neuron: { w, a, terms, b, z, out } }, rows, cols) {
  const limit = most(terms), table = at("conv-terms");
  const cell = (/** @type {number} */ i) => {
    const td = make("td", "", signedNumber(terms[i], 3), make("small", "", `${signedNumber(w[i], 2)} · ${number(a[i], 2)}`));
    Object.assign(td.style, { background: shade(terms[i], limit), color: textOn(terms[i], limit) });
    return td;
  };
  table.tHead.rows[0].replaceChildren(head("col", "l, m"), ...times(cols, (m) => head("col", m)));
  table.tBodies[0].replaceChildren(...times(rows, (l) => make("tr", "", head("row", l), ...times(cols, (m) => cell(l * cols + m)))));
  at("conv-row").value = row;
  at("conv-col").value = col;
  at("conv-sum").textContent = page.t("convolution.sum", { map, j: row, k: col, b: number(b), z: number(z), f: net.activation, a: number(out) });
}
