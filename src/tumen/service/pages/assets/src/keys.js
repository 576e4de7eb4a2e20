// Keys. `data-key="j"` on a link, button or field makes the key press or focus it; `data-rows` on a
// list lets `j` and `k` walk over its rows, and a key of a row counts for the row that has the focus.
// People who speak to their machine can switch the keys off (WCAG 2.1.4).
const OFF = "tumen-keys-off";
let waiting = "";

function isTyping(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")];
}

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  // The link that a row is about, where it has one: so Enter opens it, and it is read aloud.
  (next.querySelector("[data-main]") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function keyed(name) {
  const row = document.activeElement?.closest("[data-row]");
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)];
  // In a row, a key never means another row.
  const within = row && all.find((one) => row.contains(one));
  return within ?? all.find((one) => !row || !one.closest("[data-row]"));
}

function press(element) {
  if (element.matches("input:not([type=checkbox]), textarea, select, summary ~ *")) element.focus();
  else if (element.matches("fieldset, section, [data-focus]")) {
    (element.querySelector("input, select, textarea, button") ?? element).focus();
  } else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "?") {
    document.querySelector("#keys")?.showModal();
    return event.preventDefault();
  }
  if (localStorage.getItem(OFF)) return;
  const name = waiting + event.key;
  waiting = "";
  if (name === "g") {
    waiting = "g ";
    setTimeout(() => (waiting = ""), 1500);
    return;
  }
  if ((name === "j" && walk(1)) || (name === "k" && walk(-1))) return event.preventDefault();
  const element = keyed(name);
  if (element) {
    event.preventDefault();
    press(element);
  }
});

const box = document.querySelector("#keys-on");
if (box) {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) document.querySelector("#keys")?.showModal();
});
