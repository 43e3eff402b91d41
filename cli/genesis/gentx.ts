// Owns the genesis transaction of a validator whose operator's private key is at hand: networks made in one step (`dev`,
// `testnet`). `genesis gentx` signs with the keyring instead (commands.ts).
import { AddressCodec } from "../../chain/types/address.ts";
import type { JsonValue } from "../../proto/json.ts";
import { validatorKeyJson } from "../comet.ts";
import type { HomePaths } from "../home.ts";
import { secp256k1Key } from "../keys/public-key.ts";
import { publicKeyOf, signSecp256k1 } from "../keys/secp256k1.ts";
import { defaultGasLimit } from "../limits.ts";
import { defaultPrefix } from "../settings.ts";
import { validatorDefaults, validatorMessage } from "../tx/create-validator.ts";
import { signBytes, signMode, singleSigner, txToJson, unsignedTx, withSigners } from "../tx/transaction.ts";

/** The operator of a new validator. */
export interface GentxOperator {
  readonly address: string;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** What its validator is to be. */
export interface GentxValidator {
  readonly chainId: string;
  readonly moniker: string;
  /** What the operator bonds, such as 100uopen. */
  readonly amount: string;
  /** Where peers reach the node: id@host:port; the transaction carries it as its memo. */
  readonly peer: string;
}

/** The genesis transaction that makes the home's key a validator, signed by its operator. */
export function signedGentx(paths: HomePaths, operator: GentxOperator, validator: GentxValidator): JsonValue {
  const message = validatorMessage(new AddressCodec(defaultPrefix), operator.address, {
    pubkey: validatorKeyJson(paths),
    amount: validator.amount,
    moniker: validator.moniker,
    ...{ identity: "", website: "", security: "", details: "" },
    ...validatorDefaults,
  });
  const draft = unsignedTx({
    messages: [message],
    memo: validator.peer,
    timeoutHeight: 0n,
    fee: { amount: [], gasLimit: defaultGasLimit, payer: "", granter: "" },
  });
  const signer = singleSigner(secp256k1Key(publicKeyOf(operator.privateKey)), signMode.direct, 0n);
  const prepared = withSigners(draft, [signer], []);
  const facts = { chainId: validator.chainId, accountNumber: 0n, sequence: 0n };
  const signature = signSecp256k1(operator.privateKey, signBytes(prepared, signMode.direct, facts));
  return txToJson(withSigners(draft, [signer], [signature])) as JsonValue;
}
