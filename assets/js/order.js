// Who reads while somebody writes here: what was read before a change is never laid over what came of it.

// An upload may take minutes and hints beside a form change nothing: nobody waits for those.
const writes = ({ request, sourceElement: from }) => request.method.toUpperCase() === "POST" && request.body instanceof URLSearchParams && !from?.matches?.("[aria-live]");
const reads = (ctx) => ctx.request.method.toUpperCase() === "GET" && ctx.target?.id === "results";
const open = new Set();
let done = 0, on = null;

/** Whether another list, board or calendar is on its way. */
export const going = () => Boolean(on);
/** Whether something is being written. */
export const writing = () => open.size > 0;
/** Wait until what is being written has its answer, and the answer is on the page. */
export async function written() {
  while (open.size) await new Promise((well) => document.addEventListener("htmx:finally:request", well, { once: true }));
}
/** What `read` brings, read again when something was written meanwhile; nothing is read before what is being written has its answer. */
export async function current(read) {
  for (;;) {
    await written();
    const then = done, answer = await read();
    if (then === done && !open.size) return answer;
  }
}
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const plain = ctx.fetch ?? fetch.bind(window);
  if (reads(ctx)) ctx.fetch = (address, request) => current(() => plain(address, request));
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (writes(ctx)) open.add(ctx);
  // Of two ways to show the same place the later one counts, whoever asked for it and whichever is answered first.
  if (reads(ctx)) { on?.request.abort(); on = ctx; }
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (on === ctx) on = null;
  if (open.delete(ctx)) done++;
});
