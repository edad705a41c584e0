// Arrow keys in the covenant's matrix: one stop for Tab, then up, down, left and right.
(() => {
  const table = document.getElementById("matrix");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("td > a")])
    .filter((cells) => cells.length > 0);
  const cells = rows.flat();
  const start = table.querySelector("a[aria-current]") ?? cells[0];
  for (const cell of cells) cell.tabIndex = cell === start ? 0 : -1;

  const target = (key, y, x) => {
    switch (key) {
      case "ArrowUp": return rows[y - 1]?.[x];
      case "ArrowDown": return rows[y + 1]?.[x];
      case "ArrowLeft": return rows[y][x - 1];
      case "ArrowRight": return rows[y][x + 1];
      case "Home": return rows[y][0];
      case "End": return rows[y].at(-1);
      default: return undefined;
    }
  };

  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const y = rows.findIndex((row) => row.includes(document.activeElement));
    if (y < 0) return;
    const next = target(event.key, y, rows[y].indexOf(document.activeElement));
    if (!next) return;
    event.preventDefault();
    document.activeElement.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
})();
