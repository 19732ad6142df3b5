// What axe finds on the page: by all rules but those of colours, and by those of colours where a text stands in a way that
// was not looked at yet. Answers with the violations and with the hashes of these ways.
async ({ seen, colours, all }) => {
  const known = new Set(seen);
  const hash = (text) => [...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt(0)) | 0, 7);
  // What a rule of CSS may hang on: name, classes, states; numbers in identifiers say nothing.
  const step = (element) =>
    element.localName +
    [...element.attributes]
      .filter(({ name }) => !/^(href|src|id|for|value|title|name|action|content|d|x|y|points|transform)$/.test(name))
      .map(({ name, value }) => (/^(class|type|role|style|aria-(current|pressed|invalid|sort|selected)|data-(state|outcome|theme))$/.test(name) ? `[${name}=${value}]` : `[${name}]`))
      .sort()
      .join("");
  const ways = new Map();
  const way = (element) => {
    if (!ways.has(element)) ways.set(element, `${element.parentElement ? way(element.parentElement) : ""}>${step(element)}`);
    return ways.get(element);
  };
  const fresh = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const shows = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || "placeholder" in element;
    if (!shows) continue;
    const key = hash(way(element));
    if (!known.has(key) && !fresh.has(key)) fresh.set(key, element);
  }
  const violations = [];
  const run = async (where, options) =>
    violations.push(...(await axe.run(where, { resultTypes: ["violations"], ...options })).violations);
  if (all) await run(document, { rules: Object.fromEntries(colours.map((name) => [name, { enabled: false }])) });
  if (fresh.size) await run({ include: [...fresh.values()] }, { runOnly: colours });
  return { violations, ways: [...fresh.keys()] };
};
