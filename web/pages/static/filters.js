"use strict";

/* The filters of the ask box: their chips say what is set as it is typed, and clear it. Without this file they say it
   once the page is loaded again, and their fields are emptied by hand. */

const asDay = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const dayOf = (field) => field.value && asDay.format(new Date(field.value));

/* The server knows the title of the article that the page was opened for. */
const titled = document.querySelector("#ask [data-filter=article] .words")?.textContent;

const WORDS = {
  source: ([source]) => source.value.trim() && `Source: ${source.value.trim()}`,
  date: ([from, until]) => inDays(dayOf(from), dayOf(until)),
  language: ([language]) => language.value && `Language: ${language.selectedOptions[0].text}`,
  article: ([article]) => (article.value === article.defaultValue ? titled : inArticles(article.value.trim())),
};

function inDays(first, last) {
  if (first && last) {
    return `${first} to ${last}`;
  }
  return first ? `From ${first}` : last && `Until ${last}`;
}

/* Several articles have generated ids, which hold no blanks. */
function inArticles(typed) {
  const words = typed.split(/\s+/u);
  const areSeveral = words.length > 1 && words.every((id) => /^art_[0-9a-f]{16}$/u.test(id));
  return areSeveral ? `${words.length.toLocaleString("en")} articles` : typed && `Article: ${typed}`;
}

const filtersOfBox = [...document.querySelectorAll("#ask .filter")];
const fieldsOf = (filter) => [...filter.querySelectorAll("input, select")];

function showFilters() {
  for (const filter of filtersOfBox) {
    const words = WORDS[filter.dataset.filter](fieldsOf(filter));
    filter.classList.toggle("set", Boolean(words));
    filter.querySelector("bdi").textContent = words || filter.dataset.label;
    filter.querySelector(".words").textContent = words;
  }
  const set = filtersOfBox.filter((filter) => filter.classList.contains("set"));
  document.getElementById("clear-filters")?.toggleAttribute("hidden", set.length < 2);
}

function clear(filters) {
  filters.flatMap(fieldsOf).forEach((field) => (field.value = ""));
  showFilters();
  document.getElementById("question").focus();
}

/* The filters of a question that was asked without the ask box hold for the next one too. */
function takeFilters(form) {
  for (const field of filtersOfBox.flatMap(fieldsOf).filter((field) => form.elements[field.name])) {
    field.value = form.elements[field.name].value;
  }
  showFilters();
}

for (const filter of filtersOfBox) {
  filter.querySelector(".clear").addEventListener("click", () => clear([filter]));
  filter.addEventListener("input", showFilters);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input, select")) {
      event.preventDefault(); // or the question would be asked
      filter.querySelector(".pop").hidePopover();
      document.getElementById("question").focus();
    }
  });
}
document.getElementById("clear-filters")?.addEventListener("click", () => clear(filtersOfBox));
document.getElementById("ask").addEventListener("invalid", (event) => event.target.closest(".pop")?.showPopover(), true);
showFilters();
