// A file dropped on `[data-drop]` goes into its file field, as if it had been chosen there.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    const field = zone.querySelector("input[type=file]");
    if (kind !== "drop" || !event.dataTransfer.files.length || !field) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-drop] input[type=file]");
  const name = field?.closest("[data-drop]").querySelector("[data-chosen]");
  if (name) name.textContent = [...field.files].map((file) => file.name).join(", ");
});
