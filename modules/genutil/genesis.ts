// Owns: genesis transactions: out of their JSON, into bytes, delivered, and the validators they lead to
// (x/genutil/gentx.go DeliverGenTxs). Does not own: collecting them into a genesis (cli/).

import type { GenesisWrite, ValidatorUpdate } from "../../chain/module/context.ts";
import { encode } from "../../proto/codec.ts";
import { fromJson, type JsonValue } from "../../proto/json.ts";
import type { GenutilKeeper } from "./keeper.ts";
import { MAX_GENESIS_TXS } from "./limits.ts";

/** The genesis transactions of genutil's part. Throws when it has another form. */
function genTxs(genesis: JsonValue): readonly JsonValue[] {
  if (typeof genesis !== "object" || genesis === null || Array.isArray(genesis)) {
    throw new Error("genutil's genesis is not an object");
  }
  const list = (genesis as { readonly [name: string]: JsonValue }).gen_txs ?? [];
  if (!Array.isArray(list)) throw new Error("gen_txs is not a list");
  if (list.length > MAX_GENESIS_TXS) throw new Error(`more than ${MAX_GENESIS_TXS} genesis transactions`);
  return list as readonly JsonValue[];
}

/** The bytes of a transaction given as JSON, as a TxRaw. */
function txBytes(json: JsonValue): Uint8Array {
  const tx = fromJson("cosmos.tx.v1beta1.Tx", json);
  if (tx.body === undefined || tx.authInfo === undefined) throw new Error("a body or auth info is missing");
  return encode("cosmos.tx.v1beta1.TxRaw", {
    bodyBytes: encode("cosmos.tx.v1beta1.TxBody", tx.body),
    authInfoBytes: encode("cosmos.tx.v1beta1.AuthInfo", tx.authInfo),
    signatures: tx.signatures,
  });
}

/** Throws for a transaction that cannot be read, naming which. */
export function validateGenesis(genesis: JsonValue): void {
  for (const [index, json] of genTxs(genesis).entries()) inTx(index, () => txBytes(json));
}

/** Delivers every genesis transaction; one that fails makes the genesis unusable. */
export function initGenesis(keeper: GenutilKeeper, ctx: GenesisWrite, genesis: JsonValue): readonly ValidatorUpdate[] {
  const list = genTxs(genesis);
  if (list.length === 0) return [];
  for (const [index, json] of list.entries()) {
    inTx(index, () => {
      const { code, log } = ctx.deliverTx(txBytes(json));
      if (code !== 0) throw new Error(log);
    });
  }
  return keeper.uses.validatorUpdates(ctx);
}

function inTx(index: number, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new Error(`genesis transaction ${index}: ${(error as Error).message}`, { cause: error });
  }
}
