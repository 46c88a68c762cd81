// The one policy by which text becomes markup (Trusted Types). Markup comes from this house's templates, which hold no scripts of
// their own and no frames: what holds one came from elsewhere and is not drawn. Nothing ever becomes code or the address of code.
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
  });
}
