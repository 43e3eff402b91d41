// Owns: the numbers and names of the sign modes (cosmos.tx.signing.v1beta1.SignMode). Does not own: what they mean.

/** Signs the protobuf SignDoc. */
export const SIGN_MODE_DIRECT = 1;
/** Signs sorted JSON in the amino form; what hardware wallets show. */
export const SIGN_MODE_LEGACY_AMINO_JSON = 127;

const NAMES = new Map<number, string>([
  [0, "SIGN_MODE_UNSPECIFIED"],
  [SIGN_MODE_DIRECT, "SIGN_MODE_DIRECT"],
  [2, "SIGN_MODE_TEXTUAL"],
  [3, "SIGN_MODE_DIRECT_AUX"],
  [SIGN_MODE_LEGACY_AMINO_JSON, "SIGN_MODE_LEGACY_AMINO_JSON"],
  [191, "SIGN_MODE_EIP_191"],
]);

/** The mode's name, or its number when it has none. */
export function signModeName(mode: number): string {
  return NAMES.get(mode) ?? mode.toString();
}
