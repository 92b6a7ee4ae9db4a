/**
 * What the field asks for, by the step of the lead form that the reply names (`custom.form`, see the chat API). These words are
 * data: change them as you like. They are the field's placeholder and its name for screen readers.
 */
const STEPS = {
  __proto__: null,
  consent: "Yes or no",
  school: "Your school's name",
  name: "Your name",
  role: "Your role at the school",
  contact: "E-mail or phone number",
  wish: "What you would like",
  term: "Which term",
  message: "Your message",
  confirm: "Yes to send it, or what to change",
  change: "What to change",
};
const READ_BACK = "Yes, or how it should be"; // `custom.check`: a value is read back
const QUESTION = { name: "Your question", placeholder: "Type your question" };

/** The field's name and placeholder after these items. Somebody in danger is asked for nothing. */
export function asked(items) {
  const { form, check, outcome } = items.findLast(({ from, custom, past }) => from === "assistant" && custom && !past)?.custom ?? {};
  const words = outcome === "help" ? null : form && check ? READ_BACK : STEPS[form];
  return words ? { name: words, placeholder: words } : QUESTION;
}
