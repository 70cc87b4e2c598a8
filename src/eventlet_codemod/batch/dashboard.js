"use strict";
// Sorts and filters the table of repositories. Nothing that the page says depends on it.
(() => {
  const table = document.getElementById("repos");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const get = (id) => document.getElementById(id);
  const find = get("find"), state = get("state"), owner = get("owner"), group = get("group");
  const order = Array.from(state.options, (option) => option.value);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const STATE = 1, WAVE = 2, OWNER = 3, GROUP = 4, TIME = 13, FILES = 14;

  const text = (row, column) => row.cells[column].textContent;
  const seconds = (clock) => clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const all = words.length ? row.textContent.toLowerCase() : "";
      const keep = (!state.value || row.dataset.state === state.value)
        && (!owner.value || text(row, OWNER) === owner.value)
        && (!group.value || text(row, GROUP) === group.value)
        && words.every((word) => all.includes(word));
      row.hidden = !keep;
      count += keep;
    }
    get("shown").textContent = `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  }

  function sort(heading, column, number) {
    const before = heading.ariaSort;
    const down = before ? before === "ascending" : number && column !== WAVE;
    const key = (row) => {
      const value = text(row, column);
      if (column === STATE) return order.indexOf(row.dataset.state);
      if (!value) return null;
      if (column === TIME) return seconds(value);
      return number ? Number(value) : value;
    };
    const compare = number || column === STATE ? (a, b) => a - b : collator.compare;
    const keyed = rows.map((row, index) => ({ row, index, value: key(row) }));
    keyed.sort((a, b) => {
      // What has no value comes last, whichever way round.
      if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.index - b.index;
      return (down ? compare(b.value, a.value) : compare(a.value, b.value)) || a.index - b.index;
    });
    body.append(...keyed.map((item) => item.row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.ariaSort = down ? "descending" : "ascending";
  }

  Array.from(table.tHead.rows[0].cells).slice(0, FILES).forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading, column, heading.className === "n"));
    heading.append(button);
  });
  find.addEventListener("input", filter);
  for (const select of [state, owner, group]) select.addEventListener("change", filter);
  get("clear").addEventListener("click", () => {
    for (const field of [find, state, owner, group]) field.value = "";
    filter();
    find.focus();
  });
  document.documentElement.classList.add("js");
  get("filters").hidden = false;
  filter();
})();
