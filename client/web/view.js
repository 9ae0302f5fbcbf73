// SPDX-License-Identifier: ISC
// view.js: draws a description of elements into the page, changing only what differs, so that
// focus, caret and scroll stay where they are. Text is always text, never markup.

/** @typedef {{tag: string, key: any, props: any, children: any[], node?: any}} View */

const SVG = "http://www.w3.org/2000/svg";

/** An element: props that begin with "on" are listeners, `style` is an object, `class` and the rest
 * attributes; false, null and undefined are left out. @returns {View} */
export function h(tag, props, ...children) {
  const { key = null, ...rest } = props || {};
  const flat = [];
  collect(children, flat);
  return { tag, key, props: rest, children: flat };
}

function collect(children, out) {
  for (const child of children) {
    if (Array.isArray(child)) collect(child, out);
    else if (child !== null && child !== undefined && child !== false) out.push(child);
  }
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

function patchProp(node, name, was, is) {
  // Typed since it was drawn. An option without words has "" for a value and would take its words for it later.
  if (name === "value" && (node.value !== is || was === undefined)) node.value = is;
  if (was === is || name === "onmade" || name === "value") return;
  if (name.startsWith("on")) listen(node, name, is || null);
  else if (name === "style") patchStyle(node, was || {}, is || {});
  else if (name === "checked" || name === "disabled" || name === "selected") node[name] = Boolean(is);
  else if (is === undefined || is === null || is === false) node.removeAttribute(name);
  else node.setAttribute(name, is === true ? "" : is);
}

/** What is done is another function at each drawing; the element is told once of one that asks for it. */
function listen(node, name, does) {
  node.does ||= {};
  if (does && !(name in node.does)) node[name] = (event) => node.does[name]?.call(node, event);
  node.does[name] = does;
}

function patchProps(node, before, after) {
  for (const name in after) patchProp(node, name, before[name], after[name]);
  for (const name in before) if (!(name in after)) patchProp(node, name, before[name], undefined);
}

/** By the object model, which the page's policy allows, and not by an attribute. */
function patchStyle(node, before, after) {
  for (const name in after) if (before[name] !== after[name]) node.style[name] = after[name] ?? "";
  for (const name in before) if (!(name in after)) node.style[name] = "";
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

/** The usual case, and much the cheapest: the same elements in the same order. */
function patchInPlace(parent, before, after) {
  if (before.length !== after.length || !before.every((view, i) => same(view, after[i]))) return false;
  let node = parent.firstChild;
  for (let i = 0; i < after.length; i++, node = node.nextSibling) patch(node, before[i], after[i]);
  return true;
}

/** Entries with a key keep their element wherever they move; others are matched in their order. */
function patchChildren(parent, before, after) {
  if (patchInPlace(parent, before, after)) return;
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
