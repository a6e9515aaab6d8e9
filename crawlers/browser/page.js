// What is done inside of a page. Called with what to do; gives numbers and nothing else.
(ask) => {
  const normal = (text) => (text || "").replace(/\s+/g, " ").trim().toLowerCase()
    .replace(/^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$/gu, "");
  const roots = [document];
  for (const element of document.querySelectorAll("*")) {
    if (element.shadowRoot && roots.length < 200) roots.push(element.shadowRoot);
  }
  const all = (selector) => roots.flatMap((root) => {
    try { return [...root.querySelectorAll(selector)]; } catch { return []; }
  });
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && style.pointerEvents !== "none";
  };
  const words = (element) => normal(element.value && element.tagName === "INPUT" ? element.value : element.innerText);
  const stays = (element) => { // a click on it leads to no other page and sends no form
    if (element.tagName === "A") {
      const href = element.getAttribute("href");
      return href === null || href === "" || href.startsWith("#") || href.toLowerCase().startsWith("javascript:");
    }
    return !(element.form && (element.type === "submit" || element.type === "image"));
  };
  const clickable = "button, a, summary, [role=button], [onclick], input[type=button]";
  const size = () => ({
    nodes: document.getElementsByTagName("*").length,
    state: document.readyState,
    window: window.innerHeight,
    height: Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0),
  });
  if (ask.what === "consent") {
    const frames = all("[role=dialog], [role=alertdialog], dialog, [class*=cookie i], [id*=cookie i], [class*=consent i], "
      + "[id*=consent i], [class*=gdpr i], [id*=gdpr i], [class*=privacy i][class*=banner i], [class*=modal i], [class*=overlay i]")
      .filter((element) => element !== document.body && shown(element));
    for (const wanted of [ask.decline, ask.close]) {
      for (const frame of frames) {
        for (const element of [...frame.querySelectorAll(clickable)]) {
          const said = [words(element), normal(element.getAttribute("aria-label")), normal(element.title)];
          if (shown(element) && stays(element) && said.some((one) => one && wanted.includes(one))) {
            element.click();
            return { clicked: 1, ...size() };
          }
        }
      }
    }
    return { clicked: 0, ...size() };
  }
  if (ask.what === "more") {
    const before = (window.__jeratSeen ||= new WeakMap());
    const named = ask.selectors.flatMap((selector) => all(selector));
    const spoken = all(clickable).filter((element) => stays(element) && ask.words.includes(words(element)));
    let clicked = 0;
    for (const element of new Set([...named, ...spoken])) {
      const now = size().nodes;
      if (clicked >= ask.most || !shown(element) || element.disabled || element.getAttribute("aria-expanded") === "true"
          || before.get(element) === now) continue;
      before.set(element, now);
      element.click();
      before.set(element, size().nodes); // what it brings later makes it worth another click
      clicked += 1;
    }
    return { clicked, ...size() };
  }
  if (ask.what === "scroll") {
    window.scrollTo(0, size().height);
    for (const element of all("*")) {
      if (element.clientHeight > 200 && element.scrollHeight > element.clientHeight + 100
          && /auto|scroll/.test(getComputedStyle(element).overflowY)) element.scrollTop = element.scrollHeight;
    }
    return { clicked: 0, ...size() };
  }
  if (ask.what === "top") window.scrollTo(0, 0);
  return { clicked: 0, ...size(), ...(ask.what === "length" ? { length: document.documentElement.outerHTML.length } : {}) };
}
