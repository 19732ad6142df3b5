// Buttons that copy a text of the page: <button data-copy="id" hidden>, and beside it an element with data-copied and
// data-not-copied, which says how it went. A text area is copied as it is, anything else as rich text and as plain text.
(function () {
  "use strict";

  function select(source) {
    if (source.select) return source.select();
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  function write(source) {
    if (source.select) return navigator.clipboard.writeText(source.value);
    const as = (type, text) => [type, new Blob([text], { type })];
    const forms = [as("text/html", source.innerHTML.trim()), as("text/plain", source.innerText.trim())];
    return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(forms))]);
  }

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const told = button.parentElement.querySelector("[data-copied]");
      let done = false;
      try {
        await write(source);
        done = true;
      } catch {
        // Without a secure connection there is no clipboard; the old way still works.
        select(source);
        done = document.execCommand("copy");
      }
      if (told) told.textContent = done ? told.dataset.copied : told.dataset.notCopied;
    });
  }
})();
