// What all pages of the inbox do better with JavaScript: one-key shortcuts, the menu that closes itself, forms that are sent once.
// A page declares a key on the element that the key clicks or focuses: data-key="c" data-key-title="Mark as contacted".

const OFF = "usher-keys-off";
const FIELDS = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]";

const keysAreOff = () => localStorage.getItem(OFF) === "yes";
const declared = () => [...document.querySelectorAll("[data-key]")].filter((element) => element.dataset.key);
const isInSight = (element) => element.checkVisibility({ visibilityProperty: true }) || Boolean(element.closest("details.more"));

function press(element) {
  if (element.matches(FIELDS)) element.focus();
  else element.click();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    return showKeys();
  }
  if (keysAreOff()) return;
  const element = declared().find((one) => one.dataset.key === event.key && isInSight(one) && !one.disabled);
  if (!element) return;
  event.preventDefault();
  press(element);
}

function entry(key, title) {
  const term = document.createElement("dt");
  term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  return [term, Object.assign(document.createElement("dd"), { textContent: title })];
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = Object.assign(document.createElement("h2"), { id: "keys-title", textContent: "Keyboard shortcuts" });
  const list = document.createElement("dl");
  const seen = new Set();
  for (const element of declared().filter(isInSight)) {
    const { key, keyTitle } = element.dataset;
    if (!seen.has(key)) list.append(...entry(key, keyTitle || element.textContent.trim()));
    seen.add(key);
  }
  list.append(...entry("?", "Show this list"));
  const label = document.createElement("label");
  label.className = "row";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !keysAreOff() });
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
  label.append(box, "Single keys work in this browser");
  const close = Object.assign(document.createElement("button"), { type: "button", className: "primary", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  const foot = document.createElement("p");
  foot.append(close);
  dialog.append(title, list, label, foot);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

function closeMenu(event) {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    const isEscape = event.type === "keydown" && event.key === "Escape";
    if (!isEscape && menu.contains(event.target)) continue;
    if (event.type === "keydown" && !isEscape) continue;
    menu.open = false;
    if (isEscape) menu.querySelector("summary").focus();
  }
}

// A form sent twice by a double click would be met twice. A page that comes back from the browser's memory may send again.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
}
const forgetSent = () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);

// <button data-copy="field-id"> copies a text, <form data-confirm="…?"> asks first.
async function onClick(event) {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = "Copied";
}
function onSubmit(event) {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) return event.preventDefault();
  sendOnce(event);
}

document.addEventListener("keydown", onKey);
document.addEventListener("keydown", closeMenu);
document.addEventListener("click", closeMenu);
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
window.addEventListener("pageshow", forgetSent);
document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = !navigator.clipboard));

const keys = document.getElementById("keys");
if (keys) {
  keys.hidden = false;
  keys.addEventListener("click", showKeys);
}
document.getElementById("problems")?.focus();
