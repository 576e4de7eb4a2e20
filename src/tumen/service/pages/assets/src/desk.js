// What pages gain from script: parts swapped in place, keys, files dropped. All works without it.
import htmx from "htmx.org";
import "./keys.js";
import "./drop.js";
import "./copy.js";

// The page's policy allows neither evaluated code nor styles of htmx's own.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
// A refusal is shown where the answer would have been.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "(401|403|409|422|429)", swap: true, error: false },
  { code: "[45]..", swap: false, error: true },
];
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf]");
  if (token) event.detail.headers["X-CSRF-Token"] = token.content;
});
document.addEventListener("htmx:responseError", () => {
  document.querySelector("#trouble")?.removeAttribute("hidden");
});
// Boxes that tick all others of a form.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  for (const box of all.form.elements[all.dataset.all] ?? []) box.checked = all.checked;
});
// Filters apply as they are chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-apply]");
  if (form) form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
