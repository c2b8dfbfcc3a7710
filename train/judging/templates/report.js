"use strict";
// Filters for the articles. Without JavaScript everything is shown and the tools stay hidden.
(() => {
  const tools = document.querySelector(".tools");
  const list = document.querySelector("#articles-list");
  const articles = [...list.querySelectorAll("article")];
  const shown = document.querySelector("#shown");
  const search = tools.querySelector("input[type=search]");
  const value = (name) => tools.querySelector(`input[name=${name}]:checked`).value;

  function apply() {
    const outcomes = [...tools.querySelectorAll("input[data-outcome]")];
    for (const box of outcomes) list.classList.toggle("hide-o-" + box.dataset.outcome, !box.checked);
    for (const view of ["both", "gold", "predicted"]) list.classList.toggle("show-" + view, value("view") === view);
    list.classList.toggle("plain", !tools.querySelector("#tags").checked);
    const wanted = outcomes.filter((box) => box.checked).map((box) => ".o-" + box.dataset.outcome).join(",");
    const words = search.value.trim().toLowerCase();
    let count = 0;
    for (const article of articles) {
      const found = wanted !== "" && article.querySelector(wanted) !== null;
      const named = words === "" || article.textContent.toLowerCase().includes(words);
      article.hidden = !(named && (found || wanted === ""));
      count += article.hidden ? 0 : 1;
    }
    shown.textContent = count + " of " + articles.length + " shown";
  }

  tools.hidden = false;
  tools.addEventListener("input", apply);
  apply();
})();
