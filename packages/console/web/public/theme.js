// Runs before the first paint, as a file of its own because the page's policy allows no inline script.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let choice = "system";
    try {
      choice = localStorage.getItem("aito-theme") || "system";
    } catch {
      // No storage: follow the system.
    }
    document.documentElement.dataset.theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("aito-theme", apply);
  addEventListener("storage", apply);
})();
