/* "As the system": follows the device between light and dark. Runs before the first paint. */
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (root.dataset.theme === "system") root.dataset.bsTheme = device.matches ? "dark" : "light";
  };
  follow();
  device.addEventListener("change", follow);
})();
