// Owns: which signatures of a transaction there are to verify, taken out without verifying them, for workers.
// Does not own: the result, which only chain/app/facts.ts believes, nor the ante's own order of checks.

import type { Read } from "../module/context.ts";
import { TxError } from "../module/errors.ts";
import { decodeAccountKey } from "./account-key.ts";
import type { SignatureJob } from "./facts.ts";
import type { AccountsPort } from "./ports.ts";
import { SignatureError, signatureData, verifySignature } from "./signatures.ts";
import type { Tx } from "./tx.ts";

/** Every single signature, multisigs' members included. What the ante would refuse before verifying gives no job. */
export function signatureJobs(accounts: AccountsPort, ctx: Read, tx: Tx): readonly SignatureJob[] {
  const jobs: SignatureJob[] = [];
  try {
    for (const [index, info] of tx.authInfo.signerInfos.entries()) {
      const address = tx.signers[index];
      const signature = tx.signatures[index];
      const account = address === undefined ? undefined : accounts.signingAccount(ctx, address);
      const key = account?.pubKey ?? info.publicKey;
      if (account === undefined || key === undefined || signature === undefined || info.modeInfo === undefined)
        return [];
      // The sequence the signer claims: a transaction behind others in the mempool is signed for a later one.
      const signer = { chainId: ctx.chainId, accountNumber: account.accountNumber, sequence: info.sequence };
      verifySignature(tx, decodeAccountKey(key), signatureData(info.modeInfo, signature), signer, (job) => {
        jobs.push(job);
        return true;
      });
    }
    return jobs;
  } catch (error) {
    if (error instanceof TxError || error instanceof SignatureError) return [];
    throw error;
  }
}
