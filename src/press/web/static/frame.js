// What is around the text of every page, where style alone cannot do it.

// What scrolls sideways can be reached and moved with keys, and says what it is; what fits is no stop on the way.
const WIDE = ".table-wrapper, .math-wrapper, pre, .cell_output > .output, .exhibit-data";
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth <= target.clientWidth + 1 && target.scrollHeight <= target.clientHeight + 1) {
      if (target.dataset.scrolls) ["tabindex", "role", "aria-label", "data-scrolls"].forEach((name) => target.removeAttribute(name));
    } else if (!target.hasAttribute("tabindex")) {
      const heading = target.closest("section")?.querySelector("h1, h2, h3, h4");
      const named = target.querySelector("caption") || heading;
      Object.assign(target, { tabIndex: 0, role: "region" });
      // Two parts of one name could not be told apart.
      const name = `Scrolls: ${named ? named.innerText.replace("#", "").trim().slice(0, 120) : "table"}`;
      let label = name;
      for (let n = 2; document.querySelector(`[data-scrolls][aria-label="${CSS.escape(label)}"]`); n += 1) label = `${name} (${n})`;
      target.setAttribute("aria-label", label);
      target.dataset.scrolls = "yes";
    }
  }
});
document.querySelectorAll(WIDE).forEach((element) => sizes.observe(element));

// Both columns at the sides are drawers on small screens: Escape closes them, and the key goes on where it was.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".sidebar-toggle:checked");
  if (!open) return;
  open.checked = false;
  open.focus();
});

// On paper nothing can be opened any more. Tables of data are printed where the reader has opened them.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("article details:not([open])")) {
    if (!folded.querySelector("table") || !folded.closest(".exhibit-foot")) {
      folded.open = true;
      folded.dataset.printed = "yes";
    }
  }
  const address = document.querySelector(".printed-from span:empty");
  if (address) address.textContent = location.href;
});
addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-printed]")) {
    opened.open = false;
    delete opened.dataset.printed;
  }
});
