/** Plain text to elements. Text stays text: everything goes through textContent, nothing is parsed as HTML. */

const LINKS = /https?:\/\/[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\+44|\(?0)[\d\s()-]{8,15}\d/gi;

/** A new element with its class and text. */
export function element(name, className = "", text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

/** A reply's text: lines beginning "- " become a list, the "Source:" line a quieter paragraph, the rest paragraphs. */
export function blocks(text) {
  const result = document.createDocumentFragment();
  let list = null;
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (!line) continue;
    if (line.startsWith("- ")) {
      if (!list) result.append((list = element("ul", "points")));
      list.append(withLinks(element("li"), line.slice(2)));
    } else {
      list = null;
      result.append(withLinks(element("p", /^Sources?:/.test(line) ? "source" : ""), line));
    }
  }
  return result;
}

/** Appends `text` to `parent`; web addresses, e-mail addresses and British phone numbers become links. */
export function withLinks(parent, text) {
  let done = 0;
  for (const match of text.matchAll(LINKS)) {
    const words = match[0].replace(/[.,;:!?)\]]+$/, "");
    const href = address(words);
    if (!href || /[\w£]/.test(text[match.index - 1] ?? "") || /\w/.test(text[match.index + match[0].length] ?? "")) continue;
    const link = element("a", "", words);
    link.href = href;
    parent.append(text.slice(done, match.index), link);
    done = match.index + words.length;
  }
  parent.append(text.slice(done));
  return parent;
}

function address(words) {
  if (words.includes("@")) return `mailto:${words}`;
  if (/^http/i.test(words)) return URL.canParse?.(words) === false ? null : words;
  const digits = words.replace(/\(0\)|[^\d+]/g, "");
  return /^(\+44\d{9,10}|0\d{9,10})$/.test(digits) ? `tel:${digits}` : null;
}
