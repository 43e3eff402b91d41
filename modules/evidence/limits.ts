// Owns: which evidence is known here.

/** The one kind of evidence, as it is packed. */
export const EQUIVOCATION = "/cosmos.evidence.v1beta1.Equivocation";
