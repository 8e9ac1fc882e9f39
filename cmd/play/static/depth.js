// @ts-check
// Chapter 5: how fast each hidden layer of a deep network learns.

import { at, make, on, row } from "./dom.js";
import * as page from "./page.js";
import { curve, legend } from "./picture.js";

const dashes = ["", "7 4", "2 3", "9 3 2 3", "12 5"]; // so that not the colour alone tells layers apart
const lowest = 1e-7; // of the bars and the curves

/** @type {EventSource|null} */
let stream = null;
/** @type {any} */
let setting = null; // of the descent shown
/** @type {number[][]} */
let speeds = []; // of each epoch, layer by layer
let state = "idle", planned = false;

/** Starts the view. Returns what draws it again. */
export function start() {
  if (page.state.hidden) at("depth-hidden").value = page.state.hidden;
  if (page.state.depthSeed) at("depth-seed").value = page.state.depthSeed;
  on("depth-form", "submit", descend);
  on("depth-stop", "click", () => end("stopped"));
  addEventListener("hashchange", () => { if (page.state.view !== "depth" && stream) end("stopped"); });
  draw();
  return draw;
}

/** Trains a new network, and listens. */
function descend() {
  const hidden = at("depth-hidden").value, seed = at("depth-seed").value;
  page.setState({ hidden, depthSeed: seed });
  page.fail(null);
  end("waiting");
  speeds = [];
  stream = new EventSource("/api/depth?" + new URLSearchParams({ visitor: page.visitor, hidden, seed }));
  stream.addEventListener("setting", (e) => { setting = JSON.parse(e.data); state = "running"; plan(); });
  stream.addEventListener("speeds", (e) => { speeds.push(JSON.parse(e.data).speeds); plan(); });
  stream.addEventListener("end", () => end("complete"));
  stream.onerror = () => end("broken"); // and do not begin again
  draw();
}

/** @param {string} why */
function end(why) {
  stream?.close();
  stream = null;
  state = why;
  draw();
}

/** Draws before the next frame, however many epochs come until then. */
function plan() {
  if (!planned) requestAnimationFrame(() => { planned = false; draw(); });
  planned = true;
}

function draw() {
  const status = at("depth-status"), text = state === "idle" ? "" : page.t("depth." + state);
  if (status.textContent !== text) status.textContent = text; // it is read out
  at("depth-stop").disabled = !stream;
  at("depth-result").hidden = speeds.length === 0;
  if (speeds.length === 0) return;
  const [first] = speeds, last = speeds[speeds.length - 1];
  const values = { sizes: setting.sizes.join(", "), images: setting.images, eta: setting.eta, lambda: setting.lambda, epoch: speeds.length - 1, epochs: setting.epochs };
  at("depth-setting").textContent = page.t("depth.setting", values);
  at("depth-table").tBodies[0].replaceChildren(...first.map((v, l) => layer(l + 1, v, last[l])));
  at("depth-now").textContent = page.t("depth.now", values);
  const x = speeds.map((_, epoch) => epoch);
  const series = first.map((_, l) => ({ name: page.t("depth.layer", { l: l + 1 }), x, y: speeds.map((s) => s[l]), dash: dashes[l] }));
  const floor = Math.max(lowest, 10 ** Math.floor(Math.log10(Math.min(...speeds.flat()))));
  curve(at("depth-curve"), series, { label: page.t("depth.plot"), xName: page.t("depth.epoch"), xRange: [0, setting.epochs], yRange: [floor, 1], logY: true });
  legend(at("depth-key"), series);
}

/** Returns the row of a hidden layer. @param {number} l @param {number} before @param {number} now */
function layer(l, before, now) {
  const bar = make("div", ""), text = (/** @type {number} */ v) => String(Number(v.toPrecision(2))).replace("-", "−");
  bar.style.width = 100 * Math.max(0, 1 + Math.log10(before) / 5) + "%"; // from 10⁻⁵ to 1
  return row(page.t("depth.layer", { l }), bar, text(before), text(now));
}
