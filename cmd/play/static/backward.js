// @ts-check
// The five steps, one at a time, with their equations, shapes and lines; and one step of
// gradient descent.

import { at, facts, make, on } from "./dom.js";
import * as page from "./page.js";
import { number, signedNumber } from "./picture.js";
import { change, image, shown } from "./forward.js";

/** @type {any} */
let applied = null; // the last step of gradient descent

/** Makes the buttons of the digits and of the steps. */
export function startSteps() {
  for (let digit = 0; digit < 10; digit++) {
    const onclick = () => change({ label: digit, step: Math.max(shown.step, 1) });
    at("it-was").append(make("button", { id: "it-was-" + digit, type: "button", onclick }, digit));
  }
  for (let step = 1; step <= 5; step++) {
    const button = { id: "step-" + step, type: "button", onclick: () => go(step) };
    at("steps").append(make("li", "", make("button", button, make("span", "count", step), " ", make("span", ""))));
  }
  on("next", "click", () => go(shown.step + 1));
  on("back", "click", () => go(shown.step - 1));
  on("cost", "change", () => change({ cost: at("cost").value }));
  document.addEventListener("keydown", keys);
  on("apply-form", "submit", () => descend("/api/step", { ...image(), eta: Number(at("eta").value) }));
  on("undo-step", "click", () => descend("/api/undo", {}));
  on("reset", "click", () => descend("/api/reset", {}));
  page.onDigit(() => { applied = null; });
  count();
}

/** @param {number} step */
function go(step) {
  if (shown.label !== null && step >= 1 && step <= 5) change({ step });
}

/** Arrows take the steps, unless they move something else. @param {KeyboardEvent} e */
function keys(e) {
  const used = e.target instanceof Element && e.target.closest("input, select, textarea, canvas, #score");
  if (used || at("view-digit").hidden || e.altKey || e.ctrlKey || e.metaKey) return;
  if (e.key === "ArrowRight") go(shown.step + 1);
  else if (e.key === "ArrowLeft") go(shown.step - 1);
  else return;
  e.preventDefault();
}

/** Shows the step. */
export function drawSteps() {
  const { label, step, forward, backward } = shown;
  for (let digit = 0; digit < 10; digit++) {
    const button = at("it-was-" + digit);
    button.disabled = !forward;
    button.ariaPressed = String(digit === label);
    button.classList.toggle("known", digit === page.label());
    button.title = digit === page.label() ? page.t("digit.known") : "";
  }
  for (let n = 1; n <= 5; n++) {
    const button = at("step-" + n);
    button.lastChild.textContent = page.t("step.name" + n);
    button.disabled = label === null;
    button.ariaCurrent = n === step ? "step" : null;
    button.classList.toggle("past", n < step);
  }
  at("back").disabled = step <= 1;
  at("next").disabled = label === null || step >= 5;
  at("stepper").hidden = label === null;
  at("stepper-text").textContent = page.t("step.title", { n: step, name: page.t("step.name" + step) });
  at("cost").value = shown.cost;
  at("apply").classList.toggle("inert", !backward);
  at("apply-step").disabled = !backward;
  drawText();
  drawApplied();
}

/** Shows the words, formulas, equations and lines of the step. */
function drawText() {
  const { step, forward, backward, label } = shown;
  const steps = [...(forward?.steps ?? []), ...(backward?.steps ?? [])];
  const data = steps.find((s) => s.number === (step || 2)); // before the first, the forward pass
  const L = forward?.sizes.length ?? 3;
  at("step-title").textContent = step === 0 ? page.t("step.title0") : page.t("step.title", { n: step, name: page.t("step.name" + step) });
  const key = step === 3 && backward?.crossEntropy ? "step.words3e" : step === 4 && L === 2 ? "step.words4none" : "step.words" + step;
  at("step-words").textContent = page.t(key, { L, label: label ?? "", cost: backward ? number(backward.cost) : "", pixels: forward?.sizes[0] ?? 784 });
  at("step-formulas").replaceChildren(...(data?.parts ?? []).filter((/** @type {any} */ p) => p.formula.length > 0).map(formula));
  at("step-equations").replaceChildren(...(data?.equations ?? []).map(equation));
  at("step-code").replaceChildren(...(data?.code ?? []).map(code));
}

/** A formula with the shape of each symbol under it. @param {{formula: {symbol: string, shape?: string}[]}} part */
function formula(part) {
  return make("div", "formula", ...part.formula.map((f) => make("span", f.shape ? "factor" : "sign", make("span", "symbol", f.symbol), ...(f.shape ? [make("span", "shape", f.shape)] : []))));
}

/** @param {{number: string, formula: string}} e */
export function equation(e) {
  return make("p", "equation", make("span", "symbol", e.formula), " ", make("span", "number", `(${e.number})`));
}

/** @param {{goFile: string, function: string, go: string[]}} c */
function code(c) {
  return make("figure", "code", make("figcaption", "", `${c.goFile}, ${c.function.replace("Network.", "")}`), make("pre", "", make("code", "", c.go.join("\n"))));
}

/** Takes a step of gradient descent, or one, or all, back. @param {string} name  of the endpoint @param {object} body */
async function descend(name, body) {
  try {
    const answer = await page.post(name, body);
    applied = name === "/api/step" ? answer : null;
    page.fail(null);
    page.networkChanged();
    count(answer.undo);
  } catch (error) {
    page.fail(error);
  }
}

/** Says how many steps can be undone. @param {number} [n]  the server knows it too */
async function count(n) {
  n ??= (await page.post("/api/network", {})).undo;
  at("undo-step").disabled = !n;
}

/** What the step did, against what (9) predicted. */
function drawApplied() {
  const { backward } = shown, lines = [];
  if (applied) {
    const { before, predicted, real, after, reads } = applied;
    const values = { before: number(before), predicted: signedNumber(predicted), real: signedNumber(real), after: number(after), reads: reads.join(" → ") };
    const table = facts(page.t("apply.caption", { eta: applied.eta }), Object.entries(values).map(([key, value]) => [page.t("apply." + key), value]));
    Object.keys(values).forEach((key, i) => { table.tBodies[0].rows[i].id = "apply-" + key; });
    lines.push(table);
    if (applied.reason) lines.push(make("p", "note", page.t("apply." + applied.reason)));
  } else if (backward) {
    lines.push(make("p", "", page.t("apply.now", { cost: number(backward.cost), squared: number(backward.squaredGradient) })));
  }
  at("applied").replaceChildren(...lines, ...(backward?.update ?? []).map(equation));
}
