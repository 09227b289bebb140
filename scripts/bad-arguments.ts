/** Arguments that cannot be obeyed; the message is one line for a person. */
export class BadArguments extends Error {}
