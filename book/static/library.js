// Filters of a library. Without this script the page is the complete list.
(() => {
  const form = document.querySelector("form.library-filters");
  const count = document.querySelector(".library-count");
  const entries = form ? [...document.querySelectorAll(form.dataset.list)] : [];
  if (!entries.length) return;
  const noun = form.dataset.noun;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = entries.map((entry) => plain(entry.textContent));

  const apply = () => {
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const words = plain(form.elements.words.value).split(/\s+/).filter(Boolean);
    const codes = chosen.filter(([name]) => name !== "words").map(([name, value]) => `${name}-${value}`);
    let shown = 0;
    entries.forEach((entry, number) => {
      const fits = codes.every((code) => entry.classList.contains(code)) && words.every((word) => texts[number].includes(word));
      entry.hidden = !fits;
      shown += fits;
    });
    count.textContent = shown === entries.length ? `All ${shown} ${noun}` : `${shown} of ${entries.length} ${noun}`;
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  };

  for (const [name, value] of new URLSearchParams(location.search)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  form.hidden = count.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
