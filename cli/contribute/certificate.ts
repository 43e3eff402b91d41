// Owns gathering what a certificate holds from a node, right after the transactions: headers, the commit that signs them, and proofs. What a
// certificate means, and checking one, is client/certificate.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { rawCidText } from "../../chain/types/cid.ts";
import {
  CERTIFICATE_TYPE,
  type Certificate,
  type CertificateBatch,
  type CertificateRecord,
  recordKey,
} from "../../client/certificate.ts";
import { LightSourceError, RpcLightSource } from "../../node/light/rpc-source.ts";
import { hex } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import { CliError } from "../errors.ts";
import type { RpcClient } from "../rpc-client.ts";
import { inclusionTimeoutMs, pollMs } from "./limits.ts";
import type { SentBatch } from "./submit.ts";

/** The certificate of what was sent. Waits for the block after the last. Throws CliError when the node cannot prove it. */
export async function certify(
  client: RpcClient,
  about: { readonly chainId: string; readonly contributor: string; readonly datanetId: bigint },
  sent: readonly SentBatch[],
): Promise<Certificate> {
  const batches: CertificateBatch[] = [];
  for (const batch of sent) batches.push(await certifyBatch(client, about.datanetId, batch));
  return {
    type: CERTIFICATE_TYPE,
    version: 1,
    chain_id: about.chainId,
    contributor: about.contributor,
    datanet_id: about.datanetId.toString(),
    batches,
  };
}

async function certifyBatch(client: RpcClient, datanetId: bigint, batch: SentBatch): Promise<CertificateBatch> {
  const source = new RpcLightSource(client.url);
  const block = await signedBlock(source, batch.height + 1n);
  const { header } = (await source.lightBlock(batch.height)).signedHeader;
  const { proof } = await client.call<{ proof: { proof: ProofJson } }>("tx", {
    hash: Buffer.from(batch.hash, "hex").toString("base64"),
    prove: true,
  });
  let storeProof = "";
  const records: CertificateRecord[] = [];
  for (const { file, number } of batch.records) {
    const { value, ops } = await provenRecord(client, recordKey(datanetId, number), batch.height);
    storeProof = ops[1]!.data;
    records.push({
      number: number.toString(),
      file: file.name,
      cid: rawCidText(file.input.contentHash),
      content_hash: hex(file.input.contentHash),
      text_root: hex(file.input.textRoot),
      length: file.input.length.toString(),
      record: value,
      proof: ops[0]!.data,
    });
  }
  return {
    height: batch.height.toString(),
    tx_hash: batch.hash,
    tx: Buffer.from(batch.tx).toString("base64"),
    tx_proof: base64("tendermint.crypto.Proof", {
      total: BigInt(proof.proof.total),
      index: BigInt(proof.proof.index),
      leafHash: Buffer.from(proof.proof.leaf_hash, "base64"),
      aunts: (proof.proof.aunts ?? []).map((aunt) => Buffer.from(aunt, "base64")),
    }),
    header: base64("tendermint.types.Header", header),
    light_block: base64("tendermint.types.LightBlock", {
      signedHeader: block.signedHeader,
      validatorSet: { ...block.validators, totalVotingPower: 0n },
    }),
    store_proof: storeProof,
    records,
  };
}

/** A Merkle proof as the RPC shows it. */
interface ProofJson {
  readonly total: string;
  readonly index: string;
  readonly leaf_hash: string;
  readonly aunts: readonly string[] | null;
}

function base64<Name extends Parameters<typeof encode>[0]>(
  name: Name,
  value: Parameters<typeof encode<Name>>[1],
): string {
  return Buffer.from(encode(name, value)).toString("base64");
}

/** The block of a height, once there is one. */
async function signedBlock(source: RpcLightSource, height: bigint): ReturnType<RpcLightSource["lightBlock"]> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    try {
      return await source.lightBlock(height);
    } catch (error) {
      if (!(error instanceof LightSourceError) || !error.isAbsent || waitedMs > inclusionTimeoutMs) throw error;
    }
    await sleep(pollMs);
  }
}

/** A record after a block, with its two proofs in base64. */
async function provenRecord(
  client: RpcClient,
  key: Uint8Array,
  height: bigint,
): Promise<{ readonly value: string; readonly ops: readonly { readonly data: string }[] }> {
  const { response } = await client.call<{
    response: {
      code?: number;
      log?: string;
      value?: string | null;
      proofOps?: { ops: readonly { data: string }[] } | null;
    };
  }>("abci_query", { path: "/store/datanet/key", data: hex(key), height: height.toString(), prove: true });
  const ops = response.proofOps?.ops ?? [];
  if ((response.code ?? 0) !== 0 || ops.length !== 2 || !response.value) {
    throw new CliError(
      `the node cannot prove the records of height ${height}: ${response.log ?? "it gave no proof"}`,
      "they are recorded; `tributaryd query datanet record` shows them",
    );
  }
  return { value: response.value, ops };
}
