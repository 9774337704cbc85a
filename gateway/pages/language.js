/*
 * The language of a page for people, before it is painted (a plain script in the head, so that nobody sees the other one
 * for a moment). Both languages stand in the page; page.css hides the one that `lang` of <html> does not name.
 */
(() => {
  const KEY = "support-pages.language";
  const languages = ["fr", "en"];

  function remembered() {
    const asked = new URLSearchParams(location.search).get("lang");
    try {
      return asked ?? localStorage.getItem(KEY);
    } catch {
      return asked; // no storage: French again at the next visit
    }
  }

  function speak(language) {
    const root = document.documentElement;
    root.lang = language;
    document.title = root.dataset[language === "fr" ? "titleFr" : "titleEn"];
    for (const button of document.querySelectorAll("[data-speak]")) {
      button.setAttribute("aria-pressed", String(button.dataset.speak === language));
    }
    document.dispatchEvent(new CustomEvent("page-language", { detail: language }));
  }

  const first = remembered();
  if (languages.includes(first)) speak(first);

  addEventListener("DOMContentLoaded", () => {
    speak(document.documentElement.lang);
    for (const button of document.querySelectorAll("[data-speak]")) {
      button.addEventListener("click", () => {
        try {
          localStorage.setItem(KEY, button.dataset.speak);
        } catch {
          // The choice holds for this page only.
        }
        speak(button.dataset.speak);
      });
    }
  });
})();
