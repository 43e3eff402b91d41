// Owns how names of the schema become words of the command line, and comments become help.

/** `DelegatorUnbondingDelegations` or `delegatorAddr` in kebab-case. */
export function kebabCase(name: string): string {
  return name
    .replaceAll("_", "-")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** The first sentence of a comment, without its full stop; for lists of commands. */
export function firstSentence(comment: string | undefined): string {
  const text = (comment ?? "").replace(/\s+/g, " ").trim();
  const end = /\.(\s|$)/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}

/** A comment as one paragraph. */
export function paragraph(comment: string | undefined): string {
  return (comment ?? "").replace(/\s+/g, " ").trim();
}
