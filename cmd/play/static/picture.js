// @ts-check
// Pictures: bytes and numbers become colours and text. Nothing here computes what the book
// computes.

/** Returns the bytes of a base64 string. @param {string} text */
export function bytes(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** Returns bytes as base64. @param {Uint8Array} data */
export function base64(data) {
  return btoa(String.fromCharCode(...data));
}

/** Returns a colour of the page's scheme. @param {string} name  of a CSS variable */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Object<string, Uint8ClampedArray>} */
const scales = {}; // they are asked for often, and to ask for a style is slow

/** Returns n colours, of three bytes each, that go evenly through those of CSS. @param {number} n @param {string[]} names */
function scale(n, names) {
  const key = names.join() + dark.matches;
  if (scales[key]) return scales[key];
  const stops = names.map(colour).map((s) => [1, 3, 5].map((i) => parseInt(s.slice(i, i + 2), 16)));
  const table = scales[key] = new Uint8ClampedArray(3 * n), last = stops.length - 1;
  for (let i = 0; i < n; i++) {
    const x = i / (n - 1) * last, k = Math.min(last - 1, Math.floor(x));
    for (let c = 0; c < 3; c++) table[3 * i + c] = stops[k][c] + (x - k) * (stops[k + 1][c] - stops[k][c]);
  }
  return table;
}

/** Returns the diverging scale: 255 colours from −limit, blue, over 0 to limit, orange. */
const diverge = () => scale(255, ["--minus-most", "--minus", "--zero", "--plus", "--plus-most"]);

/**
 * Paints rows×cols pixels, given a function from the index of a pixel to its place on a scale.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} cols
 * @param {Uint8ClampedArray} table @param {(i: number) => number} place
 */
function paint(canvas, rows, cols, table, place) {
  canvas.width = cols;
  canvas.height = rows;
  const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = c.createImageData(cols, rows);
  for (let i = 0; i < rows * cols; i++) {
    const k = 3 * place(i);
    image.data.set([table[k], table[k + 1], table[k + 2], 255], 4 * i);
  }
  c.putImageData(image, 0, 0);
  return canvas;
}

/** Returns where v is on the scale from −limit to limit. @param {number} v @param {number} limit */
function place(v, limit) {
  return limit > 0 ? Math.round(127 + 127 * Math.min(Math.max(v / limit, -1), 1)) : 127;
}

/**
 * Draws values, rows×cols, on the diverging scale.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values
 * @param {number} rows @param {number} cols @param {number} limit
 */
export function diverging(canvas, values, rows, cols, limit) {
  return paint(canvas, rows, cols, diverge(), (i) => place(values[i], limit));
}

/**
 * Draws part of a picture that the server sent: bytes from 1 to 255, 128 is 0.
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} data @param {number} rows @param {number} cols
 */
export function signed(canvas, data, rows, cols) {
  return paint(canvas, rows, cols, diverge(), (i) => Math.max(0, data[i] - 1));
}

/**
 * Draws an image enlarged, and a frame around some of its pixels.
 * @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} image @param {[number, number]} to  width and height
 * @param {[number, number, number, number]} frame  row and column of the first one, then how many rows and columns
 * @param {[number, number]} lines  the widths of the frame and of the line in it: one of them can be seen
 */
export function enlarge(canvas, image, [width, height], [row, col, rows, cols], lines) {
  Object.assign(canvas, { width, height });
  const x = width / image.width, y = height / image.height;
  const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  c.imageSmoothingEnabled = false;
  c.drawImage(image, 0, 0, width, height);
  ["--paper", "--ink"].forEach((name, i) => {
    c.lineWidth = lines[i];
    c.strokeStyle = colour(name);
    c.strokeRect(col * x, row * y, cols * x, rows * y);
  });
  return c;
}

/** Returns the colour of v as CSS. @param {number} v @param {number} limit */
export function shade(v, limit) {
  const k = 3 * place(v, limit), table = diverge();
  return `rgb(${table[k]},${table[k + 1]},${table[k + 2]})`;
}

/** Returns a colour in which text on shade(v, limit) can be read. @param {number} v @param {number} limit */
export function textOn(v, limit) {
  const k = 3 * place(v, limit), table = diverge();
  const [r, g, b] = [0, 1, 2].map((c) => (table[k + c] / 255) ** 2.2); // how light they are
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff"; // both have 4.5:1 there
}

/**
 * Draws an image: 0 is paper, 255 is ink.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} data @param {number} rows @param {number} cols
 */
export function grey(canvas, data, rows, cols) {
  return paint(canvas, rows, cols, scale(256, ["--paper", "--ink"]), (i) => data[i]);
}

/**
 * Writes a number as explain does: three decimals, or powers of ten if it is too small or
 * too large for that; with a true minus sign.
 * @param {number} v @param {number} [digits]  decimals, always
 */
