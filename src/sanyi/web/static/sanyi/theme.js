// 深浅色: applies the reader's choice before the page is painted; without a choice the system decides.
(function () {
  "use strict";
  const key = "sanyi-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  function current() {
    const chosen = window.localStorage.getItem(key);
    return chosen === "dark" || chosen === "light" ? chosen : system.matches ? "dark" : "light";
  }
  function apply() {
    document.documentElement.setAttribute("data-bs-theme", current());
    document.dispatchEvent(new CustomEvent("sanyi:theme"));
  }
  window.sanyiTheme = {
    current,
    toggle() {
      window.localStorage.setItem(key, current() === "dark" ? "light" : "dark");
      apply();
    },
  };
  system.addEventListener("change", apply);
  apply();
})();
