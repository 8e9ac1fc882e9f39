// @ts-check
// The five steps, one at a time, with their equations, shapes and lines; and one step of
// gradient descent.

import { at, make } from "./main.js";
import { number, signedNumber } from "./picture.js";
import { image, shown } from "./forward.js";

/** @type {import("./main.js").Page} */
let page;
/** @type {(part: Partial<import("./forward.js").Shown>) => void} */
let change;
/** @type {any} */
let applied = null; // the last step of gradient descent

/** @param {import("./main.js").Page} p @param {{change: typeof change, refresh: () => void}} view */
export function startSteps(p, view) {
  page = p;
  change = view.change;
  for (let digit = 0; digit < 10; digit++) {
    const button = make("button", "", String(digit));
    button.id = "it-was-" + digit;
    button.type = "button";
    button.addEventListener("click", () => change({ label: digit, step: Math.max(shown.step, 1) }));
    at("it-was").append(button);
  }
  for (let step = 1; step <= 5; step++) {
    const button = make("button", "", make("span", "count", String(step)), " ", make("span", ""));
    button.id = "step-" + step;
    button.type = "button";
    button.addEventListener("click", () => go(step));
    at("steps").append(make("li", "", button));
  }
  at("next").addEventListener("click", () => go(shown.step + 1));
  at("back").addEventListener("click", () => go(shown.step - 1));
  at("cost").addEventListener("change", () => change({ cost: at("cost").value }));
  document.addEventListener("keydown", keys);
  at("apply-form").addEventListener("submit", apply);
  at("undo-step").addEventListener("click", () => takeBack("/api/undo"));
  at("reset").addEventListener("click", () => takeBack("/api/reset"));
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
    button.setAttribute("aria-pressed", String(digit === label));
    button.classList.toggle("known", digit === page.label());
    button.title = digit === page.label() ? page.t("digit.known") : "";
  }
  for (let n = 1; n <= 5; n++) {
    const button = at("step-" + n);
    button.lastChild.textContent = page.t("step.name" + n);
    button.disabled = label === null;
    if (n === step) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
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

/** Takes one step of gradient descent. @param {Event} e */
async function apply(e) {
  e.preventDefault();
  try {
    applied = await page.post("/api/step", { ...image(), eta: Number(at("eta").value) });
    page.fail(null);
    page.networkChanged();
    count(applied.undo);
  } catch (error) {
    page.fail(error);
  }
}

/** @param {string} name  of the endpoint that takes a step, or all, back */
async function takeBack(name) {
  try {
    const { undo } = await page.post(name, {});
    applied = null;
    page.networkChanged();
    count(undo);
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
  const box = at("applied"), { backward } = shown;
  if (!applied) {
    box.replaceChildren(...(backward ? [make("p", "", page.t("apply.now", { cost: number(backward.cost), squared: number(backward.squaredGradient) }))] : []),
      ...(backward?.update ?? []).map(equation));
    return;
  }
  const rows = [["apply.before", number(applied.before)], ["apply.predicted", signedNumber(applied.predicted)], ["apply.real", signedNumber(applied.real)], ["apply.after", number(applied.after)], ["apply.reads", applied.reads.join(" → ")]];
  const table = make("table", "facts", make("caption", "", page.t("apply.caption", { eta: applied.eta })));
  const body = table.createTBody();
  for (const [key, value] of rows) {
    const row = body.insertRow(), head = make("th", "", page.t(key));
    head.scope = "row";
    row.id = key.replace(".", "-");
    row.append(head, make("td", "", value));
  }
  const why = applied.reason ? [make("p", "note", page.t("apply." + applied.reason))] : [];
  box.replaceChildren(table, ...why, ...(backward?.update ?? []).map(equation));
}