export function number(v, digits) {
  const size = Math.abs(v);
  let s = String(v);
  if (digits !== undefined) s = v.toFixed(digits);
  else if (v !== 0 && size < 0.0005) s = v.toExponential(size > 1e-9 ? 1 : 0);
  else if (size >= 9999.5) s = v.toExponential(size < 1e9 ? 1 : 0);
  else if (size >= 99.95) s = v.toFixed(1);
  else if (v !== 0 && size !== 1) s = v.toFixed(3);
  else s = String(v + 0);
  return s.replace("e+", "e").replaceAll("-", "−");
}

/** Writes a number with its sign, also a plus. @param {number} v @param {number} [digits] */
export function signedNumber(v, digits) {
  return (v > 0 ? "+" : "") + number(v, digits);
}

/**
 * @typedef {object} Series  a curve
 * @property {string} name
 * @property {number[]} x
 * @property {number[]} y
 * @property {string} [dash]  of the line, so that not the colour alone tells curves apart
 *
 * @typedef {object} CurveOptions
 * @property {string} label  for screen readers
 * @property {[number, number]} [xRange]
 * @property {[number, number]} [yRange]
 * @property {string} [xName]
 * @property {string} [yName]
 * @property {boolean} [logY]
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Creates an element of SVG.
 * @param {string} name @param {Object<string, string|number>} attributes @param {string} [text]
 */
export function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Explains the lines of curves in element. @param {HTMLElement} element @param {Series[]} series */
export function legend(element, series) {
  element.replaceChildren(...series.map(({ name, dash }, n) => {
    const item = document.createElement("span"), sample = shape("svg", { viewBox: "0 0 28 10", class: "key", "aria-hidden": "true" });
    sample.append(shape("line", { x1: 0, x2: 28, y1: 5, y2: 5, class: `line line-${n}`, "stroke-dasharray": dash ?? "" }));
    item.append(sample, " " + name);
    return item;
  }));
}

/**
 * Draws curves with axes into an svg element, in CSS pixels, 280 of them high. It
 * returns where a value of x and one of y are in it.
 * @param {SVGElement} svg @param {Series[]} series @param {CurveOptions} options
 */
export function curve(svg, series, options) {
  svg.setAttribute("class", "curve"); // which gives it its width
  const [width, height, left, bottom, top, right] = [svg.clientWidth || 640, 280, 56, 36, 12, 12];
  const toY = options.logY ? Math.log10 : (/** @type {number} */ v) => v;
  const [x0, x1] = options.xRange ?? range(series.flatMap((s) => s.x));
  const [y0, y1] = (options.yRange ?? range(series.flatMap((s) => s.y).filter((v) => !options.logY || v > 0))).map(toY);
  const px = (/** @type {number} */ v) => left + (v - x0) / (x1 - x0 || 1) * (width - left - right);
  const py = (/** @type {number} */ v) => height - bottom - (toY(v) - y0) / (y1 - y0 || 1) * (height - top - bottom);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", options.label);
  const parts = [];
  for (const v of ticks(y0, y1)) {
    const value = options.logY ? 10 ** v : v;
    parts.push(shape("line", { x1: left, x2: width - right, y1: py(value), y2: py(value), class: "rule" }),
      shape("text", { x: left - 8, y: py(value) + 4, "text-anchor": "end" }, options.logY ? value.toExponential(0).replace("e+", "e").replaceAll("-", "−") : short(v)));
  }
  for (const v of ticks(x0, x1)) parts.push(shape("text", { x: px(v), y: height - bottom + 18, "text-anchor": "middle" }, short(v)));
  parts.push(shape("text", { x: width - right, y: height - 4, "text-anchor": "end" }, options.xName ?? ""), shape("text", { x: 4, y: 12 }, options.yName ?? ""));
  series.forEach((s, n) => {
    const points = s.x.map((x, i) => [px(x), py(s.y[i])]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    parts.push(shape("polyline", { points: points.map((p) => p.map((v) => v.toFixed(1)).join()).join(" "), class: `line line-${n}`, "stroke-dasharray": s.dash ?? "" }));
  });
  svg.replaceChildren(...parts);
  return { px, py };
}

/** @param {number[]} values @returns {[number, number]} */
function range(values) {
  const finite = values.filter(Number.isFinite);
  return finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
}

/** Returns about five round values from a to b. @param {number} a @param {number} b */
function ticks(a, b) {
  const rough = (b - a) / 5 || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const all = [];
  for (let v = Math.ceil(a / step - 1e-9) * step; v <= b + step * 1e-9; v += step) all.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return all;
}

/** @param {number} v */
function short(v) {
  return String(Number(v.toPrecision(6))).replaceAll("-", "−");
}
