// Buttons that copy a text of the page: <button data-copy="id of a text area" hidden>, and beside it an element with
// data-copied and data-not-copied, which says how it went.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const told = button.parentElement.querySelector("[data-copied]");
    let done = false;
    try {
      await navigator.clipboard.writeText(source.value);
      done = true;
    } catch {
      // Without a secure connection there is no clipboard; the old way still works.
      source.select();
      done = document.execCommand("copy");
    }
    if (told) told.textContent = done ? told.dataset.copied : told.dataset.notCopied;
  });
}
