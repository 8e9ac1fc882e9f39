// @ts-check
// Training: the settings of cmd/train, and a run that goes on as far as it is told to.

import { at, on, row } from "./dom.js";
import * as page from "./page.js";
import { curve, number } from "./picture.js";

/**
 * @typedef {object} Score  of an epoch
 * @property {number} correct @property {number} of @property {number} percent @property {number} seconds
 * @property {{percent: number, cost: number|null, trainingCost: number|null}} [monitor]
 *
 * @typedef {object} State  of the run
 * @property {string} line  the flags of the same run of cmd/train
 * @property {number} epochs @property {number} done @property {number} of
 * @property {number} from @property {Score[]} scores  those from there on
 * @property {number|null} cost
 * @property {{size: number, before: number|null, after: number|null}} [step]
 * @property {{kind: string, layer: number, slope: number|null, cost: number|null, odd: string}} trouble  kind "" if there is none
 * @property {string} odd  what is odd about the images
 */

// The settings, by the names of cmd/train's flags, and their defaults there.
const defaults = { sizes: "784,30,10", eta: "3", batch: "10", cost: "quadratic", lambda: "0", init: "large", seed: "1", train: "", monitor: "" };
const names = /** @type {(keyof defaults)[]} */ (Object.keys(defaults));

/** @type {State|null} */
let state = null;
/** @type {Score[]} */
let scores = [];
/** @type {"rest"|"run"|"wait"} */
let now = "rest";
let turn = 0; // counts what was asked for: an answer to an earlier turn comes too late
let begun = ""; // the settings of the run that goes on

/** Starts the view. Returns what draws it again. */
export function start() {
  fill();
  on("train-form", "submit", play);
  on("train-form", "change", keep);
  on("train-epoch", "click", () => run(1));
  on("train-minibatch", "click", () => ask("minibatch", request()));
  on("train-reset", "click", () => ask("reset", request()));
  addEventListener("hashchange", fill);
  ask("pause", {}); // where the run is, if the page is loaded again
  return draw;
}

/** Goes on, or pauses what goes on, unless the settings are other ones now. */
function play() {
  if (now === "rest" || begun !== JSON.stringify(settings())) run(0);
  else ask("pause", {});
}

// The names in the URL: those of the settings, but for the one that the backward pass has.
const inURL = (/** @type {string} */ name) => name === "cost" ? "trainCost" : name;

/** Fills in the form from the URL. */
function fill() {
  for (const name of names) {
    const value = page.state[inURL(name)] ?? defaults[name];
    if (name === "monitor") at("flag-monitor").checked = value !== "";
    else at("flag-" + name).value = value;
  }
}

/** Returns what the form says. */
function settings() {
  const value = (/** @type {string} */ name) => name === "monitor" ? (at("flag-monitor").checked ? "1" : "") : at("flag-" + name).value.trim();
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

/** Puts the form into the URL. */
function keep() {
  page.setState(Object.fromEntries(Object.entries(settings()).map(([name, value]) => [inURL(name), value || null])));
}

/** Returns the form as a request. */
function request() {
  keep();
  begun = JSON.stringify(settings());
  return { ...settings(), monitor: at("flag-monitor").checked, from: scores.length };
}

/** Asks for something that is done at once. @param {string} name @param {object} body */
async function ask(name, body) {
  const mine = ++turn;
  try {
    const answer = await page.post("/api/train/" + name, body);
    if (mine !== turn) return;
    page.fail(null);
    now = "rest";
    take(answer);
    if (name !== "pause" || answer.line) page.networkChanged();
  } catch (error) {
    if (mine !== turn) return;
    page.fail(error);
    now = "rest";
    draw();
  }
}

/** Lets the run go on for some epochs, 0 for until it is paused. @param {number} epochs */
async function run(epochs) {
  const mine = ++turn;
  try {
    for await (const { name, data } of events("/api/train/run", { ...request(), epochs })) {
      if (mine !== turn) return;
      page.fail(null);
      now = name === "wait" ? "wait" : name === "end" ? "rest" : "run";
      take(data);
      page.networkChanged(now !== "rest");
    }
  } catch (error) {
    if (mine === turn) page.fail(error);
  }
  if (mine !== turn || now === "rest") return;
  now = "rest"; // the stream was cut
  draw();
}

/**
 * Yields the events of a stream. When the page is left the request ends, and with it the
 * training.
 * @param {string} name @param {object} body
 */
async function* events(name, body) {
  const gone = new AbortController(); // a browser may keep the page, and its stream, for going back
  addEventListener("pagehide", () => gone.abort(), { once: true });
  const response = await page.open(name, body, gone);
  const reader = /** @type {ReadableStream<any>} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const [head, data] = part.split("\ndata: ");
      yield { name: head.replace("event: ", ""), data: /** @type {State} */ (JSON.parse(data)) };
    }
  }
}

