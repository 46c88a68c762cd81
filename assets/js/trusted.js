// The one policy by which text becomes markup (Trusted Types). Markup comes from this house's templates, which hold no scripts of
// their own and no frames: what holds one came from elsewhere and is not drawn. Nothing ever becomes code, and one address is an
// address of code: that of our own service worker.
const FOREIGN = "script:not([src^='/static/']),iframe,frame,object,embed,base,[srcdoc]";
const foreign = (root) => root.querySelector(FOREIGN) || [...root.querySelectorAll("template")].some((inner) => foreign(inner.content));

if (globalThis.trustedTypes) {
  // Parsed in a document of its own, where nothing is loaded and nothing runs.
  const inert = trustedTypes.createPolicy("inert", { createHTML: (text) => text });
  trustedTypes.createPolicy("default", {
    createHTML: (text) => {
      if (foreign(new DOMParser().parseFromString(inert.createHTML(text), "text/html"))) throw new TypeError("Markup with scripts or frames is not drawn.");
      return text;
    },
    createScriptURL: (url) => {
      if (url !== "/sw.js") throw new TypeError("Code comes from this house alone.");
      return url;
    },
  });
}
