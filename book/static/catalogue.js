// Search of the catalogue. Without this script the page is the complete list.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Whether an entry, given as its text and classes, has all words and all chosen codes.
const fits = (entry, words, codes) =>
  plain(words).split(/\s+/).every((word) => entry.text.includes(word)) && codes.every((code) => entry.classes.includes(code));

const start = () => {
  const form = document.querySelector(".catalogue-search");
  const status = document.querySelector(".catalogue-count");
  if (!form) return;
  const entries = [...document.querySelectorAll("section.indicator")].map((section) => ({
    section,
    classes: [...section.classList],
    text: plain(section.textContent),
    listed: document.querySelector(`.page-toc a[href="#${section.id}"]`)?.closest("li"),
  }));

  const apply = () => {
    const { words, chapter, publisher } = form.elements;
    const codes = [chapter.value, publisher.value].filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const hidden = !fits(entry, words.value, codes);
      entry.section.hidden = hidden;
      if (entry.listed) entry.listed.hidden = hidden;
      shown += !hidden;
    }
    status.textContent = shown === entries.length ? `All ${shown} tables` : `${shown} of ${entries.length} tables`;
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
  };

  // A link to an entry that the search hides ends the search.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest("section.indicator[hidden]")) return;
    for (const field of [form.elements.words, form.elements.chapter, form.elements.publisher]) field.value = "";
    apply();
    target.scrollIntoView();
  };

  for (const citation of document.querySelectorAll(".indicator-citation")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(citation.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(citation);
        button.textContent = "Selected: copy it with your keyboard";
      }
    });
    citation.after(button);
  }
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  form.hidden = status.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", reveal);
  apply();
  reveal();
};

if (typeof document === "undefined") module.exports = { fits, plain };
else start();