/** Takes a state of the run and shows it. @param {State} s */
function take(s) {
  state = s;
  if (s.from < scores.length) { // another run, or all of this one again
    scores.length = s.from;
    at("train-epochs").tBodies[0].replaceChildren();
  }
  scores.push(...s.scores);
  draw();
}

function draw() {
  const t = page.t;
  at("train-play").textContent = now === "rest" ? t("train.play") : t("train.pause");
  at("train-line").textContent = ["go run ./cmd/train", state?.line, "-epochs " + Math.max(1, scores.length)].filter(Boolean).join(" ");
  at("train-same").hidden = !state?.of;
  at("train-status").setAttribute("aria-live", now === "run" ? "off" : "polite"); // not four times a second
  at("train-status").textContent = status();
  at("train-step").textContent = step();
  warn("train-odd", state?.odd ? t("train.odd", { what: state.odd }) : "");
  warn("train-trouble", trouble());
  at("train-progress").max = state?.of || 1;
  at("train-progress").value = state?.done ?? 0;
  drawTable();
  drawCurves();
  document.documentElement.dataset.training = now; // for those who wait for it
}

/** Warns, but not of the same thing again. @param {string} id @param {string} text */
function warn(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

/** Says what keeps the network from learning. */
function trouble() {
  const x = state?.trouble, t = page.t;
  if (!x?.kind) return "";
  const values = { layer: x.layer, slope: figure(x.slope), cost: figure(x.cost) };
  const what = x.kind === "saturated" ? t("train.saturated", values) : x.kind === "same" ? t("train.sameAnswer", values)
    : x.kind === "nan" ? t("train.nan") : t("train.overflow");
  return t("train.trouble", { what, cause: x.odd ? t("train.causeData", { what: x.odd }) : t("train.causeEta") });
}

/** Says where the run is. */
function status() {
  if (!state || state.of === 0) return page.t("train.none");
  if (now === "wait") return page.t("train.waits");
  const place = { epoch: state.epochs, done: state.done, of: state.of };
  if (now === "run") return page.t("train.runs", place);
  return state.done > 0 ? page.t("train.within", place) : page.t("train.after", place);
}

/** Says what a step did to its own mini-batch. */
function step() {
  const s = state?.step;
  if (s) return page.t("train.stepped", { n: s.size, before: figure(s.before), after: figure(s.after) });
  return now === "run" && state?.cost ? page.t("train.batchCost", { cost: figure(state.cost) }) : "";
}

/** @param {number|null} v  null if it is not finite */
const figure = (v) => v === null ? "∞" : number(v);

/** Adds the new epochs to the table, the last one first. */
function drawTable() {
  const table = at("train-epochs"), body = table.tBodies[0];
  table.classList.toggle("monitored", scores.some((s) => s.monitor));
  at("train-box").hidden = scores.length === 0;
  for (let i = body.rows.length; i < scores.length; i++) {
    const s = scores[i], cells = [`${s.correct} / ${s.of}`, number(s.percent, 2), number(s.seconds, 3)];
    if (s.monitor) cells.push(number(s.monitor.percent, 2), figure(s.monitor.cost), figure(s.monitor.trainingCost));
    body.prepend(row(i, ...cells));
  }
}

function drawCurves() {
  const t = page.t, last = scores.at(-1), monitored = Boolean(last?.monitor);
  at("train-curves").hidden = !last;
  at("train-costs").hidden = at("train-legend").hidden = !monitored;
  if (!last) return;
  const best = scores.reduce((b, s, i) => s.correct > scores[b].correct ? i : b, 0);
  const label = t("train.summary", { at: scores.length - 1, last: number(last.percent, 2), best: number(scores[best].percent, 2), epoch: best });
  at("train-summary").textContent = label;
  const percent = [series(t("train.test"), (s) => s.percent)];
  if (monitored) percent.push(series(t("train.training"), (s) => s.monitor?.percent, "6 4"));
  const low = 10 * Math.floor(Math.min(90, ...scores.map((s) => Math.min(s.percent, s.monitor?.percent ?? 100))) / 10);
  const options = { label, xRange: /** @type {[number, number]} */ ([0, Math.max(4, scores.length - 1)]), xName: t("train.epoch") };
  curve(at("train-curve"), percent, { ...options, yRange: [low, 100], yName: "%" });
  if (!monitored) return;
  const costs = [series(t("train.test"), (s) => s.monitor?.cost), series(t("train.training"), (s) => s.monitor?.trainingCost, "6 4")];
  const high = Math.max(0, ...costs.flatMap((s) => s.y.filter(Number.isFinite)));
  curve(at("train-cost-curve"), costs, { ...options, label: t("train.costs"), yRange: [0, high || 1] });
}

/**
 * Returns the curve of a figure of every epoch.
 * @param {string} name @param {(s: Score) => number|null|undefined} f @param {string} [dash]
 */
function series(name, f, dash) {
  return { name, x: scores.map((_, i) => i), y: scores.map((s) => f(s) ?? NaN), dash };
}
