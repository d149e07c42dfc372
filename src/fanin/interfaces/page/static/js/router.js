// Addresses without loading the page again: plain links work, and so does going back.
let changed = () => {};
export const onChange = (show) => { changed = show; };
export function go(to, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  changed();
  scrollTo(0, 0);
}
addEventListener("popstate", () => changed());
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || to.pathname.startsWith("/page/") || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  go(to.pathname + to.search + to.hash);
});
