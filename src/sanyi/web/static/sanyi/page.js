// 页面行为: keyboard shortcuts, dialogs, the theme button, printing, confirmation and chosen file names.
(function () {
  "use strict";
  const isTyping = (element) =>
    element && (element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName));

  function focusSearch() {
    const box = document.querySelector("main [data-search], main input[type=search]") || document.querySelector("[data-search]");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  }

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  let isGoing = false;
  let timer = 0;
  function startGoing() {
    isGoing = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (isGoing = false), 1500);
  }

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(document.activeElement)) {
      document.activeElement.blur();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (isGoing) {
      isGoing = false;
      const link = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (event.key === "/") {
      if (focusSearch()) event.preventDefault();
    } else if (event.key === "?") {
      openDialog("shortcuts");
    } else if (event.key === "g") {
      startGoing();
    } else if (event.key === "t") {
      window.sanyiTheme.toggle();
    }
  }

  function onClick(event) {
    const target = event.target.closest("[data-theme-toggle],[data-dialog],[data-print],[data-row-link]");
    if (!target) return;
    if (target.hasAttribute("data-theme-toggle")) window.sanyiTheme.toggle();
    else if (target.hasAttribute("data-dialog")) openDialog(target.dataset.dialog);
    else if (target.hasAttribute("data-print")) window.print();
    else if (!event.target.closest("a,button,input,label,select")) {
      const link = target.querySelector("a[href]");
      if (link && !String(window.getSelection())) link.click();
    }
  }

  function onSubmit(event) {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (event.target.hasAttribute("data-once")) {
      for (const button of event.target.querySelectorAll("button[type=submit],button:not([type])")) {
        window.setTimeout(() => (button.disabled = true), 0);
      }
    }
  }

  function onChange(event) {
    const element = event.target;
    if (element.matches("[data-submit-on-change]") && element.form) element.form.requestSubmit();
    if (element.matches("input[type=file][data-file-name]")) {
      const place = document.getElementById(element.dataset.fileName);
      if (place) place.textContent = Array.from(element.files, (file) => file.name).join("、");
    }
  }

  function onDrag(event) {
    const zone = event.target.closest && event.target.closest("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", event.type === "dragover");
    if (event.type !== "drop") return;
    const input = zone.querySelector("input[type=file]");
    if (input && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("change", onChange);
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, onDrag);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
  });
  // A refused fragment (4xx with a sentence) is shown in its place instead of being dropped.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 400 && status < 500 && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
