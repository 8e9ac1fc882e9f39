// @ts-check
// Chapter 4: networks that compute a function, with their weights under one's hands.

import { latest } from "./ask.js";
import { at, head, make, on, pixel, times } from "./dom.js";
import * as page from "./page.js";
import { colour, curve, diverging, legend, number, shape } from "./picture.js";

/** @typedef {"s1"|"s2"|"h"} Part  of a pair: the places of its two steps, and the height between them */
/** @typedef {Object<Part, number>} Pair */

const parts = /** @type {Part[]} */ (["s1", "s2", "h"]), symbols = ["s₁", "s₂", "h"];
const xs = times(601, (i) => i / 600);

/** @type {Pair[]} */
let pairs = [];
/** @type {number[]} */
let heights = []; // of n×n towers, x by x; none: the construction chooses
let choose = false; // the construction is to choose the pairs
/** @type {any} */
let bumps = null; // the last answers
/** @type {any} */
let towers = null;
/** @type {any} */
let plot = null; // where the curves are
/** @type {{pair: number, part: Part}|null} */
let held = null; // by the pointer
let tower = -1; // whose height has the focus

/** Starts the view. Returns what draws it again. */
export function start() {
  restore();
  on("pairs", "change", () => { setPairs(); askBumps(); });
  on("steepness", "input", () => { askBumps(); askTowers(); });
  on("choose-bumps", "click", () => { choose = true; askBumps(); });
  on("reset-bumps", "click", () => { pairs = []; setPairs(); askBumps(); });
  for (const [id, event] of [["towers", "change"], ["choose-towers", "click"]]) on(id, event, () => { heights = []; askTowers(); });
  on("reset-towers", "click", () => { heights.fill(0); askTowers(); });
  on("towers-z", "click", pickTower);
  on("bumps-z", "pointerdown", hold);
  on("bumps-z", "pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) on("bumps-z", end, () => { held = null; });
  askBumps();
  askTowers();
  return () => { drawBumps(); drawTowers(); };
}

/** Takes the weights from the URL. */
function restore() {
  const saved = page.state;
  if (saved.w) at("steepness").value = saved.w;
  if (saved.towers) at("towers").value = saved.towers;
  if (saved.heights) heights = saved.heights.split("~").map(Number);
  if (saved.bumps) pairs = saved.bumps.split("_").map((p) => p.split("~").map(Number)).map(([s1, s2, h]) => ({ s1, s2, h }));
  if (saved.bumps) at("pairs").value = pairs.length;
  setPairs();
}

/** Makes pairs side by side without height, unless there are as many already. */
function setPairs() {
  const n = at("pairs").valueAsNumber;
  if (at("pairs").checkValidity() && n !== pairs.length) pairs = times(n, (k) => ({ s1: k / n, s2: (k + 1) / n, h: 0 }));
}

/** Writes a number for the URL or an input. @param {number} v */
const short = (v) => String(Number(v.toFixed(3)));

const askBumps = latest(async () => {
  const w = at("steepness").valueAsNumber, chosen = choose;
  choose = false;
  bumps = await page.post("/api/bumps", chosen ? { w, choose: pairs.length } : { w, pairs });
  if (chosen) pairs = bumps.pairs;
  page.setState({ w, bumps: pairs.map((p) => parts.map((part) => short(p[part])).join("~")).join("_") });
  drawBumps();
});

const askTowers = latest(async () => {
  const n = at("towers").valueAsNumber, given = heights;
  towers = await page.post("/api/towers", { w: at("steepness").valueAsNumber, n, heights: given });
  page.setState({ towers: n, heights: given.length > 0 ? given.map(short).join("~") : null });
  if (given === heights) heights = given.length > 0 ? given : towers.heights;
  drawTowers();
});

/** Draws the curves, the handles and the table. */
function drawBumps() {
  if (!bumps) return;
  const top = Math.max(3, ...bumps.z.map(Math.abs));
  const z = [{ name: page.t("universality.z"), x: xs, y: bumps.z }, { name: "σ⁻¹∘f", x: xs, y: bumps.inverse, dash: "6 4" }];
  const a = [{ name: page.t("universality.output"), x: xs, y: bumps.output }, { name: "f, (113)", x: xs, y: bumps.target, dash: "6 4" }];
  const goal = bumps.deviationZ <= 0.4 ? page.t("universality.reached") : page.t("universality.goal");
  plot = curve(at("bumps-z"), z, { label: page.t("universality.plotZ"), xName: "x", yRange: [-top, top] });
  curve(at("bumps-output"), a, { label: page.t("universality.plotOutput"), xName: "x", yRange: [0, 1] });
  legend(at("bumps-z-key"), z);
  legend(at("bumps-output-key"), a);
  at("steepness-is").textContent = at("steepness").value;
  at("bumps-deviation-z").textContent = page.t("universality.deviationZ", { d: number(bumps.deviationZ, 4) }) + (pairs.length === 5 ? " " + goal : "");
  at("bumps-deviation").textContent = page.t("universality.deviation", { d: number(bumps.deviationOutput, 4) });
  pairs.forEach(drawHandles);
  fill(at("bumps-table"), pairs.length, 3, (k, i) => ({
    head: k + 1, id: `pair-${k + 1}-${parts[i]}`, label: page.t("universality.of", { part: symbols[i], pair: k + 1 }),
    min: i < 2 ? 0 : -20, max: i < 2 ? 1 : 20, step: i < 2 ? 0.01 : 0.1,
    value: pairs[k][parts[i]], set: (v) => { pairs[k][parts[i]] = v; askBumps(); },
  }));
}

/** Draws what the pointer can hold of a pair: both steps, and the bar on top. @param {Pair} p @param {number} pair */
function drawHandles({ s1, s2, h }, pair) {
  const [from, to, y, half] = [plot.px(s1), plot.px(s2), plot.py(h), plot.py(h / 2)];
  for (const [part, element] of /** @type {[Part, SVGElement][]} */ ([
    ["h", shape("line", { x1: from, x2: to, y1: y, y2: y, class: "bar" })],
    ["h", shape("rect", { x: (from + to) / 2 - 9, y: y - 4, width: 18, height: 8, rx: 4, class: "grip" })],
    ["s1", shape("circle", { cx: from, cy: half, r: 5, class: "grip" })],
    ["s2", shape("circle", { cx: to, cy: half, r: 5, class: "grip" })],
  ])) {
    Object.assign(element.dataset, { pair, part });
    at("bumps-z").append(element);
  }
}

/** Takes the handle under the pointer. @param {PointerEvent} e */
function hold(e) {
  const { pair, part } = /** @type {SVGElement} */ (e.target).dataset;
  if (e.button !== 0 || pair === undefined) return;
  e.preventDefault();
  held = { pair: Number(pair), part: /** @type {Part} */ (part) };
  at("bumps-z").setPointerCapture(e.pointerId);
}

/** Moves what is held to the pointer. @param {PointerEvent} e */
function drag(e) {
  if (!held) return;
  const { px, py } = plot, { pair, part } = held;
  const { x, y } = new DOMPoint(e.clientX, e.clientY).matrixTransform(at("bumps-z").getScreenCTM().inverse());
  const value = part === "h" ? (y - py(0)) / (py(1) - py(0)) : (x - px(0)) / (px(1) - px(0));
  const [low, high] = part === "h" ? [-3, 3] : [0, 1];
  pairs[pair][part] = Math.min(Math.max(Math.round(value * 100) / 100, low), high);
  askBumps();
}

/** Draws the two pictures of the towers, and the table of their heights. */
function drawTowers() {
  if (!towers) return;
  const { points } = towers, n = Math.sqrt(towers.heights.length), size = points / n;
  const limit = Math.max(...towers.z.map(Math.abs), ...towers.inverse.map(Math.abs));
  diverging(at("towers-z"), towers.z, points, points, limit);
  diverging(at("towers-goal"), towers.inverse, points, points, limit);
  if (tower >= 0 && tower < n * n) {
    const c = at("towers-z").getContext("2d");
    c.strokeStyle = colour("--ink");
    c.strokeRect(Math.floor(tower / n) * size + 0.5, (n - 1 - tower % n) * size + 0.5, size - 1, size - 1);
  }
  at("towers-range").textContent = page.t("universality.range", { limit: number(limit, 2) });
  at("towers-deviation").textContent = page.t("universality.deviationTowers", { z: number(towers.deviationZ, 4), a: number(towers.deviationOutput, 4), sizes: towers.sizes.join(", ") });
  fill(at("towers-table"), n, n, (row, i) => {
    const j = n - 1 - row, k = i * n + j; // y goes up
    return {
      head: "y " + (j + 1), id: `tower-${i + 1}-${j + 1}`, label: page.t("universality.tower", { x: i + 1, y: j + 1 }), min: -20, max: 20, step: 0.1,
      value: towers.heights[k], set: (v) => { heights[k] = v; askTowers(); }, focus: () => { tower = k; drawTowers(); },
    };
  });
}

/** Goes to the height of the tower under the pointer. @param {PointerEvent} e */
function pickTower(e) {
  const n = at("towers").valueAsNumber, [row, i] = pixel(e, n, n);
  at(`tower-${i + 1}-${n - row}`)?.focus();
}

/**
 * Fills a table with inputs, as cell describes them. Their elements stay, because one may
 * have the focus; its value is left alone.
 * @param {HTMLTableElement} table @param {number} rows @param {number} cols
 * @param {(row: number, col: number) => {head: string|number, id: string, label: string, min: number, max: number, step: number, value: number, set: (v: number) => void, focus?: () => void}} cell
 */
function fill(table, rows, cols, cell) {
  const [body] = table.tBodies;
  if (body.rows.length !== rows || body.rows[0].cells.length !== cols + 1) body.replaceChildren();
  for (let r = 0; r < rows; r++) {
    const row = body.rows[r] ?? body.insertRow();
    if (row.cells.length === 0) row.append(head("row"));
    row.cells[0].textContent = String(cell(r, 0).head);
    for (let c = 0; c < cols; c++) {
      if (!row.cells[c + 1]) row.insertCell().append(make("input", { type: "number" }));
      const { id, label, min, max, step, value, set, focus } = cell(r, c);
      const element = /** @type {HTMLInputElement} */ (row.cells[c + 1].firstChild);
      Object.assign(element, { id, min, max, step, ariaLabel: label, onfocus: focus, oninput: () => { if (element.value !== "") set(element.valueAsNumber); } });
      if (element !== document.activeElement || held) element.value = short(value);
    }
  }
}
