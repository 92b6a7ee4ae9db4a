/** The fixed HTML of the widget, and its icons. */

const template = document.createElement("template");
template.innerHTML = `
  <section aria-label="Chat">
    <button type="button" class="launcher" aria-haspopup="dialog" aria-expanded="false" hidden>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z"/></svg>
      <span>Ask a question</span>
    </button>
    <dialog class="panel" aria-labelledby="title" aria-describedby="kind">
      <header>
        <div class="heading">
          <h2 id="title">Ask us</h2>
          <p id="kind">Automated assistant</p>
        </div>
        <button type="button" class="restart" hidden>Start again</button>
        <button type="button" class="close" aria-label="Close chat" title="Close">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>
        </button>
      </header>
      <div class="log" role="log" aria-live="off" aria-label="Conversation" tabindex="0">
        <div class="opening assistant"></div>
        <ol class="messages"></ol>
      </div>
      <div class="notice" hidden><p class="notice-words"></p><p class="notice-contact"></p></div>
      <div class="confirm" role="group" aria-labelledby="confirm-words" hidden>
        <p id="confirm-words">Start again? This conversation will be erased.</p>
        <button type="button" class="erase">Erase and start again</button>
        <button type="button" class="keep">Keep it</button>
      </div>
      <div class="rested" role="group" aria-labelledby="rested-words" hidden>
        <p id="rested-words">This conversation rested for a while. Begin anew?</p>
        <button type="button" class="anew">Begin anew</button>
        <button type="button" class="stay">I'm still here, show it</button>
      </div>
      <form class="composer" novalidate>
        <label for="message" class="unseen">Your question</label>
        <textarea id="message" rows="1" maxlength="2000" placeholder="Type your question" enterkeyhint="send" autocomplete="off" aria-describedby="left"></textarea>
        <button type="submit" class="send" aria-label="Send" title="Send">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 11.5 21 3l-7 18-3-7.5-8-2Z"/></svg>
        </button>
        <p id="left" class="left" hidden></p>
      </form>
      <footer><span>Answers are automated, from published documents.</span> <a class="privacy" hidden>Privacy notice</a></footer>
      <p class="status unseen" role="status" aria-live="polite" aria-atomic="true"></p>
    </dialog>
  </section>`;

const ICONS = {
  tick: "M5 12.5l4.5 4.5L19 7.5",
  up: "M7 11v9H4v-9h3Zm0 0 4-8a2 2 0 0 1 2 2v4h5.5a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 17.2 20H7",
  down: "M7 13V4H4v9h3Zm0 0 4 8a2 2 0 0 0 2-2v-4h5.5a2 2 0 0 0 2-2.4l-1.3-7A2 2 0 0 0 17.2 4H7",
};

/** The widget's parts, ready to be put into its shadow root. */
export function parts() {
  return template.content.cloneNode(true);
}

/** A drawn icon, hidden from assistive technology: its button has a name in words. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${name}`);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
