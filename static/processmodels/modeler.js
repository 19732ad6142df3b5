// Drawing a process: bpmn-js fills the box, every change is kept in this browser at once and goes into the
// hidden field when the form is sent. What was drawn before a session ended is offered again.
import german from "../vendor/bpmn-js-i18n/de.js";

const KEEP_AFTER = 400; // milliseconds of rest after a change

function translate(template, replacements) {
  const words = german[template] || template;
  return words.replace(/{([^}]+)}/g, (_whole, key) => (replacements && replacements[key]) || `{${key}}`);
}

function keeper(key) {
  return {
    read() { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } },
    // Whether it is kept: the browser may be full or forbid it.
    write(copy) {
      try { localStorage.setItem(key, JSON.stringify({ ...copy, at: Date.now() })); } catch { return false; }
      return true;
    },
    drop() { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };
}

function randomToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function setUp(box) {
  const form = box.closest("form");
  const field = form.querySelector("[data-drawing]");
  const token = form.querySelector("[data-drawing-token]");
  const status = box.querySelector("[data-modeler-status]");
  const kept = keeper(box.dataset.keep);
  const modeler = new window.BpmnJS({
    container: box.querySelector("[data-canvas]"),
    additionalModules: [{ translate: ["value", translate] }],
  });
  let changed = false;
  let leaving = false;

  async function show(xml) {
    await modeler.importXML(xml);
    modeler.get("canvas").zoom("fit-viewport", "auto");
  }

  async function current() {
    return (await modeler.saveXML({ format: true })).xml;
  }

  // `sent` is the token it was sent with: only the server knows whether that very drawing arrived.
  async function keep(sent) {
    const copied = kept.write({ xml: await current(), sent });
    if (!copied) status.textContent = box.dataset.unkept;
    else if (status.textContent === box.dataset.unkept) status.textContent = "";
  }

  try {
    const answer = await fetch(box.dataset.source, { headers: { Accept: "application/xml" } });
    if (!answer.ok) throw new Error(String(answer.status));
    await show(await answer.text());
  } catch {
    status.textContent = box.dataset.failed;
    return;
  }

  const earlier = kept.read();
  const arrived = earlier && earlier.sent && earlier.sent === box.dataset.arrived;
  const offer = box.querySelector("[data-modeler-offer]");
  if (earlier && earlier.xml && !arrived && earlier.xml !== (await current())) {
    offer.hidden = false;
    offer.querySelector("[data-restore]").onclick = async () => {
      await show(earlier.xml);
      changed = true;
      offer.hidden = true;
      status.textContent = box.dataset.restored;
    };
    offer.querySelector("[data-forget]").onclick = () => { kept.drop(); offer.hidden = true; };
  } else {
    kept.drop();
  }

  let timer = 0;
  modeler.on("commandStack.changed", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(() => keep(""), KEEP_AFTER);
  });

  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    const button = event.submitter;
    // An unchanged drawing is not sent: the file keeps the very bytes that were uploaded.
    field.value = changed ? await current() : "";
    if (new Blob([field.value]).size > Number(box.dataset.maxBytes)) {
      field.value = "";
      status.textContent = box.dataset.tooLarge;
      status.scrollIntoView({ block: "center" });
      return;
    }
    token.value = changed ? randomToken() : "";
    clearTimeout(timer);
    if (changed) await keep(token.value);
    leaving = true;
    // Not within the event itself: there the browser ignores it.
    setTimeout(() => form.requestSubmit(button));
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });
  box.dataset.ready = "true";
}

for (const box of document.querySelectorAll("[data-modeler]")) setUp(box);
