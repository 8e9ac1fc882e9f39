// @ts-check
// The page: it shows the view that the URL names, in its language.

import { at, on } from "./dom.js";
import { start as startDraw } from "./draw.js";
import * as page from "./page.js";

/** @type {Object<string, (() => void)|undefined>} */
const redraw = {}; // of the views that are started

/** Shows the view that the URL names, and starts it the first time. */
async function show() {
  const { view } = page.state;
  for (const name of page.views) at("view-" + name).hidden = name !== view;
  at("draw").hidden = !at("draw").dataset.with.split(" ").includes(view);
  if (!(view in redraw)) {
    redraw[view] = undefined;
    const file = view === "digit" ? "./forward.js" : `./${view}.js`;
    redraw[view] = (await import(file)).start();
  }
  document.documentElement.dataset.view = view;
}

/** What is drawn in code is drawn again, after a change of language or colours. */
function redrawAll() {
  for (const f of Object.values(redraw)) f?.();
}

/** Another address in the same tab: another view, language, or a whole other page. */
function navigate() {
  const { lang, state } = page;
  page.readState();
  const same = (/** @type {string} */ key) => key === "view" || key === "lang" || page.state[key] === state[key];
  if (!Object.keys({ ...state, ...page.state }).every(same)) {
    location.reload();
    return;
  }
  page.speak();
  if (page.lang !== lang) redrawAll();
  show().catch(page.fail);
}

for (const lang of page.languages) {
  on("lang-" + lang, "click", () => {
    page.setState({ lang });
    page.speak();
    redrawAll();
  });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
addEventListener("hashchange", navigate);
page.readState();
page.speak();
redraw.draw = startDraw();
show().catch(page.fail).finally(() => { document.documentElement.dataset.ready = "true"; });
