// Elements. Texts are only ever set as texts, and what is shown again is cloned from the page.

const LISTS = {
  options: ":scope > ol:not([type]) > li",
  partners: ":scope > ol[type] > li",
  feedback: ":scope > details > ol > li",
};

/** Return the questions of the page. */
export function questionNodes() {
  return document.querySelectorAll(".questions > ul > li");
}

/** Return the link of a question to its passage, if it has one; links to sources lead elsewhere. */
export function passageLink(node) {
  return node.querySelector('.sources > a[href^="#"]:not([href^="#:"])');
}

/** Return the items of one of the lists of a question. */
export function items(node, list) {
  return [...node.querySelectorAll(LISTS[list])];
}

/** Make an element with attributes and children; a child is an element or a text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value === true) {
      made.setAttribute(key, "");
    } else if (value !== false) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

/** Make a button; its text begins with a capital. */
export function button(text, onclick, attributes = {}) {
  return element("button", { type: "button", onclick, ...attributes }, capital(text));
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Return what is in a node of the page, once more. */
export function copied(node) {
  return unbound(...Array.from(node?.childNodes ?? [], (child) => child.cloneNode(true)));
}

/** Return copies without ids, and without links to other parts of the page, which a session hides. */
export function unbound(...copies) {
  const all = document.createDocumentFragment();
  all.append(...copies);
  all.querySelectorAll("[id]").forEach((inner) => inner.removeAttribute("id"));
  all.querySelectorAll('a[href^="#"]').forEach((link) => link.replaceWith(...link.childNodes));
  return all;
}
