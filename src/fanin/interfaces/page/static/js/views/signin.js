// Signing in with a key, once: the server gives a cookie that no script can read.
import { html, render, nothing, signal, $ } from "../dom.js";
import { call } from "../api.js";
import { kept, keep } from "../theme.js";

/** Whether this browser has signed in. */
export const session = signal(kept("session") === "yes");
const signed = (value) => { keep("session", value ? "yes" : ""); session.value = value; };

let asking = null;
/** Ask for a key until the server takes one; gives false if nobody wants to. */
export const signIn = () => (asking ??= ask().finally(() => { asking = null; }));

function ask() {
  const box = $("#sheet");
  return new Promise((done) => {
    const submit = async (event) => {
      event.preventDefault();
      const key = event.target.elements.key.value.trim();
      try {
        await call("POST", "/v1/session", { key });
        signed(true);
        box.close("signed in");
      } catch (error) { draw(error.status === 401 ? "This is no valid key." : error.message); }
    };
    const draw = (message) => render(html`<form class="sign-in" @submit=${submit}><header><h2 id="sheet-title">Sign in</h2></header>
      <p>This server asks for a key. Whoever runs it makes one with <code>fanin keys add NAME</code>.</p>
      <label for="key">Key</label><input id="key" name="key" type="password" autocomplete="current-password" required spellcheck="false">
      ${message ? html`<p class="wrong" role="alert">${message}</p>` : nothing}
      <footer><button class="button" type="button" @click=${() => box.close("")}>Not now</button><button class="button strong">Sign in</button></footer></form>`, box);
    signed(false);
    if (box.open) box.close();
    render(nothing, box);
    draw("");
    box.addEventListener("close", () => done(box.returnValue === "signed in"), { once: true });
    box.returnValue = "";
    box.showModal();
  });
}

export async function signOut() {
  await call("DELETE", "/v1/session").catch(() => {});
  signed(false);
  location.assign("/");
}
