// Keeps words typed in a form until they are saved: form[data-backup-key="user:record"]. After a reload, a crash or a
// session timeout it offers them again. Nothing leaves the browser, and a saved form clears its copy: the page after it
// carries [data-backup-clear="… saved=user:record"] (or dropped=…). Copies of what was never sent stay after a save.
(function () {
  "use strict";
  if (window.PortalBackup) return;
  window.PortalBackup = true;
  const PREFIX = "portal-backup:";
  const PAUSE = 800;
  const DAYS = 30;

  function read(key) {
    try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
  }

  function forget(key) {
    try { localStorage.removeItem(PREFIX + key); } catch { /* nothing was kept then */ }
  }

  function clear(mark) {
    const [, how, done] = /\b(saved|dropped)=(\S+)/.exec(mark) || [];
    if (!done) return;
    for (const name of Object.keys(localStorage).filter((other) => other.startsWith(PREFIX))) {
      const key = name.slice(PREFIX.length);
      if (key !== done && !key.startsWith(done + ":")) continue;
      const kept = read(key);
      if (how === "dropped" || !kept || kept.sent) forget(key);
    }
  }

  function store(key, values, sent) {
    try { localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values, sent })); } catch { /* full: the server still keeps each step */ }
  }

  function controls(form) {
    return [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken"
      && !["submit", "button", "file", "password", "hidden", "reset"].includes(field.type) && field.tagName !== "FIELDSET");
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
    return field.value.replace(/\r\n/g, "\n");
  }

  // Radio buttons and check boxes share a name, so their value is part of the key.
  function keyOf(field) {
    return field.type === "checkbox" || field.type === "radio" ? `${field.name}=${field.value}` : field.name;
  }

  function snapshot(form) {
    return Object.fromEntries(controls(form).map((field) => [keyOf(field), valueOf(field)]));
  }

  function addRows(form, values) {
    for (const group of form.querySelectorAll("[data-formset]")) {
      const prefix = group.dataset.formset + "-";
      const numbers = Object.keys(values).filter((name) => name.startsWith(prefix))
        .map((name) => parseInt(name.slice(prefix.length), 10)).filter(Number.isInteger);
      for (let n = 0; numbers.length && n <= Math.max(...numbers); n += 1) {
        if (!form.querySelector(`[name^="${CSS.escape(prefix + n)}-"]`)) group.dispatchEvent(new Event("portal:add-row"));
      }
    }
  }

  function restore(form, values) {
    addRows(form, values);
    for (const field of controls(form)) {
      const value = values[keyOf(field)];
      if (value === undefined) continue;
      if (typeof value === "boolean") field.checked = value;
      else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
      else field.value = value;
      for (let fold = field.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
        if (value && value !== field.defaultValue) fold.open = true;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function differs(kept, shown) {
    return Object.keys(kept).some((name) => {
      const now = shown[name] === undefined ? "" : shown[name];
      return JSON.stringify(kept[name]) !== JSON.stringify(now) && (kept[name] !== false || now !== "");
    });
  }

  function offer(form, key, kept) {
    const box = form.querySelector("[data-backup-offer]");
    const status = form.querySelector("[data-backup-status]");
    if (!box) return;
    const time = box.querySelector("[data-backup-time]");
    if (time) time.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang || "de", { dateStyle: "medium", timeStyle: "short" });
    box.querySelector("[data-backup-restore]").addEventListener("click", () => {
      restore(form, kept.values);
      done("restored");
    });
    box.querySelector("[data-backup-discard]").addEventListener("click", () => {
      forget(key);
      done("discarded");
    });
    box.hidden = false;

    function done(word) {
      box.hidden = true;
      if (status) status.textContent = status.dataset[word];
      const first = controls(form)[0];
      if (first) first.focus();
    }
  }

  function watch(form) {
    const key = form.dataset.backupKey;
    const original = snapshot(form);
    const kept = read(key);
    const fresh = kept && Date.now() - kept.at < DAYS * 864e5;
    if (fresh && differs(kept.values, original)) {
      // It was sent and did not arrive, or not in full.
      if (kept.sent) store(key, kept.values, false);
      offer(form, key, kept);
    } else if (kept && !form.hasAttribute("data-backup-hold")) forget(key);
    let timer = 0;

    function keep(sent) {
      clearTimeout(timer);
      timer = 0;
      const values = snapshot(form);
      if (!differs(values, original)) return forget(key);
      store(key, values, sent);
    }

    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(false), PAUSE);
    });
    form.addEventListener("submit", () => keep(true));
    addEventListener("pagehide", () => { if (timer) keep(false); });
  }

  function start() {
    // The page after a successful save says which copy is no longer needed.
    for (const mark of document.querySelectorAll("[data-backup-clear]")) clear(mark.dataset.backupClear);
    for (const form of document.querySelectorAll("form[data-backup-key]")) watch(form);
  }

  document.addEventListener("DOMContentLoaded", start);
})();
