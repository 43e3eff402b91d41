// Owns what contributing asks the chain: the datanet, whether the sender is a member, which texts are records already. It sends nothing.
import { BOND_UNIT_BYTES } from "../../modules/datanet/limits.ts";
import { concat, hex } from "../../proto/bytes.ts";
import { Admission } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError } from "../errors.ts";
import { inTurns } from "../in-turns.ts";
import { QueryError, type RpcClient } from "../rpc-client.ts";
import type { PreparedFile } from "./folder.ts";
import { queriesAtOnce } from "./limits.ts";

export type Datanet = Messages["tributary.datanet.v1.Datanet"];

/** A file that is a record already. */
interface KnownFile {
  readonly file: PreparedFile;
  readonly number: bigint;
  readonly contributor: string;
}

/** A file that is too like earlier texts. */
interface NearCopy {
  readonly file: PreparedFile;
  readonly newEntries: number;
  readonly entries: number;
  readonly minNoveltyPpm: number;
}

/** The datanet of a number or a name. Throws CliError when there is none. */
export async function findDatanet(client: RpcClient, text: string): Promise<Datanet> {
  const found = /^\d{1,19}$/.test(text)
    ? await ifFound(
        client.query(
          "/tributary.datanet.v1.Query/Datanet",
          "tributary.datanet.v1.QueryDatanetRequest",
          "tributary.datanet.v1.QueryDatanetResponse",
          { datanetId: BigInt(text) },
        ),
      )
    : await ifFound(
        client.query(
          "/tributary.datanet.v1.Query/DatanetByName",
          "tributary.datanet.v1.QueryDatanetByNameRequest",
          "tributary.datanet.v1.QueryDatanetByNameResponse",
          { name: text },
        ),
      );
  if (found === undefined) {
    throw new CliError(
      `there is no datanet ${JSON.stringify(text)}`,
      "`tributaryd query datanet datanets` lists those there are; nothing was sent",
    );
  }
  return found.datanet;
}

/** Whether the account is a member, or becomes one by joining. Throws CliError when it may not join by itself. */
export async function mustJoin(client: RpcClient, datanet: Datanet, address: string): Promise<boolean> {
  const member = await ifFound(
    client.query(
      "/tributary.datanet.v1.Query/Member",
      "tributary.datanet.v1.QueryMemberRequest",
      "tributary.datanet.v1.QueryMemberResponse",
      { datanetId: datanet.id, address },
    ),
  );
  if (member !== undefined) return false;
  if (datanet.admission !== Admission.ADMISSION_OPEN) {
    throw new CliError(
      `${address} is no member of ${datanet.name}, which admits accounts by its owner or curators`,
      `ask ${datanet.owner} for \`tributaryd tx datanet admit ${datanet.id} ${address}\`; nothing was sent`,
    );
  }
  return true;
}

/** Divides files into those that are records of the datanet already, by the exact text, and the others. */
export async function knownFiles(
  client: RpcClient,
  datanet: Datanet,
  files: readonly PreparedFile[],
): Promise<{ readonly known: readonly KnownFile[]; readonly fresh: readonly PreparedFile[] }> {
  const records = await inTurns(files, queriesAtOnce, ({ input }) =>
    ifFound(
      client.query(
        "/tributary.datanet.v1.Query/RecordByHash",
        "tributary.datanet.v1.QueryRecordByHashRequest",
        "tributary.datanet.v1.QueryRecordByHashResponse",
        { datanetId: datanet.id, contentHash: input.contentHash },
      ),
    ),
  );
  const known: KnownFile[] = [];
  const fresh: PreparedFile[] = [];
  for (const [index, file] of files.entries()) {
    const record = records[index]?.record;
    if (record === undefined) fresh.push(file);
    else known.push({ file, number: record.number, contributor: record.contributor });
  }
  return { known, fresh };
}

/**
 * Divides files into those that are new enough for the datanet, one after the other, and near-copies of records or of files before them, which
 * the chain would refuse with all that is sent beside them.
 */
export async function novelFiles(
  client: RpcClient,
  datanet: Datanet,
  files: readonly PreparedFile[],
): Promise<{ readonly novel: readonly PreparedFile[]; readonly copies: readonly NearCopy[] }> {
  const novel: PreparedFile[] = [];
  const copies: NearCopy[] = [];
  const taken = new Set<string>();
  for (const file of files) {
    const entries = entriesOf(file.input.fingerprint);
    // What a file before it brings is not new any more; of the rest the chain knows what is.
    const rest = entries.filter((entry) => !taken.has(gramOf(entry)));
    const { newEntries, minNoveltyPpm } = await client.query(
      "/tributary.datanet.v1.Query/Novelty",
      "tributary.datanet.v1.QueryNoveltyRequest",
      "tributary.datanet.v1.QueryNoveltyResponse",
      { datanetId: datanet.id, fingerprint: concat(...rest) },
    );
    if (newEntries * 1_000_000 < minNoveltyPpm * entries.length) {
      copies.push({ file, newEntries, entries: entries.length, minNoveltyPpm });
      continue;
    }
    novel.push(file);
    for (const entry of rest) taken.add(gramOf(entry));
  }
  return { novel, copies };
}

