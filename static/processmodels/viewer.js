// A process diagram: the server's picture stands in the page; a button opens it in bpmn-js to zoom and move.
(function () {
  "use strict";

  // Those of the server's picture; outside of shapes a little smaller, because many files give names no room to spare
  // and bpmn-js would break "ja" into two lines.
  const LETTERS = { defaultStyle: { fontFamily: "Fira Sans, Arial, sans-serif" }, externalStyle: { fontSize: 10 } };
  const STEP = 60; // pixels that an arrow key moves the picture
  const MOVES = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
  const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", f: "full", Escape: "close" };

  async function load(box, holder) {
    const viewer = new window.BpmnJS({ container: holder, textRenderer: LETTERS });
    try {
      const answer = await fetch(box.dataset.source, { headers: { Accept: "application/xml" } });
      if (!answer.ok) throw new Error(String(answer.status));
      await viewer.importXML(await answer.text());
      viewer.get("canvas").zoom("fit-viewport", "auto");
      return viewer;
    } catch {
      viewer.destroy();
      return null;
    }
  }

  // What the buttons and keys do.
  function stepsOf(box, viewer, close) {
    const zoom = viewer.get("zoomScroll");
    return {
      in: () => zoom.stepZoom(1),
      out: () => zoom.stepZoom(-1),
      fit: () => viewer.get("canvas").zoom("fit-viewport", "auto"),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen()),
      close,
    };
  }

  function onKey(event, viewer, steps) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move) viewer.get("canvas").scroll({ dx: move[0], dy: move[1] });
    else if (KEYS[event.key]) steps[KEYS[event.key]]();
    else return;
    event.preventDefault();
  }

  async function open(box) {
    const part = (name) => box.querySelector(`[data-${name}]`);
    const [holder, picture, tools, opener, status] =
      ["canvas", "picture", "viewer-tools", "viewer-open", "viewer-status"].map(part);
    opener.disabled = true;
    holder.hidden = false;
    const viewer = await load(box, holder);
    opener.disabled = false;
    holder.hidden = !viewer;
    status.textContent = viewer ? "" : box.dataset.failed;
    if (!viewer) return;

    const opened = new AbortController();
    const { signal } = opened;
    const show = (open) => { holder.hidden = tools.hidden = !open; picture.hidden = opener.hidden = open; };
    const steps = stepsOf(box, viewer, () => {
      if (document.fullscreenElement) document.exitFullscreen();
      opened.abort();
      viewer.destroy();
      show(false);
      opener.focus();
    });
    show(true);
    const surface = holder.querySelector("svg[tabindex]");
    surface.setAttribute("role", "application");
    surface.setAttribute("aria-label", box.dataset.label);
    // Before bpmn-js, which knows some of these keys itself.
    holder.addEventListener("keydown", (event) => onKey(event, viewer, steps), { signal, capture: true });
    for (const button of tools.querySelectorAll("[data-step]")) {
      button.addEventListener("click", steps[button.dataset.step], { signal });
      if (button.dataset.step === "full") button.hidden = !document.fullscreenEnabled;
    }
    document.addEventListener("fullscreenchange", steps.fit, { signal });
    surface.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-viewer]")) {
      const opener = box.querySelector("[data-viewer-open]");
      opener.hidden = false;
      opener.addEventListener("click", () => open(box));
    }
  });
})();
