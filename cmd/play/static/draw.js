// @ts-check
// Drawing a digit, or getting one, and what the network sees and says.

import { newest } from "./ask.js";
import { at, make, on, place, row, times } from "./dom.js";
import * as page from "./page.js";
import { bytes, grey, number, colour } from "./picture.js";

const side = 1000; // of the drawing, as the server counts

/** @type {number[][]} */
let strokes = [];
/** @type {number[]|null} */
let stroke = null; // the one that is being drawn
/** @type {any} */
let seen = null; // the last digit's description
/** @type {any} */
let forward = null; // the network's answer to it
let begun = false; // there was a digit to wait for
const wait = newest();

/** Starts the view. Returns what draws it again. */
export function start() {
  on("canvas", "pointerdown", down);
  on("canvas", "pointermove", move);
  on("canvas", "pointerup", up);
  on("canvas", "pointercancel", up);
  on("canvas", "keydown", keys);
  on("undo-stroke", "click", undo);
  on("clear", "click", clear);
  on("test-form", "submit", () => loadTest(Number(at("test-index").value)));
  on("next-test", "click", () => loadTest(Number(at("test-index").value) + 1));
  on("file", "change", loadFile);
  page.onDigit(ask);
  page.onNetwork((training) => { // which of the test digits it reads right takes longer
    if (!training) about();
    ask();
  });
  const named = /^\d+$/.test(page.state.test ?? "") ? Number(page.state.test) : null;
  about().then((first) => { if (!begun) loadTest(named ?? first ?? 0); });
  return redraw;
}

function redraw() {
  drawPaper();
  tell();
  answer();
  about();
}

/** Adds the place of the pointer to the stroke. @param {PointerEvent} e */
function add(e) {
  const part = place(e, at("canvas")), n = stroke?.length ?? 0;
  const x = Math.round(part.x * side), y = Math.round(part.y * side);
  if (stroke && (n === 0 || Math.hypot(x - stroke[n - 2], y - stroke[n - 1]) >= 4)) stroke.push(x, y);
}

/** @param {PointerEvent} e */
function down(e) {
  if (e.button !== 0 || stroke) return;
  e.preventDefault();
  at("canvas").setPointerCapture(e.pointerId);
  stroke = [];
  strokes.push(stroke);
  add(e);
  drawPaper();
}

/** @param {PointerEvent} e */
function move(e) {
  if (!stroke) return;
  for (const part of e.getCoalescedEvents?.() ?? [e]) add(part);
  drawPaper();
}

/** @param {PointerEvent} e */
function up(e) {
  if (!stroke) return;
  add(e);
  stroke = null;
  read();
}

/** @param {KeyboardEvent} e */
function keys(e) {
  if (e.key === "Delete" || e.key === "Escape") clear();
  else if (e.key === "Backspace" || (e.key === "z" && (e.ctrlKey || e.metaKey))) undo();
  else return;
  e.preventDefault();
}

function undo() {
  stroke = null;
  if (!strokes.pop()) return;
  if (strokes.length > 0) read();
  else clear();
}

function clear() {
  take(null); // what is on its way comes too late
  stroke = null;
  strokes = [];
  seen = forward = null;
  page.setState({ test: null });
  page.setDigit(null);
}

/** Lets the server read the drawing. */
async function read() {
  page.setState({ test: null });
  await take(page.post("/api/draw", { strokes }));
}

/** @param {number} index */
async function loadTest(index) {
  strokes = [];
  at("test-index").value = index;
  if (await take(page.post("/api/digit", { index }))) page.setState({ test: index });
}

async function loadFile() {
  const [file] = at("file").files;
  at("file").value = "";
  if (!file) return;
  strokes = [];
  page.setState({ test: null });
  await take(page.post("/api/file", file));
}

/** Waits for a digit and makes it the page's. @param {Promise<any>|null} answer */
async function take(answer) {
  begun = true;
  const found = await wait(answer);
  if (!found) return false;
  seen = found;
  page.fail(null);
  page.setDigit({ pixels: bytes(found.pixels), label: found.label });
  return true;
}

