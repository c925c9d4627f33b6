// 审核页: moves through what was read by keyboard, shows the clause of each item, opens the form for correcting.
(function () {
  "use strict";
  const review = document.querySelector("[data-review]");
  if (!review) return;
  let current = null;

  const items = () => Array.from(review.querySelectorAll("[data-item]"));
  const isTyping = (element) => element && (element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName));

  function clauseOf(address) {
    return review.querySelector(`[data-clause-body="${CSS.escape(address)}"]`);
  }

  function show(item, scrolls) {
    for (const other of review.querySelectorAll(".is-current")) other.classList.remove("is-current");
    current = item ? item.id : null;
    if (!item) return;
    item.classList.add("is-current");
    if (scrolls) item.scrollIntoView({ block: "nearest" });
    const clause = clauseOf(item.dataset.clause);
    if (clause) {
      clause.classList.add("is-current");
      const box = clause.closest("[data-clauses]");
      box.scrollTo({ top: clause.offsetTop - box.offsetTop - 48 });
    }
  }

  function step(by) {
    const all = items();
    if (!all.length) return;
    const at = all.findIndex((item) => item.id === current);
    show(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))], true);
  }

  function edit(item) {
    const form = item.querySelector("[data-edit-form]");
    if (!form) return;
    form.hidden = !form.hidden;
    item.querySelector("[data-edit]")?.setAttribute("aria-expanded", String(!form.hidden));
    if (form.hidden) return;
    const lead = form.querySelector("input[name=lead_unit]");
    (lead && !lead.value ? lead : form.querySelector("input:not([type=hidden]),select"))?.focus();
  }

  // A task that was not read: the form opens at the clause of the current item, ready to type.
  function openMissed() {
    const box = review.querySelector("[data-missed]");
    const clause = box.querySelector("[data-missed-clause]");
    const item = current && document.getElementById(current);
    box.open = true;
    if (item && item.dataset.clause) clause.value = item.dataset.clause;
    clause.focus();
    box.scrollIntoView({ block: "nearest" });
  }

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
      return;
    }
    if (event.key === "n" && review.querySelector("[data-missed]")) {
      event.preventDefault();
      openMissed();
      return;
    }
    const item = current && document.getElementById(current);
    const button = item && "aeoru".includes(event.key) && item.querySelector(`[data-key="${event.key}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  }

  review.addEventListener("click", (event) => {
    const link = event.target.closest("[data-clause-link]");
    const item = event.target.closest("[data-item]");
    if (link) event.preventDefault();
    if (event.target.closest("[data-edit]") && item) edit(item);
    if (item) show(item, false);
  });
  document.addEventListener("keydown", onKey);
  // An item that came back from the server stays the current one; a reviewed one makes room for the next, once:
  // whoever has moved on meanwhile, or swaps something else, is not moved again.
  let sent = null;
  review.addEventListener("submit", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) sent = item.id;
  }, true);
  document.addEventListener("htmx:afterSwap", () => {
    const item = current && document.getElementById(current);
    const isAnswered = item && sent === current;
    sent = null;
    if (!item) return;
    show(item, false);
    if (isAnswered && item.dataset.state !== "proposed" && !item.querySelector("[role=alert]")) step(1);
  });
  const wanted = decodeURIComponent(window.location.hash.slice(1));
  const first = items().find((item) => item.id === wanted || item.dataset.clause === wanted);
  show(first || items().find((item) => item.dataset.state === "proposed") || items()[0], Boolean(first));
})();
