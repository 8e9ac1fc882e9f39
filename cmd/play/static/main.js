// @ts-check
// The page: its views, its state in the URL, its language, and how it asks the server.

import { words } from "./words.js";
import { start as startDraw } from "./draw.js";

/** Returns the element with this id. @param {string} id @returns {any} */
export const at = (id) => document.getElementById(id);

/**
 * Creates an element with a class and content: text or elements.
 * @param {string} name @param {string} className @param {...(string|Node)} content @returns {any}
 */
export function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/**
 * @typedef {object} Digit  what the network sees, and where it is from
 * @property {Uint8Array} pixels  28·28, 0 is background
 * @property {number|null} label  of a test digit
 *
 * @typedef {object} Page  what a view gets
 * @property {(name: string, body: object, options?: {signal?: AbortSignal}) => Promise<any>} post
 * @property {(name: string, body: object, options?: {signal?: AbortSignal}) => Promise<Response>} open  the same, for an answer that is no JSON
 * @property {(key: string, values?: Object<string, string|number>) => string} t
 * @property {string} lang
 * @property {Object<string, string>} state  from the URL
 * @property {(part: Object<string, string|number|null>) => void} setState  null removes
 * @property {() => Uint8Array|null} digit
 * @property {(f: () => void) => void} onDigit
 * @property {() => number|null} label  of the digit, if it is known
 * @property {(d: Digit) => void} setDigit
 * @property {(f: (training: boolean) => void) => void} onNetwork
 * @property {(training?: boolean) => void} networkChanged  to be called in a training, after it, after a step, a reset
 * @property {(error: unknown) => void} fail  shows an error, or null for none
 * @property {string} visitor
 */

const views = ["digit", "train", "universality", "depth", "convolution"];

/** @type {Digit|null} */
let digit = null;
/** @type {(() => void)[]} */
const digitWatchers = [];
/** @type {((training: boolean) => void)[]} */
const networkWatchers = [];
/** @type {Object<string, (() => void)|undefined>} */
const redraw = {}; // of the views that are started

/** @type {Page} */
const page = {
  post, open, t,
  lang: "en",
  state: {},
  setState,
  digit: () => digit && digit.pixels,
  onDigit: (f) => { digitWatchers.push(f); },
  label: () => digit && digit.label,
  setDigit(d) { digit = d; for (const f of digitWatchers) f(); },
  onNetwork: (f) => { networkWatchers.push(f); },
  networkChanged(training = false) { for (const f of networkWatchers) f(training); },
  fail,
  visitor: visitor(),
};

/** Returns 128 random bits, the same ones as long as the tab lives. */
function visitor() {
  let id = sessionStorage.getItem("visitor");
  if (!id) {
    id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("visitor", id);
  }
  return id;
}

/**
 * Asks the server. A Blob is sent as it is, anything else as JSON. The error of a refusal
 * has the server's line as its message.
 * @param {string} name  "/api/…"
 * @param {object} body
 * @param {{signal?: AbortSignal}} [options]
 */
async function open(name, body, { signal } = {}) {
  const raw = body instanceof Blob;
  const response = await fetch(name, {
    method: "POST", signal, cache: "no-store",
    headers: { "Content-Type": raw ? "application/octet-stream" : "application/json", "X-Visitor": page.visitor },
    body: raw ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/**
 * Asks the server for an answer in JSON.
 * @param {string} name @param {object} body @param {{signal?: AbortSignal}} [options]
 */
async function post(name, body, options) {
  return (await open(name, body, options)).json();
}

/**
 * Returns a text of the page, with {name} replaced by values.name.
 * @param {string} key
 * @param {Object<string, string|number>} [values]
 */
function t(key, values = {}) {
  const text = words[page.lang][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/** Shows an error in one line. What was cancelled is none. @param {unknown} error */
function fail(error) {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const line = /** @type {HTMLElement} */ (document.getElementById("error"));
  line.hidden = error === null;
  line.textContent = error instanceof TypeError ? t("unreachable") : error instanceof Error ? error.message : "";
  if (error instanceof TypeError) console.warn(error);
}

/** Changes the state in the URL. @param {Object<string, string|number|null>} part */
function setState(part) {
  for (const [key, value] of Object.entries(part)) {
    if (value === null) delete page.state[key];
    else page.state[key] = String(value);
  }
  const hash = "#" + new URLSearchParams(page.state);
  if (location.hash !== hash) history.replaceState(null, "", hash);
  linkViews();
}

function readState() {
  page.state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (!views.includes(page.state.view)) page.state.view = "digit";
}

/** The links keep the rest of the state, so that each can be passed on. */
function linkViews() {
  for (const view of views) {
    const link = /** @type {HTMLAnchorElement} */ (document.getElementById("to-" + view));
    link.href = "#" + new URLSearchParams({ ...page.state, view });
    if (view === page.state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** Puts the texts of the language into the page. */
function speak() {
  const lang = page.state.lang ?? (navigator.language.startsWith("hi") ? "hi" : "en");
  page.lang = lang in words ? lang : "en";
  document.documentElement.lang = page.lang;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(/** @type {HTMLElement} */ (element).dataset.t ?? "");
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(/** @type {HTMLElement} */ (element).dataset.tLabel ?? ""));
  }
  for (const element of document.querySelectorAll("[data-t-placeholder]")) {
    element.setAttribute("placeholder", t(/** @type {HTMLElement} */ (element).dataset.tPlaceholder ?? ""));
  }
  for (const name of Object.keys(words)) {
    document.getElementById("lang-" + name)?.setAttribute("aria-pressed", String(name === page.lang));
  }
  document.title = t("title");
}

/** Shows the view that the URL names, and starts it the first time. */
async function show() {
  const { view } = page.state;
  for (const section of document.querySelectorAll("section[data-view]")) {
    /** @type {HTMLElement} */ (section).hidden = /** @type {HTMLElement} */ (section).dataset.view !== view;
  }
  const draw = /** @type {HTMLElement} */ (document.getElementById("draw"));
  draw.hidden = !(draw.dataset.with ?? "").split(" ").includes(view);
  if (!(view in redraw)) {
    redraw[view] = undefined;
    const file = view === "digit" ? "./forward.js" : `./${view}.js`;
    redraw[view] = (await import(file)).start(page) ?? undefined;
  }
  document.documentElement.dataset.view = view;
}

/** What is drawn in code is drawn again, after a change of language or colours. */
function redrawAll() {
  for (const f of Object.values(redraw)) f?.();
}

/** Another address in the same tab: another view, language, or a whole other page. */
function navigate() {
  const before = page.lang, state = page.state;
  readState();
  const same = (/** @type {string} */ key) => key === "view" || key === "lang" || page.state[key] === state[key];
  if (!Object.keys({ ...state, ...page.state }).every(same)) {
    location.reload();
    return;
  }
  speak();
  linkViews();
  if (page.lang !== before) redrawAll();
  show().catch(fail);
}

for (const name of Object.keys(words)) {
  document.getElementById("lang-" + name)?.addEventListener("click", () => { setState({ lang: name }); speak(); redrawAll(); });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
addEventListener("hashchange", navigate);
readState();
speak();
linkViews();
redraw.draw = startDraw(page);
show().catch(fail).finally(() => { document.documentElement.dataset.ready = "true"; });