/** Draws the digit and asks what the network says. */
async function ask() {
  drawPaper();
  tell();
  const pixels = page.digit();
  if (!pixels) {
    forward = null;
    answer();
    return;
  }
  try {
    const said = await page.post("/api/answer", { pixels: seen.pixels });
    if (page.digit() !== pixels) return;
    forward = said;
    answer();
  } catch (error) {
    page.fail(error);
  }
}

function drawPaper() {
  const canvas = at("canvas"), pixels = page.digit();
  const c = canvas.getContext("2d"), unit = canvas.width / side;
  c.clearRect(0, 0, canvas.width, canvas.height);
  if (strokes.length === 0 && pixels) {
    c.imageSmoothingEnabled = false;
    c.globalAlpha = 0.2; // it is not drawn, and one can draw here
    c.drawImage(grey(document.createElement("canvas"), pixels, 28, 28), 0, 0, canvas.width, canvas.height);
    c.globalAlpha = 1;
  }
  if (strokes.length === 0) {
    c.fillStyle = colour("--soft");
    c.font = "30px " + colour("--sans");
    c.textAlign = "center";
    c.fillText(page.t("draw.here"), canvas.width / 2, 48);
  }
  c.strokeStyle = c.fillStyle = colour("--ink");
  c.lineWidth = 70 * unit;
  c.lineCap = c.lineJoin = "round";
  for (const points of strokes) {
    c.beginPath();
    c.moveTo(points[0] * unit, points[1] * unit);
    for (let i = 0; i < points.length; i += 2) c.lineTo(points[i] * unit, points[i + 1] * unit);
    c.stroke();
  }
  at("undo-stroke").disabled = strokes.length === 0;
}

/** Says what was done to the digit. */
function tell() {
  const pixels = page.digit();
  grey(at("seen"), pixels ?? new Uint8Array(784), 28, 28);
  if (!pixels || !seen) {
    at("done").textContent = page.t("draw.hint");
    return;
  }
  const values = { w: seen.from[0], h: seen.from[1], cols: seen.fit[0], rows: seen.fit[1], x: number(seen.centre[0], 1), y: number(seen.centre[1], 1), label: seen.label };
  const key = seen.label !== null ? "draw.isTest" : strokes.length > 0 ? "draw.isDrawn" : "draw.isFile";
  at("done").textContent = [page.t(key, values), ...seen.notes].join(" ");
}

/** Shows the outputs as bars, and the answer. */
function answer() {
  const body = at("outputs").tBodies[0];
  if (body.rows.length === 0) body.append(...times(10, outputRow));
  const label = page.label();
  for (let j = 0; j < 10; j++) {
    const output = body.rows[j], a = forward ? forward.outputs[j] : 0;
    output.classList.toggle("best", forward !== null && j === forward.answer);
    output.cells[1].firstChild.value = a;
    output.cells[2].textContent = forward ? number(a) : "";
    output.cells[3].textContent = j === label ? page.t("draw.isIt") : "";
  }
  at("answer").textContent = forward ? forward.answer : "–";
  at("answer-text").textContent = verdict(label);
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn ?? 0) + 1);
}

/** Says how sure the network is, and whether it is right. @param {number|null} label */
function verdict(label) {
  if (!forward) return page.t("draw.none");
  const said = forward.sure ? page.t("draw.sure") : page.t("draw.unsure", { second: forward.second });
  if (label === null) return said;
  return `${said} ${forward.answer === label ? page.t("draw.right") : page.t("draw.wrong", { label })}`;
}

/** @param {number} j */
function outputRow(j) {
  return Object.assign(row(j, make("meter", { max: 1 }), "", ""), { id: "output-" + j });
}

/** Says which network it is. Returns the test digit to begin with. */
async function about() {
  try {
    const n = await page.post("/api/network", {});
    at("test-index").max = n.testDigits - 1;
    const values = { sizes: "[" + n.sizes + "]", right: number(100 * n.right / n.testDigits, 2), n: n.testDigits };
    at("about").textContent = page.t(n.changed ? "draw.aboutChanged" : n.loaded ? "draw.aboutLoaded" : "draw.about", values) + " " + page.t(n.real ? "draw.real" : "draw.synthetic", values);
    return n.first;
  } catch (error) {
    page.fail(error);
  }
}
