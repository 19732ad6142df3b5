// A process diagram: the server's picture stands in the page; a button opens it in bpmn-js to zoom and move.
(function () {
  "use strict";

  async function open(box) {
    const canvas = box.querySelector("[data-canvas]");
    const picture = box.querySelector("[data-picture]");
    const tools = box.querySelector("[data-viewer-tools]");
    const status = box.querySelector("[data-viewer-status]");
    const viewer = new window.BpmnJS({ container: canvas });
    canvas.hidden = false;
    try {
      const answer = await fetch(box.dataset.source, { headers: { Accept: "application/xml" } });
      if (!answer.ok) throw new Error(String(answer.status));
      await viewer.importXML(await answer.text());
      viewer.get("canvas").zoom("fit-viewport", "auto");
    } catch {
      viewer.destroy();
      canvas.hidden = true;
      status.textContent = box.dataset.failed;
      return;
    }
    picture.hidden = true;
    tools.hidden = false;
    box.querySelector("[data-viewer-open]").hidden = true;
    const zoom = viewer.get("zoomScroll");
    const steps = {
      in: () => zoom.stepZoom(1),
      out: () => zoom.stepZoom(-1),
      fit: () => viewer.get("canvas").zoom("fit-viewport", "auto"),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen()),
      close: () => {
        viewer.destroy();
        canvas.hidden = tools.hidden = true;
        picture.hidden = false;
        const opener = box.querySelector("[data-viewer-open]");
        opener.hidden = false;
        opener.focus();
      },
    };
    for (const button of tools.querySelectorAll("[data-step]")) button.onclick = steps[button.dataset.step];
    tools.querySelector("[data-step=fit]").focus();
    document.addEventListener("fullscreenchange", () => steps.fit());
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-viewer]")) {
      const opener = box.querySelector("[data-viewer-open]");
      opener.hidden = false;
      opener.addEventListener("click", () => open(box));
    }
  });
})();