/** A fingerprint's entries, 12 bytes each: a hash and an offset (modules/datanet/fingerprint.ts). */
function entriesOf(fingerprint: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.floor(fingerprint.length / 12) }, (_, i) =>
    fingerprint.subarray(12 * i, 12 * i + 12),
  );
}

function gramOf(entry: Uint8Array): string {
  return hex(entry.subarray(0, 8));
}

/** What each record is bonded with until nobody can challenge it any more, and what a commitment holds until it is revealed. */
export async function recordBond(
  client: RpcClient,
  datanet: Datanet,
): Promise<{
  /** Of a text of so many bytes. */
  readonly amountOf: (length: bigint) => bigint;
  readonly denom: string;
  readonly seconds: bigint;
  readonly deposit: bigint;
  readonly revealSeconds: bigint;
}> {
  const { params } = await client.query(
    "/tributary.datanet.v1.Query/Params",
    "tributary.datanet.v1.QueryParamsRequest",
    "tributary.datanet.v1.QueryParamsResponse",
    {},
  );
  const {
    minRecordBond,
    recordBondPerKib,
    bondDenom,
    challengeSeconds,
    commitDeposit: deposit,
    revealSeconds,
  } = params;
  const first = datanet.recordBond > minRecordBond ? datanet.recordBond : minRecordBond;
  const amountOf = (length: bigint): bigint => first + (length / BOND_UNIT_BYTES) * recordBondPerKib;
  return { amountOf, denom: bondDenom, seconds: challengeSeconds, deposit, revealSeconds };
}

/** The datanet's fund, when it pays the account's fees: what an invitation gives a newcomer. */
export async function sponsor(client: RpcClient, datanet: Datanet, address: string): Promise<string | undefined> {
  const { fund } = await client.query(
    "/tributary.datanet.v1.Query/Sponsorship",
    "tributary.datanet.v1.QuerySponsorshipRequest",
    "tributary.datanet.v1.QuerySponsorshipResponse",
    { datanetId: datanet.id },
  );
  const { allowances } = await client.query(
    "/cosmos.feegrant.v1beta1.Query/Allowances",
    "cosmos.feegrant.v1beta1.QueryAllowancesRequest",
    "cosmos.feegrant.v1beta1.QueryAllowancesResponse",
    { grantee: address },
  );
  return allowances.some(({ granter }) => granter === fund) ? fund : undefined;
}

/** The most gas one block may use, or undefined where there is no bound. */
export async function blockGasLimit(client: RpcClient): Promise<bigint | undefined> {
  const { consensus_params } = await client.call<{ consensus_params: { block: { max_gas: string } } }>(
    "consensus_params",
  );
  const limit = BigInt(consensus_params.block.max_gas);
  return limit < 0n ? undefined : limit;
}

/** The answer, or undefined when the chain says that there is no such thing. */
export async function ifFound<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof QueryError && /not found|NotFound/i.test(error.message)) return undefined;
    throw error;
  }
}

/** How a file is named in what is printed. */
export function fileLine({ file, number, contributor }: KnownFile, sender: string): string {
  const whose = contributor === sender ? "yours" : `of ${contributor}`;
  return `${file.name} is record ${number} already, ${whose} (${hex(file.input.contentHash).slice(0, 12)}…)`;
}

/** The same for a near-copy. */
export function copyLine({ file, newEntries, entries, minNoveltyPpm }: NearCopy): string {
  const least = (minNoveltyPpm / 10_000).toFixed(0);
  return `${file.name} is too like earlier texts: ${newEntries} of its ${entries} fingerprints are new, the datanet wants ${least} %`;
}

/** The key that content keys are wrapped for, of an account; undefined when it has published none. */
export async function publishedKeyOf(client: RpcClient, account: string): Promise<Uint8Array | undefined> {
  const known = await ifFound(
    client.query(
      "/tributary.datanet.v1.Query/EncryptionKey",
      "tributary.datanet.v1.QueryEncryptionKeyRequest",
      "tributary.datanet.v1.QueryEncryptionKeyResponse",
      { account },
    ),
  );
  return known?.encryptionKey.publicKey;
}
