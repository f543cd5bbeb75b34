// Brings the timelines of a page to life: each is an image that is read without this script, too. No network, no library.
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg", DAY = 864e5, LEAST = 31, NARROW = 3.4;

  function start(root) {
    const image = root.querySelector("img");
    if (!image) return;
    root.dataset.live = "yes";
    const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0));
    const parsed = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
    const svg = document.importNode(parsed.documentElement, true);
    image.replaceWith(svg);
    const plot = svg.querySelector("[data-plot]"), width = +plot.getAttribute("width");
    const whole = [+plot.dataset.from, +plot.dataset.to];
    const events = [...svg.querySelectorAll("[data-event]")];
    let [from, to] = whole, held = null;

    const tip = document.createElement("div");
    tip.setAttribute("role", "tooltip");
    tip.style.cssText =
      "position:absolute;z-index:9;display:none;max-width:26em;padding:.5em .7em;background:#fff;color:#1a1a1a;" +
      "border:1px solid #595959;font:12px/1.35 sans-serif;white-space:pre-line;pointer-events:none;" +
      "box-shadow:0 1px 4px rgba(0,0,0,.3)";
    root.style.position = "relative";
    root.append(tip);

    const x = (day) => ((day - from) / (to - from)) * width;
    function ends(node) {
      const a = +node.dataset.a, b = node.dataset.b === undefined ? a : +node.dataset.b;
      const short = b > a && node.dataset.thin === undefined ? Math.max(NARROW - (x(b) - x(a)), 0) / 2 : 0;
      return [x(a) - short, x(b) + short];
    }
    function place(node) {
      const [left, right] = ends(node);
      if (node.tagName === "rect") {
        node.setAttribute("x", left);
        node.setAttribute("width", right - left);
      } else if (node.dataset.link) {
        node.setAttribute("x1", left);
        node.setAttribute("x2", right);
      } else {
        const at = node.dataset.end === "b" ? right : left;
        node.setAttribute("transform", `translate(${at} ${node.dataset.y})`);
      }
    }
    const moving = [...svg.querySelectorAll("[data-a]")];
    const years = svg.querySelector("[data-years]");
    function ticks() {
      const perMonth = width / ((to - from) / 30.44);
      const step = [1, 3, 6, 12, 24, 60, 120, 240, 600].find((n) => n * perMonth >= 26) || 1200;
      years.replaceChildren();
      const first = new Date(from * DAY).getUTCFullYear() * 12;
      for (let month = Math.floor(first / step) * step; ; month += step) {
        const begin = utc(Math.floor(month / 12), month % 12);
        if (begin > to) break;
        if (begin < from) continue;
        const line = document.createElementNS(NS, "line");
        const look = { x1: x(begin), x2: x(begin), y1: years.dataset.top, y2: years.dataset.bottom };
        for (const [name, value] of Object.entries({ ...look, stroke: "#DADADA", "stroke-width": 0.4 }))
          line.setAttribute(name, value);
        const text = document.createElementNS(NS, "text");
        const year = String(Math.floor(month / 12));
        text.textContent = step < 12 ? `${year}-${String((month % 12) + 1).padStart(2, "0")}` : year;
        text.setAttribute("x", x(begin) + 2);
        text.setAttribute("y", +years.dataset.top + 5);
        years.append(line);
        if (x(begin) < width - 26) years.append(text);
      }
    }
    function utc(year, month) {
      const day = new Date(0);
      day.setUTCFullYear(year, month, 1); // Date.UTC takes years below 100 for others
      return day.getTime() / DAY;
    }
    function show(low, high) {
      const span = Math.min(Math.max(high - low, LEAST), whole[1] - whole[0]);
      from = Math.min(Math.max((low + high - span) / 2, whole[0]), whole[1] - span);
      to = from + span;
      moving.forEach(place);
      ticks();
      if (!events.includes(document.activeElement)) return hide();
      const day = +document.activeElement.dataset.day;
      day < from || day > to ? hide() : say(document.activeElement);
    }
    const zoom = (factor, about = (from + to) / 2) => show(about - (about - from) * factor, about + (to - about) * factor);
    const dayAt = (e) => {
      const box = plot.getScreenCTM();
      return from + ((e.clientX - box.e) / box.a / width) * (to - from);
    };

    function say(event) {
      const box = event.getBoundingClientRect(), home = root.getBoundingClientRect();
      const [title, ...rest] = event.dataset.says.split("\n");
      const strong = document.createElement("strong");
      strong.textContent = title;
      tip.replaceChildren(strong, "\n" + rest.join("\n"));
      tip.style.display = "block";
      const left = Math.min(Math.max(box.left - home.left, 0), home.width - tip.offsetWidth);
      const low = box.bottom - home.top + 6, high = box.top - home.top - tip.offsetHeight - 6;
      const over = box.bottom + tip.offsetHeight + 6 > innerHeight && high + home.top > 0;
      tip.style.left = `${Math.max(left, 0)}px`;
      tip.style.top = `${over ? high : low}px`;
    }
    function hide() {
      tip.style.display = "none";
    }
    let now = 0;
    events.forEach((event, i) => {
      const title = event.querySelector("title");
      event.dataset.says = title.textContent;
      event.setAttribute("aria-label", title.textContent.replaceAll("\n", ". "));
      title.remove(); // else the browser says it a second time
      event.setAttribute("tabindex", i ? -1 : 0);
      event.style.cursor = "help";
      event.addEventListener("pointerenter", () => say(event));
      event.addEventListener("pointerleave", hide);
      event.addEventListener("focus", () => {
        events[now].setAttribute("tabindex", -1);
        now = i;
        event.setAttribute("tabindex", 0);
        say(event);
      });
      event.addEventListener("blur", hide);
    });
    const go = (i) => {
      const event = events[Math.min(Math.max(i, 0), events.length - 1)], half = (to - from) / 2;
      const day = +event.dataset.day;
      if (day < from || day > to) show(day - half, day + half);
      event.focus();
    };
    // Keys zoom into the event that they stand on.
    const middle = () => (events.includes(document.activeElement) ? +events[now].dataset.day : (from + to) / 2);
    const keys = {
      "+": () => zoom(0.5, middle()), "=": () => zoom(0.5, middle()), "-": () => zoom(2, middle()), Escape: hide,
      ArrowRight: () => go(now + 1), ArrowDown: () => go(now + 1), ArrowLeft: () => go(now - 1),
      ArrowUp: () => go(now - 1), Home: () => go(0), End: () => go(events.length - 1),
    };
    root.addEventListener("keydown", (e) => {
      if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey || e.target.tagName === "SUMMARY") return;
      if (e.target.tagName === "BUTTON" && e.key.startsWith("Arrow")) return;
      e.preventDefault();
      e.stopPropagation();
      keys[e.key]();
    });
    svg.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && !e.metaKey) return; // the page must scroll on
      e.preventDefault();
      zoom(e.deltaY < 0 ? 0.8 : 1.25, dayAt(e));
    }, { passive: false });
    svg.addEventListener("pointerdown", (e) => { held = { x: e.clientX, from, to }; });
    svg.addEventListener("pointermove", (e) => {
      if (!held || !e.buttons) return (held = null);
      const moved = ((e.clientX - held.x) / plot.getScreenCTM().a / width) * (held.to - held.from);
      if (Math.abs(e.clientX - held.x) > 3) show(held.from - moved, held.to - moved);
    });
    svg.addEventListener("dblclick", (e) => { e.preventDefault(); zoom(0.5, dayAt(e)); });
    svg.style.userSelect = "none";

    const bar = document.createElement("div");
    bar.style.cssText = "font:12px sans-serif;color:#595959;margin:0 0 4px;background:#fff";
    for (const [sign, says, act] of [["+", "zoom in", () => zoom(0.5)], ["\u2212", "zoom out", () => zoom(2)],
      ["all", "whole timeline", () => show(...whole)]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.title = says;
      button.setAttribute("aria-label", says);
      button.style.cssText = "min-width:2.2em;margin-right:4px";
      button.addEventListener("click", act);
      bar.append(button);
    }
    bar.append(" drag, Ctrl + wheel or + and \u2212 to zoom; point at a mark, or Tab and arrow keys, for what is said and where");
    svg.before(bar);
    show(...whole);
  }

  document.querySelectorAll(".r2p-timeline:not([data-live])").forEach(start);
})();
