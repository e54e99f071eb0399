/* Drawing areas on a picture: dragging over [data-hotspot] fills the last empty (or the focused) area's place in per cent.
   The same numbers can be typed; areas are drawn as they stand in the fields. */
const SVG = "http://www.w3.org/2000/svg";

function places(scope) {
  return [...scope.closest("form").querySelectorAll("input[data-coords]")];
}

function draw(scope) {
  const layer = scope.querySelector("svg");
  layer.replaceChildren();
  for (const field of places(scope)) {
    const numbers = field.value.replaceAll(",", ".").split(/[\s;]+/).filter(Boolean).map(Number);
    if (numbers.some(Number.isNaN)) continue;
    const shape = field.closest("[data-row]").querySelector("select")?.value ?? "rect";
    layer.append(...figure(shape, numbers, scope));
  }
}

function figure(shape, n, scope) {
  const make = (name, attributes) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return [node];
  };
  if (shape === "rect" && n.length === 4) return make("rect", { x: n[0], y: n[1], width: Math.max(0, n[2] - n[0]), height: Math.max(0, n[3] - n[1]) });
  if (shape === "circle" && n.length === 3) {
    const image = scope.querySelector("img");
    return make("ellipse", { cx: n[0], cy: n[1], rx: n[2], ry: (n[2] * image.width) / image.height });
  }
  if (shape === "poly" && n.length >= 6) return make("polygon", { points: n.join(" ") });
  return [];
}

function enhance(scope) {
  let from = null;
  const at = (event) => {
    const box = scope.querySelector("img").getBoundingClientRect();
    const share = (value, start, size) => Math.min(100, Math.max(0, Math.round(((value - start) / size) * 1000) / 10));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };
  const field = () => {
    const all = places(scope);
    return all.find((one) => !one.value.trim()) ?? all.at(-1);
  };
  scope.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    from = at(event);
    scope.setPointerCapture(event.pointerId);
  });
  scope.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = at(event);
    const target = field();
    if (target && Math.abs(to[0] - from[0]) > 1 && Math.abs(to[1] - from[1]) > 1) {
      const numbers = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
      target.value = numbers.map((number) => String(number).replace(".", ",")).join(" ");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
    from = null;
  });
  scope.closest("form").addEventListener("input", () => scope.isConnected && draw(scope));
  draw(scope);
}

function enhanceAll(root) {
  for (const scope of root.querySelectorAll("[data-hotspot]")) enhance(scope);
}

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
