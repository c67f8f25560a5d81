// Cards of numbers in the text: what a number is, how sure, and where it comes from. Without this script a number is a link.
{
  const LABELS = { unit: "Unit", error: "Standard error", n: "n", period: "Period", source: "Source" };
  const make = (tag, content = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.append(...[content].flat());
    for (const [name, text] of Object.entries(attributes)) made.setAttribute(name, text);
    return made;
  };

  // What a card says of a number, as pairs of a term and its text.
  const facts = (said) => Object.entries(LABELS).filter(([name]) => said[name]).map(([name, label]) => [label, said[name]]);

  // Where its links lead: names and addresses.
  const links = (said, address, root) => {
    const found = [[said.record ? "The record of the study" : said.cell ? "See it in its place" : "The tests", address]];
    if (said.rows) found.push(["The rows behind it", `${address}-rows`]);
    if (said.cell) found.push(["The code", root + said.cell]);
    for (const entry of (said.entries || "").split(" ").filter(Boolean)) {
      const [name, place] = entry.split("=");
      found.push([`Data: ${name}`, root + place]);
    }
    return found;
  };

  const start = () => {
    let open = null;
    let timer = 0;
    let touched = false;
    let returned = false; // the focus, by us: no reason to open the card again

    const close = (back) => {
      clearTimeout(timer);
      if (!open) return;
      const { card, link } = open;
      const inside = card.contains(document.activeElement);
      open = null;
      card.remove();
      link.removeAttribute("aria-describedby");
      if (!back || !inside) return;
      returned = true;
      link.focus();
    };

    const show = (value) => {
      clearTimeout(timer);
      if (open?.value === value) return;
      close();
      const link = value.querySelector("a");
      if (!link) return;
      const card = make("div", [], { class: "card", role: "group", "aria-label": `About the number ${link.textContent.trim()}` });
      const list = make("dl", facts(value.dataset).flatMap(([label, text]) => [make("dt", label), make("dd", text)]));
      const about = make("div", [make("p", [make("b", link.textContent.trim()), ` ${value.dataset.what || ""}`])], { id: "card-about" });
      if (list.children.length) about.append(list);
      card.append(about, make("p", links(value.dataset, link.getAttribute("href"), document.documentElement.dataset.content_root || "./").map(([text, href]) => make("a", text, { href })), { class: "card-links" }));
      card.addEventListener("click", (event) => { if (event.target.closest("a")) setTimeout(close); });
      value.append(card);
      link.setAttribute("aria-describedby", "card-about");
      open = { value, link, card };
      place();
    };

    // Below the number where there is room, and never outside of the window.
    const place = () => {
      const { link, card } = open;
      const at = link.getClientRects()[0] || link.getBoundingClientRect();
      const { width, height } = card.getBoundingClientRect();
      const below = at.bottom + 2 + height <= innerHeight || at.top < height;
      card.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
      card.style.top = `${below ? at.bottom + 2 : at.top - height - 2}px`;
    };

    const of = (target) => (target instanceof Element ? target.closest("span.value") : null);
    document.addEventListener("pointerdown", (event) => {
      touched = event.pointerType !== "mouse";
      if (!of(event.target)) close();
    });
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      const value = of(event.target);
      clearTimeout(timer);
      // A pointer on its way to somewhere else, or from the number to its card, is given a moment.
      if (value && open?.value !== value) timer = setTimeout(show, 150, value);
      else if (!value && open && !open.value.contains(document.activeElement)) timer = setTimeout(close, 300);
    });
    document.addEventListener("focusin", (event) => {
      const value = of(event.target);
      if (returned) returned = false;
      else if (value && !touched) show(value);
      else if (!value) close();
    });
    // A touch opens the card, whose links lead on; a click of a mouse follows the link as ever.
    document.addEventListener("click", (event) => {
      const value = of(event.target);
      if (!value || !touched || open?.card.contains(event.target)) return;
      event.preventDefault();
      if (open?.value === value) close();
      else show(value);
    });
    document.addEventListener("keydown", (event) => {
      touched = false;
      if (event.key === "Escape") close(true);
    });
    addEventListener("scroll", () => { if (open) place(); }, { passive: true });
    addEventListener("resize", () => close());
  };

  if (typeof document === "undefined") module.exports = { facts, links };
  else start();
}
