// SPDX-License-Identifier: ISC
// view.js: draws a description of elements into the page, changing only what differs, so that
// focus, caret and scroll stay where they are. Text is always text, never markup.

/** @typedef {{tag: string, key: any, props: any, children: any[], node?: any}} View */

const SVG = "http://www.w3.org/2000/svg";

/** An element: props that begin with "on" are listeners, `style` is an object, `class` and the rest
 * attributes; false, null and undefined are left out. @returns {View} */
export function h(tag, props, ...children) {
  const { key = null, ...rest } = props || {};
  const flat = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return { tag, key, props: rest, children: flat };
}

/** Elements made by this drawing that want to know when they stand in the page.
 * @type {View[]} */
let fresh = [];

/** Draws views as the only children of an element. @param {Element} root @param {any[]} views */
export function draw(root, ...views) {
  const before = /** @type {any} */ (root).drawn || [];
  const after = views.flat(Infinity).filter(Boolean);
  patchChildren(root, before, after);
  /** @type {any} */ (root).drawn = after;
  const made = fresh;
  fresh = [];
  for (const view of made) view.props.onmade(view.node);
}

function make(view, inSvg) {
  if (typeof view !== "object") return document.createTextNode(String(view));
  const svg = inSvg || view.tag === "svg";
  const node = svg ? document.createElementNS(SVG, view.tag) : document.createElement(view.tag);
  view.node = node;
  patchProps(node, {}, view.props);
  for (const child of view.children) node.append(make(child, svg));
  if (view.props.onmade) fresh.push(view);
  return node;
}

function same(a, b) {
  if (typeof a !== "object" || typeof b !== "object") return typeof a === typeof b;
  return a.tag === b.tag && a.key === b.key;
}

function patchProps(node, before, after) {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[name];
    const is = after[name];
    if (name === "value" && node.value !== is) node.value = is; // typed since it was drawn
    if (was === is || name === "onmade" || name === "value") continue;
    if (name.startsWith("on")) node[name] = is || null;
    else if (name === "style") patchStyle(node, was || {}, is || {});
    else if (name === "checked" || name === "disabled" || name === "selected") node[name] = Boolean(is);
    else if (is === undefined || is === null || is === false) node.removeAttribute(name);
    else node.setAttribute(name, is === true ? "" : is);
  }
}

/** By the object model, which the page's policy allows, and not by an attribute. */
function patchStyle(node, before, after) {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[name] !== after[name]) node.style[name] = after[name] ?? "";
  }
}

/** The same description again says that nothing has changed below it. */
function patch(node, before, after) {
  if (before === after) return;
  if (typeof after !== "object") {
    if (before !== after) node.nodeValue = String(after);
    return;
  }
  after.node = node;
  patchProps(node, before.props, after.props);
  patchChildren(node, before.children, after.children);
}

/** Entries with a key keep their element wherever they move; others are matched in their order. */
function patchChildren(parent, before, after) {
  const svg = parent.namespaceURI === SVG;
  const old = before.map((view, i) => ({ view, node: parent.childNodes[i] }));
  const keyed = new Map(old.filter(({ view }) => view?.key !== null && view?.key !== undefined)
    .map((entry) => [entry.view.key, entry]));
  const rest = old.filter(({ view }) => view?.key === null || view?.key === undefined);
  const nodes = after.map((view) => {
    const key = typeof view === "object" ? view.key : null;
    const place = key === null ? rest.findIndex((entry) => same(entry.view, view)) : -1;
    const entry = key === null ? rest.splice(place, place < 0 ? 0 : 1)[0] : keyed.get(key);
    if (!entry || !same(entry.view, view)) return make(view, svg);
    keyed.delete(key);
    patch(entry.node, entry.view, view);
    return entry.node;
  });
  const kept = new Set(nodes);
  for (const { node } of old) if (!kept.has(node)) node.remove();
  nodes.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] || null);
  });
}
