// The names of the abuses, for whoever starts the abuser's process. abuse-attacker.ts says what each is.

export const abuseNames = [
  "body",
  "crumbs",
  "unfinished",
  "deep",
  "wide",
  "batch",
  "slowloris",
  "subscriptions",
  "reader",
  "pages",
  "search",
  "http2",
  "ids",
] as const;
