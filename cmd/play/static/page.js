// @ts-check
// What the views share: the state in the URL, the texts, how the server is asked, the digit,
// and who wants to know of another digit or network.

import { at } from "./dom.js";

/** @typedef {{pixels: Uint8Array, label: number|null}} Digit  28·28 pixels, 0 is background; the label of a test digit */

export const views = ["digit", "train", "universality", "depth", "convolution"];

/** @type {Object<string, Object<string, string>>} */
const words = {}; // every text of the page, by language
export const languages = ["en", "hi"];
await Promise.all(languages.map(async (name) => { words[name] = await (await fetch(`words/${name}.json`)).json(); }));

/** The language that is shown. */
export let lang = "en";
/** What the URL says. @type {Object<string, string>} */
export let state = {};
/** Who this page is to the server: 128 random bits, the same ones as long as the tab lives. */
export const visitor = sessionStorage.getItem("visitor")
  ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
sessionStorage.setItem("visitor", visitor);

/** @type {Digit|null} */
let shown = null;
/** @type {(() => void)[]} */
const digitWatchers = [];
/** @type {((training: boolean) => void)[]} */
const networkWatchers = [];

/** Returns the pixels of the digit. */
export const digit = () => shown && shown.pixels;

/** Returns the label of the digit, if it is known. */
export const label = () => shown && shown.label;

/** @param {Digit|null} d */
export function setDigit(d) {
  shown = d;
  for (const f of digitWatchers) f();
}

/** Calls f whenever there is another digit. @param {() => void} f */
export const onDigit = (f) => { digitWatchers.push(f); };

/** To be called in a training, after it, after a step, a reset. */
export function networkChanged(training = false) {
  for (const f of networkWatchers) f(training);
}

/** Calls f whenever the network has changed. @param {(training: boolean) => void} f */
export const onNetwork = (f) => { networkWatchers.push(f); };

/**
 * Asks the server. A Blob is sent as it is, anything else as JSON. The error of a refusal
 * has the server's line as its message.
 * @param {string} name  "/api/…"
 * @param {object} body
 * @param {{signal?: AbortSignal}} [options]
 */
export async function open(name, body, { signal } = {}) {
  const raw = body instanceof Blob;
  const response = await fetch(name, {
    method: "POST", signal, cache: "no-store",
    headers: { "Content-Type": raw ? "application/octet-stream" : "application/json", "X-Visitor": visitor },
    body: raw ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/** Asks the server for an answer in JSON. @param {string} name @param {object} body @returns {Promise<any>} */
export async function post(name, body) {
  return (await open(name, body)).json();
}

/** Shows an error in one line, or null for none. What was cancelled is none. @param {unknown} error */
export function fail(error) {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const line = at("error");
  line.hidden = error === null;
  line.textContent = error instanceof TypeError ? t("unreachable") : error instanceof Error ? error.message : "";
  if (error instanceof TypeError) console.warn(error);
}

/**
 * Returns a text of the page, with {name} replaced by values.name.
 * @param {string} key
 * @param {Object<string, string|number>} [values]
 */
export function t(key, values = {}) {
  const text = words[lang][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/** Puts the texts of the language into the page. */
export function speak() {
  const wanted = state.lang ?? (navigator.language.startsWith("hi") ? "hi" : "en");
  lang = wanted in words ? wanted : "en";
  document.documentElement.lang = lang;
  for (const [data, property] of [["data-t", "textContent"], ["data-t-label", "ariaLabel"], ["data-t-placeholder", "placeholder"]]) {
    for (const element of document.querySelectorAll(`[${data}]`)) Object.assign(element, { [property]: t(element.getAttribute(data) ?? "") });
  }
  for (const name of languages) at("lang-" + name).ariaPressed = String(name === lang);
  document.title = t("title");
}

/** Changes the state in the URL; null removes. @param {Object<string, string|number|null>} part */
export function setState(part) {
  for (const [key, value] of Object.entries(part)) {
    if (value === null) delete state[key];
    else state[key] = String(value);
  }
  const hash = "#" + new URLSearchParams(state);
  if (location.hash !== hash) history.replaceState(null, "", hash);
  linkViews();
}

/** Reads the state from the URL. */
export function readState() {
  state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (!views.includes(state.view)) state.view = "digit";
  linkViews();
}

/** The links keep the rest of the state, so that each can be passed on. */
function linkViews() {
  for (const view of views) {
    const link = at("to-" + view);
    link.href = "#" + new URLSearchParams({ ...state, view });
    link.ariaCurrent = view === state.view ? "page" : null;
  }
}
